// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/run.h"

#include "services/archive/folder_claim.h"
#include "services/host/host_probe.h"
#include "services/run/supervisor.h"
#include "services/target/server_check.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace services {

struct Run::State {
    State(FolderClaim folder, RunOptions options, RunHead head, std::vector<core::Threshold> rules)
        : claim(std::move(folder)), supervisor(std::move(options), std::move(head), std::move(rules)) {}

    FolderClaim claim;
    Supervisor supervisor;
};

core::Result<std::unique_ptr<Run>> Run::start(RunOptions options, std::stop_token giveUp) {
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
    if (const core::Status checked = checkServers(options.scenario, options.target, giveUp); !checked) {
        return checked.error();
    }
    if (giveUp.stop_requested()) {
        return core::transient("The start was given up.");
    }
    RunHead head = newRunHead(clockPair(), static_cast<std::uint32_t>(options.scenario.streams.size()) + 1,
                              core::plannedLength(options.scenario));
    auto claim = FolderClaim::acquire(options.directory);
    if (!claim) {
        return claim.error();
    }
    auto state = std::make_unique<State>(std::move(*claim), std::move(options), std::move(head), std::move(rules));
    if (const core::Status prepared = state->supervisor.prepare(giveUp); !prepared) {
        return prepared.error();
    }
    state->supervisor.launch();
    return std::unique_ptr<Run>(new Run(std::move(state)));
}

Run::Run(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Run::~Run() = default;

core::RunStatus Run::status() const {
    return m_state->supervisor.status();
}
core::Status Run::command(const core::Command& command) {
    return m_state->supervisor.command(command);
}
bool Run::finished() const {
    return m_state->supervisor.finished();
}
core::RunResult Run::wait() {
    return m_state->supervisor.wait();
}

} // namespace services
