// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/report/report_view.h"
#include "app/desktop/shell/language.h"
#include "app/desktop/shell/side_bar.h"
#include "tests/app/cut_texts.h"
#include "tests/app/desktop_fixture.h"
#include "tests/app/page_pictures.h"
#include "tests/app/pseudo_translator.h"
#include "tests/app/scenario_page_fixture.h"
#include "tests/app/window_test.h"

#include <QFontDatabase>
#include <QMenuBar>
#include <QStackedWidget>
#include <QTabWidget>

namespace {

/// Names, words of files and figures, which stay as they are in every language, and Qt's own.
bool staysAsItIs(const QWidget& widget, const QString& text) {
    static const QStringList names =
        QStringLiteral(
            "Millrace TRACE DEBUG INFO WARN ERROR FATAL all none gzip snappy lz4 zstd store topic plaintext ssl "
            "sasl_plaintext sasl_ssl PLAIN SCRAM-SHA-256 SCRAM-SHA-512 disable prefer require verify-ca "
            "verify-full socket.timeout.ms=10000 id generated log: log-events "
            "log-consumer-group")
            .split(QLatin1Char(' '));
    static const QStringList sentences{QStringLiteral("{INFO: 70, WARN: 20, ERROR: 8, DEBUG: 2}"),
                                       QStringLiteral("api-gateway, auth-service, payment-service, user-service"),
                                       QStringLiteral("lag_s{group} p99 over 60s < 5s"), QStringLiteral("Scroll Left"),
                                       QStringLiteral("Scroll Right")};
    static const QStringList ofScenarios{QStringLiteral("ruleFigure"), QStringLiteral("ruleTier"),
                                         QStringLiteral("ruleStatistic"), QStringLiteral("eventStream"),
                                         QStringLiteral("onlyStream")};
    const bool isOfScenarios = ofScenarios.contains(widget.objectName()) && !text.contains(QLatin1Char(' '));
    const bool isLanguage = widget.objectName() == QLatin1String("language"); // each in its own words
    const bool isFigure = !text.isEmpty() && text.front().isDigit();          // with its unit
    const bool hasLetter = std::any_of(text.begin(), text.end(), [](QChar c) { return c.isLetter(); });
    return !hasLetter || isFigure || isLanguage || isOfScenarios || names.contains(text) || sentences.contains(text);
}

/// What a page's name and picture need, with the style's margins around both.
int widthOf(const app::SideBar& sideBar, int page) {
    const QStyle& style = *sideBar.style();
    return style.pixelMetric(QStyle::PM_ListViewIconSize, nullptr, &sideBar) +
           sideBar.fontMetrics().horizontalAdvance(sideBar.item(page)->text()) +
           4 * (style.pixelMetric(QStyle::PM_FocusFrameHMargin, nullptr, &sideBar) + 1);
}

/// A report's words are those of its file; only what one can do with it is in the user's language.
bool isOfTheReport(const QWidget& widget) {
    const QWidget* above = &widget;
    while (above != nullptr && qobject_cast<const app::ReportView*>(above) == nullptr) {
        above = above->parentWidget();
    }
    const bool isTitle = widget.objectName() == QLatin1String("run and verdict");
    return isTitle || (above != nullptr && qobject_cast<const QAbstractButton*>(&widget) == nullptr);
}

/// The texts of the page that are in English.
QStringList untranslated(const QWidget& page) {
    QStringList found;
    QList<const QWidget*> widgets{&page};
    for (const QWidget* widget : page.findChildren<QWidget*>()) {
        widgets += widget;
    }
    for (const QWidget* widget : widgets) {
        for (const ShownText& shown : textsOf(*widget)) {
            const QString text = withoutMarks(shown.text);
            if (!text.startsWith(QLatin1Char('[')) && !isOfTheReport(*widget) && !staysAsItIs(*widget, text)) {
                found += describe(*widget, shown);
            }
        }
    }
    return found;
}

} // namespace

/// The whole window in other languages.
class TranslatedWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useTestSettings(); }

    void cleanup() {
        QLocale::setDefault(QLocale::c());
        QApplication::setFont(m_font);
    }

    void theWindowIsGermanWhereGermanIsChosen() {
        const app::Language german(QStringLiteral("de"));
        Desktop desktop;
        QCOMPARE(desktop.window().menuBar()->actions().at(0)->text(), QStringLiteral("&Datei"));
        takePicture(desktop.window(), QStringLiteral("window-de"));
    }

    void everyTextOfEveryPageIsTranslatedAndFits_data() {
        QTest::addColumn<QString>("family");
        QTest::addColumn<int>("points");
        for (const char* const family : {"DejaVu Sans", "Noto Sans", "Cantarell"}) {
            for (const int points : {9, 12}) {
                QTest::addRow("in %s of %d points", family, points) << QString::fromLatin1(family) << points;
            }
        }
    }

    void everyTextOfEveryPageIsTranslatedAndFits() {
        QFETCH(const QString, family);
        QFETCH(const int, points);
        QVERIFY2(QFontDatabase::hasFamily(family), "the font is missing; installers/packages.sh names its package");
        QApplication::setFont(QFont(family, points));
        m_english.clear();
        m_cut.clear();
        PseudoTranslator pseudo;
        QVERIFY(!pseudo.isEmpty());
        QCoreApplication::installTranslator(&pseudo);
        {
            Desktop desktop;
            desktop.window().resize(kSmall);
            lookAtEveryPage(desktop.window(), QStringLiteral("empty"));
            desktop.window().open(copyOfReadyMade(QStringLiteral("quickstart.yaml"), m_files));
            desktop.window().scenarioPage().startAction()->trigger();
            const app::RunModel& model = desktop.window().model();
            QTRY_VERIFY_WITH_TIMEOUT(model.recent(std::chrono::seconds(2)), kPatience);
            lookAtEveryPage(desktop.window(), QStringLiteral("running"));
            desktop.window().livePage().controls().stopAction()->trigger();
            QTRY_VERIFY_WITH_TIMEOUT(model.state() == app::RunModel::State::Ended, kPatience);
            lookAtEveryPage(desktop.window(), QStringLiteral("ended"));
        }
        QCoreApplication::removeTranslator(&pseudo);
        report(pseudo.missed());
        report(m_english);
        report(m_cut);
        QCOMPARE(pseudo.missed().size() + m_english.size() + m_cut.size(), 0);
    }

private:
    static constexpr int kPatience = 30'000;  // ms
    static constexpr QSize kSmall{1280, 800}; // the smallest window that everything fits into

    static void report(const QStringList& faults) { // a failure's own message is cut at 1,000 characters
        for (const QString& fault : faults) {
            qWarning("%s", qPrintable(fault));
        }
    }

    static QString widthsOf(const QStackedWidget& pages) {
        QStringList widths;
        for (int page = 0; page < pages.count(); ++page) {
            widths += QString::number(pages.widget(page)->minimumSizeHint().width());
        }
        return widths.join(QLatin1Char(' '));
    }

    void lookAtEveryPage(app::MainWindow& window, const QString& when) {
        m_english += untranslated(window);
        auto* const sideBar = window.findChild<app::SideBar*>();
        auto* const pages = window.findChild<QStackedWidget*>();
        for (int page = 0; page < sideBar->count(); ++page) {
            QVERIFY(sideBar->item(page)->text().startsWith(QLatin1Char('[')));
            QVERIFY(sideBar->width() > widthOf(*sideBar, page));
            sideBar->show(pages->widget(page));
            lookAtEveryTab(window);
            if (window.size() != kSmall) {
                m_cut += QStringLiteral("%1, page %2: the window is %3 wide; the pages want %4")
                             .arg(when)
                             .arg(page)
                             .arg(window.width())
                             .arg(widthsOf(*pages));
                window.resize(kSmall);
            }
            takePicture(window,
                        QStringLiteral("%1-%2, %3").arg(when).arg(page).arg(QLatin1String(QTest::currentDataTag())));
        }
    }

    void lookAtEveryTab(app::MainWindow& window) {
        QCoreApplication::processEvents();
        m_cut += cutOff(window);
        for (QTabWidget* tabs : window.findChildren<QTabWidget*>()) {
            for (int tab = 0; tabs->isVisible() && tab < tabs->count(); ++tab) {
                tabs->setCurrentIndex(tab);
                QCoreApplication::processEvents();
                m_cut += cutOff(*tabs);
            }
        }
    }

    const QFont m_font = QApplication::font();
    QTemporaryDir m_files;
    QStringList m_english, m_cut;
};

WINDOW_TEST(TranslatedWindowTest)
#include "tst_translated_window.moc"
