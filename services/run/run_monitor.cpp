// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/run_monitor.h"

#include "core/units.h"

#include <utility>

namespace services {

RunMonitor::RunMonitor(std::vector<core::Threshold> rules, const std::filesystem::path& directory)
    : m_spool(directory) {
    for (core::Threshold& rule : rules) {
        m_rules.push_back({core::ThresholdWatch(std::move(rule))});
    }
}

std::vector<RunMonitor::Finding> RunMonitor::observe(const core::Snapshot& snapshot) {
    m_eventsWaited = snapshot.backlog > 0 || snapshot.producer().queued() > 0;
    std::vector<Finding> broken;
    for (std::size_t i = 0; i < m_rules.size(); ++i) {
        Rule& rule = m_rules[i];
        if (rule.watch.observe(snapshot) && !std::exchange(rule.reported, true)) {
            broken.push_back({i, rule.watch.threshold().text, rule.watch.threshold().abort});
        }
    }
    return broken;
}

std::vector<core::RuleOutcome> RunMonitor::standings() const {
    std::vector<core::RuleOutcome> outcomes;
    for (const Rule& rule : m_rules) {
        outcomes.push_back(rule.watch.standing());
    }
    return outcomes;
}

void RunMonitor::sample(const core::Snapshot& snapshot) {
    core::LatencyHistogram wakeDelay;
    for (const core::StreamSnapshot& stream : snapshot.streams) {
        wakeDelay.add(stream.wakeDelay);
    }
    m_generator.observe(snapshot.sinceStart, wakeDelay);
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

void RunMonitor::stoodStill(core::Nanoseconds from, core::Nanoseconds until) {
    m_generator.stoodStill(from, until, m_eventsWaited);
}

std::optional<std::string> RunMonitor::generatorFault() {
    m_generator.finish();
    return m_generator.fault();
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
