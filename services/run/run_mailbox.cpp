// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/run_mailbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace services {

using namespace std::chrono_literals;

void RunFigures::addTo(core::Snapshot& snapshot) const {
    snapshot.host = host;
    snapshot.backlog = consumedBy == core::ConsumedBy::Nobody ? 0 : snapshot.backlog; // nobody is behind
    snapshot.measuredLength = measuredLength;
    snapshot.measuredAsked = asked;
    for (std::size_t i = 0; i < std::min(snapshot.spans.size(), spanLengths.size()); ++i) {
        snapshot.spans[i].length = spanLengths[i];
    }
    for (std::size_t i = 0; i < std::min(snapshot.streams.size(), targets.size()); ++i) {
        snapshot.streams[i].target = targets[i];
    }
}

RunMailbox::RunMailbox(const core::RunLanes& lanes, const core::Scenario& scenario, const core::Fleet* fleet)
    : m_lanes(lanes), m_fleet(fleet) {
    for (const core::Stream& stream : scenario.streams) {
        m_streams.push_back(stream.name);
    }
}

core::Status RunMailbox::accept(const core::Command& command, const std::function<bool()>& burstOn) {
    const std::lock_guard lock(m_mutex);
    const bool ending =
        std::holds_alternative<core::StopCommand>(command) || std::holds_alternative<core::AbortCommand>(command);
    if (!ending && m_phase != core::Phase::Warmup && m_phase != core::Phase::Stages) {
        return core::invalid(fmt::format("the run is not under load (phase: {})", nameOf(m_phase)));
    }
    if (std::holds_alternative<core::PauseCommand>(command) && m_paused) {
        return core::invalid("the run is paused already");
    }
    if (std::holds_alternative<core::ResumeCommand>(command) && !m_paused) {
        return core::invalid("the run is not paused");
    }
    if (const auto* burst = std::get_if<core::BurstCommand>(&command)) {
        if (burst->rate.perSecond <= 0 || burst->duration <= 0s) {
            return core::invalid("a burst needs a rate and a duration above 0");
        }
        if (burstOn()) {
            return core::invalid("a burst is on already: wait for its end");
        }
    }
    if (const auto* rate = std::get_if<core::RateCommand>(&command)) {
        const bool known = rate->stream.empty() || std::ranges::find(m_streams, rate->stream) != m_streams.end();
        if (!known || rate->rate.perSecond < 0) {
            return core::invalid(known ? "a rate cannot be below 0" : "no stream is named '" + rate->stream + "'");
        }
    }
    m_commands.push_back(command);
    return {};
}

core::RunStatus RunMailbox::status(core::Instant now) const {
    core::RunStatus status;
    RunFigures figures;
    {
        const std::lock_guard lock(m_mutex);
        status.phase = m_phase;
        status.paused = m_paused;
        status.timeline = m_timeline;
        figures = m_figures;
    }
    status.snapshot = snapshot(now); // last: what is counted is never older than the phase
    figures.addTo(status.snapshot);
    status.consumedBy = figures.consumedBy;
    status.stage = std::move(figures.stage);
    status.progress = figures.progress;
    status.left = figures.left;
    status.health = std::move(figures.health);
    status.rules = std::move(figures.rules);
    if (m_fleet != nullptr) {
        status.fleet = m_fleet->members();
    }
    return status;
}

core::Snapshot RunMailbox::snapshot(core::Instant now) const {
    core::Snapshot counted = m_lanes.snapshot(now);
    if (m_fleet != nullptr) {
        m_fleet->addTo(counted);
    }
    return counted;
}

bool RunMailbox::finished() const {
    const std::lock_guard lock(m_mutex);
    return m_result.has_value();
}

core::RunResult RunMailbox::wait() const {
    std::unique_lock lock(m_mutex);
    m_finished.wait(lock, [this] { return m_result.has_value(); });
    return *m_result;
}

void RunMailbox::mark(core::Mark met, core::Instant at) {
    constexpr std::size_t kMostMarks = 10'000; // but for phases and stops, without which the others say little
    met.seconds = core::secondsOf(m_lanes.times().sinceOrigin(at));
    const std::lock_guard lock(m_mutex);
    if (met.kind == core::MarkKind::Phase) {
        m_phase = met.phase;
    } else if (met.kind == core::MarkKind::Pause || met.kind == core::MarkKind::Resume) {
        m_paused = met.kind == core::MarkKind::Pause;
    }
    if (m_timeline.size() < kMostMarks || met.kind == core::MarkKind::Phase || met.kind == core::MarkKind::Stop) {
        m_timeline.push_back(std::move(met));
    }
}

std::vector<core::Mark> RunMailbox::timeline() const {
    const std::lock_guard lock(m_mutex);
    return m_timeline;
}

core::Phase RunMailbox::phase() const {
    const std::lock_guard lock(m_mutex);
    return m_phase;
}

std::vector<core::Command> RunMailbox::popCommands() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_commands, {});
}

void RunMailbox::report(RunFigures figures) {
    const std::lock_guard lock(m_mutex);
    m_figures = std::move(figures);
}

void RunMailbox::finish(core::RunResult result) {
    const std::lock_guard lock(m_mutex);
    m_phase = core::Phase::Finished;
    m_figures.left = {};
    m_result = std::move(result);
    m_finished.notify_all();
}

} // namespace services
