// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/scenario/scenario.h"
#include "services/consumer/consumer_worker.h"
#include "services/run/pipeline.h"
#include "services/run/run_lanes.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace services {

/// The reference consumer of a run: for each tier in use as many workers as the scenario asks for, each on its thread.
class ConsumerCrew {
public:
    static std::vector<core::Tier> tiersOf(const core::Scenario& scenario);
    static std::size_t workersOf(const core::Scenario& scenario);

    ConsumerCrew(const core::Scenario& scenario, Pipeline& pipeline, RunLanes& lanes, core::EventBook& book);
    ~ConsumerCrew(); ///< stops and joins

    bool joined() const; ///< every worker owns its partitions
    /// The first worker that gave up, with its reason.
    std::optional<core::Error> failure() const;
    /// The counts of a worker's batch that did not add up; such a worker has given up.
    std::optional<std::string> violation() const;
    std::string trouble() const; ///< what a worker is retrying; empty: all is well
    void stop();
    bool left() const;

private:
    struct Member {
        std::unique_ptr<ConsumerWorker> worker;
        std::atomic<bool> left{false};
        std::jthread body; // joined first
    };
    mutable std::mutex m_mutex;
    std::optional<core::Error> m_failure;   // guarded by m_mutex
    std::optional<std::string> m_violation; // guarded by m_mutex
    std::vector<std::unique_ptr<Member>> m_workers;
};

} // namespace services
