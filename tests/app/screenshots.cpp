// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of every page: tests/app/screenshots FOLDER makes them all.
#include "app/desktop/charts/heat_map.h"
#include "app/desktop/charts/time_chart.h"
#include "app/desktop/settings/theme.h"
#include "app/desktop/shell/language.h"
#include "app/desktop/shell/side_bar.h"
#include "app/desktop/widgets/theme_of.h"
#include "core/report/run_charts.h"
#include "tests/app/desktop_fixture.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QPainter>
#include <QProcess>
#include <QSvgRenderer>

namespace {

constexpr int kPatience = 120'000; // ms

/// Lets the window work until `done`, or for as long as is patient.
template <typename Done>
bool wait(Done done) {
    QElapsedTimer since;
    since.start();
    while (!done() && since.elapsed() < kPatience) {
        QApplication::processEvents(QEventLoop::AllEvents, 50);
    }
    return done();
}

class Camera {
public:
    Camera(Desktop& desktop, const QDir& folder, QString suffix)
        : m_desktop(desktop), m_folder(folder), m_suffix(std::move(suffix)) {}

    /// Each page as it is now, named <page>-<state><suffix>.png.
    void takeAll(const QString& state) {
        auto* const pages = m_desktop.window().findChild<app::SideBar*>();
        const QStringList names{QStringLiteral("scenario"), QStringLiteral("live"),        QStringLiteral("report"),
                                QStringLiteral("history"),  QStringLiteral("monitor"),     QStringLiteral("logs"),
                                QStringLiteral("messages"), QStringLiteral("connections"), QStringLiteral("settings")};
        for (int i = 0; i < names.size(); ++i) {
            pages->setCurrentRow(i);
            take(names[i] + QLatin1Char('-') + state);
        }
    }

    void take(const QString& name) {
        for (int i = 0; i < 20; ++i) {
            QApplication::processEvents(QEventLoop::AllEvents, 20);
        }
        m_desktop.window().grab().save(m_folder.filePath(name + m_suffix + QStringLiteral(".png")));
    }

    /// The charts of the run that has ended: on the left the window's, on the right the report's.
    void takeBeside(const QString& name) {
        constexpr QSize kChart(900, 320);
        app::MainWindow& window = m_desktop.window();
        const core::Theme theme = app::themeOf(window.palette());
        const core::RunResult& run = *window.model().result()->result;
        const auto times = window.livePage().findChildren<app::TimeChart*>();
        const std::vector<std::pair<app::ChartPanel*, std::string>> rows{
            {window.livePage().findChild<app::HeatMap*>(), svgOf(latencyHeat(run), theme)},
            {times.at(0), svgOf(ratesChart(run, theme), theme)},
            {times.at(1), svgOf(latencyChart(run, theme), theme)}};
        QImage both(2 * kChart.width(), kChart.height() * static_cast<int>(rows.size()), QImage::Format_RGB32);
        QPainter painter(&both);
        QRect place(QPoint(), kChart);
        for (const auto& [chart, svg] : rows) {
            painter.drawImage(place, QImage::fromData(chart->png(kChart), "PNG"));
            QSvgRenderer(QByteArray::fromStdString(svg)).render(&painter, place.translated(kChart.width(), 0));
            place.translate(0, kChart.height());
        }
        painter.end();
        both.save(m_folder.filePath(name + m_suffix + QStringLiteral(".png")));
    }

private:
    Desktop& m_desktop;
    QDir m_folder;
    QString m_suffix;
};

void run(app::MainWindow& window) {
    window.scenarioPage().startAction()->trigger();
    wait([&] { return window.model().state() != app::RunModel::State::Starting; });
}

void waitForTheEnd(app::MainWindow& window) {
    wait([&] {
        return window.model().state() == app::RunModel::State::Ended && window.reportPage().result() != nullptr &&
               window.reportPage().folder() == QString::fromStdString(window.model().result()->folder.string());
    });
}

void runOnce(Desktop& desktop, Camera& camera) {
    app::MainWindow& window = desktop.window();
    window.open(QStringLiteral(MILLRACE_SOURCE_DIR "/resources/scenarios/quickstart.yaml"));
    run(window);
    wait([&] { return window.model().status().progress > 0.6; });
    camera.takeAll(QStringLiteral("running"));
    waitForTheEnd(window);
    camera.takeAll(QStringLiteral("finished"));
    camera.takeBeside(QStringLiteral("charts-of-window-and-report"));
}

void write(const QString& path, const QByteArray& text) {
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) {
        qFatal("cannot write %s", qPrintable(path));
    }
}

/// What goes wrong: a rule that is missed, runs that were killed or damaged, a server that cannot be reached, a
/// scenario with mistakes, a result of another program.
void failures(Desktop& desktop, Camera& camera) {
    write(desktop.path("too-fast.yaml"), "version: 1\nname: a pipeline that is too slow for what is asked of it\n"
                                         "streams:\n  - name: load\n    stages:\n      - {duration: 6s, rate: 2000/s}\n"
                                         "thresholds:\n  - end_to_end p99 < 1ms\n  - throughput >= 99% of target\n");
    desktop.window().open(desktop.path("too-fast.yaml"));
    run(desktop.window());
    waitForTheEnd(desktop.window());
    const QString runs = QFileInfo(desktop.window().reportPage().folder()).path();
    QFile result(desktop.window().reportPage().folder() + QStringLiteral("/result.json"));
    if (!result.open(QIODevice::ReadOnly)) {
        qFatal("there is no result");
    }
    const QByteArray text = result.readAll();
    write(runs + QStringLiteral("/killed/run.journal"),
          "{\"target\":[\"127.0.0.1:9092\",\"postgresql://127.0.0.1/logs\",\"memory\"]}\n" + text);
    write(runs + QStringLiteral("/damaged/result.json"), text.left(300));
    write(runs + QStringLiteral("/newer/result.json"), "{\"schema\": \"millrace.result/9\"}");
    camera.takeAll(QStringLiteral("failed"));
    const QSize size = desktop.window().size();
    desktop.reopen();
    app::MainWindow& window = desktop.window();
    window.resize(size);
    wait([&] { return window.historyPage().runs().size() >= 4; });
    window.open(desktop.path("too-fast.yaml"));
    camera.take(QStringLiteral("scenario-killed-run-offered"));
    write(desktop.path("no-server.yaml"), "version: 1\nname: no server\nstreams:\n  - name: load\n"
                                          "    stages:\n      - {duration: 6s, rate: 2000/s}\n"
                                          "target: {broker: '127.0.0.1:1', store: embedded, dedupe: memory}\n");
    window.open(desktop.path("no-server.yaml"));
    window.scenarioPage().startAction()->trigger();
    wait([&] { return window.model().state() == app::RunModel::State::Failed; });
    camera.take(QStringLiteral("live-no-server"));
    window.open(runs + QStringLiteral("/damaged"));
    camera.take(QStringLiteral("report-damaged"));
    write(desktop.path("mistakes.yaml"), "version: 1\nname: mistakes\nstreams:\n  - name: load\n    teir: normal\n"
                                         "    stages:\n      - {duration: 6, rate: 2000/s}\n"
                                         "thresholds:\n  - end_to_end p99 below 45ms\n");
    window.open(desktop.path("mistakes.yaml"));
    camera.take(QStringLiteral("scenario-mistakes"));
}

void tell(const char* server, const char* signal) {
    QProcess::execute(QStringLiteral(MILLRACE_SOURCE_DIR "/tests/stack/signal"),
                      {QString::fromLatin1(server), QString::fromLatin1(signal)});
}

/// A burst, and PostgreSQL frozen for five seconds, on the servers of tests/stack/up.
void outage(Desktop& desktop, Camera& camera) {
    const QByteArray broker = qgetenv("MILLRACE_BROKER");
    if (broker.isEmpty()) {
        qWarning("no pictures of an outage: that needs eval \"$(tests/stack/env)\"");
        return;
    }
    write(desktop.path("checkout.yaml"),
          "version: 1\nname: checkout with a burst\nwarmup: 5s\nstreams:\n"
          "  - name: baseline\n    stages:\n      - {duration: 40s, rate: 2000/s}\n"
          "  - name: burst\n    start: 8s\n    stages:\n      - {ramp: 1s, to: 8000/s}\n"
          "      - {duration: 5s, rate: 8000/s}\n"
          "thresholds:\n  - end_to_end p99 over 5s < 250ms\n  - throughput >= 99% of target\n  - lost == 0\n"
          "target: {broker: '" +
              broker + "', store: '" + qgetenv("MILLRACE_STORE") + "', dedupe: '" + qgetenv("MILLRACE_DEDUPE") +
              "'}\n");
    app::MainWindow& window = desktop.window();
    window.open(desktop.path("checkout.yaml"));
    run(window);
    wait([&] { return window.model().status().progress > 0.55; });
    tell("postgres", "STOP");
    QElapsedTimer frozen;
    frozen.start();
    wait([&] { return frozen.elapsed() > 5'000; });
    camera.takeAll(QStringLiteral("outage"));
    tell("postgres", "CONT");
    wait([&] { return window.model().status().progress > 0.9; });
    camera.takeAll(QStringLiteral("after-outage"));
    waitForTheEnd(window);
    camera.takeAll(QStringLiteral("judged-outage"));
}

} // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    if (argc < 6) {
        qWarning("usage: %s FOLDER light|dark LANGUAGE WIDTH HEIGHT", argv[0]);
        return 2;
    }
    const QStringList arguments = QApplication::arguments();
    const app::Language language(arguments[3]);
    app::applyTheme(application,
                    arguments[2] == QStringLiteral("dark") ? app::ThemeChoice::Dark : app::ThemeChoice::Light);
    QDir().mkpath(arguments[1]);
    Desktop desktop;
    desktop.window().resize(arguments[4].toInt(), arguments[5].toInt());
    Camera camera(desktop, QDir(arguments[1]),
                  QStringLiteral("-%1-%2-%3x%4").arg(arguments[2], arguments[3], arguments[4], arguments[5]));
    camera.takeAll(QStringLiteral("empty"));
    runOnce(desktop, camera);
    outage(desktop, camera);
    failures(desktop, camera);
    return 0;
}
