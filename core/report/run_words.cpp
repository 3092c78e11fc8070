// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/run_words.h"

#include "core/text/figure_text.h"
#include "core/verdict/rule_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace core {
namespace {

std::string valueOr(const std::map<std::string, std::string>& facts, const std::string& name, std::string_view other) {
    const auto found = facts.find(name);
    return found == facts.end() || found->second.empty() ? std::string(other) : found->second;
}

/// What each consumer says of a filter that is away is said once, by the outage.
bool isPartOfAnOutage(const Mark& warning, const std::vector<Mark>& timeline) {
    constexpr double kAround = 2; // seconds: until it is noticed, and until all are back
    return std::ranges::any_of(timeline, [&warning](const Mark& mark) {
        return mark.kind == MarkKind::Outage && mark.end == End::Filter && warning.end == End::Filter &&
               warning.seconds >= mark.seconds - kAround &&
               warning.seconds <= mark.seconds + secondsOf(mark.duration) + kAround;
    });
}

} // namespace

std::string_view titleOf(Metric metric) {
    switch (metric) {
    case Metric::SendDelay:
        return "send delay";
    case Metric::Ack:
        return "ack";
    case Metric::AckUncorrected:
        return "ack, from sending";
    case Metric::Processing:
        return "processing, from polling";
    case Metric::EndToEnd:
        return "end-to-end";
    case Metric::EndToEndUncorrected:
        return "end-to-end, from sending";
    }
    return {};
}

std::string latencyText(std::optional<std::uint64_t> micros) {
    return micros ? durationText(std::chrono::microseconds(*micros)) : "–";
}

std::string percentileText(const LatencyHistogram& histogram, double percentile) {
    const bool enough = histogram.count() >= valuesNeeded(percentile);
    return latencyText(enough ? histogram.percentile(percentile) : std::nullopt);
}

std::string secondsText(double seconds) {
    constexpr double kLongest = 9e9; // what nanoseconds hold
    if (!(std::abs(seconds) < kLongest)) {
        return "–";
    }
    return durationText(std::chrono::round<Nanoseconds>(std::chrono::duration<double>(seconds)));
}

std::string placeText(const RunResult& result) {
    const std::string broker = valueOr(result.target, "broker", "unknown");
    const std::string version = valueOr(result.target, "broker.version", "");
    const bool embedded = onEmbeddedBroker(result);
    const std::string limit = valueOr(result.host, "cpu limit", "");
    const std::string behind =
        result.consumedBy == ConsumedBy::Nobody
            ? "nobody consumed"
            : fmt::format("store {}; {}", valueOr(result.target, "store", "unknown"),
                          result.consumedBy == ConsumedBy::Outsider
                              ? "consumed by another program into " + result.outsider
                              : "duplicate filter " + valueOr(result.target, "dedupe", "unknown"));
    return fmt::format("Ran on {}{}; {}; {} cores of {}, {}{}",
                       embedded ? "the embedded broker (its latencies are not Kafka's)" : broker,
                       embedded || version.empty() ? "" : " (" + version + ")", behind,
                       valueOr(result.host, "cores", "?"), valueOr(result.host, "cpu", "an unknown CPU"),
                       valueOr(result.host, "memory", "unknown memory"), limit.empty() ? "" : ", limited to " + limit);
}

std::vector<Mark> marksOf(const RunResult& result) {
    std::vector<Mark> marks = result.timeline;
    std::ranges::move(unmarkedBreaks(result.verdict.rules, result.timeline), std::back_inserter(marks));
    std::ranges::stable_sort(marks, {}, &Mark::seconds);
    return marks;
}

std::vector<std::string> warningsOf(const RunResult& result) {
    std::vector<std::string> warnings;
    for (const Mark& mark : result.timeline) {
        const bool told = mark.kind == MarkKind::Warning && isPartOfAnOutage(mark, result.timeline);
        if ((mark.kind == MarkKind::Warning && !told) || mark.kind == MarkKind::Error ||
            mark.kind == MarkKind::Outage) {
            warnings.push_back(fmt::format("{:.1f} s  {}", std::max(mark.seconds, 0.0), textOf(mark)));
        }
    }
    for (const char* const name : {"fsync", "synchronous_commit"}) {
        if (valueOr(result.target, std::string("store.") + name, "") == "off") {
            warnings.push_back(fmt::format("the store runs with {} off: it may lose what it has confirmed", name));
        }
    }
    if (const std::string tables = valueOr(result.target, "store.unlogged", ""); !tables.empty()) {
        warnings.push_back("tables that a crash of PostgreSQL empties, since they are UNLOGGED: " + tables);
    }
    if (result.filterBypassed > 0) {
        warnings.push_back(fmt::format("{} went past the duplicate filter, which was unavailable",
                                       counted(result.filterBypassed, "event")));
    }
    if (result.negativeLatencies > 0) {
        warnings.push_back(fmt::format("{} latencies were negative and left out: a clock was wrong",
                                       countText(result.negativeLatencies)));
    }
    return warnings;
}

std::string marginOf(const RuleOutcome& rule) {
    return rule.distance() == 0.0 ? "" : marginText(rule);
}

} // namespace core
