// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/browse/topic_message.h"
#include "core/ports/broker.h"

#include <cstddef>
#include <utility>

struct rd_kafka_message_s;

namespace services {

/// Owns a message of librdkafka's.
class KafkaMessage final : public core::PolledMessage {
public:
    explicit KafkaMessage(rd_kafka_message_s* message) : m_message(message) {}
    ~KafkaMessage() override;
    KafkaMessage(const KafkaMessage&) = delete;
    KafkaMessage& operator=(const KafkaMessage&) = delete;
    KafkaMessage(KafkaMessage&& other) noexcept : m_message(std::exchange(other.m_message, nullptr)) {}

    std::string_view topic() const override;
    core::Partition partition() const override;
    core::Offset offset() const override;
    std::string_view key() const override;
    std::string_view payload() const override;
    std::string_view header(const char* name) const override;
    std::optional<core::WallTime> timestamp() const override;
    /// All of it, but of a longer payload the first `mostPayload` bytes.
    core::TopicMessage copied(std::size_t mostPayload) const;

private:
    rd_kafka_message_s* m_message;
};

} // namespace services
