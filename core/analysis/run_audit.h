// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/id_audit.h"
#include "core/results/result_file.h"
#include "core/verdict/verdict.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What an audit of a table says of each run in it.
namespace core {

/// A run as its result or its journal tells of it.
struct KnownRun {
    std::string id, name;
    std::uint32_t runTag = 0;
    std::vector<std::string> streams{}; ///< names, as far as they are known
    /// Acknowledged sequence numbers, by stream; nothing: it is not known which, and `whyNot` says why.
    std::optional<std::vector<SequenceSet>> acked{};
    std::string whyNot{};
    std::uint64_t deadLettered = 0; ///< so many acknowledged events went elsewhere
    bool killed = false;            ///< what was acknowledged in the process's last second is not among `acked`

    /// How many sequence numbers each stream has used at most; empty where `acked` is not known.
    std::vector<std::uint64_t> used() const;
};

KnownRun knownRunOf(const RunResult& result);

/// One run, judged.
struct RunAudit {
    AuditedRun found;
    std::optional<KnownRun> known{}; ///< nothing: only its ids are known
    std::uint64_t acked = 0;
    std::uint64_t lost = 0;           ///< acknowledged, in no row, and not among the dead letters; 0 where nobody knows
    std::uint64_t deadLettered = 0;   ///< of what is in no row, so many may be dead letters
    std::uint64_t unacknowledged = 0; ///< ids that are stored and were never acknowledged: in doubt, or reported failed
    std::vector<std::string> examples{}; ///< the first ids' places of what is lost: "baseline 17"

    bool knowsAcked() const { return known && known->acked; }
    std::string title() const; ///< its name and id, or its tag
};

struct AuditReport {
    std::string server, table, storedAt, storedAtSource; ///< storedAt: a sentence
    std::string clockWarning;                            ///< empty: the two clocks agree
    std::uint64_t rows = 0, foreign = 0, otherRuns = 0;
    std::vector<RunAudit> runs;
    double seconds = 0; ///< that it took

    /// 4 lost or doubled; 3 nothing to judge, or gaps of which nobody knows whether they are losses; 0.
    ExitCode exit() const;
    std::string summary() const; ///< one sentence
};

/// Judges what was found. `known`: any runs; one without a row is passed over, unless it is the one that was asked for
/// by its tag: all of it is lost then.
AuditReport judgeAudit(IdAudit::Findings findings, const std::vector<KnownRun>& known,
                       std::optional<std::uint32_t> only);

} // namespace core
