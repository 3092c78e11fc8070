// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/supervisor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

std::vector<std::string> spansOf(const std::vector<core::ThresholdSpec>& rules) {
    std::vector<std::string> names;
    for (const core::ThresholdSpec& rule : rules) {
        if (!rule.during.empty() && std::ranges::find(names, rule.during) == names.end()) {
            names.push_back(rule.during);
        }
    }
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

} // namespace

Supervisor::Supervisor(RunOptions options, RunHead head, std::vector<core::Threshold> rules)
    : m_options(std::move(options)),
      m_head(std::move(head)),
      m_monitor(std::move(rules), m_options.directory),
      m_clock(m_options.scenario.warmup, core::plannedLength(m_options.scenario)),
      m_lanes(StreamPool::names(m_options.scenario), ConsumerPool::workersOf(m_options.scenario),
              spansOf(m_options.scenario.thresholds)),
      m_spans(spanParts()),
      m_account(delayCapacities(m_options.scenario)),
      m_journal(m_options.directory) {}

Supervisor::~Supervisor() {
    (void)command(core::AbortCommand{});
    if (m_body.joinable()) {
        m_body.join();
    }
}

core::Status Supervisor::prepare(const std::stop_token& giveUp) {
    auto files = readMessageFiles(m_options.scenario);
    if (!files) {
        return files.error();
    }
    m_files = std::move(*files);
    auto pipeline = Pipeline::create(
        {m_options.scenario, m_options.target, m_options.directory, m_head, m_options.resetOffsets, false, giveUp},
        [this](core::Mark met) { mark(std::move(met)); });
    if (!pipeline) {
        return pipeline.error();
    }
    m_pipeline = std::move(*pipeline);
    const auto publisher = [this](const core::Stream& stream, core::DeliverySink& sink) {
        return m_pipeline->broker().publisher(stream, sink);
    };
    auto streams = StreamPool::create(m_options.scenario, m_head.clocks, m_head.identity.runTag, m_files, publisher,
                                      m_lanes, m_account);
    if (!streams) {
        return streams.error();
    }
    m_streams = std::move(*streams);
    m_hostFacts = hostFacts();
    m_targetFacts = m_pipeline->targetFacts();
    m_settings = m_pipeline->settings();
    m_versions = m_pipeline->versions();
    const std::string head = core::toJson(resultSoFar(takeSnapshot(Clock::now())), true);
    if (const core::Status known = m_pipeline->store().registerRun(m_head.id, head, m_head.clocks.wall); !known) {
        return known.error();
    }
    const auto worker = [this](core::Tier tier, const std::string& name) {
        return m_pipeline->consumers().worker(tier, name);
    };
    m_consumers = std::make_unique<ConsumerPool>(m_options.scenario, worker, m_lanes, m_account);
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

core::RunStatus Supervisor::status() const {
    const core::Instant now = Clock::now();
    core::RunStatus status;
    {
        const std::lock_guard lock(m_mutex);
        status = m_status;
        status.timeline = m_timeline;
    }
    core::Snapshot fresh = m_lanes.snapshot(now);
    const core::Snapshot& latest = status.snapshot; // what only the supervising thread can tell
    fresh.host = latest.host;
    fresh.measuredLength = latest.measuredLength;
    for (std::size_t i = 0; i < std::min(fresh.spans.size(), latest.spans.size()); ++i) {
        fresh.spans[i].length = latest.spans[i].length;
    }
    for (std::size_t i = 0; i < std::min(fresh.streams.size(), latest.streams.size()); ++i) {
        fresh.streams[i].target = latest.streams[i].target;
    }
    status.snapshot = std::move(fresh);
    return status;
}

core::Status Supervisor::command(const core::Command& command) {
    const std::lock_guard lock(m_mutex);
    const bool ending =
        std::holds_alternative<core::StopCommand>(command) || std::holds_alternative<core::AbortCommand>(command);
    const bool loading = m_status.phase == core::Phase::Warmup || m_status.phase == core::Phase::Stages;
    if (!ending && !loading) {
        return core::invalid(fmt::format("the run is not under load (phase: {})", nameOf(m_status.phase)));
    }
    if (std::holds_alternative<core::PauseCommand>(command) && m_status.paused) {
        return core::invalid("the run is paused already");
    }
    if (std::holds_alternative<core::ResumeCommand>(command) && !m_status.paused) {
        return core::invalid("the run is not paused");
    }
    if (const auto* burst = std::get_if<core::BurstCommand>(&command)) {
        if (burst->rate.perSecond <= 0 || burst->duration <= 0s) {
            return core::invalid("a burst needs a rate and a duration above 0");
        }
        if (!m_streams->idle(m_streams->burst())) {
            return core::invalid("a burst is on already: wait for its end");
        }
    }
    if (const auto* rate = std::get_if<core::RateCommand>(&command)) {
        const bool known = rate->stream.empty() || std::ranges::any_of(m_options.scenario.streams, [&](const auto& s) {
                               return s.name == rate->stream;
                           });
        if (!known || rate->rate.perSecond < 0) {
            return core::invalid(known ? "a rate cannot be below 0" : "no stream is named '" + rate->stream + "'");
        }
    }
    m_commands.push_back(command);
    return {};
}

} // namespace services
