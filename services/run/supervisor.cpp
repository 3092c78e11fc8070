#include "services/run/supervisor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

constexpr core::Nanoseconds kTick = 20ms;
constexpr core::Nanoseconds kObserveEvery = 250ms;
constexpr core::Nanoseconds kSampleEvery = 1s;
constexpr core::Nanoseconds kGroupLimit = 40s;      // for all consumers to own their partitions
constexpr core::Nanoseconds kLead = 100ms;          // between the decision to begin and the first due time
constexpr core::Nanoseconds kInterruptedLimit = 8s; // for flushing, and again for draining, after Ctrl-C
/// Due times in ids are rounded down by up to 244 ns: the parts of the run begin that much earlier, so that an event
/// due at the first instant of a part belongs to it on both sides.
constexpr core::Nanoseconds kIdRounding = 500ns;
constexpr core::Nanoseconds kAbortLimit = 500ms;
constexpr core::Nanoseconds kLeaveLimit = 10s; // for threads to leave after their stop

double seconds(core::Nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

std::vector<std::string> spansOf(const std::vector<core::ThresholdSpec>& rules) {
    std::vector<std::string> names;
    for (const core::ThresholdSpec& rule : rules)
        if (!rule.during.empty() && std::ranges::find(names, rule.during) == names.end())
            names.push_back(rule.during);
    return names;
}

std::vector<RunLanes::StreamName> streamNames(const core::Scenario& scenario) {
    std::vector<RunLanes::StreamName> names;
    for (const core::Stream& stream : scenario.streams)
        names.push_back({stream.name, stream.tier});
    const core::Stream burst = StreamCrew::burstStream(scenario);
    names.push_back({burst.name, burst.tier});
    return names;
}

/// Send delays are kept for about ten seconds of each stream's highest rate.
std::vector<std::size_t> delayCapacities(const core::Scenario& scenario) {
    constexpr double kFewest = 1 << 12;
    constexpr double kMost = 1 << 21;
    std::vector<std::size_t> capacities;
    for (const core::Stream& stream : scenario.streams) {
        const core::Schedule schedule(core::stagesWithWarmup(stream, scenario.warmup), stream.arrival, scenario.seed);
        capacities.push_back(static_cast<std::size_t>(std::clamp(10 * schedule.peakRate().perSecond, kFewest, kMost)));
    }
    capacities.push_back(1 << 17); // live bursts
    return capacities;
}

core::Nanoseconds lengthOf(const core::Scenario& scenario) {
    core::Nanoseconds longest{};
    for (const core::Stream& stream : scenario.streams)
        longest = std::max(
            longest,
            core::Schedule(core::stagesWithWarmup(stream, scenario.warmup), stream.arrival, scenario.seed).duration());
    return longest;
}

} // namespace

std::string_view nameOf(Phase phase) {
    switch (phase) {
    case Phase::Preparing:
        return "preparing";
    case Phase::Warmup:
        return "warm-up";
    case Phase::Stages:
        return "stages";
    case Phase::Drain:
        return "drain";
    case Phase::Finished:
        return "finished";
    }
    return "";
}

Supervisor::Supervisor(RunOptions options, RunHead head, std::vector<core::Threshold> rules)
    : m_options(std::move(options)),
      m_head(std::move(head)),
      m_monitor(std::move(rules)),
      m_planned(lengthOf(m_options.scenario)),
      m_lanes(streamNames(m_options.scenario), ConsumerCrew::workersOf(m_options.scenario),
              spansOf(m_options.scenario.thresholds)),
      m_book(delayCapacities(m_options.scenario)),
      m_journal(m_options.directory) {}

Supervisor::~Supervisor() {
    (void)command(AbortCommand{});
    if (m_body.joinable())
        m_body.join();
}

core::Status Supervisor::prepare() {
    auto files = readMessageFiles(m_options.scenario);
    if (!files)
        return files.error();
    m_files = std::move(*files);
    auto pipeline =
        Pipeline::create({m_options.scenario, m_options.target, m_options.directory, m_head, m_options.resetOffsets},
                         [this](const std::string& kind, const std::string& text) { mark(kind, text); });
    if (!pipeline)
        return pipeline.error();
    m_pipeline = std::move(*pipeline);
    auto streams = StreamCrew::create(m_options.scenario, m_head, m_files, *m_pipeline, m_lanes, m_book);
    if (!streams)
        return streams.error();
    m_streams = std::move(*streams);
    m_hostFacts = hostFacts();
    m_targetFacts = m_pipeline->targetFacts();
    m_settings = m_pipeline->settings();
    m_versions = m_pipeline->versions();
    const std::string head = core::toJson(resultSoFar(takeSnapshot(Clock::now())), true);
    if (const core::Status known = m_pipeline->store().registerRun(m_head.id, head, m_head.clocks.wall); !known)
        return known.error();
    m_consumers = std::make_unique<ConsumerCrew>(m_options.scenario, *m_pipeline, m_lanes, m_book);
    return {};
}

void Supervisor::launch() {
    m_body = std::jthread([this] { supervise(); });
}

bool Supervisor::finished() const {
    const std::lock_guard lock(m_mutex);
    return m_result.has_value();
}

core::RunResult Supervisor::wait() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_result.has_value(); });
    return *m_result;
}

RunStatus Supervisor::status() const {
    const core::Instant now = Clock::now();
    RunStatus status;
    {
        const std::lock_guard lock(m_mutex);
        status = m_status;
        status.timeline = m_timeline;
    }
    const core::HostSample host = status.snapshot.host;
    const core::Nanoseconds measured = status.snapshot.measuredLength;
    status.snapshot = m_lanes.snapshot(now);
    status.snapshot.host = host;
    status.snapshot.measuredLength = measured;
    return status;
}

core::Status Supervisor::command(const Command& command) {
    const std::lock_guard lock(m_mutex);
    const bool ending = std::holds_alternative<StopCommand>(command) || std::holds_alternative<AbortCommand>(command);
    const bool loading = m_status.phase == Phase::Warmup || m_status.phase == Phase::Stages;
    if (!ending && !loading)
        return core::invalid(fmt::format("the run is not under load (phase: {})", nameOf(m_status.phase)));
    if (std::holds_alternative<PauseCommand>(command) && m_status.paused)
        return core::invalid("the run is paused already");
    if (std::holds_alternative<ResumeCommand>(command) && !m_status.paused)
        return core::invalid("the run is not paused");
    if (const auto* burst = std::get_if<BurstCommand>(&command)) {
        if (burst->rate.perSecond <= 0 || burst->duration <= 0s)
            return core::invalid("a burst needs a rate and a duration above 0");
        if (!m_streams->idle(m_streams->burst()))
            return core::invalid("a burst is on already: wait for its end");
    }
    if (const auto* rate = std::get_if<RateCommand>(&command)) {
        const bool known = rate->stream.empty() || std::ranges::any_of(m_options.scenario.streams, [&](const auto& s) {
                               return s.name == rate->stream;
                           });
        if (!known || rate->rate.perSecond < 0)
            return core::invalid(known ? "a rate cannot be below 0" : "no stream is named '" + rate->stream + "'");
    }
    m_commands.push_back(command);
    return {};
}

// --- the phases -------------------------------------------------------------------------------------------------

void Supervisor::supervise() {
    if (waitForGroup()) {
        runStages();
        drain();
    }
    conclude();
}

bool Supervisor::waitForGroup() {
    const core::Instant limit = Clock::now() + kGroupLimit;
    m_phaseLimit = limit;
    while (!m_consumers->joined()) {
        tick();
        if (m_stopping)
            return false;
        if (const auto failure = m_consumers->failure()) {
            m_unreachable = failure->message;
            return false;
        }
        if (Clock::now() > limit) {
            const std::string trouble = m_consumers->trouble();
            m_unreachable = fmt::format("The consumers did not get their partitions within {} s{}{}. Is another "
                                        "consumer of the group '{}' holding them?",
                                        std::chrono::duration_cast<std::chrono::seconds>(kGroupLimit).count(),
                                        trouble.empty() ? "" : ": ", trouble, m_options.scenario.kafka.group);
            return false;
        }
        std::this_thread::sleep_for(kTick);
    }
    return true;
}

void Supervisor::runStages() {
    const core::Instant origin = Clock::now() + kLead;
    core::RunTimes& times = m_lanes.times();
    times.setOrigin(origin);
    const core::Instant measuredFrom = origin + m_options.scenario.warmup - kIdRounding;
    times.setMeasured(measuredFrom, origin + m_planned - kIdRounding);
    m_streams->start();
    m_nextSample = origin;
    enter(m_options.scenario.warmup > 0s ? Phase::Warmup : Phase::Stages);
    while (true) {
        const core::Instant now = Clock::now();
        tick();
        if (now >= measuredFrom && m_status.phase == Phase::Warmup)
            enter(Phase::Stages);
        if (loadIsOver(now))
            return;
        if (const auto failure = m_consumers->failure()) {
            m_internalError = "The consumer gave up: " + failure->message;
            endLoad(true);
            return;
        }
        std::this_thread::sleep_for(kTick);
    }
}

bool Supervisor::loadIsOver(core::Instant now) const {
    if (m_stopping)
        return m_streams->idle() || m_aborting;
    const bool paused = m_pausedAt != core::Instant{};
    return !paused && now >= m_lanes.times().measuredUntil() && m_streams->idle();
}

core::Nanoseconds Supervisor::finishLimit() const {
    if (m_aborting)
        return kAbortLimit;
    return m_interrupted ? std::min(kInterruptedLimit, m_options.scenario.drain) : m_options.scenario.drain;
}

void Supervisor::drain() {
    m_drainFrom = Clock::now();
    if (m_stopping) // the measured part ends where the load was ended
        m_lanes.times().setMeasured(
            m_lanes.times().measuredFrom(),
            std::max(m_lanes.times().measuredFrom(), std::min(m_lanes.times().measuredUntil(), m_drainFrom)));
    m_phaseLimit = m_drainFrom + finishLimit();
    enter(Phase::Drain);
    m_streams->finish(finishLimit());
    while (!m_streams->left()) {
        tick();
        if (m_aborting)
            m_streams->finish(kAbortLimit);
        std::this_thread::sleep_for(kTick);
    }
    if (const core::Status marked = m_pipeline->markEnd(); !marked) {
        m_unreachable = marked.error().message;
        return;
    }
    waitForStore(std::max(m_phaseLimit, m_interrupted ? Clock::now() + 1s : Clock::now()));
    m_drained = Clock::now() - m_drainFrom;
}

void Supervisor::waitForStore(core::Instant limit) {
    while ((m_undrained = m_pipeline->undrained()) > 0) {
        tick();
        if (m_aborting || m_consumers->failure() || m_consumers->left())
            return;
        if (Clock::now() > limit) {
            if (const std::string trouble = m_consumers->trouble(); !trouble.empty())
                m_unreachable = trouble;
            return;
        }
        std::this_thread::sleep_for(5ms);
    }
}

void Supervisor::conclude() {
    m_consumers->stop();
    while (!m_consumers->left()) {
        tick();
        std::this_thread::sleep_for(5ms);
    }
    m_undrained = m_pipeline->undrained(); // the last batch may have come through while leaving
    if (const auto failure = m_consumers->failure(); failure && !m_internalError && !m_unreachable)
        m_internalError = "The consumer gave up: " + failure->message;
    takeNotices();
    core::RunResult result = account();
    m_streams.reset();
    if (!m_internalError) // a concluded run needs no journal; one that broke down may
        m_journal.remove();
    if (const core::Status stored = m_pipeline->store().concludeRun(m_head.id, core::toJson(result, true)); !stored)
        result.timeline.push_back(
            {result.seconds, "warning", "The run's head was not stored: " + stored.error().message});
    const std::lock_guard lock(m_mutex);
    m_status.phase = Phase::Finished;
    m_status.left = {};
    m_result = std::move(result);
    m_changed.notify_all();
}

// --- while running ----------------------------------------------------------------------------------------------

void Supervisor::tick() {
    const core::Instant now = Clock::now();
    obeyCommands(now);
    takeNotices();
    const bool loading = m_status.phase == Phase::Warmup || m_status.phase == Phase::Stages;
    if (loading)
        planTimes(now);
    if (now < m_nextObservation)
        return;
    m_nextObservation = now + kObserveEvery;
    const core::Snapshot snapshot = takeSnapshot(now);
    if (loading || m_status.phase == Phase::Drain) {
        for (const RunMonitor::Finding& finding : m_monitor.observe(snapshot)) {
            mark("rule", "broken: " + finding.rule);
            if (finding.abort && !m_stopping) {
                mark("stop", "a rule with 'abort' was broken");
                endLoad(false);
            }
        }
        if (now >= m_nextSample) {
            m_nextSample += kSampleEvery;
            m_monitor.sample(snapshot);
            writeJournal(snapshot);
        }
    }
    const core::Instant until = loading ? std::max(now, m_lanes.times().measuredUntil()) : m_phaseLimit;
    const core::Nanoseconds whole = m_lanes.times().measuredUntil() - m_lanes.times().origin();
    const std::string stage = stageText(now);
    const std::lock_guard lock(m_mutex);
    m_status.snapshot.host = snapshot.host;
    m_status.snapshot.measuredLength = snapshot.measuredLength;
    m_status.left = std::max(core::Nanoseconds{}, until - now);
    m_status.stage = stage;
    if (loading && whole > 0s)
        m_status.progress = std::clamp(seconds(now - m_lanes.times().origin()) / seconds(whole), 0.0, 1.0);
    else if (m_status.phase == Phase::Drain)
        m_status.progress = 1;
}

void Supervisor::planTimes(core::Instant now) {
    core::RunTimes& times = m_lanes.times();
    const core::Nanoseconds paused = m_pausedAt != core::Instant{} ? now - m_pausedAt : core::Nanoseconds{};
    const core::Instant planned = m_streams->end() - kIdRounding;
    const core::Instant end = m_pausedAt != core::Instant{} ? m_endAtPause + paused : planned;
    if (planned > times.origin() && !m_stopping) // the streams have said where their plans end
        times.setMeasured(times.measuredFrom(), end);
    for (std::size_t span = 0; span < times.spans(); ++span) {
        if (times.spanName(span) == "warmup") {
            times.setSpan(span, times.origin() - kIdRounding, times.measuredFrom());
            continue;
        }
        for (std::size_t i = 0; i < m_options.scenario.streams.size(); ++i)
            if (m_options.scenario.streams[i].name == times.spanName(span))
                times.setSpan(span, times.measuredFrom() + m_options.scenario.streams[i].start,
                              m_streams->end(i) + paused - kIdRounding);
    }
}

core::Snapshot Supervisor::takeSnapshot(core::Instant now) {
    core::Snapshot snapshot = m_lanes.snapshot(now);
    snapshot.host = m_host.sample();
    const core::RunTimes& times = m_lanes.times();
    const core::Nanoseconds paused =
        m_pausedInAll + (m_pausedAt != core::Instant{} ? now - m_pausedAt : core::Nanoseconds{});
    const core::Instant until = std::min(now, times.measuredUntil());
    snapshot.measuredLength = std::max(core::Nanoseconds{}, until - times.measuredFrom() - paused);
    for (std::size_t i = 0; m_streams && i < snapshot.streams.size(); ++i)
        snapshot.streams[i].target = m_streams->target(i);
    return snapshot;
}

void Supervisor::takeNotices() {
    if (!m_streams)
        return;
    for (const std::string& notice : m_streams->takeNotices())
        mark("warning", notice);
}

void Supervisor::mark(const std::string& kind, const std::string& text) {
    constexpr std::size_t kMostMarks = 10'000;
    const core::Instant origin = m_lanes.times().origin();
    const double at = origin == core::Instant{} ? 0 : seconds(Clock::now() - origin);
    const std::lock_guard lock(m_mutex);
    if (m_timeline.size() < kMostMarks)
        m_timeline.push_back({at, kind, text});
}

void Supervisor::enter(Phase phase) {
    {
        const std::lock_guard lock(m_mutex);
        m_status.phase = phase;
    }
    mark("phase", std::string(nameOf(phase)));
}

std::string Supervisor::stageText(core::Instant now) const {
    const core::Nanoseconds at = now - m_lanes.times().measuredFrom();
    if (m_status.phase != Phase::Stages)
        return {};
    for (const core::Stream& stream : m_options.scenario.streams) {
        const core::Schedule schedule(stream.stages, stream.arrival, 0);
        const auto& spans = schedule.stageSpans();
        for (std::size_t i = 0; i < spans.size(); ++i)
            if (at - stream.start >= spans[i].from && at - stream.start < spans[i].until)
                return fmt::format("{} {}/{}", stream.name, i + 1, spans.size());
    }
    return {};
}

} // namespace services
