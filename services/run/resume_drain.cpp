// SPDX-License-Identifier: GPL-3.0-or-later
// Closes the ledger of a run whose process was killed: what the broker still holds is drained into the store, and the
// store is then asked for every id of the run.
#include "core/measure/id_account.h"
#include "core/measure/run_lanes.h"
#include "core/measure/sequence_text.h"
#include "core/scenario/scenario_reader.h"
#include "core/text/count_text.h"
#include "services/archive/folder_claim.h"
#include "services/archive/journal.h"
#include "services/run/pipeline.h"
#include "services/run/run.h"
#include "services/run/run_result.h"
#include "services/store/postgres/postgres_url.h"
#include "services/store/store_address.h"
#include "services/target/target_address.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <thread>

namespace services {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr core::Nanoseconds kOldMembersLimit = 60s; // the dead members keep their places until their session ends

std::optional<std::string> environment(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

core::Result<core::Scenario> scenarioOf(const JournalEntry& entry) {
    core::ReaderOptions options;
    options.environment = environment;
    options.overrides = entry.overrides;
    options.readPostgres = readPostgresUrl;
    core::ScenarioReading reading = core::readScenario(entry.soFar.scenario, "the journal's scenario", options);
    if (reading.scenario) {
        return std::move(*reading.scenario);
    }
    return core::invalid(reading.problems.front().text());
}

/// The candidate, where it is the address that was shown.
template <typename Address>
void complete(Address& kept, const Address& candidate) {
    if (candidate.shown() == kept.shown()) {
        kept = candidate;
    }
}

/// The journal keeps addresses without passwords: the scenario or the environment may know the whole.
core::Target wholeTarget(core::Target kept, const core::PartialTarget& scenario) {
    if (const auto store = readStoreAddress(environment("MILLRACE_STORE").value_or(""))) {
        complete(kept.store, *store);
    }
    if (const auto dedupe = core::DedupeAddress::create(environment("MILLRACE_DEDUPE").value_or(""))) {
        complete(kept.dedupe, *dedupe);
    }
    complete(kept.store, scenario.store.value_or(kept.store)); // the scenario wins
    complete(kept.dedupe, scenario.dedupe.value_or(kept.dedupe));
    return kept;
}

/// The workers' report is of no use here: the store itself is asked afterwards.
class NoAccount final : public core::EventAccount {
public:
    void committed(std::span<const core::OwnFate>) override {}
    std::optional<core::Nanoseconds> sendDelay(std::uint8_t, std::uint64_t) const override { return std::nullopt; }
};

core::Error givenUp() {
    return core::transient("The drain was given up; it can be begun again.");
}

/// Consumes until nothing of the log's present content is left, or the limit strikes. Answers what is left.
core::Result<std::uint64_t> consumeRest(const core::Scenario& scenario, ConsumerEnds& ends, core::RunLanes& lanes,
                                        const std::stop_token& giveUp) {
    NoAccount account;
    const auto worker = [&ends](core::Tier tier, const std::string& name) { return ends.worker(tier, name); };
    ConsumerPool consumers(scenario, worker, lanes, account);
    const core::Instant groupLimit = Clock::now() + kOldMembersLimit;
    while (!consumers.joined()) {
        if (const auto failure = consumers.failure()) {
            return *failure;
        }
        if (giveUp.stop_requested()) {
            return givenUp();
        }
        if (Clock::now() > groupLimit) {
            return core::transient(
                fmt::format("The consumers did not get their partitions within 60 s: {}", consumers.trouble()));
        }
        std::this_thread::sleep_for(20ms);
    }
    if (const core::Status marked = ends.markEnd(); !marked) {
        return marked.error();
    }
    const core::Instant limit = Clock::now() + scenario.drain;
    while (ends.undrained() > 0 && Clock::now() < limit && !consumers.failure() && !giveUp.stop_requested()) {
        std::this_thread::sleep_for(20ms);
    }
    consumers.stop();
    while (!consumers.left()) {
        std::this_thread::sleep_for(5ms);
    }
    if (const auto failure = consumers.failure()) {
        return *failure;
    }
    if (giveUp.stop_requested()) {
        return givenUp();
    }
    return ends.undrained();
}

/// Where no event was sent unreadable, each dead letter of the run's is one that the store refused.
bool sendsReadableOnly(const core::Scenario& scenario) {
    return std::ranges::none_of(scenario.streams,
                                [](const core::Stream& stream) { return stream.event.unreadable.value > 0; });
}

/// Every id of the run that the store holds against the ones that the journal knows as acked.
core::Result<core::IdCounts> audit(const JournalEntry& entry, const core::Scenario& scenario, core::Store& store,
                                   std::vector<core::StreamSnapshot>& streams) {
    const bool readableOnly = sendsReadableOnly(scenario);
    std::vector<core::IdAccount> accounts(entry.head.identity.streams);
    std::vector<std::uint64_t> unreported(accounts.size());
    for (std::size_t i = 0; i < accounts.size() && i < entry.acked.size(); ++i) {
        for (const auto& [from, until] : entry.acked[i]) {
            accounts[i].restoreAcked(from, until);
        }
    }
    const core::Status read = store.eachId(entry.head.identity, [&](const core::StoredId& stored) {
        const auto parts = entry.head.identity.own(stored.id);
        if (!parts) {
            return;
        }
        core::IdAccount& account = accounts[parts->stream];
        if (!account.acked().contains(parts->sequence)) {
            account.delivered(parts->sequence, core::Delivery::InDoubt);
            ++unreported[parts->stream];
        }
        if (stored.deadLettered && readableOnly) {
            account.refused(parts->sequence);
        } else if (stored.deadLettered) {
            account.deadLettered(parts->sequence);
        } else {
            account.stored(parts->sequence);
        }
    });
    if (!read) {
        return read.error();
    }
    core::IdCounts sum;
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        const core::IdCounts ids = accounts[i].close();
        sum += ids;
        if (i >= streams.size()) {
            continue;
        }
        core::ProducerCounts& counts = streams[i].producer; // sent after the last entry: known by its trace only
        counts.inDoubt = std::max(counts.sent - counts.acked - counts.failed, unreported[i]);
        counts.sent = counts.acked + counts.failed + counts.inDoubt;
        counts.planned = counts.sent + counts.unsent + counts.shed;
    }
    return sum;
}

/// Dead letters in a topic are known by their number only: as many acked events without a fate are not called lost.
void forgive(core::IdCounts& ids, const core::ConsumerCounts& counts, const core::Scenario& scenario,
             std::vector<core::Mark>& timeline, double seconds) {
    if (scenario.consumer.deadLetters != core::ConsumerSettings::DeadLetters::Topic || ids.lost == 0) {
        return;
    }
    const std::uint64_t forgiven = std::min(ids.lost, counts.deadLettered);
    ids.lost -= forgiven;
    timeline.push_back(
        {.seconds = seconds,
         .kind = core::MarkKind::Warning,
         .detail = fmt::format("{} acknowledged but not stored may be among the {} in topic {}",
                               core::counted(forgiven, "event"), core::counted(counts.deadLettered, "dead letter"),
                               scenario.consumer.deadLetterTopic)});
}

core::Verdict verdictOf(const core::RunResult& result, const std::vector<core::Threshold>& rules, bool loadWasOver) {
    core::RunFacts facts;
    facts.ledger = result.ledger;
    facts.killed = !loadWasOver;
    facts.consumedBy = result.consumedBy;
    facts.outsider = result.outsider;
    facts.identityViolation = result.ledger.violation(true);
    facts.offsetGap = ownGap(result);
    facts.seconds = result.seconds;
    facts.target = {result.targetRate};
    facts.stored = {result.storedRate};
    core::Snapshot last;
    last.streams = result.streams;
    last.consumer = result.ledger.consumer;
    last.measuredLength = std::chrono::duration_cast<core::Nanoseconds>(std::chrono::duration<double>(result.seconds));
    last.measuredAsked = result.targetRate * result.seconds;
    last.measuredPlanned = static_cast<std::uint64_t>(std::llround(result.targetRate * result.seconds));
    last.measuredDone = static_cast<std::uint64_t>(std::llround(result.storedRate * result.seconds));
    for (const core::Threshold& rule : rules) {
        facts.rules.push_back(core::ThresholdWatch(rule).judge(last, result.ledger, {}));
    }
    return core::judge(facts);
}

std::vector<core::RunLanes::StreamName> streamNames(const RunHead& head, const core::Scenario& scenario) {
    std::vector<core::RunLanes::StreamName> names;
    for (std::size_t i = 0; i < head.identity.streams; ++i) {
        const bool known = i < scenario.streams.size();
        names.push_back({known ? scenario.streams[i].name : "live burst",
                         known ? scenario.streams[i].tier : scenario.streams.front().tier});
    }
    return names;
}

} // namespace

core::Result<core::RunResult> resumeDrain(const std::filesystem::path& directory,
                                          const std::optional<ServerAccess>& access, const std::stop_token& giveUp) {
    const auto claim = FolderClaim::acquire(directory);
    if (!claim) {
        return claim.error();
    }
    auto entry = Journal::read(directory);
    if (!entry) {
        return entry.error();
    }
    if (entry->target.broker == core::kEmbedded) {
        return core::fatal(fmt::format("{}: the run's broker was embedded and ended with its process, and with it the "
                                       "events that were not stored yet: nothing can be drained.",
                                       directory.string()),
                           "Use a real broker (--broker) where a run must survive a kill.");
    }
    auto scenario = scenarioOf(*entry);
    if (!scenario) {
        return scenario.error();
    }
    if (access) {
        core::Target whole;
        apply(*access, *scenario, whole);
        scenario->target = {whole.broker, whole.store, whole.dedupe};
    }
    const auto target = readTarget(entry->target);
    if (!target) {
        return core::invalid(
            fmt::format("{}: the journal's target cannot be read: {}", directory.string(), target.error().text()));
    }
    std::vector<core::Threshold> rules;
    for (const core::ThresholdSpec& spec : scenario->thresholds) {
        if (auto rule = core::Threshold::parse(spec)) {
            rules.push_back(std::move(*rule));
        }
    }

    std::vector<core::Mark> notes;
    std::mutex notesMutex; // the workers' threads note too
    Pipeline::Options options{*scenario, wholeTarget(*target, scenario->target), directory, entry->head};
    options.resuming = true;
    options.giveUp = giveUp;
    auto pipeline = Pipeline::create(options, [&](core::Mark met) {
        const std::lock_guard lock(notesMutex);
        met.seconds = entry->soFar.seconds;
        notes.push_back(std::move(met));
    });
    if (!pipeline) {
        return pipeline.error();
    }
    const core::ConsumedBy consumer = scenario->consumer.by;
    core::RunLanes lanes(streamNames(entry->head, *scenario), ConsumerPool::workersOf(*scenario), {});
    auto undrained = consumer == core::ConsumedBy::Millrace
                         ? consumeRest(*scenario, (*pipeline)->consumers(), lanes, giveUp)
                         : core::Result<std::uint64_t>(0); // whoever else consumes has had the time
    if (!undrained) {
        return undrained.error();
    }

    core::RunResult result = std::move(entry->soFar);
    auto ids = consumer == core::ConsumedBy::Nobody ? core::Result<core::IdCounts>(core::IdCounts())
                                                    : audit(*entry, *scenario, (*pipeline)->store(), result.streams);
    if (!ids) {
        return ids.error();
    }
    auto counts = (*pipeline)->store().runCounts(entry->head.id);
    if (!counts) {
        return counts.error();
    }
    for (const SequenceRuns& runs : entry->acked) {
        result.acked.push_back(core::sequenceText(runs));
    }
    result.ledger = {};
    for (const core::StreamSnapshot& stream : result.streams) {
        result.ledger.producer += stream.producer;
    }
    result.ledger.consumer = *counts;
    forgive(*ids, *counts, *scenario, result.timeline, result.seconds);
    closeLedger(result.ledger, *ids, *undrained);
    result.offsetGap += lanes.snapshot(Clock::now()).offsetGap;
    const bool loadWasOver = std::ranges::any_of(
        result.timeline, [](const core::Mark& mark) { return core::begins(mark, core::Phase::Drain); });
    {
        const std::lock_guard lock(notesMutex);
        result.timeline.insert(result.timeline.end(), notes.begin(), notes.end());
    }
    result.timeline.push_back({.seconds = result.seconds,
                               .kind = core::MarkKind::Warning,
                               .detail = "the process was killed; drained and closed later"});
    result.verdict = verdictOf(result, rules, loadWasOver);
    if (const core::Status stored = (*pipeline)->store().finishRun(result.id, core::toJson(result, true)); !stored) {
        return stored.error();
    }
    return result;
}

} // namespace services
