// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// What happened at an instant of a run, as values. Words are chosen where they are shown.
namespace core {

/// The phases of a run, in their order.
enum class Phase { Preparing, Warmup, Stages, Drain, Finished };
std::string_view nameOf(Phase phase); ///< "preparing", "warm-up", "stages", "drain", "finished"
std::optional<Phase> phaseOf(std::string_view name);

enum class MarkKind {
    Phase, ///< one began
    Burst,
    Rate,
    Pause,
    Resume,
    Stop,
    Rebalance,
    Fault,    ///< an end failed and is asked again
    Recovery, ///< it answers again
    Rule,     ///< one was broken for good
    Warning,
    Error,
    Outage, ///< a part of what the run depends on was not well, from here on for `duration`
    Message ///< of a kind that this version does not know
};
std::string_view nameOf(MarkKind kind);     ///< "phase", "burst", …, "message": as in result.json
MarkKind markKindOf(std::string_view name); ///< Message where it is not known
/// Something is wrong with the target, the run or a rule.
bool isTrouble(MarkKind kind);

enum class StopCause { Asked, Interrupted, Aborted, RuleBroken };
std::string_view nameOf(StopCause cause); ///< "asked", "interrupted", "aborted", "rule broken"

enum class PartitionChange { Assigned, Revoked, Lost };
std::string_view nameOf(PartitionChange change); ///< "assigned", "revoked", "lost"

enum class End { Broker, Store, Filter };
std::string_view nameOf(End end); ///< "broker", "store", "filter"

/// One mark on the time line. Which of the values count is said beside them; the others keep their defaults.
struct Mark {
    double seconds = 0; ///< since the run's origin
    MarkKind kind = MarkKind::Message;
    std::string name{};   ///< the consumer or stream; Rate: empty means all streams; Rule: the rule as written
    std::string detail{}; ///< the sentence of whoever met it; empty where the values below say all
    Phase phase = Phase::Preparing;                     ///< Phase
    StopCause cause = StopCause::Asked;                 ///< Stop
    PartitionChange change = PartitionChange::Assigned; ///< Rebalance
    std::size_t partitions = 0;                         ///< Rebalance
    std::size_t rule = 0;                               ///< Rule: its place in the scenario, from 0
    Rate rate{};                                        ///< Burst, Rate; Outage: what came through, 0 if nothing did
    Nanoseconds duration{};                             ///< Burst, Outage
    std::optional<End> end{};                           ///< Fault, Recovery, Warning, Outage: whose, where known

    bool operator==(const Mark&) const = default;
};

/// The phase began with this mark.
bool begins(const Mark& mark, Phase phase);
/// What happened, in English, without its kind: "10,000/s for 10 s", "baseline set to 500/s", "stages".
std::string textOf(const Mark& mark);

} // namespace core
