// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/message_sizes.h"

#include "core/scenario/tiers_in_use.h"

#include <fmt/format.h>

#include <algorithm>

namespace services {

namespace {

constexpr std::uint64_t kAround = 140; // of a batch of one: its header, the key, the length of each part

std::uint64_t largestEvent(const core::Scenario& scenario, core::Tier tier) {
    std::uint64_t largest = 0;
    for (const core::Stream& stream : scenario.streams) {
        if (stream.tier == tier) {
            largest = std::max(largest, stream.event.size.max.count);
        }
    }
    return largest;
}

} // namespace

std::vector<std::string> sizeWarnings(const core::Scenario& scenario,
                                      const std::map<std::string, std::uint64_t>& limits) {
    std::vector<std::string> sentences;
    for (const core::Tier tier : core::tiersInUse(scenario)) {
        const core::TierSettings& settings = scenario.kafka.tier(tier);
        const auto limit = limits.find(settings.topic);
        if (limit == limits.end()) {
            continue;
        }
        const std::uint64_t largest = largestEvent(scenario, tier);
        if (largest + kAround > limit->second) {
            sentences.push_back(
                fmt::format("Topic {} takes messages up to {} bytes (max.message.bytes), and events of up to {} bytes "
                            "are to be sent: Kafka may refuse the largest. Raise it, or lower the events' size.",
                            settings.topic, limit->second, largest));
        } else if (settings.batch.count > limit->second) {
            sentences.push_back(fmt::format(
                "Topic {} takes batches up to {} bytes (max.message.bytes), and up to {} bytes are "
                "collected before they are compressed ({}): Kafka may refuse full ones. Raise it, or lower "
                "kafka.batch.",
                settings.topic, limit->second, settings.batch.count,
                settings.compression == core::Compression::None ? "they are not" : nameOf(settings.compression)));
        }
    }
    return sentences;
}

} // namespace services
