// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/run.h"

#include "services/archive/folder_claim.h"
#include "services/host/host_probe.h"
#include "services/host/open_files.h"
#include "services/run/run_mailbox.h"
#include "services/run/run_result.h"
#include "services/run/supervisor.h"
#include "services/target/server_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace services {

namespace {

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

core::Result<std::unique_ptr<RunParts>> assemble(const RunOptions& options, const RunHead& head, core::RunLanes& lanes,
                                                 const TargetNote& note, const std::stop_token& giveUp) {
    const core::Scenario& scenario = options.scenario;
    auto files = readMessageFiles(scenario);
    if (!files) {
        return files.error();
    }
    std::ranges::for_each(marksOf(*files), note);
    auto pipeline = Pipeline::create(
        {scenario, options.target, options.directory, head, options.resetOffsets, false, giveUp}, note);
    if (!pipeline) {
        return pipeline.error();
    }
    Pipeline& ends = **pipeline;
    std::unique_ptr<RunParts> parts(new RunParts{head, resultOf(head, scenario), std::move(*files),
                                                 RunAccount(delayCapacities(scenario)), std::move(*pipeline)});
    const auto publisher = [&ends](const core::Stream& stream, core::DeliverySink& sink) {
        return ends.broker().publisher(stream, sink);
    };
    auto streams =
        StreamPool::create(scenario, head.clocks, head.identity.runTag, parts->files, publisher, lanes, parts->account);
    if (!streams) {
        return streams.error();
    }
    parts->streams = std::move(*streams);
    parts->known.host = hostFacts();
    parts->known.target = ends.targetFacts();
    parts->known.settings = ends.settings();
    for (const auto& [path, lines] : parts->files) {
        parts->known.settings["messages." + path] = describe(lines);
    }
    parts->known.versions = ends.versions();
    const std::string known = core::toJson(parts->known, true);
    if (const core::Status registered = ends.store().registerRun(head.id, known, head.clocks.wall); !registered) {
        return registered.error();
    }
    const auto worker = [&ends](core::Tier tier, const std::string& name) {
        return ends.consumers().worker(tier, name);
    };
    parts->consumers = std::make_unique<ConsumerPool>(scenario, worker, lanes, parts->account);
    return parts;
}

} // namespace

struct Run::State {
    State(FolderClaim folder, const core::Scenario& scenario)
        : claim(std::move(folder)),
          lanes(StreamPool::names(scenario), ConsumerPool::workersOf(scenario),
                LoadClock::spansOf(scenario.thresholds)),
          mailbox(lanes, scenario) {}

    FolderClaim claim;
    core::RunLanes lanes;
    RunMailbox mailbox;
    std::optional<Supervisor> supervisor; // from start() on
};

core::Result<std::unique_ptr<Run>> Run::start(RunOptions options, const std::stop_token& giveUp) {
    constexpr std::size_t kMostStreams = 255; // the id has room for 256, one of which is the live burst's
    if (options.scenario.streams.size() > kMostStreams) {
        return core::invalid(fmt::format("The scenario has {} streams; a run takes at most {}.",
                                         options.scenario.streams.size(), kMostStreams));
    }
    std::vector<core::Threshold> rules;
    for (const core::ThresholdSpec& spec : options.scenario.thresholds) {
        auto rule = core::Threshold::parse(spec);
        if (!rule) {
            return core::invalid(fmt::format("The rule '{}': {}", spec.rule, rule.error().text()));
        }
        rules.push_back(std::move(*rule));
    }
    // Sockets, wake-up pipes and timers of each producer and consumer; the journal, the store, the standard streams.
    constexpr std::uint64_t kFilesEach = 9;
    constexpr std::uint64_t kFilesBeside = 24;
    const std::uint64_t clients = options.scenario.streams.size() + 1 + ConsumerPool::workersOf(options.scenario);
    if (const core::Status room = makeRoomForFiles(kFilesBeside + kFilesEach * clients); !room) {
        return room.error();
    }
    if (const core::Status checked = checkServers(options.scenario, options.target, giveUp); !checked) {
        return checked.error();
    }
    if (giveUp.stop_requested()) {
        return core::transient("The start was given up.");
    }
    const RunHead head = newRunHead(clockPair(), static_cast<std::uint32_t>(options.scenario.streams.size()) + 1,
                                    core::plannedLength(options.scenario));
    auto claim = FolderClaim::acquire(options.directory);
    if (!claim) {
        return claim.error();
    }
    auto state = std::make_unique<State>(std::move(*claim), options.scenario);
    const auto note = [&mailbox = state->mailbox](core::Mark met) { mailbox.mark(std::move(met)); };
    auto parts = assemble(options, head, state->lanes, note, giveUp);
    if (!parts) {
        return parts.error();
    }
    state->supervisor.emplace(std::move(options), std::move(rules), std::move(*parts), state->lanes, state->mailbox);
    return std::unique_ptr<Run>(new Run(std::move(state)));
}

Run::Run(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Run::~Run() = default;

core::RunStatus Run::status() const {
    return m_state->mailbox.status();
}
core::Status Run::command(const core::Command& command) {
    return m_state->supervisor->command(command);
}
bool Run::finished() const {
    return m_state->mailbox.finished();
}
core::RunResult Run::wait() {
    return m_state->mailbox.wait();
}

} // namespace services
