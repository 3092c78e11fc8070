// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/live/status_strip.h"
#include "app/desktop/pages/monitor/monitor_page.h"
#include "app/desktop/shell/language.h"
#include "app/desktop/shell/side_bar.h"
#include "tests/app/cut_texts.h"
#include "tests/app/desktop_fixture.h"
#include "tests/app/monitor_views.h"
#include "tests/app/page_pictures.h"
#include "tests/app/scenario_page_fixture.h"
#include "tests/app/window_test.h"

#include <QStackedWidget>
#include <QTabWidget>

namespace {

constexpr int kStreams = 30;
constexpr qsizetype kLongestName = 100, kLongestStream = 64; // letters that the scenario's reader takes

/// Thirty streams with the longest names there are, quiet enough for any machine, and rules of which one breaks.
QString crowded() {
    QString text = QStringLiteral("version: 1\nname: %1\nwarmup: 0s\nstreams:\n")
                       .arg(QStringLiteral("a day's load of all the services ").repeated(8).left(kLongestName - 1) +
                            QLatin1Char('x'));
    for (int i = 0; i < kStreams; ++i) {
        const QString name = QStringLiteral("service-%1-").arg(i, 2, 10, QLatin1Char('0')) +
                             QStringLiteral("checkout-and-payment-").repeated(20);
        text +=
            QStringLiteral("  - name: %1\n    stages: [{duration: 10m, rate: 20/s}]\n").arg(name.left(kLongestStream));
    }
    return text + QStringLiteral("thresholds: [\"end_to_end max < 1us\", \"lost == 0\"]\n");
}

} // namespace

/// What is shown is shown whole: in every language, in small and large windows, with long names.
class ClippingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useTestSettings(); }

    void cleanup() { QLocale::setDefault(QLocale::c()); }

    void nothingIsCut_data() {
        QTest::addColumn<QString>("language");
        for (const char* const code : {"en", "de", "es", "fr", "ja", "zh_CN"}) {
            QTest::newRow(code) << QString::fromLatin1(code);
        }
    }

    void nothingIsCut() {
        QFETCH(const QString, language);
        const app::Language translated(language);
        m_faults.clear();
        {
            Desktop desktop;
            const QString file = m_files.filePath(QStringLiteral("crowded.yaml"));
            QFile written(file);
            QVERIFY(written.open(QIODevice::WriteOnly) && written.write(crowded().toUtf8()) > 0);
            written.close();
            lookAtEverySize(desktop.window(), QStringLiteral("empty"));
            desktop.window().monitorPage().takeView(
                monitor_views::viewAt(10, std::chrono::steady_clock::now(), {3, 20, 30}));
            desktop.window().open(file);
            desktop.window().scenarioPage().startAction()->trigger();
            const app::RunModel& model = desktop.window().model();
            QTRY_VERIFY_WITH_TIMEOUT(model.base() != nullptr, kPatience);
            lookAtEverySize(desktop.window(), QStringLiteral("running"));
            desktop.window().livePage().controls().stopAction()->trigger();
            QTRY_VERIFY_WITH_TIMEOUT(model.state() == app::RunModel::State::Ended, kPatience);
            lookAtEverySize(desktop.window(), QStringLiteral("ended"));
        }
        for (const QString& fault : std::as_const(m_faults)) { // a failure's own message is cut at 1,000 characters
            qWarning("%s", qPrintable(fault));
        }
        QCOMPARE(m_faults.size(), 0);
    }

private:
    static constexpr int kPatience = 60'000; // ms

    void lookAtEverySize(app::MainWindow& window, const QString& when) {
        for (const QSize size : {QSize(1024, 700), QSize(1280, 800), QSize(1920, 1080)}) {
            window.resize(size);
            QCoreApplication::processEvents();
            const QString where = QStringLiteral("%1, %2").arg(when).arg(size.width());
            if (window.size() != size) {
                m_faults +=
                    QStringLiteral("%1: the window is %2 x %3").arg(where).arg(window.width()).arg(window.height());
            }
            lookAtEveryPage(window, where);
        }
    }

    void lookAtEveryPage(app::MainWindow& window, const QString& where) {
        auto* const sideBar = window.findChild<app::SideBar*>();
        auto* const pages = window.findChild<QStackedWidget*>();
        for (int page = 0; page < sideBar->count(); ++page) {
            sideBar->show(pages->widget(page));
            lookAt(window, QStringLiteral("%1, page %2").arg(where).arg(page));
            for (QTabWidget* tabs : pages->widget(page)->findChildren<QTabWidget*>()) {
                for (int tab = 0; tabs->isVisible() && tab < tabs->count(); ++tab) {
                    tabs->setCurrentIndex(tab);
                    lookAt(window, QStringLiteral("%1, page %2, tab %3").arg(where).arg(page).arg(tab));
                }
            }
        }
    }

    void lookAt(app::MainWindow& window, const QString& where) {
        QCoreApplication::processEvents();
        for (const QString& fault : cutOff(window) + cutFigures(window) + beyondTheEdge(window)) {
            m_faults += where + QStringLiteral(": ") + fault;
        }
        takePicture(window, QStringLiteral("%1, %2").arg(where, QLatin1String(QTest::currentDataTag())));
    }

    QTemporaryDir m_files;
    QStringList m_faults;
};

WINDOW_TEST(ClippingTest)
#include "tst_clipping.moc"
