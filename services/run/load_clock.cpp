// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/load_clock.h"

#include "core/load/schedule.h"

#include <fmt/format.h>

#include <algorithm>

namespace services {

using namespace std::chrono_literals;

namespace {

/// Where a span that a rule names lies in the plan.
core::RunClock::Part partOf(const std::string& span, const core::Scenario& scenario) {
    if (span == "warmup") {
        return {{}, scenario.warmup};
    }
    const auto stream = std::ranges::find(scenario.streams, span, &core::Stream::name);
    if (stream == scenario.streams.end()) {
        return {};
    }
    const core::Schedule schedule(stream->stages, stream->arrival, 0);
    return {scenario.warmup + stream->start, scenario.warmup + stream->start + schedule.duration()};
}

} // namespace

LoadClock::LoadClock(const core::Scenario& scenario, core::RunLanes& lanes)
    : m_scenario(scenario), m_lanes(lanes), m_clock(scenario.warmup, core::plannedLength(scenario)) {
    for (std::size_t i = 0; i < lanes.times().spans(); ++i) {
        m_spans.push_back(partOf(lanes.times().spanName(i), scenario));
    }
}

std::vector<std::string> LoadClock::spansOf(const std::vector<core::ThresholdSpec>& rules) {
    std::vector<std::string> names;
    for (const core::ThresholdSpec& rule : rules) {
        if (!rule.during.empty() && std::ranges::find(names, rule.during) == names.end()) {
            names.push_back(rule.during);
        }
    }
    return names;
}

void LoadClock::begin(core::Instant origin) {
    m_clock.begin(origin);
    m_lanes.times().setOrigin(origin);
    publish(origin);
}

core::Nanoseconds LoadClock::plannedLength() const {
    return core::plannedLength(m_scenario) - m_scenario.warmup;
}

bool LoadClock::pause(core::Instant now) {
    if (m_clock.paused()) {
        return false;
    }
    m_clock.pause(now);
    return true;
}

bool LoadClock::resume(core::Instant now) {
    if (!m_clock.paused()) {
        return false;
    }
    m_clock.resume(now);
    publish(now);
    return true;
}

void LoadClock::advance(core::Instant now, core::Instant burstEnd) {
    m_clock.extend(burstEnd);
    publish(now);
}

void LoadClock::endLoad(core::Instant now) {
    m_clock.endLoad(now);
    publish(now);
}

/// Due times in ids are rounded down by up to 244 ns: the parts begin that much earlier, so that an event due at the
/// first instant of a part belongs to it on both sides.
void LoadClock::publish(core::Instant now) {
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

RunFigures LoadClock::figures(core::Instant now) const {
    RunFigures figures;
    figures.measuredLength = m_clock.lengthOf(m_clock.measured(), now);
    for (const core::RunClock::Part& span : m_spans) {
        figures.spanLengths.push_back(m_clock.lengthOf(span, now));
    }
    const bool over = m_clock.phase(now) == core::Phase::Drain;
    figures.stage = stage(now);
    figures.progress = over ? 1 : m_clock.progress(now);
    figures.left = over ? core::Nanoseconds{} : m_clock.left(now);
    return figures;
}

/// The first stream's that is in one.
std::string LoadClock::stage(core::Instant now) const {
    if (m_clock.phase(now) != core::Phase::Stages) {
        return {};
    }
    const core::Nanoseconds at = m_clock.played(now) - m_scenario.warmup;
    for (const core::Stream& stream : m_scenario.streams) {
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
