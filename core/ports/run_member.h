// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/member_report.h"
#include "core/fleet/run_order.h"
#include "core/ports/control.h"
#include "core/result.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace core {

/// A daemon as the one who leads a run over several daemons sees it. It serves one such run at a time. Every call may
/// come twice, for an answer may be lost on the way: what was done already is not done again. Instants count from the
/// run's clock pair. Any thread; no call waits for a server. Errors: Invalid: the call makes no sense, with the reason;
/// Transient: another run is on.
class RunMember {
public:
    virtual ~RunMember() = default;

    virtual MemberReport report() const = 0;
    /// Where its part stands; being asked, it knows that somebody leads the run. `fates`: those of a producer's events
    /// too.
    virtual Result<MemberReport> report(std::string_view id, bool fates) = 0;
    /// Gets ready: connects, or joins its group. Whether that worked is told by report(). A producer refuses a scenario
    /// that names files, servers, or anything that only its own configuration may name.
    virtual Status prepare(const RunOrder& order) = 0;
    virtual Status begin(std::string_view id, const PartTimes& times) = 0;
    /// Commands are numbered from 1, in their order; rates and bursts take effect at `at`.
    virtual Status command(std::string_view id, std::uint64_t number, Nanoseconds at, const Command& command) = 0;
    virtual Status follow(std::string_view id, const PartTimes& times) = 0; ///< the parts of the run have moved
    /// Its part is over: what was sent is delivered within `limit`, batches in hand are finished.
    virtual Status finish(std::string_view id, Nanoseconds limit) = 0;
    virtual Status release(std::string_view id) = 0; ///< nobody will ask for this run any more
    /// What it was told so far, by whoever leads the run.
    virtual Result<RunTold> told(std::string_view id) const = 0;
};

} // namespace core
