// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"
#include "services/kafka/admin/cluster_reader.h"

#include <cstdint>
#include <map>
#include <string>

struct rd_kafka_s;
struct rd_kafka_queue_s;

namespace services {

/// The client of a ClusterReader, and the questions that are out.
struct ClusterReader::State {
    rd_kafka_s* client = nullptr;
    rd_kafka_queue_s* answers = nullptr; ///< to askCommits()
    std::string bootstrap;
    core::Nanoseconds limit{};
    std::map<std::uintptr_t, std::string> asked; ///< the groups, by the number of the question
    std::uintptr_t questions = 0;
    bool isOutdated = false;
    std::uint64_t requestsSent = 0;

    ~State();
    /// `place`: RD_KAFKA_OFFSET_BEGINNING or RD_KAFKA_OFFSET_END. Topics apart where the whole gets no answer: for one
    /// denied topic librdkafka returns nothing of the others.
    void addOffsets(std::int64_t place, const std::vector<core::TopicPartition>& partitions, core::Instant until,
                    LogOffsets& found);
};

} // namespace services
