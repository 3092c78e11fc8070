// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/topic_consumer.h"

#include "services/kafka/handle_deleter.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <array>
#include <set>

namespace services {

namespace {

using ReadTopic = std::unique_ptr<rd_kafka_topic_t, HandleDeleter<rd_kafka_topic_destroy>>;
using ReadQueue = std::unique_ptr<rd_kafka_queue_t, HandleDeleter<rd_kafka_queue_destroy>>;

bool deniesReading(rd_kafka_resp_err_t error) {
    return error == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED || error == RD_KAFKA_RESP_ERR__AUTHENTICATION ||
           error == RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED;
}

bool isOffsetGone(rd_kafka_resp_err_t error) {
    return error == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || error == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE;
}

} // namespace

struct TopicConsumer::State {
    std::string bootstrap;
    std::string name;
    rd_kafka_t* client = nullptr;
    ReadTopic topic;
    ReadQueue queue; // of all partitions
    std::set<core::Partition> started;
    std::string reason; // both are written inside rd_kafka_poll() alone
    std::optional<std::string> complaint;

    ~State() {
        for (const core::Partition partition : started) {
            rd_kafka_consume_stop(topic.get(), partition.id);
        }
        queue.reset();
        topic.reset();
        if (client != nullptr) {
            destroyWithin(client, std::chrono::seconds(5));
        }
    }
    core::Error failure(rd_kafka_resp_err_t error, core::Partition partition, const char* reason) const {
        std::string sentence = fmt::format("Kafka at {} did not hand out messages of topic {}, partition {}: {}.",
                                           bootstrap, name, partition.id, reason);
        return deniesReading(error) ? core::refused(std::move(sentence), "Grant READ on the topic.")
                                    : core::transient(std::move(sentence));
    }
    /// That one connection broke is no news: the client has others, or opens it again.
    static void hear(rd_kafka_t*, int error, const char* reason, void* opaque) {
        auto& state = *static_cast<State*>(opaque);
        if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
            state.complaint = state.reason.empty() ? reason : state.reason;
        } else {
            state.reason = reason;
        }
    }
};

core::Result<std::unique_ptr<TopicConsumer>> TopicConsumer::create(const ClusterAccess& access,
                                                                   const std::string& topic, const Settings& settings) {
    auto conf = kafkaConf(access,
                          {{"client.id", "millrace-messages"},
                           {"reconnect.backoff.max.ms", "1000"},
                           {"fetch.wait.max.ms", "100"},
                           {"fetch.max.bytes", "8388608"}},
                          {{"group.id", ""}, // whose client would look for its coordinator, and need a right on it
                           {"enable.auto.commit", "false"},
                           {"auto.commit.enable", "false"},
                           {"enable.auto.offset.store", "false"},
                           {"allow.auto.create.topics", "false"},
                           {"auto.offset.reset", "error"}, // what has been forgotten is counted, not passed over
                           {"enable.partition.eof", "true"},
                           {"isolation.level", settings.committedOnly ? "read_committed" : "read_uncommitted"},
                           {"queued.max.messages.kbytes", std::to_string(settings.fetchedAhead.count >> 10U)}});
    if (!conf) {
        return conf.error();
    }
    auto state = std::make_unique<State>();
    rd_kafka_conf_set_opaque(conf->get(), state.get());
    rd_kafka_conf_set_error_cb(conf->get(), &State::hear);
    std::array<char, 512> reason{};
    state->client = rd_kafka_new(RD_KAFKA_CONSUMER, conf->get(), reason.data(), reason.size());
    if (state->client == nullptr) {
        return core::invalid(
            fmt::format("The Kafka client for {} could not be created: {}.", access.bootstrap, reason.data()));
    }
    static_cast<void>(conf->release()); // the client owns it now
    state->bootstrap = access.bootstrap;
    state->name = topic;
    state->topic.reset(rd_kafka_topic_new(state->client, topic.c_str(), nullptr));
    if (!state->topic) {
        return core::invalid(fmt::format("'{}' is no name for a topic.", topic));
    }
    state->queue.reset(rd_kafka_queue_new(state->client));
    return std::unique_ptr<TopicConsumer>(new TopicConsumer(std::move(state)));
}

TopicConsumer::TopicConsumer(std::unique_ptr<State> state) : m_state(std::move(state)) {}
TopicConsumer::~TopicConsumer() = default;

core::Status TopicConsumer::start(core::Partition partition, core::Offset offset) {
    stop(partition);
    if (rd_kafka_consume_start_queue(m_state->topic.get(), partition.id, offset.value, m_state->queue.get()) != 0) {
        const auto error = rd_kafka_last_error();
        return m_state->failure(error, partition, rd_kafka_err2str(error));
    }
    m_state->started.insert(partition);
    return {};
}

void TopicConsumer::stop(core::Partition partition) {
    if (m_state->started.erase(partition) > 0) {
        rd_kafka_consume_stop(m_state->topic.get(), partition.id);
    }
}

TopicConsumer::Polled TopicConsumer::poll(core::Nanoseconds timeout) {
    rd_kafka_message_t* const polled = rd_kafka_consume_queue(m_state->queue.get(), wholeMilliseconds(timeout));
    if (polled == nullptr) {
        rd_kafka_poll(m_state->client, 0); // complaints
        return Nothing();
    }
    KafkaMessage message(polled);
    const core::Partition partition{polled->partition};
    if (!m_state->started.contains(partition)) {
        return Nothing(); // what came before it was stopped
    }
    if (polled->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return message;
    }
    if (polled->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        return PartitionEnd{partition, {polled->offset}};
    }
    if (isOffsetGone(polled->err)) {
        return OffsetForgotten{partition};
    }
    const char* const reason = rd_kafka_message_errstr(polled);
    return m_state->failure(polled->err, partition, reason != nullptr ? reason : rd_kafka_err2str(polled->err));
}

std::optional<core::Offset> TopicConsumer::newestKnown(core::Partition partition) const {
    std::int64_t low = 0;
    std::int64_t high = -1;
    const auto error =
        rd_kafka_get_watermark_offsets(m_state->client, m_state->name.c_str(), partition.id, &low, &high);
    return error == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? std::optional(core::Offset{high}) : std::nullopt;
}

std::optional<std::string> TopicConsumer::popComplaint() {
    rd_kafka_poll(m_state->client, 0);
    return std::exchange(m_state->complaint, std::nullopt);
}

} // namespace services
