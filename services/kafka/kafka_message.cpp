// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/kafka_message.h"

#include <librdkafka/rdkafka.h>

namespace services {

namespace {
std::string_view view(const void* data, std::size_t size) {
    return data ? std::string_view(static_cast<const char*>(data), size) : std::string_view();
}
} // namespace

KafkaMessage::~KafkaMessage() {
    rd_kafka_message_destroy(m_message);
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

} // namespace services
