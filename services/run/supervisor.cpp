// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/supervisor.h"

#include "core/measure/sequence_text.h"
#include "core/ports/command_json.h"
#include "core/scenario/tiers_in_use.h"
#include "core/text/figure_text.h"
#include "core/units.h"
#include "services/run/ledger_closing.h"
#include "services/run/run_result.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

constexpr core::Nanoseconds kTick = 20ms;
constexpr core::Nanoseconds kLead = 100ms; // between the decision to begin and the first due time
// After Ctrl-C or SIGTERM all ends within 15 s, also with a broker or a store that does not answer any more: flushing,
// the question where the log ends, the consumers' leave (kSubscriberClose, twice), the store's two last calls.
constexpr core::Nanoseconds kInterruptedLimit = 5s; // for flushing, and again for draining
constexpr core::Nanoseconds kInterruptedCall = 2s;  // for a question to the broker or the store
// After a second one within 2 s.
constexpr core::Nanoseconds kAbortLimit = 300ms;  // for flushing
constexpr core::Nanoseconds kAbortedEnd = 1200ms; // for the streams and consumers to leave
constexpr core::Nanoseconds kAbortedCall = 250ms; // for a question to the store
constexpr core::Nanoseconds kClosingLimit = 10s;  // for the store to answer when the ledger is closed
constexpr core::Nanoseconds kObserveEvery = 250ms;
constexpr int kCostShare = 10; // of a core at most for looking: hundreds of streams are looked at less often
constexpr core::Nanoseconds kObserveAtLeastEvery = 2s; // however long one look took
constexpr core::Nanoseconds kSampleEvery = 1s;
constexpr core::Nanoseconds kOutsidersLinger = 3s;
constexpr core::Nanoseconds kReadingLimit = 20ms; // for reading both clocks

bool underLoad(core::Phase phase) {
    return phase == core::Phase::Warmup || phase == core::Phase::Stages;
}

/// "PostgreSQL at HOST:PORT/DATABASE" and such.
core::DependencyName named(const std::string& description) {
    constexpr std::string_view kAt = " at ";
    const std::size_t at = description.find(kAt);
    return at == std::string::npos
               ? core::DependencyName{description, ""}
               : core::DependencyName{description.substr(0, at), description.substr(at + kAt.size())};
}

std::array<core::DependencyName, core::kDependencies.size()>
dependencyNames(const core::Target& target, const core::ConsumerSettings& consumer, const core::Store& store) {
    const core::RedisAddress* const redis = target.dedupe.redis();
    if (consumer.by != core::ConsumedBy::Millrace) {
        const bool nobody = consumer.by == core::ConsumedBy::Nobody; // an outsider is judged as one, with its store
        return {core::DependencyName{"Kafka", target.broker.shown()},
                core::DependencyName{nobody ? "no store" : "consumer of table " + consumer.audit.table, ""},
                core::DependencyName{"no filter", ""}, core::DependencyName{"Millrace", ""}};
    }
    return {target.broker.isEmbedded() ? core::DependencyName{"embedded broker", ""}
                                       : core::DependencyName{"Kafka", target.broker.shown()},
            target.store.postgres() != nullptr ? named(store.describe()) : core::DependencyName{"SQLite", ""},
            redis != nullptr ? named(redis->description()) : core::DependencyName{"filter in memory", ""},
            core::DependencyName{"Millrace", ""}};
}

/// For how long clients may hold an event back: a producer of a tier in use, and then a consumer.
core::Nanoseconds lingerOf(const core::Scenario& scenario) {
    core::Nanoseconds longest{};
    for (const core::Tier tier : core::tiersInUse(scenario)) {
        longest = std::max<core::Nanoseconds>(longest, scenario.kafka.tier(tier).linger);
    }
    // How long somebody else's gathers its batches is not known; most do for less than this.
    const bool outsider = scenario.consumer.by == core::ConsumedBy::Outsider;
    return longest + (outsider ? kOutsidersLinger : scenario.consumer.linger);
}

} // namespace

Supervisor::Supervisor(RunOptions options, std::vector<core::Threshold> rules, std::unique_ptr<RunParts> parts,
                       core::RunLanes& lanes, RunMailbox& mailbox)
    : m_options(std::move(options)),
      m_lanes(lanes),
      m_mailbox(mailbox),
      m_load(m_options.scenario, lanes),
      m_monitor(std::move(rules), m_options.directory),
      m_health(dependencyNames(m_options.target, m_options.scenario.consumer, parts->pipeline->store()),
               lingerOf(m_options.scenario)),
      m_journal(m_options.directory),
      m_parts(std::move(parts)),
      m_wallClock(m_parts->head.clocks),
      m_upkeep(m_parts->pipeline->store(), m_storeCall, mailbox),
      m_positions(*m_parts, m_storeCall),
      m_store(m_parts->pipeline->store(), m_storeCall, {[this] { tick(); }, [this] { return stopLimit(); }}),
      m_body([this] { supervise(); }) {}

Supervisor::~Supervisor() {
    (void)command(core::AbortCommand{});
}

core::Status Supervisor::command(const core::Command& command) {
    return m_mailbox.accept(command, [this] { return m_parts->streams->burstOn(); });
}

void Supervisor::supervise() {
    if (m_options.leadsOn || waitForGroup()) {
        runStages();
        drain();
    }
    endRun();
}

/// What the daemons were told before this process led the run.
void Supervisor::catchUp(const core::RunTold& told) {
    for (const core::RunTold::Command& each : told.commands) {
        const core::Instant at = m_parts->head.clocks.monotonic + each.at;
        const auto command = core::commandFromJson(each.text);
        if (!command) {
            continue;
        }
        if (std::holds_alternative<core::PauseCommand>(*command) && m_load.pause(at)) {
            m_mailbox.mark({.kind = core::MarkKind::Pause}, at);
        } else if (std::holds_alternative<core::ResumeCommand>(*command) && m_load.resume(at)) {
            m_mailbox.mark({.kind = core::MarkKind::Resume}, at);
        } else if (const auto* rate = std::get_if<core::RateCommand>(&*command)) {
            m_mailbox.mark({.kind = core::MarkKind::Rate, .name = rate->stream, .rate = rate->rate}, at);
        } else if (const auto* burst = std::get_if<core::BurstCommand>(&*command)) {
            m_mailbox.mark({.kind = core::MarkKind::Burst, .rate = burst->rate, .duration = burst->duration}, at);
        }
    }
    m_mailbox.mark({.kind = core::MarkKind::Warning,
                    .detail = "Whoever led the run was lost; it is led on from here, and earlier intervals and marks "
                              "are not known"});
}

void Supervisor::runStages() {
    core::Instant origin = Clock::now() + std::max(kLead, m_parts->streams->lead());
    if (m_options.leadsOn && m_options.leadsOn->begun) {
        origin = m_parts->head.clocks.monotonic + m_options.leadsOn->begun->origin;
    }
    m_load.begin(origin);
    if (m_options.leadsOn) {
        catchUp(*m_options.leadsOn);
    }
    m_parts->streams->start();
    m_nextSample = std::max(origin, Clock::now());
    core::Phase phase = m_load.run().phase(Clock::now());
    m_mailbox.mark({.kind = core::MarkKind::Phase, .phase = phase});
    while (true) {
        const core::Instant now = Clock::now();
        tick();
        if (const core::Phase next = m_load.run().phase(now); next != std::exchange(phase, next)) {
            m_mailbox.mark({.kind = core::MarkKind::Phase, .phase = next});
        }
        if (loadIsOver(now)) {
            return;
        }
        if (m_parts->consumers->failure() || !m_parts->consumers->broken().empty()) {
            // endRun() says what it means
            endLoad(true);
            return;
        }
        std::this_thread::sleep_for(kTick);
    }
}

bool Supervisor::loadIsOver(core::Instant now) const {
    if (m_stopping) {
        return m_parts->streams->idle() || m_aborting;
    }
    return !m_load.run().paused() && m_load.run().left(now) == 0s && m_parts->streams->idle();
}

core::Nanoseconds Supervisor::finishLimit() const {
    if (m_aborting) {
        return kAbortLimit;
    }
    return m_hurried ? std::min(kInterruptedLimit, m_options.scenario.drain) : m_options.scenario.drain;
}

void Supervisor::drain() {
    const core::Instant begin = Clock::now();
    m_load.endLoad(begin);
    m_phaseLimit = begin + finishLimit();
    m_mailbox.mark({.kind = core::MarkKind::Phase, .phase = core::Phase::Drain});
    m_parts->streams->finish(finishLimit());
    while (!m_parts->streams->left()) {
        tick(); // a stop may come while they are at it
        m_parts->streams->finishBy(m_finishBy);
        std::this_thread::sleep_for(kTick);
    }
    const core::Instant limit = std::max(m_phaseLimit, m_hurried ? Clock::now() + 1s : Clock::now());
    do {
        waitForStore(limit);
    } while (storeHasGoneBack(limit));
    m_drained = Clock::now() - begin;
}

/// What a stop leaves the store for an answer.
std::optional<core::Nanoseconds> Supervisor::stopLimit() const {
    if (m_aborting) {
        return kAbortedCall;
    }
    return m_hurried ? std::optional(2 * kInterruptedCall) : std::nullopt;
}

/// The consumers may be done with everything when the store is replaced by an earlier state of itself.
bool Supervisor::storeHasGoneBack(core::Instant limit) {
    Consumption& consumers = *m_parts->consumers;
    if (consumers.undrained() > 0 || m_aborting || Clock::now() > limit) {
        return false;
    }
    const auto behind = m_store.ask([&consumers](core::Store&) { return consumers.storeIsBehind(); }, limit);
    if (!behind || !*behind || !**behind) {
        return false; // who does not answer here is asked again for the ledger
    }
    consumers.rejoin();
    while (consumers.undrained() == 0 && Clock::now() < limit && !m_aborting) {
        tick(); // until a consumer has learnt where the store stands
        std::this_thread::sleep_for(kTick);
    }
    return true;
}

void Supervisor::endRun() {
    Consumption& consumers = *m_parts->consumers;
    consumers.stop();
    while (!consumers.left() && Clock::now() < m_endBy) {
        tick();
        std::this_thread::sleep_for(5ms);
    }
    // The last batch may have come through while leaving. Without the log's end all that is not stored may lie there.
    m_undrained = consumers.endKnown() ? consumers.late() : std::numeric_limits<std::uint64_t>::max();
    if (const std::string broken = consumers.broken(); !broken.empty()) {
        m_facts.cause = broken;
        m_facts.unreachable = broken; // whatever followed from it
    }
    m_facts.identityViolation = consumers.violation();
    if (const auto failure = consumers.failure();
        failure && !m_facts.internalError && !m_facts.unreachable && !m_facts.identityViolation) {
        if (failure->kind == core::ErrorKind::Refused) {
            m_facts.unreachable = failure->text();
        } else {
            m_facts.internalError = "The consumer gave up: " + failure->text();
        }
    }
    popNotices();
    mark(m_health.finish());
    core::RunResult result = account();
    if (const core::Status stored = storeHead(result); !stored) {
        result.timeline.push_back({.seconds = result.seconds,
                                   .kind = core::MarkKind::Warning,
                                   .detail = "The run's head was not stored: " + stored.error().text(),
                                   .end = core::End::Store});
    }
    m_mailbox.finish(std::move(result)); // the clients are destroyed after it: they may take a while
}

core::RunResult Supervisor::account() {
    const core::Instant now = Clock::now();
    watchClocks(); // the last look may be two seconds ago
    core::Snapshot last = m_mailbox.snapshot(now);
    figures(now).addTo(last);
    m_monitor.sample(last);
    core::RunResult result = resultSoFar(last);
    result.samples = m_monitor.samples();
    result.acked = ackedText();
    LedgerClosing(*m_parts, m_store, m_mailbox, m_facts)
        .close(result, m_options.scenario.consumer, m_undrained, Clock::now() + std::max(kClosingLimit, finishLimit()));
    m_facts.refusal = m_parts->consumers->refusal();
    m_facts.generatorFault = m_parts->streams->fault();
    if (!m_facts.generatorFault) {
        m_facts.generatorFault = m_monitor.generatorFault();
    }
    m_facts.rules = m_monitor.judge(last, result.ledger, m_drained);
    result.timeline = m_mailbox.timeline();
    std::ranges::move(core::unmarkedBreaks(m_facts.rules, result.timeline), std::back_inserter(result.timeline));
    std::ranges::stable_sort(result.timeline, {}, &core::Mark::seconds); // an outage is told when it is over
    m_facts.embedded = m_parts->pipeline->broker().embedded();
    m_facts.plannedSeconds = core::secondsOf(m_load.plannedLength());
    result.verdict = core::judge(withFigures(m_facts, result));
    return result;
}

/// By stream. A run whose acknowledgements are in very many pieces leaves none: its result would be mostly that.
std::vector<std::string> Supervisor::ackedText() const {
    constexpr std::size_t kMostPieces = 100'000;
    std::vector<std::string> texts;
    std::size_t pieces = 0;
    for (std::size_t i = 0; i < m_parts->head.identity.streams; ++i) {
        const SequenceRuns runs = m_parts->account.acked(static_cast<std::uint8_t>(i));
        pieces += runs.size();
        texts.push_back(pieces <= kMostPieces ? core::sequenceText(runs) : std::string());
    }
    return pieces <= kMostPieces ? texts : std::vector<std::string>();
}

core::Status Supervisor::storeHead(const core::RunResult& result) {
    const core::Instant until = Clock::now() + (m_facts.unreachable ? core::Nanoseconds{} : kClosingLimit);
    const auto finish = [this, head = core::toJson(result, true)](core::Store& store) {
        return store.finishRun(m_parts->head.id, head);
    };
    return m_store.ask(finish, until).value_or(core::transient("the store did not answer before the stop's limit."));
}

void Supervisor::tick() {
    const core::Instant now = Clock::now();
    for (const core::Command& each : m_mailbox.popCommands()) {
        apply(each, now);
    }
    popNotices();
    const core::Phase phase = m_mailbox.phase();
    if (m_parts->fleet && m_options.scenario.consumer.by == core::ConsumedBy::Millrace) {
        m_positions.tick(now, phase == core::Phase::Drain);
    }
    if (underLoad(phase)) {
        m_load.advance(now, m_parts->streams->burstEnd());
    }
    if (now < m_nextObservation) {
        return;
    }
    if (underLoad(phase)) {
        m_upkeep.tick(now);
    }
    watchClocks();
    const core::Instant begin = Clock::now();
    observe(now, phase);
    m_nextObservation = now + std::clamp(kCostShare * (Clock::now() - begin), kObserveEvery, kObserveAtLeastEvery);
}

void Supervisor::apply(const core::Command& command, core::Instant now) {
    core::Producers& streams = *m_parts->streams;
    if (const auto* stop = std::get_if<core::StopCommand>(&command)) {
        if (stop->interrupted && !std::exchange(m_hurried, true)) {
            m_finishBy = now + kInterruptedLimit; // of a drain that is on, too
        }
        if (m_stopping || (!stop->interrupted && m_mailbox.phase() == core::Phase::Drain)) {
            return; // the load has ended, and the drain is waited for
        }
        m_facts.interrupted = true;
        m_mailbox.mark({.kind = core::MarkKind::Stop,
                        .cause = stop->interrupted ? core::StopCause::Interrupted : core::StopCause::Asked});
        endLoad(stop->interrupted);
    } else if (std::holds_alternative<core::AbortCommand>(command)) {
        m_aborting = m_hurried = m_facts.interrupted = true;
        m_finishBy = now + kAbortLimit;
        m_endBy = now + kAbortedEnd;
        m_mailbox.mark({.kind = core::MarkKind::Stop, .cause = core::StopCause::Aborted});
        endLoad(true);
    } else if (std::holds_alternative<core::PauseCommand>(command)) {
        if (m_load.pause(now)) {
            streams.pause(now);
            m_mailbox.mark({.kind = core::MarkKind::Pause});
        }
    } else if (std::holds_alternative<core::ResumeCommand>(command)) {
        if (m_load.resume(now)) { // before the streams turn to what is due then
            streams.resume(now);
            m_mailbox.mark({.kind = core::MarkKind::Resume});
        }
    } else if (const auto* rate = std::get_if<core::RateCommand>(&command)) {
        streams.setRate(rate->stream, rate->rate, now + streams.lead());
        m_mailbox.mark({.kind = core::MarkKind::Rate, .name = rate->stream, .rate = rate->rate});
    } else if (const auto* burst = std::get_if<core::BurstCommand>(&command)) {
        streams.startBurst(burst->rate, burst->duration, now + streams.lead());
        m_mailbox.mark({.kind = core::MarkKind::Burst, .rate = burst->rate, .duration = burst->duration});
    }
}

void Supervisor::endLoad(bool giveUp) {
    m_stopping = true;
    m_parts->streams->stop(giveUp);
}

void Supervisor::popNotices() {
    for (core::Mark& notice : m_parts->streams->popNotices()) {
        m_mailbox.mark(std::move(notice));
    }
}

void Supervisor::watchClocks() {
    const core::Instant origin = m_load.run().origin();
    for (const StandStillWatch::StandStill& each : m_standStills.popAll()) {
        m_mailbox.mark({.kind = core::MarkKind::Warning,
                        .detail = "The process stood still for " + core::durationText(each.until - each.from)},
                       each.from);
        if (m_load.run().begun() && each.until > m_lanes.times().measuredFrom()) {
            m_monitor.stoodStill(each.from - origin, each.until - origin);
        }
    }
    const core::Instant before = Clock::now();
    const core::WallTime wall = std::chrono::system_clock::now();
    if (Clock::now() - before > kReadingLimit) {
        return; // the two clocks were not read together
    }
    if (auto stepped = m_wallClock.step(wall, before)) {
        m_mailbox.mark({.kind = core::MarkKind::Warning, .detail = std::move(*stepped)});
    }
}

void Supervisor::observe(core::Instant now, core::Phase phase) {
    RunFigures latest = figures(now);
    core::Snapshot snapshot = m_mailbox.snapshot(now);
    latest.addTo(snapshot);
    const bool begun = underLoad(phase) || phase == core::Phase::Drain;
    if (begun) {
        mark(m_health.observe(snapshot, m_parts->consumers->waits()));
    }
    latest.health = m_health.health();
    std::vector<RunMonitor::Finding> broken;
    if (begun) {
        broken = m_monitor.observe(snapshot);
        latest.rules = m_monitor.standings();
    }
    m_mailbox.report(std::move(latest));
    if (!begun) {
        return;
    }
    for (const RunMonitor::Finding& finding : broken) {
        m_mailbox.mark({.kind = core::MarkKind::Rule, .name = finding.text, .rule = finding.rule});
        if (finding.abort && !m_stopping) {
            m_mailbox.mark({.kind = core::MarkKind::Stop, .cause = core::StopCause::RuleBroken});
            endLoad(false);
        }
    }
    if (now >= m_nextSample) {
        m_nextSample += kSampleEvery;
        m_monitor.sample(snapshot);
        writeJournal(snapshot);
    }
}

void Supervisor::mark(std::vector<core::Outage> outages) {
    for (core::Outage& each : outages) {
        m_mailbox.mark(std::move(each.mark), each.began);
    }
}

RunFigures Supervisor::figures(core::Instant now) {
    RunFigures latest = m_load.figures(now);
    latest.host = m_host.sample();
    latest.consumedBy = m_options.scenario.consumer.by;
    latest.targets = m_parts->streams->targets();
    latest.asked = m_parts->streams->asked();
    if (!underLoad(m_mailbox.phase())) {
        latest.left = std::max(core::Nanoseconds{}, m_phaseLimit - now);
    }
    return latest;
}

core::RunResult Supervisor::resultSoFar(const core::Snapshot& snapshot) const {
    core::RunResult result = m_parts->known;
    addFigures(result, snapshot);
    result.drainSeconds = core::secondsOf(m_drained);
    result.timeline = m_mailbox.timeline();
    return result;
}

void Supervisor::writeJournal(const core::Snapshot& snapshot) {
    JournalEntry entry{
        m_parts->head,        m_options.target.shown(), m_options.overrides, {}, m_parts->consumers->positions(),
        resultSoFar(snapshot)};
    entry.soFar.ledger.closed = false;
    entry.soFar.verdict = core::killedVerdict(withFigures({}, entry.soFar));
    for (std::size_t i = 0; i < m_parts->head.identity.streams; ++i) {
        entry.acked.push_back(m_parts->account.acked(static_cast<std::uint8_t>(i)));
    }
    if (const core::Status written = m_journal.write(entry); !written && !m_facts.internalError) {
        m_facts.internalError = written.error().text();
        m_mailbox.mark({.kind = core::MarkKind::Error, .detail = *m_facts.internalError});
        endLoad(true);
    }
}

} // namespace services
