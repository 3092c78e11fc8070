// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/mark.h"
#include "core/result.h"
#include "core/scenario/scenario_reader.h"
#include "services/archive/run_head.h"
#include "services/host/host_probe.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

/// What the programs that play one role of a run share: the run, which each of them knows by its tag.
namespace roles {

using namespace std::chrono_literals;

/// 1,000 events in two seconds, on the topic; the group is named like it.
inline core::Scenario scenario(const std::string& topic) {
    const std::string text = fmt::format("version: 1\nname: roles\nkafka: {{topic: {0}, group: {0}}}\n"
                                         "consumer: {{concurrency: 2}}\n"
                                         "streams: [{{name: a, stages: [{{duration: 2s, rate: 500/s}}]}}]\n",
                                         topic);
    return core::readScenario(text, "roles.yaml", {}).scenario.value_or(core::Scenario{});
}

/// The head of a run with that tag, as of now.
inline services::RunHead head(std::uint32_t runTag) {
    services::RunHead head = services::newRunHead(services::clockPair(), 2, 2s);
    head.identity.runTag = runTag;
    head.identity.from -= 1h; // others may have sent it before
    return head;
}

inline void note(const core::Mark& mark) {
    fmt::print(stderr, "{}: {}\n", nameOf(mark.kind), textOf(mark));
}

template <typename Condition>
void waitFor(Condition condition) {
    for (const auto limit = std::chrono::steady_clock::now() + 60s;
         !condition() && std::chrono::steady_clock::now() < limit;) {
        std::this_thread::sleep_for(5ms);
    }
}

inline int failed(const core::Error& error) {
    fmt::print(stderr, "{}\n", error.message);
    return 1;
}

} // namespace roles
