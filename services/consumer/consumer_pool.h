// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/run_lanes.h"
#include "core/result.h"
#include "core/scenario/scenario.h"
#include "services/consumer/consumer_worker.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace services {

/// What one worker is created with.
struct ConsumerSetup {
    ConsumerOptions options;
    ConsumerPorts ports;
};

/// The reference consumer of a run: for each tier in use as many workers as the scenario asks for, each on its thread.
class ConsumerPool {
public:
    /// `name` tells workers apart, in the store and on the time line.
    using SetUp = std::function<ConsumerSetup(core::Tier tier, const std::string& name)>;

    /// The workers begin at once. Lanes and account outlive the pool.
    ConsumerPool(const core::Scenario& scenario, const SetUp& setUp, core::RunLanes& lanes,
                 core::EventAccount& account);
    ~ConsumerPool(); ///< stops and joins

    static std::size_t workersOf(const core::Scenario& scenario);

    bool joined() const; ///< every worker owns its partitions
    /// The first worker that gave up, with its reason.
    std::optional<core::Error> failure() const;
    /// The counts of a worker's batch that did not add up; such a worker has given up.
    std::optional<std::string> violation() const;
    std::string trouble() const; ///< what a worker is retrying; empty: all is well
    /// The longest of any worker's; a filter that has answered one of them since is waited for by none.
    core::ConsumerWaits waits() const;
    void rejoin(); ///< every worker asks the store anew where its partitions stand
    void stop();
    bool left() const; ///< all threads have gone

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
