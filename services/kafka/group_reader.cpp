// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/group_reader.h"

#include "services/kafka/kafka_message.h"
#include "services/kafka/partition_list.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <array>
#include <set>

namespace services {

struct GroupReader::State {
    rd_kafka_t* client = nullptr;
    std::string bootstrap;
    std::string group;
    core::Nanoseconds timeout{};

    ~State() {
        if (client != nullptr) {
            destroyWithin(client, std::chrono::seconds(5));
        }
    }
    core::Error failure(rd_kafka_resp_err_t error, std::string_view attempt) const {
        const bool refused = error == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED ||
                             error == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
        std::string sentence =
            fmt::format("Kafka at {} did not say {}: {}.", bootstrap, attempt, rd_kafka_err2str(error));
        return refused ? core::refused(std::move(sentence), "Grant READ on the group and its topics")
                       : core::transient(std::move(sentence));
    }
};

core::Result<std::unique_ptr<GroupReader>> GroupReader::create(const ClusterAccess& access, const std::string& group,
                                                               core::Bytes batch, core::Nanoseconds timeout) {
    auto conf = kafkaConf(access, {{"client.id", "millrace-lag"}, {"reconnect.backoff.max.ms", "1000"}},
                          {{"group.id", group},
                           {"enable.auto.commit", "false"},
                           {"enable.auto.offset.store", "false"},
                           {"allow.auto.create.topics", "false"},
                           {"auto.offset.reset", "earliest"}, // of a position that retention has overtaken
                           {"enable.partition.eof", "false"},
                           // Limits of what is fetched ahead stay as they are: where one is reached, librdkafka waits
                           // a second before the partition's next fetch, assigned anew or not.
                           {"fetch.wait.max.ms", "10"},
                           // One message per partition is wanted, and Kafka sends whole batches. A larger one it sends
                           // all the same, but of the first partition in an answer only (KIP-74).
                           {"fetch.message.max.bytes", std::to_string(batch.count)}});
    if (!conf) {
        return conf.error();
    }
    auto state = std::make_unique<State>();
    std::array<char, 512> reason{};
    state->client = rd_kafka_new(RD_KAFKA_CONSUMER, conf->get(), reason.data(), reason.size());
    if (state->client == nullptr) {
        return core::invalid(
            fmt::format("The Kafka client for {} could not be created: {}.", access.bootstrap, reason.data()));
    }
    static_cast<void>(conf->release()); // the client owns it now
    rd_kafka_poll_set_consumer(state->client);
    state->bootstrap = access.bootstrap;
    state->group = group;
    state->timeout = timeout;
    return std::unique_ptr<GroupReader>(new GroupReader(std::move(state)));
}

GroupReader::GroupReader(std::unique_ptr<State> state) : m_state(std::move(state)) {}
GroupReader::~GroupReader() = default;

core::Result<GroupReader::Positions> GroupReader::committed(const std::vector<core::TopicPartition>& partitions) {
    const PartitionList list = partitionList(partitions);
    const auto error = rd_kafka_committed(m_state->client, list.get(), wholeMilliseconds(m_state->timeout));
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return m_state->failure(error, fmt::format("what group {} has committed", m_state->group));
    }
    Positions found;
    for (int i = 0; i < list->cnt; ++i) {
        const rd_kafka_topic_partition_t& one = list->elems[i];
        if (one.err == RD_KAFKA_RESP_ERR_NO_ERROR && one.offset >= 0) {
            found.push_back({{one.topic, {one.partition}}, {one.offset}});
        }
    }
    return found;
}

core::Result<std::vector<WaitingMessage>> GroupReader::firstFrom(const Positions& positions, core::Nanoseconds limit) {
    std::vector<WaitingMessage> found;
    if (positions.empty()) {
        return found;
    }
    if (const auto error = rd_kafka_assign(m_state->client, partitionList(positions).get());
        error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return m_state->failure(error, "what waits in its partitions");
    }
    std::set<core::TopicPartition> missing;
    for (const auto& [partition, offset] : positions) {
        missing.insert(partition);
    }
    const auto until = std::chrono::steady_clock::now() + limit;
    while (!missing.empty() && std::chrono::steady_clock::now() < until) {
        rd_kafka_message_t* const polled = rd_kafka_consumer_poll(m_state->client, 20);
        if (polled == nullptr) {
            continue;
        }
        const KafkaMessage message(polled);
        if (polled->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            continue; // the next look finds it
        }
        core::TopicPartition partition{std::string(message.topic()), message.partition()};
        if (missing.erase(partition) > 0) {
            found.push_back(
                {std::move(partition), message.offset(), std::string(message.payload()), message.timestamp()});
        }
    }
    rd_kafka_assign(m_state->client, nullptr); // fetches nothing until the next look
    return found;
}

} // namespace services
