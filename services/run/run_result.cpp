// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/run_result.h"

#include "core/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace services {

namespace {

double rateOf(double events, double during) {
    return during > 0 ? events / during : 0;
}

} // namespace

core::RunResult resultOf(const RunHead& head, const core::Scenario& scenario) {
    core::RunResult result;
    result.id = head.id;
    result.name = scenario.name;
    result.started = head.started;
    result.seed = scenario.seed;
    result.runTag = head.identity.runTag;
    result.consumedBy = scenario.consumer.by;
    if (scenario.consumer.by == core::ConsumedBy::Outsider) {
        result.outsider = "table " + scenario.consumer.audit.table;
    }
    result.scenario = scenario.text;
    return result;
}

void addFigures(core::RunResult& result, const core::Snapshot& snapshot) {
    result.seconds = core::secondsOf(snapshot.measuredLength);
    result.ledger.producer = snapshot.producer();
    result.ledger.consumer = snapshot.consumer;
    result.ledger.ids.reordered = snapshot.reordered;
    for (const core::Metric metric : core::kMetrics) {
        of(result.latency, metric) = snapshot.latency(metric);
    }
    const auto due = [&result](core::Metric metric) { // in the measured part; each event has left one value
        return static_cast<double>(of(result.latency, metric).count());
    };
    result.targetRate = rateOf(snapshot.measuredAsked, result.seconds);
    result.sentRate = rateOf(due(core::Metric::SendDelay), result.seconds);
    result.ackedRate = rateOf(due(core::Metric::Ack), result.seconds);
    result.storedRate =
        rateOf(static_cast<double>(snapshot.measuredDone), result.seconds + core::secondsOf(snapshot.measuredOverrun));
    result.streams = snapshot.streams;
    if (result.streams.back().producer.planned == 0) { // no live burst was asked for
        result.streams.pop_back();
    }
    result.spans = snapshot.spans;
    result.filterBypassed = snapshot.filterBypassed;
    result.negativeLatencies = snapshot.negativeLatencies;
    result.offsetGap = snapshot.offsetGap;
}

void closeLedger(core::Ledger& ledger, core::IdCounts ids, std::uint64_t undrained) {
    ids.reordered = ledger.ids.reordered;
    const std::uint64_t inDoubt = ledger.producer.inDoubt - std::min(ledger.producer.inDoubt, ids.recovered);
    ids.undrained = std::min(undrained, ids.lost + inDoubt); // the rest of it is others'
    ids.lost -= std::min(ids.lost, undrained);
    ledger.ids = ids;
}

std::uint64_t ownGap(const core::RunResult& result) {
    const core::IdCounts& ids = result.ledger.ids;
    return std::min(result.offsetGap, ids.lost + ids.undrained + result.ledger.producer.inDoubt);
}

std::optional<std::string> difference(const core::ConsumerCounts& ours, const core::ConsumerCounts& stored) {
    const auto differs = [](const char* name, std::uint64_t a, std::uint64_t b) {
        return a == b ? std::optional<std::string>()
                      : fmt::format("the consumers counted {} {}, the store {} (table run_counts)", a, name, b);
    };
    for (auto& found : {differs("polled", ours.polled, stored.polled), differs("stored", ours.stored, stored.stored),
                        differs("duplicates", ours.duplicate(), stored.duplicate()),
                        differs("dead-lettered", ours.deadLettered, stored.deadLettered)}) {
        if (found) {
            return found;
        }
    }
    return std::nullopt;
}

core::RunFacts withFigures(core::RunFacts facts, const core::RunResult& result) {
    facts.ledger = result.ledger;
    facts.consumedBy = result.consumedBy;
    facts.outsider = result.outsider;
    facts.offsetGap = ownGap(result);
    facts.seconds = result.seconds;
    facts.target = {result.targetRate};
    facts.stored = {result.storedRate};
    const core::LatencyHistogram& endToEnd = of(result.latency, core::Metric::EndToEnd);
    if (const auto p99 = endToEnd.percentile(99); p99 && endToEnd.count() >= core::valuesNeeded(99)) {
        facts.endToEndP99Ms = static_cast<double>(*p99) / 1e3;
    }
    return facts;
}

} // namespace services
