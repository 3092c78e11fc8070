// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/monitor/cluster_view.h"
#include "core/result.h"
#include "services/kafka/client_settings.h"

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace services {

struct MonitorOptions {
    std::vector<std::string> groups{};                 ///< to be shown; empty: all
    std::vector<std::string> topics{};                 ///< to be shown, and counted in lags; empty: all
    core::Nanoseconds limit = std::chrono::seconds(3); ///< of one question
};

/// Looks at a cluster from outside: brokers, topics, consumer groups and their lag. Sends at most 5 requests per second
/// to all brokers together, however many partitions and groups there are, by asking less often: where there are more
/// groups than that allows, they take turns, and those that are watched come first. One owning thread.
class ClusterMonitor {
public:
    static constexpr double kRequestsPerSecond = 4.2; ///< on the average; up to 5 is for what librdkafka adds

    /// Invalid: a client setting is wrong.
    static core::Result<std::unique_ptr<ClusterMonitor>> create(const ClusterAccess& access, MonitorOptions options);
    ~ClusterMonitor();

    /// To be called about once a second; blocks for as long as the cluster takes, within a few times the limit, less
    /// after a stop. What is not due yet is as it was. Errors: nobody answers (Transient), access is denied (Refused);
    /// the next look tries again.
    core::Result<core::ClusterView> look(const std::stop_token& stop);

    /// Groups whose lag is wanted with every look.
    void watch(std::vector<std::string> groups);

private:
    struct State;
    explicit ClusterMonitor(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace services
