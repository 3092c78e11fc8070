// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/partition_list.h"

#include <librdkafka/rdkafka.h>

namespace services {

void PartitionListDeleter::operator()(rd_kafka_topic_partition_list_s* list) const {
    rd_kafka_topic_partition_list_destroy(list);
}

PartitionList partitionList(const std::vector<std::pair<core::TopicPartition, core::Offset>>& positions) {
    PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(positions.size())));
    for (const auto& [partition, offset] : positions) {
        rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition.id)->offset =
            offset.value;
    }
    return list;
}

PartitionList partitionList(const std::vector<core::TopicPartition>& partitions) {
    PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
    for (const auto& partition : partitions) {
        rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition.id);
    }
    return list;
}

std::vector<core::TopicPartition> partitionsOf(const rd_kafka_topic_partition_list_s& list) {
    std::vector<core::TopicPartition> partitions;
    for (int i = 0; i < list.cnt; ++i) {
        partitions.push_back({list.elems[i].topic, {list.elems[i].partition}});
    }
    return partitions;
}

} // namespace services
