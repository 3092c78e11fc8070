// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/remote/remote_producers.h"

#include "core/ports/command_json.h"
#include "core/text/count_text.h"
#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

constexpr core::Nanoseconds kLastWords = 5s; // beyond the limit for what was sent

} // namespace

RemoteProducers::RemoteProducers(RemoteFleet& fleet) : m_fleet(fleet), m_links(fleet.linksOf("producer")) {
    for (const DaemonLink* const link : m_links) { // of a run that is led on
        if (const auto view = link->view(); view.run) {
            m_commands = std::max<std::uint64_t>(m_commands, view.run->commands);
            if (view.run->burstOn) {
                m_burstEnd = (m_fleet.task().base + view.run->burstEnd).time_since_epoch().count();
            }
        }
    }
}

void RemoteProducers::command(const core::Command& command, core::Instant at) {
    const std::uint64_t number = ++m_commands;
    const std::string path = fmt::format("/api/run/command?id={}&number={}&atNs={}", m_fleet.id(), number,
                                         (at - m_fleet.task().base).count());
    for (DaemonLink* const link : m_links) {
        link->tell(path, toJson(command));
    }
}

/// By stream, for each daemon knows its own shares only.
void RemoteProducers::setRate(const std::string& stream, core::Rate rate, core::Instant at) {
    const auto& streams = m_fleet.task().scenario.streams;
    const std::vector<core::Rate> now = targets();
    double total = 0;
    for (std::size_t i = 0; i < streams.size(); ++i) {
        total += now[i].perSecond;
    }
    for (std::size_t i = 0; i < streams.size(); ++i) {
        if (stream == streams[i].name) {
            command(core::RateCommand{stream, rate}, at);
        } else if (stream.empty() && total > 0 && now[i].perSecond > 0) {
            command(core::RateCommand{streams[i].name, {rate.perSecond * now[i].perSecond / total}}, at);
        }
    }
}

void RemoteProducers::startBurst(core::Rate rate, core::Nanoseconds duration, core::Instant at) {
    m_burstEnd = (at + duration).time_since_epoch().count();
    command(core::BurstCommand{rate, duration}, at);
}

void RemoteProducers::stop(bool giveUp) {
    command(giveUp ? core::Command(core::AbortCommand{}) : core::Command(core::StopCommand{}), Clock::now());
}

void RemoteProducers::finish(core::Nanoseconds limit) {
    m_finishing = true;
    m_finishLimit = limit;
    m_fleet.ending(limit + kLastWords);
    const std::string path = fmt::format("/api/run/finish?id={}&limitNs={}", m_fleet.id(), limit.count());
    for (DaemonLink* const link : m_links) {
        link->tell(path);
    }
}

/// Only once where the limit has become a shorter one.
void RemoteProducers::finishBy(core::Instant latest) {
    const core::Nanoseconds limit = std::max(core::Nanoseconds{}, latest - Clock::now());
    if (latest < std::exchange(m_finishBy, std::min(latest, m_finishBy)) && limit < m_finishLimit) {
        finish(limit);
    }
}

bool RemoteProducers::left() const {
    return std::ranges::all_of(m_links, [this](const DaemonLink* link) {
        const DaemonLink::View view = link->view();
        return view.complete || m_fleet.isLost(view);
    });
}

bool RemoteProducers::upToDate(const DaemonLink::View& view) const {
    return view.run && view.unanswered == 0 && view.run->begun && view.run->commands >= m_commands;
}

bool RemoteProducers::idle() const {
    return std::ranges::all_of(m_links, [this](const DaemonLink* link) {
        const DaemonLink::View view = link->view();
        return m_fleet.isLost(view) || (upToDate(view) && view.run->idle);
    });
}

bool RemoteProducers::burstOn() const {
    return std::ranges::any_of(m_links, [this](const DaemonLink* link) {
        const DaemonLink::View view = link->view();
        return !m_fleet.isLost(view) && m_burstEnd > 0 && (!upToDate(view) || view.run->burstOn);
    });
}

core::Instant RemoteProducers::burstEnd() const {
    core::Instant end(core::Nanoseconds(m_burstEnd.load()));
    for (const DaemonLink* const link : m_links) {
        const DaemonLink::View view = link->view();
        if (m_burstEnd > 0 && upToDate(view)) {
            end = std::max(end, m_fleet.task().base + view.run->burstEnd);
        }
    }
    return end;
}

core::Snapshot RemoteProducers::counted() const {
    core::Snapshot sum;
    for (const core::Stream& stream : m_fleet.task().scenario.streams) {
        sum.streams.emplace_back().name = stream.name;
    }
    sum.streams.emplace_back().name = core::kLiveBurst;
    m_fleet.addTo(sum);
    return sum;
}

std::vector<core::Rate> RemoteProducers::targets() const {
    std::vector<core::Rate> targets;
    for (const core::StreamSnapshot& stream : counted().streams) {
        targets.push_back(stream.target);
    }
    return targets;
}

double RemoteProducers::asked() const {
    return counted().measuredAsked;
}

std::optional<std::string> RemoteProducers::fault() const {
    for (const DaemonLink* const link : m_links) {
        const DaemonLink::View view = link->view();
        if (m_finishing && !view.complete) {
            const std::string when =
                view.heard
                    ? core::durationText(std::max(core::Nanoseconds{}, *view.heard - m_fleet.task().times.origin()))
                    : "the start";
            std::uint64_t inDoubt = view.producer.queued();
            for (const auto& [stream, counts] : link->untold()) {
                inDoubt += counts.acked + counts.failed;
            }
            return fmt::format("the producer at {} was lost after {}: what it sent from then on is not known, and {} "
                               "whose ids it had not told are in doubt",
                               link->address(), when, core::counted(inDoubt, "event"));
        }
    }
    return std::nullopt;
}

} // namespace services
