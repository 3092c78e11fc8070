// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/run_audit.h"

#include "core/measure/sequence_text.h"
#include "core/text/count_text.h"
#include "core/text/figure_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace core {

namespace {

constexpr std::uint64_t kInDoubtAtMost = 1U << 20U; // sequence numbers that a stream may have used after the last ack
constexpr std::size_t kExamples = 5;

std::string streamName(const KnownRun& known, std::size_t stream) {
    return stream < known.streams.size() ? known.streams[stream] : fmt::format("stream {}", stream);
}

void judgeAcked(RunAudit& run) {
    const std::vector<SequenceSet>& acked = *run.known->acked;
    std::uint64_t missing = 0;
    std::uint64_t storedAcked = 0;
    for (std::size_t i = 0; i < acked.size(); ++i) {
        const auto found = std::ranges::find(run.found.streams, i, &AuditedStream::stream);
        const SequenceSet stored = found == run.found.streams.end() ? SequenceSet() : found->stored;
        run.acked += acked[i].size();
        missing += acked[i].sizeOfDifference(stored);
        storedAcked += acked[i].sizeOfIntersection(stored);
        for (const std::uint64_t each : acked[i].difference(stored, kExamples - run.examples.size())) {
            run.examples.push_back(fmt::format("{} {}", streamName(*run.known, i), each));
        }
    }
    run.unacknowledged = run.found.stored() - storedAcked;
    run.deadLettered = std::min(missing, run.known->deadLettered);
    run.lost = missing - run.deadLettered;
}

std::string partOf(const RunAudit& run) {
    std::vector<std::string> parts;
    if (run.lost > 0) {
        parts.push_back(
            fmt::format("{} of {} acknowledged events are in no row", countText(run.lost), countText(run.acked)));
    }
    if (run.found.doubled() > 0) {
        parts.push_back(fmt::format("{} with an id that another row has already", counted(run.found.doubled(), "row")));
    }
    if (!run.knowsAcked() && run.found.gaps() > 0) {
        parts.push_back(fmt::format("{} missing between the first and the last seen, lost or never sent",
                                    counted(run.found.gaps(), "sequence number")));
    }
    if (!run.found.complete) {
        parts.emplace_back("some of its rows lie too far apart to be kept in memory");
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

} // namespace

std::vector<std::uint64_t> KnownRun::used() const {
    std::vector<std::uint64_t> most;
    if (acked) {
        for (const SequenceSet& stream : *acked) {
            const auto runs = stream.intervals();
            most.push_back((runs.empty() ? 0 : runs.back().second) + kInDoubtAtMost);
        }
    }
    return most;
}

KnownRun knownRunOf(const RunResult& result) {
    KnownRun known{.id = result.id, .name = result.name, .runTag = result.runTag};
    for (const StreamSnapshot& stream : result.streams) {
        known.streams.push_back(stream.name);
    }
    known.deadLettered = result.ledger.consumer.deadLettered;
    known.killed = !result.ledger.closed;
    std::vector<SequenceSet> acked;
    for (const std::string& text : result.acked) {
        auto set = sequenceSetOf(text);
        if (!set) {
            known.whyNot = "what its result says of the acknowledged sequence numbers cannot be read";
            return known;
        }
        acked.push_back(std::move(*set));
    }
    if (acked.empty()) {
        known.whyNot = "its result does not say which sequence numbers were acknowledged: it is an older one, or they "
                       "are in too many pieces";
    } else {
        known.acked = std::move(acked);
    }
    return known;
}

std::string RunAudit::title() const {
    return known ? fmt::format("{} ({})", known->name.empty() ? "run" : known->name, known->id)
                 : fmt::format("run with tag {}", found.runTag);
}

AuditReport judgeAudit(IdAudit::Findings findings, const std::vector<KnownRun>& known,
                       std::optional<std::uint32_t> only) {
    AuditReport report;
    report.rows = findings.rows;
    report.foreign = findings.foreign;
    report.otherRuns = findings.otherRuns;
    const bool isKnown = only && std::ranges::find(known, *only, &KnownRun::runTag) != known.end();
    if (isKnown && findings.runs.empty()) {
        findings.runs.push_back({.runTag = *only});
    }
    for (AuditedRun& found : findings.runs) {
        RunAudit& run = report.runs.emplace_back(RunAudit{.found = std::move(found)});
        const auto its = std::ranges::find(known, run.found.runTag, &KnownRun::runTag);
        if (its != known.end()) {
            run.known = *its;
        }
    }
    for (RunAudit& run : report.runs) {
        if (run.knowsAcked()) {
            judgeAcked(run);
        }
    }
    return report;
}

ExitCode AuditReport::exit() const {
    const bool wrong =
        std::ranges::any_of(runs, [](const RunAudit& run) { return run.lost > 0 || run.found.doubled() > 0; });
    const bool unsure = std::ranges::any_of(
        runs, [](const RunAudit& run) { return !run.found.complete || (!run.knowsAcked() && run.found.gaps() > 0); });
    return wrong ? ExitCode::LostOrDoubled : unsure || runs.empty() ? ExitCode::ThresholdMissed : ExitCode::Passed;
}

std::string AuditReport::summary() const {
    if (runs.empty()) {
        return fmt::format("Nothing to judge: none of {} of {} holds an event of a run", counted(rows, "row"), table);
    }
    std::vector<std::string> wrong;
    std::uint64_t stored = 0;
    bool allAcked = true;
    for (const RunAudit& run : runs) {
        stored += run.found.stored();
        allAcked = allAcked && run.knowsAcked();
        if (const std::string part = partOf(run); !part.empty()) {
            wrong.push_back(fmt::format("{}: {}", run.title(), part));
        }
    }
    if (wrong.empty()) {
        return fmt::format("Passed: {} in {} once each, {}", counted(stored, "event"), table,
                           allAcked ? "none of the acknowledged ones is missing" : "without a gap between them");
    }
    return fmt::format("{}: {}", exit() == ExitCode::LostOrDoubled ? "Failed" : "Not sure", fmt::join(wrong, "; "));
}

} // namespace core
