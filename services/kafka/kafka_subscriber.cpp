// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/kafka_subscriber.h"

#include "services/kafka/kafka_message.h"
#include "services/kafka/partition_list.h"
#include "services/kafka/subscriber_state.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace services {

using std::chrono::steady_clock;

core::Result<std::unique_ptr<KafkaSubscriber>> KafkaSubscriber::create(const SubscriberOptions& options,
                                                                       core::AssignmentListener& listener) {
    auto state = std::make_unique<State>();
    state->options = options;
    if (auto status = state->open(listener); !status) {
        return status.error();
    }
    return std::unique_ptr<KafkaSubscriber>(new KafkaSubscriber(std::move(state)));
}

KafkaSubscriber::KafkaSubscriber(std::unique_ptr<State> state) : m_state(std::move(state)) {}

KafkaSubscriber::~KafkaSubscriber() {
    close();
    destroyWithin(m_state->client, kSubscriberClose);
}

core::Result<std::unique_ptr<core::PolledMessage>> KafkaSubscriber::poll(core::Nanoseconds timeout) {
    auto& state = *m_state;
    int wait = wholeMilliseconds(timeout);
    const auto started = wait > 0 ? steady_clock::now() : steady_clock::time_point();
    const auto until = started + timeout;
    if (started >= state.mirrorAt) { // without waiting it is mirror() that sees to this
        state.mirrorNow();
    }
    if (std::exchange(state.waitsForShare, false)) {
        state.assign(*state.options.share);
    }
    for (;;) {
        if (!state.stalled.empty()) {
            state.askForStarts();
        }
        auto* message = state.over || state.closed ? nullptr : rd_kafka_consumer_poll(state.client, wait);
        if (state.over) {
            if (message) {
                rd_kafka_message_destroy(message);
            }
            return *state.over;
        }
        if (!message) {
            return std::unique_ptr<core::PolledMessage>();
        }
        if (auto admitted = state.admit(message)) {
            return admitted;
        }
        if (state.over) {
            return *state.over;
        }
        wait = wait > 0 ? wholeMilliseconds(until - steady_clock::now()) : 0;
    }
}

/// Nothing for an error and for a message that must not be handed out; takes the message in any case.
std::unique_ptr<core::PolledMessage> KafkaSubscriber::State::admit(rd_kafka_message_t* message) {
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        fault(*message);
        rd_kafka_message_destroy(message);
        return nullptr;
    }
    auto polled = std::make_unique<KafkaMessage>(message);
    const auto admission = positions.admit(message->rkt, polled->topic(), polled->partition(), polled->offset());
    if (admission.verdict == SubscriberPositions::Verdict::Stale) {
        return nullptr;
    }
    troubled = false;
    if (admission.skipped > 0 && options.embedded) {
        countGap({std::string(polled->topic()), polled->partition()}, admission.skipped);
    }
    return polled;
}

void KafkaSubscriber::pause() {
    if (m_state->paused) {
        return;
    }
    m_state->paused = true;
    m_state->setPaused(m_state->assigned(), true);
}

void KafkaSubscriber::resume() {
    if (!m_state->paused) {
        return; // librdkafka would start the fetchers from an older place
    }
    m_state->paused = false;
    m_state->setPaused(m_state->assigned(), false);
}

void KafkaSubscriber::seek(const core::TopicPartition& partition, core::Offset offset) {
    auto& state = *m_state;
    auto* position = state.positions.find(partition.topic, partition.partition);
    if (!position || state.closed) {
        return;
    }
    position->next = offset;
    state.stalled.erase(partition);
    const auto list = partitionList(std::vector{std::pair(partition, offset)});
    auto* error = rd_kafka_seek_partitions(state.client, list.get(), wholeMilliseconds(kSubscriberCall));
    const bool failed = error || list->elems[0].err != RD_KAFKA_RESP_ERR_NO_ERROR;
    if (error) {
        rd_kafka_error_destroy(error);
    }
    if (!failed) {
        return;
    }
    state.restartFetchers(); // its fetcher had stopped or not started yet
    if (state.paused) {
        state.setPaused(state.assigned(), true);
    }
}

void KafkaSubscriber::mirror(const std::vector<std::pair<core::TopicPartition, core::Offset>>& positions) {
    auto& state = *m_state;
    for (const auto& [partition, offset] : positions) {
        if (state.positions.find(partition.topic, partition.partition)) {
            state.unmirrored[partition] = offset;
        }
    }
    if (steady_clock::now() >= state.mirrorAt) {
        state.mirrorNow();
    }
}

/// A commit is a request and a record in the broker's log, so batches of some milliseconds share one.
void KafkaSubscriber::State::mirrorNow() {
    if (unmirrored.empty() || closed || options.share) { // without a group there is nobody to look
        return;
    }
    constexpr int kAsynchronous = 1;
    const std::vector<std::pair<core::TopicPartition, core::Offset>> latest(unmirrored.begin(), unmirrored.end());
    unmirrored.clear();
    mirrorAt = steady_clock::now() + kMirrorEvery;
    const auto error = rd_kafka_commit(client, partitionList(latest).get(), kAsynchronous);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        committed(error);
    }
}

void KafkaSubscriber::State::lastEvent(rd_kafka_event_t& event) {
    if (rd_kafka_event_type(&event) != RD_KAFKA_EVENT_REBALANCE) {
        return; // messages and errors that come too late
    }
    if (auto* partitions = rd_kafka_event_topic_partition_list(&event)) {
        rebalance(rd_kafka_event_error(&event), *partitions);
    }
}

void KafkaSubscriber::close() {
    auto& state = *m_state;
    if (state.closed) {
        return;
    }
    state.mirrorNow();
    if (state.options.share && !state.assigned().empty()) {
        state.revoke(state.assigned());
        rd_kafka_assign(state.client, nullptr);
    }
    state.closed = true;
    rd_kafka_queue_t* queue = rd_kafka_queue_new(state.client);
    const auto until = steady_clock::now() + kSubscriberClose;
    if (auto* error = rd_kafka_consumer_close_queue(state.client, queue)) {
        spdlog::warn("kafka consumer of group {} could not be closed: {}", state.options.group,
                     rd_kafka_error_string(error));
        rd_kafka_error_destroy(error);
    } else {
        // As events: rd_kafka_queue_poll_callback() of 2.0.2 aborts on messages that nobody has polled.
        while (rd_kafka_consumer_closed(state.client) == 0 && steady_clock::now() < until) {
            if (auto* event = rd_kafka_queue_poll(queue, 20)) {
                state.lastEvent(*event);
                rd_kafka_event_destroy(event);
            }
        }
        if (rd_kafka_consumer_closed(state.client) == 0) {
            state.notices.post(fmt::format("Group {} could not be left in time; its place is free when the session "
                                           "time-out has passed.",
                                           state.options.group));
        }
    }
    rd_kafka_queue_destroy(queue);
    if (state.throttled > core::Nanoseconds::zero()) {
        state.notices.post(fmt::format("In all, Kafka's quotas held this consumer of group {} back for {:.1f} s.",
                                       state.options.group, core::secondsOf(state.throttled)));
    }
    state.positions.clear();
}

std::uint64_t KafkaSubscriber::offsetGap() const {
    return m_state->gap;
}

std::optional<std::string> KafkaSubscriber::popNotice() {
    return m_state->notices.pop();
}

const std::map<std::string, std::string>& KafkaSubscriber::settings() const {
    return m_state->settings;
}

} // namespace services
