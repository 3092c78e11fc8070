// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/admin/cluster_reader.h"
#include "services/kafka/admin/reader_state.h"
#include "services/kafka/handle_deleter.h"
#include "services/kafka/kafka_message.h"

#include <librdkafka/rdkafka.h>

#include <chrono>

namespace services {

namespace {

using TopicHandle = std::unique_ptr<rd_kafka_topic_t, HandleDeleter<rd_kafka_topic_destroy>>;
using FetchQueue = std::unique_ptr<rd_kafka_queue_t, HandleDeleter<rd_kafka_queue_destroy>>;

/// Partitions that are fetched from for as long as this lives. By librdkafka's simple consumer: the other one wants a
/// group, looks for its coordinator and needs rights on it.
class Fetching {
public:
    Fetching(rd_kafka_t* client, const std::map<core::TopicPartition, core::Offset>& positions)
        : m_queue(rd_kafka_queue_new(client)) {
        for (const auto& [partition, offset] : positions) {
            auto& topic = m_topics[partition.topic];
            if (!topic) {
                topic.reset(rd_kafka_topic_new(client, partition.topic.c_str(), nullptr));
            }
            if (topic &&
                rd_kafka_consume_start_queue(topic.get(), partition.partition.id, offset.value, m_queue.get()) == 0) {
                m_started.push_back(partition);
            }
        }
    }
    ~Fetching() {
        for (const auto& each : m_started) {
            rd_kafka_consume_stop(m_topics.at(each.topic).get(), each.partition.id);
        }
    }
    Fetching(const Fetching&) = delete;
    Fetching& operator=(const Fetching&) = delete;

    rd_kafka_message_t* poll(core::Nanoseconds wait) {
        return rd_kafka_consume_queue(m_queue.get(), wholeMilliseconds(wait));
    }
    std::size_t count() const { return m_started.size(); }

private:
    FetchQueue m_queue;
    std::map<std::string, TopicHandle> m_topics;
    std::vector<core::TopicPartition> m_started;
};

} // namespace

std::map<core::TopicPartition, FirstMessage>
ClusterReader::firstMessages(const std::map<core::TopicPartition, core::Offset>& positions, core::Nanoseconds limit) {
    std::map<core::TopicPartition, FirstMessage> found;
    Fetching fetching(m_state->client, positions);
    const auto until = std::chrono::steady_clock::now() + limit;
    while (found.size() < fetching.count() && std::chrono::steady_clock::now() < until) {
        rd_kafka_message_t* const polled = fetching.poll(std::chrono::milliseconds(20));
        if (polled == nullptr) {
            continue;
        }
        const KafkaMessage message(polled);
        if (polled->rkt == nullptr) { // about the client
            continue;
        }
        const core::TopicPartition partition{std::string(message.topic()), message.partition()};
        if (polled->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            found.try_emplace(partition, FirstMessage{message.offset(), message.offset(),
                                                      std::string(message.payload()), message.timestamp()});
        } else if (polled->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            found.try_emplace(partition, FirstMessage{message.offset()});
        } // whatever else went wrong: the next look finds it
    }
    return found;
}

} // namespace services
