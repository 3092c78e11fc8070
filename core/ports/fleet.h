// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/fleet_member.h"
#include "core/fleet/member_report.h"
#include "core/fleet/run_order.h"
#include "core/measure/fate.h"
#include "core/measure/mark.h"
#include "core/measure/snapshot.h"
#include "core/ports/consumers.h"
#include "core/ports/producers.h"
#include "core/result.h"
#include "core/scenario/scenario.h"

#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace core {

/// Daemons elsewhere that make a run's load and consume it, as one. Any thread, unless something else is said.
class Fleet {
public:
    virtual ~Fleet() = default;

    struct Task {
        RunOrder order; ///< shares and the monotonic clock are the fleet's affair
        Scenario scenario;
        Instant base;          ///< of the run's clock pair, on our monotonic clock
        const RunTimes& times; ///< outlives the fleet's work
        /// What became of events `from` to `until` of a producer's share, by its own numbers.
        std::function<void(const StreamShare&, Delivery, std::uint64_t from, std::uint64_t until)> fate;
        std::function<void(Mark, Instant)> note;
    };
    /// Seeks a run that the daemons have a part in, to lead it on: what they were told, its order's clock being ours.
    /// prepare() with that order then deals nothing anew. Invalid: they know of none, or of others, which are named.
    virtual Result<RunTold> find(std::string_view id, const std::stop_token& giveUp) = 0;
    /// Tells every daemon of the run and waits until each has taken it; the consumers may still be joining. Errors name
    /// the daemon: Invalid: it will not have this run; Transient: it does not answer, or is busy with another run.
    virtual Status prepare(Task task, const std::stop_token& giveUp) = 0;

    // Once it is prepared; both live no longer than the fleet.
    virtual std::unique_ptr<Producers> producers() = 0;
    virtual std::unique_ptr<Consumers> consumers() = 0;
    virtual void addTo(Snapshot& snapshot) const = 0; ///< what all of them have counted
    /// Of producers that were lost, by stream: acked and failed events of which no id was told.
    virtual std::map<std::string, ProducerCounts> untold() const = 0;
    virtual std::map<std::string, std::string> facts() const = 0;
    virtual std::vector<FleetMember> members() const = 0; ///< as last known, once it is released
    /// The run is over: nothing of the task is used any more when this returns, and the daemons are free.
    virtual void release() = 0;
};

} // namespace core
