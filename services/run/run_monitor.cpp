// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/run_monitor.h"

#include "core/text/figure_text.h"
#include "core/units.h"

#include <fmt/format.h>

#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

constexpr core::Nanoseconds kWakeWindow = 5s;
constexpr std::uint64_t kWakeLimitMicros = 10'000;

} // namespace

RunMonitor::RunMonitor(std::vector<core::Threshold> rules, const std::filesystem::path& directory)
    : m_spool(directory) {
    for (core::Threshold& rule : rules) {
        m_rules.push_back({core::ThresholdWatch(std::move(rule))});
    }
}

std::vector<RunMonitor::Finding> RunMonitor::observe(const core::Snapshot& snapshot) {
    std::vector<Finding> broken;
    for (std::size_t i = 0; i < m_rules.size(); ++i) {
        Rule& rule = m_rules[i];
        if (rule.watch.observe(snapshot) && !std::exchange(rule.reported, true)) {
            broken.push_back({i, rule.watch.threshold().text, rule.watch.threshold().abort});
        }
    }
    return broken;
}

void RunMonitor::sample(const core::Snapshot& snapshot) {
    watchGenerator(snapshot);
    if (m_lastSampled) {
        const core::Window window = core::windowBetween(*m_lastSampled, snapshot);
        core::Sample sample;
        sample.from = core::secondsOf(m_lastSampled->sinceStart);
        sample.until = core::secondsOf(snapshot.sinceStart);
        sample.producer = window.producer;
        sample.consumer = window.consumer;
        sample.latency = core::PackedHistograms(window.latency);
        sample.target = window.target.perSecond;
        sample.backlog = snapshot.backlog;
        sample.processCpu = snapshot.host.processCpu;
        sample.machineCpu = snapshot.host.machineCpu;
        sample.residentSet = snapshot.host.residentSet;
        m_series.append(std::move(sample));
    }
    m_lastSampled = snapshot;
}

void RunMonitor::watchGenerator(const core::Snapshot& snapshot) {
    Wake wake{snapshot.sinceStart, {}};
    for (const core::StreamSnapshot& stream : snapshot.streams) {
        wake.delay.add(stream.wakeDelay);
    }
    m_wakes.push_back(std::move(wake));
    while (m_wakes.size() > 1 && m_wakes[1].at <= snapshot.sinceStart - kWakeWindow) {
        m_wakes.pop_front();
    }
    if (m_saturated || snapshot.sinceStart - m_wakes.front().at < kWakeWindow) {
        return;
    }
    core::LatencyHistogram window = m_wakes.back().delay;
    window.subtract(m_wakes.front().delay);
    const auto p99 = window.percentile(99);
    if (window.count() < core::valuesNeeded(99) || *p99 <= kWakeLimitMicros) {
        return;
    }
    m_saturated = fmt::format("from {:.0f} s to {:.0f} s the generator turned to its events late: wake delay p99 {}, "
                              "limit 10 ms",
                              core::secondsOf(m_wakes.front().at), core::secondsOf(snapshot.sinceStart),
                              core::durationText(std::chrono::microseconds(*p99)));
}

std::vector<core::RuleOutcome> RunMonitor::judge(const core::Snapshot& last, const core::Ledger& ledger,
                                                 core::Nanoseconds drain) const {
    std::vector<core::RuleOutcome> outcomes;
    for (const Rule& rule : m_rules) {
        outcomes.push_back(rule.watch.judge(last, ledger, drain));
    }
    return outcomes;
}

} // namespace services
