// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/subscriber_state.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace services {

using std::chrono::steady_clock;

namespace {

constexpr auto kAskAgain = std::chrono::milliseconds(500);

std::string nameOf(const core::TopicPartition& partition) {
    return fmt::format("{}/{}", partition.topic, partition.partition.id);
}

} // namespace

void KafkaSubscriber::State::fault(const rd_kafka_message_t& message) {
    const char* reason = rd_kafka_message_errstr(&message);
    switch (message.err) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        if (const auto* position = positions.find(rd_kafka_topic_name(message.rkt), {message.partition});
            position != nullptr && message.offset >= position->next.value) {
            listener->reached(position->partition, {message.offset});
        }
        return;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
        if (auto* position = positions.find(rd_kafka_topic_name(message.rkt), {message.partition})) {
            stalled.insert(position->partition);
            askAt = {};
        }
        return;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
        over = core::refused(fmt::format("Kafka refuses group {} to read its topics: {}.", options.group, reason),
                             "Grant it the right to read the topics and the group.");
        return;
    case RD_KAFKA_RESP_ERR__FATAL:
        over = core::fatal(fmt::format("The Kafka consumer of group {} met a fatal error: {}.", options.group, reason));
        return;
    default:
        report(message.err, reason);
    }
}

void KafkaSubscriber::State::report(int error, const char* reason) {
    spdlog::debug("kafka consumer of group {}: {} ({})", options.group, reason,
                  rd_kafka_err2name(static_cast<rd_kafka_resp_err_t>(error)));
    if (troubled) {
        return;
    }
    troubled = true;
    notices.post(fmt::format("The consumer of group {} has trouble with Kafka: {} ({}).", options.group, reason,
                             rd_kafka_err2name(static_cast<rd_kafka_resp_err_t>(error))));
}

/// The log begins later than our position: what lies between is lost, counted, and the reading goes on behind it.
void KafkaSubscriber::State::askForStarts() {
    if (steady_clock::now() < askAt) {
        return;
    }
    askAt = steady_clock::now() + kAskAgain;
    const auto asked = stalled;
    for (const auto& partition : asked) {
        if (!askForStart(partition)) {
            return; // the cluster is away: later
        }
        stalled.erase(partition);
    }
    if (over) {
        return;
    }
    restartFetchers();
    if (paused) {
        setPaused(assigned(), true);
    }
}

bool KafkaSubscriber::State::askForStart(const core::TopicPartition& partition) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    const auto error = rd_kafka_query_watermark_offsets(client, partition.topic.c_str(), partition.partition.id, &low,
                                                        &high, wholeMilliseconds(kSubscriberCall));
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        report(error, rd_kafka_err2str(error));
        return false;
    }
    auto* position = positions.find(partition.topic, partition.partition);
    if (!position) {
        return true;
    }
    if (position->next.value > high) {
        over =
            core::refused(fmt::format("The position {} of {} lies beyond the end of its log, {}: the topic was created "
                                      "anew or has lost its end.",
                                      position->next.value, nameOf(partition), high),
                          "Start again with --reset-offsets.");
        return true;
    }
    if (position->next.value < low) {
        if (position->next.value >= 0) {
            tellExpired(partition, position->next, {low});
        }
        position->next.value = low;
    }
    return true;
}

/// What was in the log before the run began is nobody's loss.
void KafkaSubscriber::State::tellExpired(const core::TopicPartition& partition, core::Offset from, core::Offset low) {
    const core::Offset start = options.startOf ? options.startOf(partition) : core::Offset{};
    const core::Offset ours = std::clamp(start, from, low);
    if (ours > from) {
        notices.post(fmt::format("{} messages of {} that were older than this run had expired unread.",
                                 ours.value - from.value, nameOf(partition)));
    }
    if (ours < low) {
        countGap(partition, static_cast<std::uint64_t>(low.value - ours.value));
    }
}

void KafkaSubscriber::State::countGap(const core::TopicPartition& partition, std::uint64_t messages) {
    gap += messages;
    notices.post(
        fmt::format("The broker had forgotten {} messages of {} before they were read.", messages, nameOf(partition)));
}

void KafkaSubscriber::State::committed(int error) {
    const bool failed = error != RD_KAFKA_RESP_ERR_NO_ERROR && error != RD_KAFKA_RESP_ERR__NO_OFFSET;
    if (failed && !mirrorFailed) {
        notices.post(fmt::format("The positions of group {} could not be mirrored to Kafka, so lag tools show old "
                                 "ones: {}. Nothing else depends on them.",
                                 options.group, rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(error))));
    }
    mirrorFailed = failed;
}

void KafkaSubscriber::State::throttledBy(core::Nanoseconds time) {
    throttled += time;
    if (time > core::Nanoseconds::zero()) {
        notices.postOnce("throttled", [&] {
            return fmt::format("Kafka holds the consumers of group {} back by a quota: by {} ms for one answer.",
                               options.group, wholeMilliseconds(time));
        });
    }
}

} // namespace services
