// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that a run follows while it is on.
#include "services/run/supervisor.h"

#include <utility>

namespace services {

using namespace std::chrono_literals;

void Supervisor::applyCommands(core::Instant now) {
    std::vector<core::Command> commands;
    {
        const std::lock_guard lock(m_mutex);
        commands.swap(m_commands);
    }
    for (const core::Command& each : commands) {
        apply(each, now);
    }
}

void Supervisor::apply(const core::Command& command, core::Instant now) {
    if (const auto* stop = std::get_if<core::StopCommand>(&command)) {
        if (std::exchange(m_stopping, true)) {
            return;
        }
        m_interrupted = m_interrupted || stop->interrupted;
        mark({.kind = core::MarkKind::Stop,
              .cause = stop->interrupted ? core::StopCause::Interrupted : core::StopCause::Asked});
        endLoad(stop->interrupted);
    } else if (std::holds_alternative<core::AbortCommand>(command)) {
        m_stopping = m_aborting = m_interrupted = true;
        mark({.kind = core::MarkKind::Stop, .cause = core::StopCause::Aborted});
        endLoad(true);
    } else if (std::holds_alternative<core::PauseCommand>(command)) {
        pause(now);
    } else if (std::holds_alternative<core::ResumeCommand>(command)) {
        resume(now);
    } else if (const auto* rate = std::get_if<core::RateCommand>(&command)) {
        setRate(*rate);
    } else if (const auto* burst = std::get_if<core::BurstCommand>(&command)) {
        m_streams->command(m_streams->burst(), StreamBurst{burst->rate, burst->duration});
        mark({.kind = core::MarkKind::Burst, .rate = burst->rate, .duration = burst->duration});
    }
}

void Supervisor::endLoad(bool giveUp) {
    m_stopping = true;
    if (!m_streams) {
        return;
    }
    m_streams->command(StreamStop{giveUp});
    m_streams->command(m_streams->burst(), StreamStop{giveUp});
}

void Supervisor::pause(core::Instant now) {
    if (m_clock.paused()) {
        return;
    }
    m_clock.pause(now);
    m_streams->command(StreamPause{now});
    if (!m_streams->idle(m_streams->burst())) {
        m_streams->command(m_streams->burst(), StreamPause{now});
    }
    mark({.kind = core::MarkKind::Pause});
    const std::lock_guard lock(m_mutex);
    m_status.paused = true;
}

void Supervisor::resume(core::Instant now) {
    if (!m_clock.paused()) {
        return;
    }
    m_clock.resume(now);
    publishTimes(now); // before the streams turn to what is due then
    m_streams->command(StreamResume{now});
    m_streams->command(m_streams->burst(), StreamResume{now});
    mark({.kind = core::MarkKind::Resume});
    const std::lock_guard lock(m_mutex);
    m_status.paused = false;
}

void Supervisor::setRate(const core::RateCommand& command) {
    double total = 0;
    for (std::size_t i = 0; i < m_streams->burst(); ++i) {
        total += m_streams->target(i).perSecond;
    }
    for (std::size_t i = 0; i < m_streams->burst(); ++i) {
        const core::Rate now = m_streams->target(i);
        if (command.stream == m_options.scenario.streams[i].name) {
            m_streams->command(i, StreamRate{command.rate});
        } else if (command.stream.empty() && total > 0 && now.perSecond > 0) {
            m_streams->command(i, StreamRate{{command.rate.perSecond * now.perSecond / total}});
        }
    }
    mark({.kind = core::MarkKind::Rate, .name = command.stream, .rate = command.rate});
}

} // namespace services
