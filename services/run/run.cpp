// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/run.h"

#include "core/yaml/yaml_edit.h"
#include "services/archive/folder_claim.h"
#include "services/host/host_probe.h"
#include "services/host/open_files.h"
#include "services/producer/stream_pool.h"
#include "services/run/fleet_consumption.h"
#include "services/run/run_mailbox.h"
#include "services/run/run_result.h"
#include "services/run/supervisor.h"
#include "services/target/server_check.h"
#include "services/target/software_versions.h"

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

/// Streams of this process.
core::Status openHere(const RunOptions& options, RunParts& parts, core::RunLanes& lanes) {
    Pipeline& ends = *parts.pipeline;
    const auto publisher = [&ends](const core::Stream& stream, core::DeliverySink& sink) {
        return ends.broker().publisher(stream, sink);
    };
    auto streams = StreamPool::create(options.scenario, parts.head.clocks, parts.head.identity.runTag, parts.files,
                                      publisher, lanes, parts.account);
    if (!streams) {
        return streams.error();
    }
    parts.streams = std::move(*streams);
    return {};
}

core::RunOrder orderOf(const RunOptions& options, const RunHead& head) {
    if (options.leadsOn) {
        return options.leadsOn->order;
    }
    core::RunOrder order;
    order.version = millraceVersion();
    order.id = head.id;
    order.started = head.started;
    order.runTag = head.identity.runTag;
    order.streams = head.identity.streams;
    order.from = head.identity.from;
    order.until = head.identity.until;
    order.wall = head.clocks.wall;
    order.scenario = options.scenario.text;
    for (const char* const own : {"target", "kafka.client"}) { // servers and secrets are the daemons' own affair
        if (auto without = core::removeAt(order.scenario, own)) {
            order.scenario = std::move(*without);
        }
    }
    for (const auto& change : options.overrides) {
        if (!change.first.starts_with("target") && !change.first.starts_with("kafka.client")) {
            order.overrides.push_back(change);
        }
    }
    return order;
}

/// Those of the fleet's daemons.
core::Status openElsewhere(const RunOptions& options, RunParts& parts, const core::RunLanes& lanes, RunMailbox& mailbox,
                           const std::stop_token& giveUp) {
    const auto fate = [&account = parts.account](const core::StreamShare& share, core::Delivery delivery,
                                                 std::uint64_t from, std::uint64_t until) {
        account.delivered(share, delivery, from, until);
    };
    const auto note = [&mailbox](core::Mark mark, core::Instant at) { mailbox.mark(std::move(mark), at); };
    const core::Status ready = parts.fleet->prepare(
        {orderOf(options, parts.head), options.scenario, parts.head.clocks.monotonic, lanes.times(), fate, note},
        giveUp);
    if (ready) {
        parts.streams = parts.fleet->producers();
    }
    return ready;
}

core::Result<std::unique_ptr<RunParts>> assemble(const RunOptions& options, const RunHead& head, core::RunLanes& lanes,
                                                 RunMailbox& mailbox, const std::stop_token& giveUp) {
    const auto note = [&mailbox](core::Mark met) { mailbox.mark(std::move(met)); };
    const core::Scenario& scenario = options.scenario;
    auto files = readMessageFiles(scenario);
    if (!files) {
        return files.error();
    }
    std::ranges::for_each(marksOf(*files), note);
    auto pipeline = Pipeline::create({scenario, options.target, options.directory, head, options.resetOffsets,
                                      options.leadsOn.has_value(), options.fleet != nullptr, giveUp},
                                     note);
    if (!pipeline) {
        return pipeline.error();
    }
    Pipeline& ends = **pipeline;
    std::unique_ptr<RunParts> parts(new RunParts{head, resultOf(head, scenario), std::move(*files),
                                                 RunAccount(delayCapacities(scenario)), std::move(*pipeline)});
    parts->fleet = options.fleet;
    const core::Status opened =
        parts->fleet ? openElsewhere(options, *parts, lanes, mailbox, giveUp) : openHere(options, *parts, lanes);
    if (!opened) {
        return opened.error();
    }
    parts->known.host = hostFacts();
    parts->known.target = ends.targetFacts();
    if (parts->fleet) {
        parts->known.target.merge(parts->fleet->facts());
        parts->known.target["dedupe"] = "as the daemons are configured";
    }
    parts->known.settings = ends.settings();
    for (const auto& [path, lines] : parts->files) {
        parts->known.settings["messages." + path] = describe(lines);
    }
    parts->known.versions = ends.versions();
    const std::string known = core::toJson(parts->known, true);
    if (const core::Status registered = ends.store().registerRun(head.id, known, head.clocks.wall); !registered) {
        return registered.error();
    }
    if (parts->fleet && scenario.consumer.by == core::ConsumedBy::Millrace) {
        parts->consumers = std::make_unique<FleetConsumption>(ends.consumers(), parts->fleet->consumers());
    } else {
        parts->consumers = ends.consumption(scenario, head, lanes, parts->account);
    }
    return parts;
}

/// Somebody else's consumer has to be able to reach what it reads and writes; and the embedded broker keeps no more
/// than what is consumed at once.
core::Status fitsConsumer(const RunOptions& options) {
    const core::ConsumerSettings& consumer = options.scenario.consumer;
    if (consumer.by == core::ConsumedBy::Millrace) {
        return {};
    }
    if (options.target.broker.isEmbedded()) {
        return core::invalid(
            consumer.by == core::ConsumedBy::Nobody
                ? "The embedded broker keeps a few seconds of load only, and with consumer: none nobody "
                  "takes it away."
                : "No other program can read from the embedded broker.",
            "Name a real one with --broker HOST:PORT.");
    }
    if (consumer.by == core::ConsumedBy::Outsider && options.target.store.postgres() == nullptr) {
        return core::invalid(
            fmt::format("The consumer's table {} is looked for in a PostgreSQL, and the store is none.",
                        consumer.audit.table),
            "Name the server with --store postgresql://…");
    }
    return {};
}

} // namespace

struct Run::State {
    State(FolderClaim folder, const RunOptions& options)
        : claim(std::move(folder)),
          fleet(options.fleet),
          lanes(StreamPool::names(options.scenario), Pipeline::consumerLanes(options.scenario),
                LoadClock::spansOf(options.scenario.thresholds)),
          mailbox(lanes, options.scenario, fleet.get()) {}

    FolderClaim claim;
    std::shared_ptr<core::Fleet> fleet;
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
    if (const core::Status fits = fitsConsumer(options); !fits) {
        return fits.error();
    }
    // Sockets, wake-up pipes and timers of each producer and consumer; the journal, the store, the standard streams.
    constexpr std::uint64_t kFilesEach = 9;
    constexpr std::uint64_t kFilesBeside = 24;
    const std::uint64_t clients = options.scenario.streams.size() + 1 + Pipeline::consumerLanes(options.scenario);
    if (const core::Status room = makeRoomForFiles(kFilesBeside + kFilesEach * clients); !room) {
        return room.error();
    }
    if (const core::Status checked = checkServers(options.scenario, options.target, giveUp); !checked) {
        return checked.error();
    }
    if (giveUp.stop_requested()) {
        return core::transient("The start was given up.");
    }
    const RunHead head = options.leadsOn
                             ? headOf(options.leadsOn->order)
                             : newRunHead(clockPair(), static_cast<std::uint32_t>(options.scenario.streams.size()) + 1,
                                          core::plannedLength(options.scenario));
    auto claim = FolderClaim::acquire(options.directory);
    if (!claim) {
        return claim.error();
    }
    auto state = std::make_unique<State>(std::move(*claim), options);
    auto parts = assemble(options, head, state->lanes, state->mailbox, giveUp);
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
