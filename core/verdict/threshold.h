// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/mark.h"
#include "core/measure/snapshot.h"
#include "core/result.h"
#include "core/scenario/scenario.h"

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// A rule, parsed. Grammar (white space is free):
///
///     rule       = subject comparison value
///     subject    = metric [ "{" tier "}" ] statistic [ "over" duration ]   latency, as 'end_to_end p99'
///                | "throughput" | "error_rate" | "backlog" | "drain_time"
///                | "lost" | "doubled" | "undrained" | "unsent" | "failed" | "in_doubt" | "dead_lettered"
///                | "duplicate" | "unexpected" | "reordered" | "foreign" | "abandoned" | "recovered" | "shed"
///     metric     = "send_delay" | "ack" | "ack_uncorrected" | "processing" | "end_to_end" | "end_to_end_uncorrected"
///     statistic  = "p50" … "p99.99" (any pN with 0 < N < 100) | "mean" | "max"
///     comparison = "<" | "<=" | ">" | ">=" | "=="
///     value      = duration ("45ms") | rate ("10000/s") | percent [ "of target" ] | number
///
/// 'over 10s' (at least 1 s) asks that the rule holds in every window of that length, not only for the whole.
/// Latencies and drain_time take a duration, throughput a rate or a percentage of target, error_rate a percentage,
/// all else a whole number. backlog is its highest value. Within 'during' lie send_delay, ack, end_to_end (without a
/// tier) and throughput; the rest is counted for the whole run only.
struct Threshold {
    enum class Quantity {
        Latency,
        Throughput,
        ErrorRate,
        Backlog,
        DrainTime,
        Lost,
        Doubled,
        Undrained,
        Unsent,
        Failed,
        InDoubt,
        DeadLettered,
        Duplicate,
        Unexpected,
        Reordered,
        Foreign,
        Abandoned,
        Recovered,
        Shed
    };
    enum class Statistic { Percentile, Mean, Max };
    enum class Comparison { Less, LessOrEqual, Greater, GreaterOrEqual, Equal };

    Quantity quantity = Quantity::Lost;
    Metric metric = Metric::EndToEnd;
    std::optional<Tier> tier;
    Statistic statistic = Statistic::Percentile;
    double percentile = 99;
    Nanoseconds over{}; ///< 0: the whole
    Comparison comparison = Comparison::Less;
    double limit = 0;      ///< latencies and times in µs, rates in events/s, error_rate as a share, else a count
    bool ofTarget = false; ///< limit is a share of the planned rate
    std::string during;    ///< as ThresholdSpec
    bool abort = false;
    std::string text; ///< as written

    /// Reads a rule. The error says what was expected at which column.
    static Result<Threshold> parse(const ThresholdSpec& spec);

    bool operator==(const Threshold&) const = default;
};

/// A figure in the unit of a rule's limit, or why there is none.
struct RuleFigure {
    std::optional<double> value{};
    Rate target{};        ///< of a throughput: what was planned
    std::string reason{}; ///< only without a value
};

enum class RuleStatus { Passed, Failed, NotEvaluated };
std::string_view nameOf(RuleStatus status); ///< "passed", "failed", "not evaluated"

/// What became of a rule, or of a run that is on how it stands, in numbers; rule_words.h finds the words.
struct RuleOutcome {
    Threshold rule{};
    RuleStatus status = RuleStatus::NotEvaluated;
    std::optional<double> value{}; ///< in the unit of rule.limit; nothing if not evaluated
    Rate target{};                 ///< of a throughput: what was planned
    /// Seconds since the run's origin. A window or a count: when it first broke the rule. A figure of the whole run:
    /// since when it has been beyond the limit without a break. Only of a failed rule.
    std::optional<double> brokeAtSeconds{};
    std::string reason{}; ///< why not evaluated

    /// From the limit: above 0 over it.
    std::optional<double> distance() const { return value ? std::optional(*value - rule.limit) : std::nullopt; }

    bool operator==(const RuleOutcome&) const = default;
};

/// Marks where rules broke that have none in `timeline`: figures of the whole run may recover until its end, so while
/// it is on these marks come and go. `outcomes`: of all rules, in the order of the scenario.
std::vector<Mark> unmarkedBreaks(std::span<const RuleOutcome> outcomes, std::span<const Mark> timeline);

/// Follows one rule through a run: fed with each snapshot, asked at the end. Constant memory.
class ThresholdWatch {
public:
    explicit ThresholdWatch(Threshold threshold);

    /// Looks at the newest snapshot; keeps what its 'over' needs. True if the rule has become broken for good: a count,
    /// a backlog or a maximum over its limit, or a window that broke an 'over' rule. Other figures of the whole run may
    /// still recover, so they are judged at the end.
    bool observe(const Snapshot& snapshot);
    /// How the rule stands at the last snapshot looked at, as if the run ended with it. Passed: it holds. Not
    /// evaluated: there is no figure yet, with the reason; or there is one beyond the limit that events on their way
    /// may still bring back.
    RuleOutcome standing() const;
    /// The final word. `drain` is how long the drain took; `ids` are known only when the ledger is closed.
    RuleOutcome judge(const Snapshot& last, const Ledger& ledger, Nanoseconds drain) const;
    const Threshold& threshold() const { return m_threshold; }

private:
    struct Past {
        Nanoseconds at{};
        std::string latency; ///< LatencyHistogram::encode(): a tenth of its size, which rare values would let grow
    };

    bool observeWindow(const Snapshot& snapshot);
    bool observeThroughput(const Snapshot& snapshot);
    bool note(std::optional<double> value, Nanoseconds at, bool final);

    Threshold m_threshold;
    std::deque<Past> m_past;         // 'over' and a little more, about 50
    std::optional<double> m_brokeAt; // seconds
    std::optional<double> m_worst;   // of the windows; the highest backlog
    RuleFigure m_now;                // at the last look
    std::uint64_t m_planned = 0;     // throughput: that were due in its part of the run, at the last look
    Nanoseconds m_cameDueAt{};       // when the last of them were seen
};

} // namespace core
