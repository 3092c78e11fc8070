// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/topic_partition.h"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace services {

/// A member of a consumer group, and what it holds.
struct GroupMember {
    std::string clientId;
    std::string host;
    std::vector<core::TopicPartition> partitions{};
};

/// What a member's assignment says, in the bytes of Kafka's consumer protocol (ConsumerProtocolAssignment: version
/// int16, topics [name string16, partitions [int32]]); what is cut off is left out.
std::vector<core::TopicPartition> assignedPartitions(std::string_view assignment);

/// "log-events 0, 2 to 5".
std::string partitionsText(const std::set<core::TopicPartition>& partitions);

/// "'rdkafka' at 127.0.0.1 holds log-events 0 to 2; …": who holds which of the partitions asked for. Empty: nobody.
std::string holdersText(const std::vector<GroupMember>& members,
                        const std::function<bool(const core::TopicPartition&)>& asked);

} // namespace services
