// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/server_check.h"

#include "services/dedupe/redis_filter.h"
#include "services/kafka/cluster_probe.h"

#include <chrono>

namespace services {

core::Status checkServers(const core::Scenario& scenario, const core::Target& target, const std::stop_token& giveUp) {
    if (!target.broker.isEmbedded()) {
        const ClusterAccess access{target.broker.shown(), scenario.kafka.client};
        if (const auto probe = probeCluster(access, std::chrono::seconds(5), giveUp); !probe) {
            return probe.error();
        }
    }
    const bool filters = scenario.consumer.by == core::ConsumedBy::Millrace;
    if (const core::RedisAddress* const redis = target.dedupe.redis();
        filters && redis != nullptr && !giveUp.stop_requested()) {
        RedisOptions options;
        options.address = *redis;
        options.prefix = scenario.dedupe.prefix;
        options.ttl = scenario.dedupe.ttl;
        if (const auto probe = probeRedis(options); !probe) {
            return probe.error();
        }
    }
    return {};
}

} // namespace services
