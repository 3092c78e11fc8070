// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/supervisor.h"

#include "core/units.h"
#include "services/run/run_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

constexpr core::Nanoseconds kTick = 20ms;
constexpr core::Nanoseconds kLead = 100ms;          // between the decision to begin and the first due time
constexpr core::Nanoseconds kInterruptedLimit = 8s; // for flushing, and again for draining, after Ctrl-C
constexpr core::Nanoseconds kAbortLimit = 500ms;
constexpr core::Nanoseconds kObserveEvery = 250ms;
constexpr int kCostShare = 10; // of a core at most for looking: hundreds of streams are looked at less often
constexpr core::Nanoseconds kObserveAtLeastEvery = 2s; // however long one look took
constexpr core::Nanoseconds kSampleEvery = 1s;
constexpr core::Nanoseconds kPrepareEvery = 12h; // partitions are created two days ahead

bool underLoad(core::Phase phase) {
    return phase == core::Phase::Warmup || phase == core::Phase::Stages;
}

} // namespace

Supervisor::Supervisor(RunOptions options, std::vector<core::Threshold> rules, std::unique_ptr<RunParts> parts,
                       core::RunLanes& lanes, RunMailbox& mailbox)
    : m_options(std::move(options)),
      m_lanes(lanes),
      m_mailbox(mailbox),
      m_load(m_options.scenario, lanes),
      m_monitor(std::move(rules), m_options.directory),
      m_journal(m_options.directory),
      m_parts(std::move(parts)),
      m_body([this] { supervise(); }) {}

Supervisor::~Supervisor() {
    (void)command(core::AbortCommand{});
}

core::Status Supervisor::command(const core::Command& command) {
    return m_mailbox.accept(command, [this] { return m_parts->streams->burstOn(); });
}

void Supervisor::supervise() {
    if (waitForGroup()) {
        runStages();
        drain();
    }
    endRun();
}

void Supervisor::runStages() {
    const core::Instant origin = Clock::now() + kLead;
    m_load.begin(origin);
    m_parts->streams->start();
    m_nextSample = origin;
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
        if (m_parts->consumers->failure() || !m_parts->pipeline->consumers().watch().broken().empty()) {
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
    return m_facts.interrupted ? std::min(kInterruptedLimit, m_options.scenario.drain) : m_options.scenario.drain;
}

void Supervisor::drain() {
    const core::Instant begin = Clock::now();
    m_load.endLoad(begin);
    m_phaseLimit = begin + finishLimit();
    m_mailbox.mark({.kind = core::MarkKind::Phase, .phase = core::Phase::Drain});
    m_parts->streams->finish(finishLimit());
    while (!m_parts->streams->left()) {
        tick();
        if (m_aborting) {
            m_parts->streams->finish(kAbortLimit);
        }
        std::this_thread::sleep_for(kTick);
    }
    waitForStore(std::max(m_phaseLimit, m_facts.interrupted ? Clock::now() + 1s : Clock::now()));
    m_drained = Clock::now() - begin;
}

void Supervisor::endRun() {
    ConsumerPool& consumers = *m_parts->consumers;
    consumers.stop();
    while (!consumers.left()) {
        tick();
        std::this_thread::sleep_for(5ms);
    }
    ConsumerEnds& ends = m_parts->pipeline->consumers();
    // The last batch may have come through while leaving. Without the log's end all that is not stored may lie there.
    m_undrained = ends.watch().endKnown() ? ends.undrained() : std::numeric_limits<std::uint64_t>::max();
    if (const std::string broken = ends.watch().broken(); !broken.empty()) {
        m_facts.cause = broken;
        m_facts.unreachable = broken; // whatever followed from it
    }
    m_facts.identityViolation = consumers.violation();
    if (const auto failure = consumers.failure();
        failure && !m_facts.internalError && !m_facts.unreachable && !m_facts.identityViolation) {
        m_facts.internalError = "The consumer gave up: " + failure->text();
    }
    popNotices();
    core::RunResult result = account();
    m_parts->streams.reset();
    core::Store& store = m_parts->pipeline->store();
    if (const core::Status stored = store.finishRun(m_parts->head.id, core::toJson(result, true)); !stored) {
        result.timeline.push_back({.seconds = result.seconds,
                                   .kind = core::MarkKind::Warning,
                                   .detail = "The run's head was not stored: " + stored.error().text(),
                                   .end = core::End::Store});
    }
    m_mailbox.finish(std::move(result));
}

core::RunResult Supervisor::account() {
    const core::Instant now = Clock::now();
    core::Snapshot last = m_lanes.snapshot(now);
    figures(now).addTo(last);
    m_monitor.sample(last);
    core::RunResult result = resultSoFar(last);
    result.samples = m_monitor.samples();
    closeLedger(result.ledger, m_parts->account.close(), m_undrained);

    const auto counts = m_parts->pipeline->store().runCounts(m_parts->head.id);
    if (!counts && !m_facts.unreachable) {
        m_facts.unreachable = counts.error().text();
    }
    if (!m_facts.identityViolation) {
        m_facts.identityViolation = violation(result.ledger, counts ? *counts : result.ledger.consumer);
    }
    m_facts.generatorSaturated = m_monitor.generatorSaturated();
    m_facts.rules = m_monitor.judge(last, result.ledger, m_drained);
    m_facts.embedded = m_parts->pipeline->broker().embedded();
    result.verdict = core::judge(withFigures(m_facts, result));
    return result;
}

void Supervisor::tick() {
    const core::Instant now = Clock::now();
    for (const core::Command& each : m_mailbox.popCommands()) {
        apply(each, now);
    }
    popNotices();
    const core::Phase phase = m_mailbox.phase();
    if (underLoad(phase)) {
        m_load.advance(now, m_parts->streams->burstEnd());
    }
    if (now < m_nextObservation) {
        return;
    }
    prepareStore(now);
    const core::Instant begin = Clock::now(); // without what the store took
    observe(now, phase);
    m_nextObservation = now + std::clamp(kCostShare * (Clock::now() - begin), kObserveEvery, kObserveAtLeastEvery);
}

void Supervisor::apply(const core::Command& command, core::Instant now) {
    StreamPool& streams = *m_parts->streams;
    if (const auto* stop = std::get_if<core::StopCommand>(&command)) {
        if (m_stopping) {
            return;
        }
        m_facts.interrupted = m_facts.interrupted || stop->interrupted;
        m_mailbox.mark({.kind = core::MarkKind::Stop,
                        .cause = stop->interrupted ? core::StopCause::Interrupted : core::StopCause::Asked});
        endLoad(stop->interrupted);
    } else if (std::holds_alternative<core::AbortCommand>(command)) {
        m_aborting = m_facts.interrupted = true;
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
        streams.setRate(rate->stream, rate->rate);
        m_mailbox.mark({.kind = core::MarkKind::Rate, .name = rate->stream, .rate = rate->rate});
    } else if (const auto* burst = std::get_if<core::BurstCommand>(&command)) {
        streams.startBurst(burst->rate, burst->duration);
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

void Supervisor::prepareStore(core::Instant now) {
    if (now < m_nextPreparation) {
        return;
    }
    if (std::exchange(m_nextPreparation, now + kPrepareEvery) == core::Instant{}) {
        return; // it was prepared when it was opened
    }
    if (const core::Status ready = m_parts->pipeline->store().prepare(std::chrono::system_clock::now()); !ready) {
        m_mailbox.mark({.kind = core::MarkKind::Warning,
                        .detail = "The store's next partitions were not created: " + ready.error().text(),
                        .end = core::End::Store});
    }
}

void Supervisor::observe(core::Instant now, core::Phase phase) {
    RunFigures latest = figures(now);
    core::Snapshot snapshot = m_lanes.snapshot(now);
    latest.addTo(snapshot);
    m_mailbox.report(std::move(latest));
    if (!underLoad(phase) && phase != core::Phase::Drain) {
        return;
    }
    for (const RunMonitor::Finding& finding : m_monitor.observe(snapshot)) {
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

RunFigures Supervisor::figures(core::Instant now) {
    RunFigures latest = m_load.figures(now);
    latest.host = m_host.sample();
    latest.targets = m_parts->streams->targets();
    if (!underLoad(m_mailbox.phase())) {
        latest.left = std::max(core::Nanoseconds{}, m_phaseLimit - now);
    }
    return latest;
}

core::RunResult Supervisor::resultSoFar(const core::Snapshot& snapshot) const {
    core::RunResult result = m_parts->known;
    addFigures(result, snapshot, m_load.measured(snapshot.producer()));
    result.drainSeconds = core::secondsOf(m_drained);
    result.timeline = m_mailbox.timeline();
    return result;
}

void Supervisor::writeJournal(const core::Snapshot& snapshot) {
    JournalEntry entry{m_parts->head,
                       m_options.target.shown(),
                       m_options.overrides,
                       {},
                       m_parts->pipeline->consumers().positions(),
                       resultSoFar(snapshot)};
    entry.soFar.ledger.closed = false;
    entry.soFar.verdict = core::killedVerdict(withFigures({}, entry.soFar));
    for (std::size_t i = 0; i < m_parts->streams->size(); ++i) {
        entry.acked.push_back(m_parts->account.acked(static_cast<std::uint8_t>(i)));
    }
    if (const core::Status written = m_journal.write(entry); !written && !m_facts.internalError) {
        m_facts.internalError = written.error().text();
        m_mailbox.mark({.kind = core::MarkKind::Error, .detail = *m_facts.internalError});
        endLoad(true);
    }
}

} // namespace services
