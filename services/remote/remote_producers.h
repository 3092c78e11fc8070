// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/control.h"
#include "core/ports/producers.h"
#include "services/remote/remote_fleet.h"

#include <atomic>
#include <optional>

namespace services {

/// The producers of a fleet as one. The fleet outlives it.
class RemoteProducers final : public core::Producers {
public:
    explicit RemoteProducers(RemoteFleet& fleet);

    void start() override { m_fleet.beginAll(); }
    void pause(core::Instant at) override { command(core::PauseCommand{}, at); }
    void resume(core::Instant at) override { command(core::ResumeCommand{}, at); }
    void setRate(const std::string& stream, core::Rate rate, core::Instant at) override;
    void startBurst(core::Rate rate, core::Nanoseconds duration, core::Instant at) override;
    void stop(bool giveUp) override;
    void finish(core::Nanoseconds limit) override;
    void finishBy(core::Instant latest) override;
    bool left() const override;

    bool idle() const override;
    bool burstOn() const override;
    core::Instant burstEnd() const override;
    std::vector<core::Rate> targets() const override;
    double asked() const override;
    std::vector<core::Mark> popNotices() override { return {}; } // the fleet marks them itself
    core::Nanoseconds lead() const override { return RemoteFleet::kLead; }
    std::optional<std::string> fault() const override;

private:
    void command(const core::Command& command, core::Instant at);
    core::Snapshot counted() const;
    /// It has taken every command, and what it says holds after them.
    bool upToDate(const DaemonLink::View& view) const;

    RemoteFleet& m_fleet;
    const RemoteFleet::Links m_links; // of producers none may come later
    std::atomic<std::uint64_t> m_commands{0};
    std::atomic<std::int64_t> m_burstEnd{0}; // of the latest that was ordered, pauses left out
    core::Instant m_finishBy = core::Instant::max();
    core::Nanoseconds m_finishLimit{};
    bool m_finishing = false;
};

} // namespace services
