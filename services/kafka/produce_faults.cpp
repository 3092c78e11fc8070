// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/produce_faults.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

namespace services {

namespace {

std::string wordsOf(int error) {
    const auto code = static_cast<rd_kafka_resp_err_t>(error);
    return fmt::format("{} ({})", rd_kafka_err2str(code), rd_kafka_err2name(code));
}

std::string topicLimit(const SizeLimits& limits) {
    return limits.topic ? std::to_string(*limits.topic) : "not known";
}

} // namespace

bool isRefusal(int error) {
    switch (error) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
        return true;
    default:
        return false;
    }
}

bool isOwnDoing(int error) {
    return error == RD_KAFKA_RESP_ERR__PURGE_QUEUE || error == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT ||
           error == RD_KAFKA_RESP_ERR__FATAL;
}

std::string refusedByClient(int error, const std::string& topic, std::size_t bytes, const SizeLimits& limits) {
    std::string sentence = fmt::format("The Kafka client does not take an event of {} bytes for topic {}: {}.", bytes,
                                       topic, wordsOf(error));
    if (error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) {
        sentence +=
            fmt::format(" Its limit, message.max.bytes in kafka.client, is {}; the topic's, max.message.bytes, is {}.",
                        limits.client, topicLimit(limits));
    }
    return sentence;
}

std::string failedToBeDelivered(int error, const std::string& topic, const SizeLimits& limits) {
    std::string sentence = fmt::format("Events for topic {} fail: {}.", topic, wordsOf(error));
    if (error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) {
        sentence += fmt::format(" The topic's max.message.bytes is {}, and it counts for a whole batch; batches are "
                                "collected up to {} bytes before they are compressed (kafka.batch).",
                                topicLimit(limits), limits.batch);
    }
    return sentence;
}

} // namespace services
