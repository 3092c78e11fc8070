// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/ledger.h"
#include "core/verdict/threshold.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// Exit codes of the programs.
enum class ExitCode {
    Passed = 0,
    Internal = 1,
    Usage = 2,
    ThresholdMissed = 3,
    LostOrDoubled = 4,
    GeneratorSaturated = 5,
    Unreachable = 6,
    Interrupted = 130,
};

enum class VerdictStatus { Passed, Failed, Lost, Invalid, Unreachable, Interrupted, Internal };
std::string_view
nameOf(VerdictStatus status); ///< "passed", "failed", "lost", "invalid", "unreachable", "interrupted", "internal"

std::string_view signOf(VerdictStatus status); ///< "✓", "✗"; "!" of a run that does not count

/// All that decides a run's verdict.
struct RunFacts {
    std::optional<std::string> internalError;
    std::optional<std::string> unreachable;       ///< a server stayed away until the drain limit
    bool interrupted = false;                     ///< stopped by hand, by whatever means
    bool killed = false;                          ///< or by the death of its process, and finished later
    std::optional<std::string> generatorFault;    ///< GeneratorWatch::fault
    std::optional<std::string> identityViolation; ///< Ledger::violation
    std::uint64_t offsetGap = 0;
    std::string refusal; ///< why own events became dead letters that were sent readable
    std::string cause;   ///< who or what holds events back or has taken them away, where it is known
    Ledger ledger;
    std::vector<RuleOutcome> rules;
    double seconds = 0;        ///< of the measured part
    double plannedSeconds = 0; ///< that it would have taken; 0: not known
    Rate target, stored;
    std::optional<double> endToEndP99Ms;
    bool embedded = false;
    ConsumedBy consumedBy = ConsumedBy::Millrace;
    std::string outsider; ///< as RunResult
};

struct Verdict {
    VerdictStatus status = VerdictStatus::Internal;
    ExitCode exit = ExitCode::Internal;
    std::string summary; ///< one sentence
    std::vector<RuleOutcome> rules;

    bool operator==(const Verdict&) const = default;
};

/// The first that applies of 1, 4, 6, 130, 5, 3, 0. Lost, doubled, unexpected, an offset gap or a broken identity: 4;
/// undrained events, refused or failed ones of which no rule speaks, a missed rule, one that could not be evaluated, or
/// not one event that arrived: 3.
Verdict judge(const RunFacts& facts);

/// Of a run whose process was killed: what was on record, and no judgement. Its rules were not evaluated.
Verdict killedVerdict(const RunFacts& facts);

} // namespace core
