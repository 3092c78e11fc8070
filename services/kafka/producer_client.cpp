// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/producer_client.h"

#include "services/kafka/key_partition.h"
#include "services/kafka/partition_turns.h"
#include "services/kafka/produce_faults.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

namespace services {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

constexpr auto kPollSlice = milliseconds(50);
constexpr auto kPurgeAgain = seconds(1);
constexpr auto kPatience = seconds(5); // K6: no report comes after a purge for this long: never
constexpr const char* kIdHeader = "millrace-id";

static_assert(sizeof(void*) == sizeof(std::uint64_t), "the opaque carries the token");

void* opaqueOf(std::uint64_t token) {
    return reinterpret_cast<void*>(token);
} // a number, never dereferenced
std::uint64_t tokenOf(const void* opaque) {
    return reinterpret_cast<std::uint64_t>(opaque);
}

core::Delivery deliveryOf(const rd_kafka_message_t& message) {
    const auto status = rd_kafka_message_status(&message);
    if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        // When a batch has failed, an idempotent client calls whatever comes before a later success acknowledged, sent
        // or not. Only a broker's answer gives an offset, and with acks=0, where there is none, the status says less.
        return status == RD_KAFKA_MSG_STATUS_PERSISTED && message.offset < 0 ? core::Delivery::InDoubt
                                                                             : core::Delivery::Acked;
    }
    switch (status) {
    case RD_KAFKA_MSG_STATUS_PERSISTED:
        return core::Delivery::Acked;
    case RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED:
        return core::Delivery::InDoubt;
    case RD_KAFKA_MSG_STATUS_NOT_PERSISTED:
        break;
    }
    return core::Delivery::Failed;
}

std::string settingOf(const rd_kafka_conf_t& conf, const char* name) {
    std::array<char, 64> value{};
    std::size_t size = value.size();
    return rd_kafka_conf_get(&conf, name, value.data(), &size) == RD_KAFKA_CONF_OK ? value.data() : "unknown";
}

std::size_t headerSize(const rd_kafka_message_t& message) {
    rd_kafka_headers_t* headers = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return 0;
    }
    return rd_kafka_header_get_last(headers, kIdHeader, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR ? size : 0;
}

void* bytesOf(std::string_view text) {
    return const_cast<char*>(text.data());
} // librdkafka only copies from it

} // namespace

/// Produced to by the owner; everything else is the report thread's.
struct ProducerClient::State {
    rd_kafka_t* client = nullptr;
    rd_kafka_topic_t* topic = nullptr;
    rd_kafka_queue_t* queue = nullptr;
    std::shared_ptr<DeliveryReports> reports;
    std::string topicName;
    SizeLimits limits;
    std::optional<PartitionTurns> turns; // set when the client is created
    std::atomic<std::int64_t> throttledMs{0};

    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> reported{0};
    std::atomic<bool> broken{false};
    std::mutex queueMutex; // between retire() and the end of the queue
    std::atomic<bool> retired{false};
    std::atomic<bool> ended{false};
    steady_clock::time_point purgeAt; // written before `retired`, read after it
    bool troubled = false;            // a fault has been told, and nothing was acknowledged since

    ~State() {
        if (client) {
            end();
        }
    }

    rd_kafka_resp_err_t produce(const core::OutgoingEvent& event, std::int32_t partition);
    rd_kafka_resp_err_t produceWithHeaders(const core::OutgoingEvent& event, std::int32_t partition);
    void run();
    void handle(rd_kafka_event_t& event); ///< and destroys it
    void handleReports(rd_kafka_event_t& event);
    void handleError(rd_kafka_event_t& event);
    void clientRefused(const core::OutgoingEvent& event, rd_kafka_resp_err_t error);
    void deliveryFailed(rd_kafka_resp_err_t error);
    void throttledFor(int ms);
    void end();
    bool drained() const { return reported.load() >= accepted.load(); }
};

core::Result<std::unique_ptr<ProducerClient>> ProducerClient::create(KafkaConf conf, const std::string& topic,
                                                                     std::shared_ptr<DeliveryReports> reports,
                                                                     std::optional<std::uint64_t> topicLimit) {
    rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
    std::array<char, 512> reason{};
    auto state = std::make_shared<State>();
    state->reports = std::move(reports);
    state->topicName = topic;
    state->limits = {settingOf(*conf, "message.max.bytes"), settingOf(*conf, "batch.size"), topicLimit};
    state->turns.emplace(murmur2(settingOf(*conf, "client.id")) >> 8U);
    rd_kafka_conf_set_opaque(conf.get(), state.get());
    rd_kafka_conf_set_throttle_cb(conf.get(), [](rd_kafka_t*, const char*, std::int32_t, int ms, void* opaque) {
        static_cast<State*>(opaque)->throttledFor(ms);
    });
    state->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), reason.data(), reason.size());
    if (!state->client) {
        return core::invalid(
            fmt::format("The Kafka producer for topic {} could not be created: {}.", topic, reason.data()));
    }
    static_cast<void>(conf.release()); // the client owns it now
    state->queue = rd_kafka_queue_get_main(state->client);
    rd_kafka_topic_conf_t* topicConf = rd_kafka_default_topic_conf_dup(state->client);
    rd_kafka_topic_conf_set_opaque(topicConf, state.get());
    rd_kafka_topic_conf_set_partitioner_cb(topicConf, [](const rd_kafka_topic_t* of, const void* key, std::size_t size,
                                                         std::int32_t partitions, void* opaque, void* message) {
        PartitionTurns& turns = *static_cast<State*>(opaque)->turns;
        if (turns.on()) {
            return turns.partition(*of, partitions);
        }
        if (size == 0) { // where librdkafka does not choose itself
            return rd_kafka_msg_partitioner_random(of, key, size, partitions, opaque, message);
        }
        // As Kafka's own clients do: keys that repeat keep their order.
        return partitionOfKey({static_cast<const char*>(key), size}, partitions).id;
    });
    state->topic = rd_kafka_topic_new(state->client, topic.c_str(), topicConf);
    if (!state->topic) {
        return core::invalid(
            fmt::format("Topic {} cannot be produced to: {}.", topic, rd_kafka_err2str(rd_kafka_last_error())));
    }
    return std::unique_ptr<ProducerClient>(new ProducerClient(std::move(state)));
}

rd_kafka_resp_err_t ProducerClient::State::produceWithHeaders(const core::OutgoingEvent& event,
                                                              std::int32_t partition) {
    rd_kafka_headers_t* headers = rd_kafka_headers_new(event.headers.size() + 1);
    if (!event.headerId.empty()) {
        rd_kafka_header_add(headers, kIdHeader, -1, event.headerId.data(), static_cast<ssize_t>(event.headerId.size()));
    }
    for (const core::EventHeader& header : event.headers) {
        rd_kafka_header_add(headers, header.name, -1, header.value.data(), static_cast<ssize_t>(header.value.size()));
    }
    // The types of the arguments are those that the RD_KAFKA_V_… macros cast to.
    const auto error = rd_kafka_producev(
        client, RD_KAFKA_VTYPE_RKT, topic, RD_KAFKA_VTYPE_PARTITION, partition, RD_KAFKA_VTYPE_MSGFLAGS,
        RD_KAFKA_MSG_F_COPY, RD_KAFKA_VTYPE_VALUE, bytesOf(event.payload), event.payload.size(), RD_KAFKA_VTYPE_KEY,
        event.key.empty() ? nullptr : event.key.data(), event.key.size(), RD_KAFKA_VTYPE_HEADERS, headers,
        RD_KAFKA_VTYPE_OPAQUE, opaqueOf(event.token), RD_KAFKA_VTYPE_END);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_headers_destroy(headers); // only a message that was taken owns them
    }
    return error;
}

rd_kafka_resp_err_t ProducerClient::State::produce(const core::OutgoingEvent& event, std::int32_t partition) {
    const void* key = event.key.empty() ? nullptr : event.key.data();
    if (!event.headers.empty() || !event.headerId.empty()) {
        return produceWithHeaders(event, partition);
    }
    if (rd_kafka_produce(topic, partition, RD_KAFKA_MSG_F_COPY, bytesOf(event.payload), event.payload.size(), key,
                         event.key.size(), opaqueOf(event.token)) == 0) {
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    // After a fatal error 2.0.2 fails without setting its last error.
    if (rd_kafka_fatal_error(client, nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return RD_KAFKA_RESP_ERR__FATAL;
    }
    const auto error = rd_kafka_last_error();
    return error == RD_KAFKA_RESP_ERR_NO_ERROR ? RD_KAFKA_RESP_ERR__FAIL : error;
}

ProducerClient::ProducerClient(std::shared_ptr<State> state)
    : m_state(std::move(state)), m_reports([shared = m_state] { shared->run(); }) {}

ProducerClient::~ProducerClient() {
    if (!m_state->retired.load()) {
        retire(core::Nanoseconds{0});
    }
    const auto until = steady_clock::now() + 2 * kPatience;
    if (m_state->reports->wait(until, [this] { return ended(); })) {
        return; // the report thread is joined at once
    }
    spdlog::error("Kafka producer for {} did not end in time and is left behind", m_state->topicName);
    m_reports.detach();
}

ProducerClient::Produced ProducerClient::produce(const core::OutgoingEvent& event, core::Partition partition) {
    const auto error = m_state->produce(event, partition.id < 0 ? RD_KAFKA_PARTITION_UA : partition.id);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
        m_state->accepted.fetch_add(1, std::memory_order_release);
        return Produced::Accepted;
    }
    if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        return Produced::QueueFull;
    }
    if (error != RD_KAFKA_RESP_ERR__FATAL) {
        m_state->clientRefused(event, error);
        return Produced::Refused;
    }
    m_state->broken.store(true, std::memory_order_release); // its event may still be under way
    return Produced::Broken;
}

void ProducerClient::nextTurn() {
    m_state->turns->next();
}

core::Nanoseconds ProducerClient::throttled() const {
    return milliseconds(m_state->throttledMs.load(std::memory_order_relaxed));
}

bool ProducerClient::broken() const {
    return m_state->broken.load(std::memory_order_acquire);
}

std::string ProducerClient::breakage() const {
    std::array<char, 512> reason{};
    const auto cause = rd_kafka_fatal_error(m_state->client, reason.data(), reason.size());
    return fmt::format("{} ({})", reason.data(), rd_kafka_err2name(cause));
}

void ProducerClient::flush(core::Nanoseconds limit) {
    // Its report thread serves the queue meanwhile. A failure means that some are left, which the caller sees.
    rd_kafka_flush(m_state->client, wholeMilliseconds(limit));
}

void ProducerClient::purge() {
    rd_kafka_purge(m_state->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
}

std::uint64_t ProducerClient::outstanding() const {
    const auto accepted = m_state->accepted.load();
    const auto reported = m_state->reported.load();
    return accepted > reported ? accepted - reported : 0;
}

void ProducerClient::retire(core::Nanoseconds grace) {
    m_state->purgeAt = steady_clock::now() + grace;
    const std::scoped_lock lock(m_state->queueMutex); // seeing `retired`, the report thread may end at once
    m_state->retired.store(true, std::memory_order_release);
    if (m_state->queue) {
        rd_kafka_queue_yield(m_state->queue);
    }
}

bool ProducerClient::ended() const {
    return m_state->ended.load(std::memory_order_acquire);
}

void ProducerClient::State::run() {
    auto nextPurge = steady_clock::time_point::max();
    auto giveUp = steady_clock::time_point::max();
    for (;;) {
        if (auto* event = rd_kafka_queue_poll(queue, static_cast<int>(kPollSlice.count()))) {
            handle(*event);
        }
        if (!retired.load(std::memory_order_acquire)) {
            continue;
        }
        if (drained()) {
            break;
        }
        const auto now = steady_clock::now();
        if (nextPurge == steady_clock::time_point::max()) {
            nextPurge = purgeAt;
            giveUp = std::max(now, purgeAt) + kPatience;
        }
        if (now >= giveUp) {
            spdlog::error("Kafka producer for {}: no delivery report for {} events", topicName, accepted - reported);
            break;
        }
        if (now >= nextPurge) {
            rd_kafka_purge(client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
            nextPurge = now + kPurgeAgain;
        }
    }
    end();
    ended.store(true, std::memory_order_release);
    const DeliveryReports::Batch wake(*reports);
}

void ProducerClient::State::end() {
    {
        const std::scoped_lock lock(queueMutex);
        if (queue) {
            rd_kafka_queue_destroy(std::exchange(queue, nullptr));
        }
    }
    if (topic) {
        rd_kafka_topic_destroy(topic);
    }
    rd_kafka_destroy(client);
    client = nullptr;
}

void ProducerClient::State::handle(rd_kafka_event_t& event) {
    if (rd_kafka_event_type(&event) == RD_KAFKA_EVENT_DR) {
        return handleReports(event);
    }
    if (rd_kafka_event_type(&event) == RD_KAFKA_EVENT_ERROR) {
        handleError(event);
    }
    rd_kafka_event_destroy(&event);
}

void ProducerClient::State::handleReports(rd_kafka_event_t& event) {
    const auto at = steady_clock::now();
    const bool credited = reports->credit() != nullptr;
    std::uint64_t count = 0;
    DeliveryReports::Batch batch(*reports);
    while (const auto* message = rd_kafka_event_message_next(&event)) {
        DeliveryReports::Report report{
            tokenOf(message->_private), deliveryOf(*message), {message->partition}, {message->offset}, 0};
        if (credited) {
            report.size = messageSize(message->len, message->key_len, headerSize(*message));
        }
        if (report.delivery == core::Delivery::Acked) {
            troubled = false;
        } else if (report.delivery == core::Delivery::Failed && !isOwnDoing(message->err)) {
            report.refusal = isRefusal(message->err) ? rd_kafka_err2str(message->err) : nullptr;
            deliveryFailed(message->err);
        }
        batch.report(report, at);
        ++count;
    }
    reported.fetch_add(count, std::memory_order_release);
    // Only now has the queue room for others: whoever waits for it must not be woken before.
    rd_kafka_event_destroy(&event);
}

void ProducerClient::State::handleError(rd_kafka_event_t& event) {
    const auto error = rd_kafka_event_error(&event);
    // A fatal error comes under its own name or that of its cause.
    if (rd_kafka_fatal_error(client, nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        broken.store(true, std::memory_order_release);
        const DeliveryReports::Batch wake(*reports); // whoever waits for room must look again
        return;
    }
    if (troubled) {
        return;
    }
    troubled = true;
    reports->notices().post(fmt::format("Kafka does not take events for topic {}: {} ({}).", topicName,
                                        rd_kafka_event_error_string(&event), rd_kafka_err2name(error)));
}

void ProducerClient::State::clientRefused(const core::OutgoingEvent& event, rd_kafka_resp_err_t error) {
    reports->notices().postOnce(fmt::format("refused {}", static_cast<int>(error)), [&] {
        return refusedByClient(error, topicName, event.payload.size() + event.key.size(), limits);
    });
}

void ProducerClient::State::deliveryFailed(rd_kafka_resp_err_t error) {
    if (rd_kafka_fatal_error(client, nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return; // has a sentence of its own
    }
    reports->notices().postOnce(fmt::format("failed {}", static_cast<int>(error)),
                                [&] { return failedToBeDelivered(error, topicName, limits); });
}

/// On the report thread, with each answer that a broker has delayed.
void ProducerClient::State::throttledFor(int ms) {
    throttledMs.fetch_add(ms, std::memory_order_relaxed);
    if (ms > 0) {
        reports->notices().postOnce("throttled", [&] {
            return fmt::format("Kafka holds the producer for topic {} back by a quota: by {} ms for one answer.",
                               topicName, ms);
        });
    }
}

} // namespace services
