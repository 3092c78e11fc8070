// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdict/verdict.h"

#include "core/text/figure_text.h"
#include "core/verdict/rule_figure.h"
#include "core/verdict/rule_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace core {

namespace {

std::string secondsText(double seconds) {
    return durationText(Nanoseconds(static_cast<std::int64_t>(seconds * 1e9)));
}

std::string events(std::uint64_t count) {
    return countText(count) + (count == 1 ? " event" : " events");
}

/// "1 event was", "3 events were".
std::string eventsWere(std::uint64_t count) {
    return events(count) + (count == 1 ? " was" : " were");
}

bool isOutsiders(const RunFacts& facts) {
    return facts.consumedBy == ConsumedBy::Outsider;
}

/// What is wrong with the account, worst first; empty if nothing is.
std::string lossText(const RunFacts& facts) {
    const auto& ids = facts.ledger.ids;
    std::vector<std::string> parts;
    if (ids.lost > 0) {
        parts.push_back(fmt::format("{}{} of {} acknowledged events {} {}", ids.undrained > 0 ? "at least " : "",
                                    countText(ids.lost), countText(facts.ledger.producer.acked),
                                    ids.lost == 1 ? "was" : "were",
                                    isOutsiders(facts) ? "not stored by the consumer of " + facts.outsider
                                                       : "neither stored nor dead-lettered"));
    }
    if (ids.doubled > 0) {
        parts.push_back(
            fmt::format("{} stored twice{}", eventsWere(ids.doubled),
                        isOutsiders(facts) && ids.lost == 0 ? " by the consumer of " + facts.outsider : ""));
    }
    if (ids.unexpected > 0) {
        parts.push_back(fmt::format("{} stored that had been reported as failed", eventsWere(ids.unexpected)));
    }
    if (facts.offsetGap > 0) {
        parts.push_back(fmt::format("the broker had forgotten {} before they were read", events(facts.offsetGap)));
    }
    if (facts.identityViolation) {
        parts.push_back(*facts.identityViolation);
    }
    if (!parts.empty() && !facts.cause.empty()) {
        parts.push_back(facts.cause);
    }
    return fmt::format("{}", fmt::join(parts, "; "));
}

bool isClean(const RunFacts& facts) {
    return lossText(facts).empty() && facts.ledger.ids.undrained == 0;
}

/// " with the embedded broker", wherever a latency stands.
std::string where(const RunFacts& facts) {
    return facts.embedded ? " with the embedded broker" : "";
}

bool isEndToEndP99(const RuleOutcome& outcome) {
    const auto& rule = outcome.rule;
    return rule.quantity == Threshold::Quantity::Latency && rule.metric == Metric::EndToEnd &&
           rule.statistic == Threshold::Statistic::Percentile && rule.percentile == 99 && !rule.tier &&
           rule.over == Nanoseconds::zero() && rule.during.empty();
}

std::string latencyText(const RunFacts& facts) {
    if (!facts.endToEndP99Ms) {
        return {};
    }
    auto text =
        fmt::format(", end-to-end p99 {}{}",
                    durationText(Nanoseconds(static_cast<std::int64_t>(*facts.endToEndP99Ms * 1e6))), where(facts));
    const auto rule = std::ranges::find_if(facts.rules, isEndToEndP99);
    if (rule != facts.rules.end() && rule->status == RuleStatus::Passed) {
        text += ", " + distanceText(*rule); // the rule itself stands beside the sentence, so the limit can go
    }
    return text;
}

std::string storedText(const Ledger& ledger) {
    const auto& consumer = ledger.consumer;
    if (consumer.stored == ledger.producer.planned && consumer.polled == consumer.stored) {
        return fmt::format("all {} stored once", countText(consumer.stored));
    }
    auto text = fmt::format("{} stored once", countText(consumer.stored));
    const std::pair<std::uint64_t, std::string_view> rest[] = {
        {consumer.duplicate(), "duplicates kept out"},
        {consumer.deadLettered, "dead-lettered"},
        {consumer.foreign, "foreign among these"},
        {ledger.producer.failed, "failed to be sent"},
        {ledger.producer.unsent, "unsent"},
        {ledger.producer.shed, "shed"},
    };
    for (const auto& [count, name] : rest) {
        if (count > 0) {
            text += fmt::format(", {} {}", countText(count), name);
        }
    }
    return text;
}

/// Of a run that nobody consumed.
std::string ackedText(const RunFacts& facts) {
    const auto& producer = facts.ledger.producer;
    return producer.acked == producer.planned
               ? fmt::format("all {} acknowledged; nobody consumed", events(producer.acked))
               : fmt::format("{} of {} acknowledged; nobody consumed", countText(producer.acked),
                             events(producer.planned));
}

std::string passedText(const RunFacts& facts) {
    if (facts.consumedBy == ConsumedBy::Nobody) {
        return fmt::format(
            "Passed: {} events/s for {}, {}",
            figureText(facts.seconds > 0 ? static_cast<double>(facts.ledger.producer.acked) / facts.seconds : 0),
            secondsText(facts.seconds), ackedText(facts));
    }
    return fmt::format("Passed: {} events/s for {}, {}{}{}", figureText(facts.stored.perSecond),
                       secondsText(facts.seconds), storedText(facts.ledger),
                       isOutsiders(facts) ? " by the consumer of " + facts.outsider : "", latencyText(facts));
}

/// The rules that did not pass: the failed ones by when they broke, then the ones that could not be evaluated.
std::vector<const RuleOutcome*> missedRules(const RunFacts& facts) {
    std::vector<const RuleOutcome*> missed;
    for (const auto& outcome : facts.rules) {
        if (outcome.status != RuleStatus::Passed) {
            missed.push_back(&outcome);
        }
    }
    std::ranges::stable_sort(missed, {}, [](const RuleOutcome* outcome) {
        const auto never = std::numeric_limits<double>::infinity();
        return std::pair(outcome->status == RuleStatus::NotEvaluated, outcome->brokeAtSeconds.value_or(never));
    });
    return missed;
}

std::string missedText(const RuleOutcome& outcome, const RunFacts& facts) {
    const auto name =
        fmt::format("'{}'{}", outcome.rule.text, outcome.rule.during.empty() ? "" : " during " + outcome.rule.during);
    if (outcome.status == RuleStatus::NotEvaluated) {
        return fmt::format("{} could not be evaluated: {}", name, outcome.reason);
    }
    const bool latency = outcome.rule.quantity == Threshold::Quantity::Latency;
    auto text = fmt::format("{} was missed: {}{}, {}", name, valueText(outcome), latency ? where(facts) : "",
                            marginText(outcome));
    if (outcome.brokeAtSeconds) {
        text += fmt::format(", since {}", secondsText(*outcome.brokeAtSeconds));
    }
    return text;
}

/// What became of events that must not, where no rule says how many of them may.
std::vector<std::string> unruledFailures(const RunFacts& facts) {
    using Quantity = Threshold::Quantity;
    const auto ruled = [&facts](Quantity quantity) {
        return std::ranges::any_of(facts.rules, [quantity](const auto& each) {
            return each.rule.quantity == quantity && boundedAbove(each.rule);
        });
    };
    const std::string planned = events(facts.ledger.producer.planned);
    std::vector<std::string> found;
    if (const std::uint64_t refused = facts.ledger.ids.refused; refused > 0 && !ruled(Quantity::DeadLettered)) {
        found.push_back(fmt::format("{} of {} became {}{}{}", countText(refused), planned,
                                    refused == 1 ? "a dead letter" : "dead letters", facts.refusal.empty() ? "" : ": ",
                                    facts.refusal));
    }
    if (const std::uint64_t failed = facts.ledger.producer.failed;
        failed > 0 && !ruled(Quantity::Failed) && !ruled(Quantity::ErrorRate)) {
        found.push_back(fmt::format("{} of {} failed to be sent", countText(failed), planned));
    }
    if (const std::uint64_t missing = facts.ledger.ids.missing;
        missing > 0 && facts.ledger.ids.undrained == 0 && !ruled(Quantity::InDoubt) && !ruled(Quantity::ErrorRate)) {
        found.push_back(fmt::format("{} of {} were not acknowledged and did not arrive", countText(missing), planned));
    }
    return found;
}

std::string failedText(const RunFacts& facts) {
    std::vector<std::string> parts;
    if (facts.ledger.ids.undrained > 0) {
        parts.push_back(fmt::format("{} not stored{} when the drain limit struck{}{}",
                                    eventsWere(facts.ledger.ids.undrained),
                                    isOutsiders(facts) ? " by the consumer of " + facts.outsider : "",
                                    facts.cause.empty() ? "" : ": ", facts.cause));
    }
    std::ranges::copy(unruledFailures(facts), std::back_inserter(parts));
    const auto missed = missedRules(facts);
    if (!missed.empty()) {
        parts.push_back(missedText(*missed.front(), facts));
    }
    if (missed.size() > 1) {
        parts.push_back(
            fmt::format("{} more {} not met", missed.size() - 1, missed.size() == 2 ? "rule was" : "rules were"));
    }
    if (isClean(facts)) {
        parts.push_back(facts.consumedBy == ConsumedBy::Nobody ? ackedText(facts) : "nothing was lost or doubled");
    }
    return fmt::format("Failed: {}", fmt::join(parts, "; "));
}

/// "both rules held until then"; empty where there is no rule.
std::string rulesSoFar(const RunFacts& facts) {
    const std::size_t rules = facts.rules.size();
    const std::size_t missed = missedRules(facts).size();
    if (rules == 0) {
        return {};
    }
    if (missed > 0) {
        return fmt::format("{} of {} rules {} not met by then; ", missed, rules, missed == 1 ? "was" : "were");
    }
    const std::string all = rules == 1 ? "its rule" : rules == 2 ? "both rules" : fmt::format("all {} rules", rules);
    return all + " held until then; ";
}

std::string interruptedText(const RunFacts& facts) {
    const std::string planned =
        facts.plannedSeconds > facts.seconds ? " of " + secondsText(facts.plannedSeconds) : std::string();
    auto text =
        fmt::format("Interrupted: {} after {}{}; {}{}", facts.killed ? "its process was killed" : "stopped by hand",
                    secondsText(facts.seconds), planned, rulesSoFar(facts),
                    facts.consumedBy == ConsumedBy::Nobody ? ackedText(facts) : storedText(facts.ledger));
    if (facts.consumedBy == ConsumedBy::Nobody) {
        return text;
    }
    if (facts.ledger.ids.undrained > 0) {
        return text + fmt::format(", {} not stored yet{}{}", countText(facts.ledger.ids.undrained),
                                  facts.cause.empty() ? "" : ": ", facts.cause);
    }
    return text + ", nothing lost or doubled";
}

/// Not one of the run's own events came to the store, in whatever shape.
bool nothingArrived(const Ledger& ledger) {
    const auto& consumer = ledger.consumer;
    return consumer.polled <= consumer.foreign;
}

std::string nothingArrivedText(const RunFacts& facts) {
    const auto& producer = facts.ledger.producer;
    if (producer.planned == 0) {
        return "Failed: nothing was planned and nothing was sent";
    }
    auto text = fmt::format("Failed: none of {} {}", events(producer.planned),
                            facts.consumedBy == ConsumedBy::Nobody ? "were acknowledged" : "arrived in the store");
    for (const auto& [count, name] :
         {std::pair{producer.failed, "failed to be sent"}, std::pair{producer.unsent, "unsent"},
          std::pair{producer.shed, "shed"}, std::pair{producer.inDoubt, "in doubt"}}) {
        if (count > 0) {
            text += fmt::format(", {} {}", countText(count), name);
        }
    }
    return text;
}

} // namespace

std::string_view signOf(VerdictStatus status) {
    switch (status) {
    case VerdictStatus::Passed:
        return "✓";
    case VerdictStatus::Invalid:
    case VerdictStatus::Interrupted:
        return "!";
    default:
        return "✗";
    }
}

std::string_view nameOf(VerdictStatus status) {
    switch (status) {
    case VerdictStatus::Passed:
        return "passed";
    case VerdictStatus::Failed:
        return "failed";
    case VerdictStatus::Lost:
        return "lost";
    case VerdictStatus::Invalid:
        return "invalid";
    case VerdictStatus::Unreachable:
        return "unreachable";
    case VerdictStatus::Interrupted:
        return "interrupted";
    case VerdictStatus::Internal:
        return "internal";
    }
    return {};
}

Verdict judge(const RunFacts& facts) {
    const auto verdict = [&facts](VerdictStatus status, ExitCode exit, std::string summary) {
        return Verdict{.status = status, .exit = exit, .summary = std::move(summary), .rules = facts.rules};
    };
    if (facts.internalError) {
        return verdict(VerdictStatus::Internal, ExitCode::Internal, "Internal error: " + *facts.internalError);
    }
    if (const auto loss = lossText(facts); !loss.empty()) {
        return verdict(VerdictStatus::Lost, ExitCode::LostOrDoubled, "Failed: " + loss);
    }
    if (facts.unreachable) {
        return verdict(VerdictStatus::Unreachable, ExitCode::Unreachable, "Unreachable: " + *facts.unreachable);
    }
    if (facts.interrupted || facts.killed) {
        return verdict(VerdictStatus::Interrupted, ExitCode::Interrupted, interruptedText(facts));
    }
    if (facts.generatorFault) {
        return verdict(VerdictStatus::Invalid, ExitCode::GeneratorSaturated,
                       fmt::format("Invalid: {}, so the figures say nothing about the target", *facts.generatorFault));
    }
    if (facts.ledger.ids.undrained > 0 || !missedRules(facts).empty()) {
        return verdict(VerdictStatus::Failed, ExitCode::ThresholdMissed, failedText(facts));
    }
    if (facts.consumedBy == ConsumedBy::Nobody ? facts.ledger.producer.acked == 0 : nothingArrived(facts.ledger)) {
        return verdict(VerdictStatus::Failed, ExitCode::ThresholdMissed, nothingArrivedText(facts));
    }
    if (!unruledFailures(facts).empty()) {
        return verdict(VerdictStatus::Failed, ExitCode::ThresholdMissed, failedText(facts));
    }
    return verdict(VerdictStatus::Passed, ExitCode::Passed, passedText(facts));
}

Verdict killedVerdict(const RunFacts& facts) {
    const auto summary = fmt::format(
        "Killed after {}: {} acknowledged and {} stored are on record; the ledger was not closed",
        secondsText(facts.seconds), events(facts.ledger.producer.acked), countText(facts.ledger.consumer.stored));
    return {.status = VerdictStatus::Interrupted, .exit = ExitCode::Interrupted, .summary = summary, .rules = {}};
}

} // namespace core
