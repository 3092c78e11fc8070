// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/logs/level_colours.h"
#include "app/desktop/settings/theme.h"
#include "app/desktop/shell/language.h"
#include "app/desktop/shell/side_bar.h"
#include "app/desktop/widgets/hit_delegate.h"
#include "app/desktop/widgets/page_colours.h"
#include "tests/app/desktop_fixture.h"
#include "tests/app/page_pictures.h"
#include "tests/app/scenario_page_fixture.h"
#include "tests/app/shown_texts.h"
#include "tests/app/window_test.h"

#include <QHeaderView>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>
#include <cmath>

namespace {

constexpr double kLeast = 4.5; // WCAG 2.1, 1.4.3

/// WCAG's relative luminance.
double luminanceOf(QRgb colour) {
    const auto linear = [](int value) {
        const double share = value / 255.0;
        return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(qRed(colour)) + 0.7152 * linear(qGreen(colour)) + 0.0722 * linear(qBlue(colour));
}

double contrastOf(QRgb one, QRgb other) {
    const double a = luminanceOf(one);
    const double b = luminanceOf(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

/// Of the ground, which is the colour of most pixels, and the pixel that stands out most: a letter's stem, which
/// antialiasing leaves as it is. The highest there is where nothing is painted.
double paintedContrast(const QImage& picture) {
    QHash<QRgb, int> counts;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            ++counts[picture.pixel(x, y)];
        }
    }
    if (counts.size() < 2) {
        return 21;
    }
    QRgb ground = 0;
    for (auto each = counts.cbegin(); each != counts.cend(); ++each) {
        ground = counts.value(ground) < each.value() ? each.key() : ground;
    }
    double most = 1;
    for (auto each = counts.cbegin(); each != counts.cend(); ++each) {
        most = std::max(most, contrastOf(ground, each.key()));
    }
    return most;
}

} // namespace

/// Every text can be read, in every theme.
class ContrastTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useTestSettings(); }
    void cleanup() { app::applyTheme(*qApp, app::ThemeChoice::System); }

    void ourColoursStandOutFromTheirGround_data() { themes(); }
    void ourColoursStandOutFromTheirGround() {
        QFETCH(const app::ThemeChoice, theme);
        app::applyTheme(*qApp, theme);
        const QPalette palette = QGuiApplication::palette();
        const QTextCharFormat hit = app::hitFormat();
        QVERIFY(contrastOf(hit.foreground().color().rgb(), hit.background().color().rgb()) >= kLeast);
        for (const auto ground : {QPalette::Window, QPalette::Base, QPalette::AlternateBase}) {
            for (const QColor& colour : {app::problemColour(palette), app::faintColour(palette),
                                         app::levelColour("WARN", palette), palette.color(QPalette::WindowText)}) {
                const double contrast = contrastOf(colour.rgb(), palette.color(ground).rgb());
                QVERIFY2(
                    contrast >= kLeast,
                    qPrintable(
                        QStringLiteral("%1 on %2: %3").arg(colour.name(), palette.color(ground).name()).arg(contrast)));
            }
        }
    }

    void everyTextOfEveryPageStandsOut_data() { themes(); }
    void everyTextOfEveryPageStandsOut() {
        QFETCH(const app::ThemeChoice, theme);
        app::applyTheme(*qApp, theme);
        m_faint.clear();
        Desktop desktop;
        lookAtEveryPage(desktop.window(), QStringLiteral("empty"));
        desktop.window().open(copyOfReadyMade(QStringLiteral("quickstart.yaml"), m_files));
        desktop.window().scenarioPage().startAction()->trigger();
        const app::RunModel& model = desktop.window().model();
        QTRY_VERIFY_WITH_TIMEOUT(model.recent(std::chrono::seconds(2)), kPatience);
        lookAtEveryPage(desktop.window(), QStringLiteral("running"));
        desktop.window().livePage().controls().stopAction()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(model.state() == app::RunModel::State::Ended, kPatience);
        lookAtEveryPage(desktop.window(), QStringLiteral("ended"));
        for (const QString& each : std::as_const(m_faint)) {
            qWarning("%s", qPrintable(each));
        }
        QCOMPARE(m_faint.size(), 0);
    }

private:
    static constexpr int kPatience = 30'000; // ms

    static void themes() {
        QTest::addColumn<app::ThemeChoice>("theme");
        QTest::newRow("as the desktop") << app::ThemeChoice::System;
        QTest::newRow("light") << app::ThemeChoice::Light;
        QTest::newRow("dark") << app::ThemeChoice::Dark;
    }

    void lookAtEveryPage(app::MainWindow& window, const QString& when) {
        auto* const sideBar = window.findChild<app::SideBar*>();
        auto* const pages = window.findChild<QStackedWidget*>();
        for (int page = 0; page < sideBar->count(); ++page) {
            sideBar->show(pages->widget(page));
            lookAt(window, QStringLiteral("%1, page %2").arg(when).arg(page));
            takePicture(
                window,
                QStringLiteral("contrast-%1-%2-%3").arg(QLatin1String(QTest::currentDataTag()), when).arg(page));
        }
    }

    void lookAt(QWidget& window, const QString& where) {
        QCoreApplication::processEvents();
        const QImage picture = window.grab().toImage();
        const double scale = picture.devicePixelRatio();
        const auto check = [&](const QWidget& widget, const QRect& part, const QString& text) {
            const QRect visible = widget.visibleRegion().boundingRect().intersected(part);
            const QRect at(widget.mapTo(&window, visible.topLeft()) * scale, visible.size() * scale);
            if (text.trimmed().isEmpty() || visible.isEmpty()) {
                return;
            }
            if (const double contrast = paintedContrast(picture.copy(at)); contrast < kLeast) {
                m_faint += QStringLiteral("%1: %2 '%3': %4")
                               .arg(where, QLatin1String(widget.metaObject()->className()), text)
                               .arg(contrast, 0, 'f', 2);
            }
        };
        for (const QWidget* const widget : window.findChildren<QWidget*>()) {
            if (!widget->isVisible() || !widget->isEnabled()) {
                continue;
            }
            if (const auto* const table = qobject_cast<const QTableView*>(widget)) {
                const QAbstractItemModel& model = *table->model();
                for (int row = 0; row < std::min(model.rowCount(), 40); ++row) {
                    for (int column = 0; column < model.columnCount(); ++column) {
                        const QModelIndex index = model.index(row, column);
                        if (model.flags(index).testFlag(Qt::ItemIsEnabled)) {
                            check(*table->viewport(), table->visualRect(index), index.data().toString());
                        }
                    }
                }
            } else if (qobject_cast<const QLabel*>(widget) || qobject_cast<const QAbstractButton*>(widget)) {
                check(*widget, widget->rect(), textsOf(*widget).value(3).text);
            } else if (const auto* const field = qobject_cast<const QLineEdit*>(widget)) {
                check(*widget, widget->rect(), field->text() + field->placeholderText());
            }
        }
    }

    QTemporaryDir m_files;
    QStringList m_faint;
};

WINDOW_TEST(ContrastTest)
#include "tst_contrast.moc"
