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
constexpr int kCostShare = 10; // of a core at most for looking: hundreds of streams are looked at less often
constexpr core::Nanoseconds kObserveAtLeastEvery = 2s; // however long one look took
constexpr core::Nanoseconds kSampleEvery = 1s;
constexpr core::Nanoseconds kPrepareEvery = 12h; // partitions are created two days ahead

} // namespace

void Supervisor::tick() {
    const core::Instant now = Clock::now();
    applyCommands(now);
    popNotices();
    const bool loading = m_status.phase == core::Phase::Warmup || m_status.phase == core::Phase::Stages;
    if (loading) {
        m_clock.extend(m_streams->end(m_streams->burst()));
        publishTimes(now);
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
    const core::Nanoseconds left = loading ? m_clock.left(now) : std::max(core::Nanoseconds{}, m_phaseLimit - now);
    const std::string stage = stageText(now);
    const std::lock_guard lock(m_mutex);
    m_status.snapshot.host = snapshot.host;
    m_status.snapshot.measuredLength = snapshot.measuredLength;
    m_status.snapshot.spans.resize(snapshot.spans.size());
    for (std::size_t i = 0; i < snapshot.spans.size(); ++i) {
        m_status.snapshot.spans[i].length = snapshot.spans[i].length;
    }
    m_status.snapshot.streams.resize(snapshot.streams.size());
    for (std::size_t i = 0; i < snapshot.streams.size(); ++i) {
        m_status.snapshot.streams[i].target = snapshot.streams[i].target;
    }
    m_status.left = left;
    m_status.stage = stage;
    if (loading || m_status.phase == core::Phase::Drain) {
        m_status.progress = loading ? m_clock.progress(now) : 1;
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

/// Informs the streams and the consumers where the run's parts lie. Due times in ids are rounded down by up to 244 ns:
/// the parts begin that much earlier, so that an event due at the first instant of a part belongs to it on both sides.
void Supervisor::publishTimes(core::Instant now) {
    constexpr core::Nanoseconds kIdRounding{500};
    if (!m_clock.begun()) {
        return;
    }
    const auto rounded = [&](core::RunClock::Part part) {
        const core::RunClock::Period period = m_clock.periodOf(part, now);
        return core::RunClock::Period{period.from - kIdRounding, period.until - kIdRounding};
    };
    core::RunTimes& times = m_lanes.times();
    const core::RunClock::Period measured = rounded(m_clock.measured());
    times.setMeasured(measured.from, measured.until);
    for (std::size_t i = 0; i < m_spans.size(); ++i) {
        const core::RunClock::Period span = rounded(m_spans[i]);
        times.setSpan(i, span.from, span.until);
    }
}

/// Where the lanes' spans lie in the plan.
std::vector<core::RunClock::Part> Supervisor::spanParts() const {
    std::vector<core::RunClock::Part> parts;
    const core::Nanoseconds warmup = m_options.scenario.warmup;
    for (std::size_t i = 0; i < m_lanes.times().spans(); ++i) {
        const std::string& name = m_lanes.times().spanName(i);
        const auto stream = std::ranges::find(m_options.scenario.streams, name, &core::Stream::name);
        if (name == "warmup") {
            parts.push_back(m_clock.warmup());
        } else if (stream != m_options.scenario.streams.end()) {
            const core::Schedule schedule(stream->stages, stream->arrival, 0);
            parts.push_back({warmup + stream->start, warmup + stream->start + schedule.duration()});
        } else {
            parts.push_back({});
        }
    }
    return parts;
}

core::Snapshot Supervisor::takeSnapshot(core::Instant now) {
    core::Snapshot snapshot = m_lanes.snapshot(now);
    snapshot.host = m_host.sample();
    snapshot.measuredLength = m_clock.lengthOf(m_clock.measured(), now);
    for (std::size_t i = 0; i < m_spans.size(); ++i) {
        snapshot.spans[i].length = m_clock.lengthOf(m_spans[i], now);
    }
    for (std::size_t i = 0; m_streams && i < snapshot.streams.size(); ++i) {
        snapshot.streams[i].target = m_streams->target(i);
    }
    return snapshot;
}

void Supervisor::popNotices() {
    if (!m_streams) {
        return;
    }
    for (core::Mark& notice : m_streams->popNotices()) {
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
    const core::Nanoseconds at = m_clock.played(now) - m_options.scenario.warmup;
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
