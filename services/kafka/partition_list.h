// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/topic_partition.h"

#include <memory>
#include <utility>
#include <vector>

struct rd_kafka_topic_partition_list_s;

namespace services {

struct PartitionListDeleter {
    void operator()(rd_kafka_topic_partition_list_s* list) const;
};
/// librdkafka's list of partitions with an offset each.
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_s, PartitionListDeleter>;

PartitionList partitionList(const std::vector<std::pair<core::TopicPartition, core::Offset>>& positions);
PartitionList partitionList(const std::vector<core::TopicPartition>& partitions);
std::vector<core::TopicPartition> partitionsOf(const rd_kafka_topic_partition_list_s& list);

} // namespace services
