// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kafka_test {

/// A message with everything that our own publisher does not choose: its time, its partition, what is null.
struct RawMessage {
    int partition = 0;
    std::int64_t millis = 0; ///< 0: now
    std::optional<std::string> key{};
    std::optional<std::string> payload{};
    std::vector<std::pair<std::string, std::optional<std::string>>> headers{};
};

/// A producer without manners: one call is one batch, sent and acknowledged when it returns true.
class RawProducer {
public:
    explicit RawProducer(const std::string& bootstrap, const std::string& transaction = {}) {
        rd_kafka_conf_t* conf = rd_kafka_conf_new();
        const auto set = [conf](const char* name, const std::string& value) {
            rd_kafka_conf_set(conf, name, value.c_str(), nullptr, 0);
        };
        set("bootstrap.servers", bootstrap);
        set("queue.buffering.max.messages", "1000000");
        set("linger.ms", "20");
        set("partitioner", "random");
        if (!transaction.empty()) {
            set("transactional.id", transaction);
        }
        rd_kafka_conf_set_opaque(conf, this);
        rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
            auto& producer = *static_cast<RawProducer*>(opaque);
            producer.m_refused += message->err == RD_KAFKA_RESP_ERR_NO_ERROR ? 0 : 1;
        });
        m_client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
        m_ready = transaction.empty() || isWell(rd_kafka_init_transactions(m_client, 20'000));
    }
    ~RawProducer() { rd_kafka_destroy(m_client); }
    RawProducer(const RawProducer&) = delete;
    RawProducer& operator=(const RawProducer&) = delete;

    bool send(const std::string& topic, const std::vector<RawMessage>& messages) {
        for (const RawMessage& message : messages) {
            if (!m_ready || !enqueue(topic, message)) {
                return false;
            }
        }
        return rd_kafka_flush(m_client, 60'000) == RD_KAFKA_RESP_ERR_NO_ERROR && m_refused == 0;
    }
    bool begin() { return m_ready && isWell(rd_kafka_begin_transaction(m_client)); }
    bool commit() { return isWell(rd_kafka_commit_transaction(m_client, 20'000)); }
    bool abort() { return isWell(rd_kafka_abort_transaction(m_client, 20'000)); }

private:
    static bool isWell(rd_kafka_error_t* error) {
        const bool well = error == nullptr;
        if (!well) {
            rd_kafka_error_destroy(error);
        }
        return well;
    }
    static void* dataOf(const std::optional<std::string>& bytes) {
        return bytes ? const_cast<char*>(bytes->data()) : nullptr; // librdkafka copies
    }
    bool enqueue(const std::string& topic, const RawMessage& message) {
        rd_kafka_headers_t* headers = rd_kafka_headers_new(message.headers.size());
        for (const auto& [name, value] : message.headers) {
            rd_kafka_header_add(headers, name.c_str(), -1, dataOf(value),
                                value ? static_cast<ssize_t>(value->size()) : 0);
        }
        const auto sizeOf = [](const std::optional<std::string>& bytes) { return bytes ? bytes->size() : 0; };
        // The macros for these hold casts of C's.
        const auto error = rd_kafka_producev(
            m_client, RD_KAFKA_VTYPE_TOPIC, topic.c_str(), RD_KAFKA_VTYPE_PARTITION, message.partition,
            RD_KAFKA_VTYPE_MSGFLAGS, RD_KAFKA_MSG_F_COPY | RD_KAFKA_MSG_F_BLOCK, RD_KAFKA_VTYPE_TIMESTAMP,
            message.millis, RD_KAFKA_VTYPE_KEY, dataOf(message.key), sizeOf(message.key), RD_KAFKA_VTYPE_VALUE,
            dataOf(message.payload), sizeOf(message.payload), RD_KAFKA_VTYPE_HEADERS, headers, RD_KAFKA_VTYPE_END);
        if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
            rd_kafka_headers_destroy(headers);
        }
        return error == RD_KAFKA_RESP_ERR_NO_ERROR;
    }

    rd_kafka_t* m_client = nullptr;
    bool m_ready = false;
    int m_refused = 0; // of all messages so far
};

/// The names of all groups that the cluster knows.
inline std::vector<std::string> groupsOf(const std::string& bootstrap) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap.c_str(), nullptr, 0);
    rd_kafka_t* const client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
    const rd_kafka_group_list* list = nullptr;
    std::vector<std::string> groups;
    if (rd_kafka_list_groups(client, nullptr, &list, 20'000) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        for (int i = 0; i < list->group_cnt; ++i) {
            groups.emplace_back(list->groups[i].group);
        }
        rd_kafka_group_list_destroy(list);
    } else {
        groups.emplace_back("the cluster did not answer");
    }
    rd_kafka_destroy(client);
    return groups;
}

} // namespace kafka_test
