// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/kafka_message.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <string>
#include <vector>

namespace services {

namespace {
std::string_view view(const void* data, std::size_t size) {
    return data ? std::string_view(static_cast<const char*>(data), size) : std::string_view();
}

std::optional<std::string> bytesOf(const void* data, std::size_t size) {
    return data ? std::optional<std::string>(std::in_place, static_cast<const char*>(data), size) : std::nullopt;
}

std::vector<core::MessageHeader> headersOf(const rd_kafka_message_t& message) {
    std::vector<core::MessageHeader> found;
    rd_kafka_headers_t* headers = nullptr;
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return found;
    }
    for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++i) {
        found.push_back({name, bytesOf(value, size)});
    }
    return found;
}

core::TopicMessage::TimeKind timeKindOf(rd_kafka_timestamp_type_t type) {
    using Kind = core::TopicMessage::TimeKind;
    return type == RD_KAFKA_TIMESTAMP_CREATE_TIME       ? Kind::Created
           : type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME ? Kind::Appended
                                                        : Kind::None;
}
} // namespace

KafkaMessage::~KafkaMessage() {
    if (m_message != nullptr) {
        rd_kafka_message_destroy(m_message);
    }
}

std::string_view KafkaMessage::topic() const {
    return rd_kafka_topic_name(m_message->rkt);
}

core::Partition KafkaMessage::partition() const {
    return {m_message->partition};
}

core::Offset KafkaMessage::offset() const {
    return {m_message->offset};
}

std::string_view KafkaMessage::key() const {
    return view(m_message->key, m_message->key_len);
}

std::string_view KafkaMessage::payload() const {
    return view(m_message->payload, m_message->len);
}

std::string_view KafkaMessage::header(const char* name) const {
    rd_kafka_headers_t* headers = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    if (rd_kafka_message_headers(m_message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR ||
        rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return {};
    }
    return view(value, size);
}

std::optional<core::WallTime> KafkaMessage::timestamp() const {
    rd_kafka_timestamp_type_t type{};
    const std::int64_t millis = rd_kafka_message_timestamp(m_message, &type);
    if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || millis < 0) {
        return std::nullopt;
    }
    return core::WallTime(std::chrono::milliseconds(millis));
}

core::TopicMessage KafkaMessage::copied(std::size_t mostPayload) const {
    rd_kafka_timestamp_type_t type{};
    rd_kafka_message_timestamp(m_message, &type);
    core::TopicMessage copy;
    copy.topic = topic();
    copy.partition = partition();
    copy.offset = offset();
    if (const auto time = timestamp()) {
        copy.timeKind = timeKindOf(type);
        copy.time = *time;
    }
    copy.key = bytesOf(m_message->key, m_message->key_len);
    copy.headers = headersOf(*m_message);
    copy.payload = bytesOf(m_message->payload, std::min(m_message->len, mostPayload));
    copy.payloadSize = m_message->len;
    return copy;
}

} // namespace services
