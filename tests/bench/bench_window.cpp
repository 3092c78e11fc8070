// SPDX-License-Identifier: GPL-3.0-or-later
// What the window costs: its own thread's time, its memory, and how long its event loop is ever held up.
#include "app/desktop/pages/live/live_page.h"
#include "app/desktop/pages/live/status_strip.h"
#include "tests/app/desktop_fixture.h"

#include <arpa/inet.h>
#include <malloc.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QAction>
#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <vector>

namespace {

constexpr double kMostMillis = 16;     // of the GUI thread, for a refresh, at the 95th percentile
constexpr double kMostGapMillis = 100; // between two turns of the event loop
constexpr double kMostBytesAnHour = 1e6;
constexpr double kNoise = 2; // of a limit in time: what else the machine does moves it by half
constexpr int kHour = 3'600;

double threadMillis() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double heapBytes() {
    return static_cast<double>(mallinfo2().uordblks);
}

int verdict(const char* what, double value, double limit, const char* unit, double noise) {
    std::printf("%s: %.2f %s, limit %.2f: %.2f of it\n", what, value, unit, limit, value / limit);
    return value <= noise * limit ? 0 : 1;
}

/// A run as a window sees it, a second at a time: about 10,000 events/s with latencies around 10 ms and a tail to a
/// second, from a fixed generator.
class Seconds {
public:
    Seconds() {
        core::StreamSnapshot stream;
        stream.name = "baseline";
        stream.target = {10'000};
        m_status.snapshot.streams = {stream};
        m_status.phase = core::Phase::Stages;
        m_status.stage = "baseline 1/1";
    }

    const core::RunStatus& next() {
        core::Snapshot& now = m_status.snapshot;
        core::StreamSnapshot& stream = now.streams.front();
        const std::uint64_t events = 9'500 + random() % 1'000;
        stream.producer.planned += events;
        stream.producer.sent += events;
        stream.producer.acked += events;
        stream.stored += events;
        now.consumer.polled += events;
        now.consumer.stored += events;
        now.backlog = random() % 500;
        for (int i = 0; i < 20; ++i) {
            const double tail = std::pow(static_cast<double>(1 + random() % 1'000) / 1'000, -0.6);
            for (const core::Metric metric : core::kMetrics) {
                of(stream.latency, metric)
                    .record(std::chrono::microseconds(static_cast<std::int64_t>(8'000 * tail)), events / 20);
            }
        }
        now.at += std::chrono::seconds(1);
        now.sinceStart += std::chrono::seconds(1);
        if (now.sinceStart % std::chrono::minutes(30) == std::chrono::seconds(0)) {
            const auto seconds = std::chrono::duration<double>(now.sinceStart).count();
            m_status.timeline.push_back({.seconds = seconds,
                                         .kind = core::MarkKind::Burst,
                                         .rate = {8'000},
                                         .duration = std::chrono::seconds(10)});
        }
        m_status.progress = 0.5;
        return m_status;
    }

private:
    std::uint64_t random() {
        m_state = m_state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
        return m_state >> 33U;
    }

    std::uint64_t m_state = 42;
    core::RunStatus m_status;
};

/// The whole Live page, with the strip, over a session that the benchmark speaks for.
struct Live {
    app::RunSession session{app::prepareRun};
    app::RunModel model{session};
    QWidget window;
    app::StatusStrip* strip = new app::StatusStrip(model);
    app::LivePage* page = new app::LivePage(session, model);

    Live() {
        auto* const column = new QVBoxLayout(&window);
        column->addWidget(strip);
        column->addWidget(page, 1);
        window.resize(1'280, 800);
        model.starting(QStringLiteral("a day"));
        app::RunStarted started;
        started.scenario.name = "a day";
        started.scenario.streams.emplace_back();
        Q_EMIT session.started(started);
    }
};

int day(int hours) {
    constexpr int kRefreshes = 200;
    Live live;
    Seconds seconds;
    double afterAnHour = 0;
    for (int second = 1; second <= hours * kHour; ++second) {
        Q_EMIT live.session.progressed({std::make_shared<const core::RunStatus>(seconds.next())});
        if (second % 60 == 0) {
            QCoreApplication::processEvents();
        }
        if (second == kHour) {
            afterAnHour = heapBytes();
        }
    }
    int failures = verdict("memory an hour, after the first",
                           (heapBytes() - afterAnHour) / std::max(hours - 1, 1) / 1e6, kMostBytesAnHour / 1e6, "MB", 1);
    live.window.show();
    std::vector<double> costs;
    for (int i = 0; i < kRefreshes + 10; ++i) {
        const auto status = std::make_shared<const core::RunStatus>(seconds.next());
        const double begin = threadMillis();
        Q_EMIT live.session.progressed({status});
        QCoreApplication::processEvents(); // paints
        if (i >= 10) {
            costs.push_back(threadMillis() - begin);
        }
    }
    std::ranges::sort(costs);
    std::printf("median %.1f ms; ", costs[costs.size() / 2]);
    failures += verdict("a refresh of the Live page, p95", costs[costs.size() * 95 / 100], kMostMillis, "ms", kNoise);
    return failures;
}

/// Watches the turns of the event loop.
class Beat {
public:
    Beat() {
        QObject::connect(&m_timer, &QTimer::timeout, [this] {
            m_longest = std::max(m_longest, static_cast<double>(m_since.nsecsElapsed()) / 1e6 - kEvery);
            m_since.start();
        });
        m_since.start();
        m_timer.start(kEvery);
    }
    double longest() const { return m_longest; }

private:
    static constexpr int kEvery = 20; // ms
    QTimer m_timer;
    QElapsedTimer m_since;
    double m_longest = 0;
};

/// Sleeps between events, as the program does: a loop of processEvents() would take a core.
template <typename Done>
bool wait(Done done, int patience) {
    QEventLoop loop;
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (done()) {
            loop.quit();
        }
    });
    look.start(50);
    QTimer::singleShot(patience, &loop, &QEventLoop::quit);
    loop.exec();
    return done();
}

/// A run of the scenario, watched; the window's Live page is in front.
int run(const QString& scenario) {
    constexpr int kPatience = 300'000; // ms
    Desktop desktop;
    desktop.window().open(scenario);
    QApplication::processEvents();
    const Beat beat;
    desktop.window().scenarioPage().startAction()->trigger();
    const bool ended = wait(
        [&] {
            const auto state = desktop.window().model().state();
            return (state == app::RunModel::State::Ended && desktop.window().reportPage().result() != nullptr) ||
                   state == app::RunModel::State::Failed;
        },
        kPatience);
    const core::RunResult* const result = desktop.window().reportPage().result();
    if (!ended || result == nullptr) {
        std::printf("no result: %s\n", qPrintable(desktop.window().model().failure()));
        return 1;
    }
    std::printf("stored %.0f /s; %s\n", result->storedRate, result->verdict.summary.c_str());
    return verdict("longest gap of the event loop", beat.longest(), kMostGapMillis, "ms", kNoise);
}

/// A port on which connections are taken and nothing is ever said.
int silentPort() {
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    if (bind(descriptor, reinterpret_cast<sockaddr*>(&address), length) != 0 || listen(descriptor, 64) != 0 ||
        getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        std::perror("no silent port");
        std::exit(2);
    }
    return ntohs(address.sin_port);
}

/// Every server silent: the target is tested, a run is started, each page is looked at, the run is given up.
int silence(const QString& scenario) {
    Desktop desktop;
    QFile file(scenario);
    if (!file.open(QIODevice::ReadOnly)) {
        return 2;
    }
    const QString copy = desktop.path("silent.yaml");
    QFile silent(copy);
    (void)silent.open(QIODevice::WriteOnly);
    silent.write(file.readAll() + QStringLiteral("\ntarget: {broker: '127.0.0.1:%1', store: "
                                                 "'postgresql://a@127.0.0.1:%2/b', dedupe: 'redis://127.0.0.1:%3'}\n")
                                      .arg(silentPort())
                                      .arg(silentPort())
                                      .arg(silentPort())
                                      .toUtf8());
    silent.close();
    desktop.window().open(copy);
    QApplication::processEvents();
    const Beat beat;
    const core::PartialTarget target = desktop.window().scenarioPage().document()->scenario()->target;
    Q_EMIT desktop.window().scenarioPage().testTargetRequested({*target.broker, *target.store, *target.dedupe});
    wait([] { return false; }, 3'000);
    desktop.window().scenarioPage().startAction()->trigger();
    for (int i = 0; i < 10; ++i) {
        desktop.window().historyPage().reload();
        wait([] { return false; }, 500);
    }
    desktop.window().livePage().controls().stopAction()->trigger();
    const bool over = wait([&] { return desktop.window().model().state() != app::RunModel::State::Starting; }, 20'000);
    std::printf("the start %s\n", over ? "was given up" : "did not end");
    return verdict("longest gap of the event loop, servers silent", beat.longest(), kMostGapMillis, "ms", kNoise) +
           (over ? 0 : 1);
}

} // namespace

int main(int argc, char** argv) {
    qunsetenv("MILLRACE_BROKER");
    qunsetenv("MILLRACE_STORE");
    qunsetenv("MILLRACE_DEDUPE");
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    const QApplication application(argc, argv);
    const QByteArray what(argc > 1 ? argv[1] : "");
    if (what == "day") {
        return day(argc > 2 ? std::max(1, std::atoi(argv[2])) : 24);
    }
    if (argc == 3 && what == "run") {
        return run(QString::fromLocal8Bit(argv[2]));
    }
    if (argc == 3 && what == "silence") {
        return silence(QString::fromLocal8Bit(argv[2]));
    }
    std::fprintf(stderr, "usage: %s day [HOURS] | run SCENARIO | silence SCENARIO\n", argv[0]);
    return 2;
}
