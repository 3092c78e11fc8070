// SPDX-License-Identifier: GPL-3.0-or-later
// What the supervisor does while a run is on: times, snapshots, rules, notices.
#include "core/units.h"
#include "services/run/supervisor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

constexpr core::Nanoseconds kObserveEvery = 250ms;
constexpr int kCostShare = 10; // of a core at the most for looking: hundreds of streams are looked at less often
constexpr core::Nanoseconds kObserveAtLeastEvery = 2s; // however long one look took
constexpr core::Nanoseconds kSampleEvery = 1s;
constexpr core::Nanoseconds kPrepareEvery = 12h; // partitions are made two days ahead

} // namespace

void Supervisor::tick() {
    const core::Instant now = Clock::now();
    obeyCommands(now);
    takeNotices();
    const bool loading = m_status.phase == core::Phase::Warmup || m_status.phase == core::Phase::Stages;
    if (loading) {
        planTimes(now);
        countMeasured(now, false);
    }
    if (now < m_nextObservation) {
        return;
    }
    if (now >= m_nextPreparation) {
        if (m_nextPreparation != core::Instant{}) {
            if (const core::Status ready = m_pipeline->store().prepare(std::chrono::system_clock::now()); !ready) {
                mark({.kind = core::MarkKind::Warning,
                      .detail = "The store's next partitions were not created: " + ready.error().message,
                      .end = core::End::Store});
            }
        }
        m_nextPreparation = now + kPrepareEvery;
    }
    const core::Instant begin = Clock::now(); // without what the store took
    const core::Snapshot snapshot = takeSnapshot(now);
    if (loading || m_status.phase == core::Phase::Drain) {
        for (const RunMonitor::Finding& finding : m_monitor.observe(snapshot)) {
            mark({.kind = core::MarkKind::Rule, .name = finding.text, .rule = finding.rule});
            if (finding.abort && !m_stopping) {
                mark({.kind = core::MarkKind::Stop, .cause = core::StopCause::RuleBroken});
                endLoad(false);
            }
        }
        if (now >= m_nextSample) {
            m_nextSample += kSampleEvery;
            m_monitor.sample(snapshot);
            writeJournal(snapshot);
        }
    }
    const core::Nanoseconds cost = Clock::now() - begin;
    m_nextObservation = now + std::clamp(kCostShare * cost, kObserveEvery, kObserveAtLeastEvery);
    const core::Instant until = loading ? std::max(now, m_lanes.times().measuredUntil()) : m_phaseLimit;
    const core::Nanoseconds whole = m_lanes.times().measuredUntil() - m_lanes.times().origin();
    const std::string stage = stageText(now);
    const std::lock_guard lock(m_mutex);
    m_status.snapshot.host = snapshot.host;
    m_status.snapshot.measuredLength = snapshot.measuredLength;
    m_status.snapshot.streams.resize(snapshot.streams.size());
    for (std::size_t i = 0; i < snapshot.streams.size(); ++i) {
        m_status.snapshot.streams[i].target = snapshot.streams[i].target;
    }
    m_status.left = std::max(core::Nanoseconds{}, until - now);
    m_status.stage = stage;
    if (loading && whole > 0s) {
        m_status.progress =
            std::clamp(core::secondsOf(now - m_lanes.times().origin()) / core::secondsOf(whole), 0.0, 1.0);
    } else if (m_status.phase == core::Phase::Drain) {
        m_status.progress = 1;
    }
}

void Supervisor::countMeasured(core::Instant now, bool over) {
    if (!m_measuredBegin && now >= m_lanes.times().measuredFrom()) {
        m_measuredBegin = m_lanes.snapshot(now).producer();
    }
    if (m_measuredBegin && !m_measuredEnd && (over || now >= m_lanes.times().measuredUntil())) {
        m_measuredEnd = m_lanes.snapshot(now).producer();
    }
}

void Supervisor::planTimes(core::Instant now) {
    core::RunTimes& times = m_lanes.times();
    const core::Nanoseconds paused = m_pausedAt != core::Instant{} ? now - m_pausedAt : core::Nanoseconds{};
    const core::Instant planned = m_streams->end() - kIdRounding;
    const core::Instant end = m_pausedAt != core::Instant{} ? m_endAtPause + paused : planned;
    if (planned > times.origin() && !m_stopping) { // the streams have said where their plans end
        times.setMeasured(times.measuredFrom(), end);
    }
    for (std::size_t span = 0; span < times.spans(); ++span) {
        if (times.spanName(span) == "warmup") {
            times.setSpan(span, times.origin() - kIdRounding, times.measuredFrom());
            continue;
        }
        for (std::size_t i = 0; i < m_options.scenario.streams.size(); ++i) {
            if (m_options.scenario.streams[i].name == times.spanName(span)) {
                times.setSpan(span, times.measuredFrom() + m_options.scenario.streams[i].start,
                              m_streams->end(i) + paused - kIdRounding);
            }
        }
    }
}

core::Snapshot Supervisor::takeSnapshot(core::Instant now) {
    core::Snapshot snapshot = m_lanes.snapshot(now);
    snapshot.host = m_host.sample();
    const core::RunTimes& times = m_lanes.times();
    const core::Nanoseconds paused =
        m_pausedInAll + (m_pausedAt != core::Instant{} ? now - m_pausedAt : core::Nanoseconds{});
    const core::Instant until = std::min(now, times.measuredUntil());
    snapshot.measuredLength = std::max(core::Nanoseconds{}, until - times.measuredFrom() - paused);
    for (std::size_t i = 0; m_streams && i < snapshot.streams.size(); ++i) {
        snapshot.streams[i].target = m_streams->target(i);
    }
    return snapshot;
}

void Supervisor::takeNotices() {
    if (!m_streams) {
        return;
    }
    for (core::Mark& notice : m_streams->takeNotices()) {
        mark(std::move(notice));
    }
}

void Supervisor::mark(core::Mark met) {
    constexpr std::size_t kMostMarks = 10'000;
    const core::Instant origin = m_lanes.times().origin();
    met.seconds = origin == core::Instant{} ? 0 : core::secondsOf(Clock::now() - origin);
    const std::lock_guard lock(m_mutex);
    if (m_timeline.size() < kMostMarks) {
        m_timeline.push_back(std::move(met));
    }
}

void Supervisor::enter(core::Phase phase) {
    {
        const std::lock_guard lock(m_mutex);
        m_status.phase = phase;
    }
    mark({.kind = core::MarkKind::Phase, .phase = phase});
}

std::string Supervisor::stageText(core::Instant now) const {
    const core::Nanoseconds at = now - m_lanes.times().measuredFrom();
    if (m_status.phase != core::Phase::Stages) {
        return {};
    }
    for (const core::Stream& stream : m_options.scenario.streams) {
        const core::Schedule schedule(stream.stages, stream.arrival, 0);
        const auto& spans = schedule.stageSpans();
        for (std::size_t i = 0; i < spans.size(); ++i) {
            if (at - stream.start >= spans[i].from && at - stream.start < spans[i].until) {
                return fmt::format("{} {}/{}", stream.name, i + 1, spans.size());
            }
        }
    }
    return {};
}

} // namespace services
