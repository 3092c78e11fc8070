// SPDX-License-Identifier: GPL-3.0-or-later
// What the monitor's page costs with 1,000 partitions and 100 groups: the GUI thread's time for a look, and its memory
// over a simulated day.
#include "app/desktop/pages/monitor/alarm_panel.h"
#include "app/desktop/pages/monitor/cluster_panel.h"
#include "app/desktop/pages/monitor/monitor_page.h"
#include "tests/app/monitor_views.h"

#include <malloc.h>

#include <QApplication>
#include <QEventLoop>
#include <QTabWidget>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

namespace {

constexpr double kMostMillis = 16; // of the GUI thread, at the 95th percentile
constexpr double kNoise = 2;       // of a limit in time: what else the machine does moves it by half
constexpr double kMostBytesAnHour = 1e6;
constexpr int kHour = 3'600;
constexpr monitor_views::Size kSize{20, 50, 100};

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

double percentile95(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() * 95 / 100];
}

/// The cost of looks with the page in sight, its tab of that number in front.
int measureLooks(app::MonitorPage& page, int tab, const char* what, core::Instant begin, int& second) {
    page.findChild<QTabWidget*>(QStringLiteral("lists"))->setCurrentIndex(tab);
    std::vector<double> costs;
    for (int i = 0; i < 60; ++i) {
        const core::ClusterView view = monitor_views::viewAt(++second, begin, kSize);
        const double before = threadMillis();
        page.takeView(view);
        QApplication::processEvents(QEventLoop::AllEvents); // paints
        costs.push_back(threadMillis() - before);
    }
    return verdict(what, percentile95(costs), kMostMillis, "ms", kNoise);
}

} // namespace

/// bench_monitor [HOURS]
int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    const int hours = argc > 1 ? std::max(2, std::atoi(argv[1])) : 24;
    app::MonitorPage page;
    page.resize(1280, 800);
    page.panel().alarms().add(QStringLiteral("lag{group-1003} < 1000"));
    page.panel().alarms().add(QStringLiteral("lag_s p99 over 60s < 5s"));
    const core::Instant begin = std::chrono::steady_clock::now() - std::chrono::hours(hours);
    int second = 0;
    double afterOne = 0;
    for (; second < hours * kHour;) { // hidden, as through a night; with so many groups each has its turn every 30 s
        second += 30;
        page.takeView(monitor_views::viewAt(second, begin, kSize));
        if (second == kHour) {
            afterOne = heapBytes();
        }
    }
    int failures = verdict("memory", (heapBytes() - afterOne) / (hours - 1), kMostBytesAnHour, "bytes/hour", 1);
    page.show();
    failures += measureLooks(page, 0, "a look, groups in front", begin, second);
    failures += measureLooks(page, 1, "a look, topics in front", begin, second);
    failures += measureLooks(page, 2, "a look, alarms in front", begin, second);
    return failures == 0 ? 0 : 1;
}
