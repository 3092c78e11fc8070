// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/run_order.h"
#include "core/measure/mark.h"
#include "core/measure/snapshot.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core {

/// How a daemon stands to the run that it was told of.
struct MemberRun {
    std::string id;
    bool joined = false;        ///< a consumer: its workers have partitions; a producer: it is connected
    bool begun = false;         ///< a producer: its streams wait for what is due, or send
    bool idle = false;          ///< a producer: nothing is left to send
    bool burstOn = false;       ///< a producer
    bool left = false;          ///< its threads have gone: no figure changes any more
    Nanoseconds burstEnd{};     ///< a producer: of the latest live burst, as planned now
    std::uint64_t commands = 0; ///< how many it has taken
    std::uint64_t marks = 0;    ///< how many it has made so far; the last of them are `newest`
    std::string trouble{};      ///< what it is retrying; empty: all is well
    std::string failure{};      ///< why it has given up; empty: it has not
    std::string violation{};    ///< counts that did not add up
    std::string refusal{};      ///< why the first own event was refused
    std::vector<Mark> newest{}; ///< without instants

    bool operator==(const MemberRun&) const = default;
};

using SequenceIntervals = std::vector<std::pair<std::uint64_t, std::uint64_t>>; ///< half-open, ascending

/// What became of a producer's part of a stream's events, by its own numbers (see Share). What is in none of them has
/// no report yet.
struct StreamFates {
    std::uint8_t stream = 0;
    SequenceIntervals acked, failed, inDoubt;

    bool operator==(const StreamFates&) const = default;
};

/// What a daemon says of itself and of its part of a run.
struct MemberReport {
    int protocol = kFleetProtocol;
    std::string version;
    std::string role; ///< "producer", "consumer"
    std::optional<MemberRun> run;
    std::optional<Snapshot> snapshot;              ///< of its part of the run; streams by their names, with spans
    std::optional<std::vector<StreamFates>> fates; ///< of a producer, read with the snapshot: where they were asked for
};

/// Lines of JSON: the report, then its snapshot and its fates where it has them.
std::string toJson(const MemberReport& report);
/// Nothing: it is no such text.
std::optional<MemberReport> memberReportFromJson(std::string_view text);

} // namespace core
