// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/share_plan.h"
#include "core/measure/snapshot.h"
#include "core/ports/control.h"
#include "core/scenario/scenario.h"
#include "services/archive/run_head.h"
#include "services/producer/run_account.h"
#include "services/producer/stream_pool.h"
#include "services/target/broker_end.h"

#include <memory>

namespace services {

/// A scenario's streams, and the one for live bursts, on a broker of their own: a run's sending half. Any thread may
/// call the members.
class Load {
public:
    struct Options {
        core::Scenario scenario;
        core::BrokerAddress broker;
        RunHead head;                            ///< of the run that it belongs to
        std::vector<core::StreamShare> shares{}; ///< what of the streams it sends; none: all
    };

    /// A run of the load's own.
    static RunHead ownHead(const core::Scenario& scenario);
    /// Connects; nothing is sent before start(). Errors as Run::start().
    static core::Result<std::unique_ptr<Load>> open(const Options& options, const TargetNote& note);
    ~Load(); ///< gives up what waits to be sent

    /// All that is due is measured; the first events are due now.
    void start();
    /// Errors (Invalid): it makes no sense now. An abort is a stop here.
    core::Status command(const core::Command& command);
    bool hasStream(std::string_view name) const;
    /// Ends the load: delivers what was sent within `limit`, and waits for it.
    void finish(core::Nanoseconds limit);

    /// Asks the broker, for seconds where it is absent. One thread at a time.
    core::Status reachable() const;

    core::Snapshot snapshot() const; ///< since the start, streams as in the scenario

    // For whoever leads it as a part of a run, instead of start() and command().
    core::Producers& streams() { return *m_streams; }
    core::RunTimes& times() { return m_lanes.times(); }
    const RunAccount& account() const { return m_account; }

    bool idle() const { return m_streams->idle(); }
    bool paused() const { return m_paused.load(std::memory_order_relaxed); }
    bool bursting() const { return m_streams->burstOn(); }
    const std::string& name() const { return m_scenario.name; }
    const std::string& id() const { return m_head.id; }
    std::vector<core::Mark> popNotices() { return m_streams->popNotices(); }

private:
    Load(const Options& options, MessageFiles files, std::unique_ptr<BrokerEnd> broker);

    const core::Scenario m_scenario;
    const RunHead m_head;
    const MessageFiles m_files;
    core::RunLanes m_lanes;
    RunAccount m_account;
    std::unique_ptr<BrokerEnd> m_broker;
    std::mutex m_commands; // one command at a time
    std::atomic<bool> m_paused{false};
    std::unique_ptr<StreamPool> m_streams;
};

} // namespace services
