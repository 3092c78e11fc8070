// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/roles/load.h"

#include "core/load/schedule.h"
#include "services/host/host_probe.h"
#include "services/run/load_clock.h"

#include <algorithm>

namespace services {
namespace {

using Clock = std::chrono::steady_clock;

} // namespace

Load::Load(const Options& options, MessageFiles files, std::unique_ptr<BrokerEnd> broker)
    : m_scenario(options.scenario),
      m_head(options.head),
      m_files(std::move(files)),
      m_lanes(StreamPool::names(m_scenario, options.shares), 0, LoadClock::spansOf(m_scenario.thresholds)),
      // Nobody asks a producer for the send delay of an event that another process stores.
      m_account(std::vector<std::size_t>(m_scenario.streams.size() + 1, 1)),
      m_broker(std::move(broker)) {}

RunHead Load::ownHead(const core::Scenario& scenario) {
    return newRunHead(clockPair(), static_cast<std::uint32_t>(scenario.streams.size()) + 1,
                      core::plannedLength(scenario));
}

core::Result<std::unique_ptr<Load>> Load::open(const Options& options, const TargetNote& note) {
    auto files = readMessageFiles(options.scenario);
    if (!files) {
        return files.error();
    }
    std::ranges::for_each(marksOf(*files), note);
    auto end =
        BrokerEnd::open({.scenario = options.scenario, .broker = options.broker, .runId = {}, .resuming = true}, note);
    if (!end) {
        return end.error();
    }
    std::unique_ptr<Load> load(new Load(options, std::move(*files), std::move(*end)));
    const auto publisher = [&end = *load->m_broker](const core::Stream& stream, core::DeliverySink& sink) {
        return end.publisher(stream, sink);
    };
    auto streams = StreamPool::create(load->m_scenario, load->m_head.clocks, load->m_head.identity.runTag,
                                      load->m_files, publisher, load->m_lanes, load->m_account, options.shares);
    if (!streams) {
        return streams.error();
    }
    load->m_streams = std::move(*streams);
    return load;
}

Load::~Load() = default;

void Load::start() {
    m_lanes.times().setOrigin(Clock::now());
    m_lanes.times().measureAll();
    m_streams->start();
}

core::Status Load::command(const core::Command& command) {
    const std::scoped_lock lock(m_commands);
    if (std::holds_alternative<core::PauseCommand>(command)) {
        if (m_paused) {
            return core::invalid("The load is paused already.");
        }
        if (m_streams->idle()) {
            return core::invalid("There is no load to pause.");
        }
        m_streams->pause(Clock::now());
        m_paused = true;
    } else if (std::holds_alternative<core::ResumeCommand>(command)) {
        if (!m_paused) {
            return core::invalid("The load is not paused.");
        }
        m_streams->resume(Clock::now());
        m_paused = false;
    } else if (const auto* rate = std::get_if<core::RateCommand>(&command)) {
        if (m_streams->idle()) {
            return core::invalid("There is no load whose rate could change.", "Start one, or a burst");
        }
        m_streams->setRate(rate->stream, rate->rate, Clock::now());
    } else if (const auto* burst = std::get_if<core::BurstCommand>(&command)) {
        if (m_streams->burstOn()) {
            return core::invalid("A burst is on already.");
        }
        m_streams->startBurst(burst->rate, burst->duration, Clock::now());
    } else { // stop, abort
        m_streams->stop(std::holds_alternative<core::AbortCommand>(command));
        m_paused = false;
    }
    return {};
}

bool Load::hasStream(std::string_view name) const {
    return std::ranges::find(m_scenario.streams, name, &core::Stream::name) != m_scenario.streams.end();
}

core::Status Load::reachable() const {
    const auto bounds = m_broker->bounds(std::chrono::seconds(10));
    return bounds ? core::Status() : core::Status(bounds.error());
}

void Load::finish(core::Nanoseconds limit) {
    m_streams->stop(true);
    m_streams->finish(limit);
    while (!m_streams->left()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

core::Snapshot Load::snapshot() const {
    core::Snapshot snapshot = m_lanes.snapshot(Clock::now());
    const std::vector<core::Rate> targets = m_streams->targets();
    for (std::size_t i = 0; i < targets.size(); ++i) {
        snapshot.streams[i].target = targets[i];
    }
    snapshot.measuredAsked = m_streams->asked();
    snapshot.backlog = 0; // who stores is elsewhere
    return snapshot;
}

} // namespace services
