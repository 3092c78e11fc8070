// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/embedded_broker.h"

#include "services/kafka/client_settings.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

namespace services {

namespace {
constexpr std::int32_t kBroker = 1; // mock brokers are numbered from 1
constexpr std::int32_t kEveryBroker = -1;
} // namespace

struct EmbeddedBroker::State {
    rd_kafka_t* owner = nullptr;
    rd_kafka_mock_cluster_t* cluster = nullptr;

    ~State() {
        if (cluster) {
            rd_kafka_mock_cluster_destroy(cluster);
        }
        if (owner) {
            destroyWithin(owner, std::chrono::seconds(5));
        }
    }
};

EmbeddedBroker::EmbeddedBroker(std::unique_ptr<State> state) : m_state(std::move(state)) {}
EmbeddedBroker::~EmbeddedBroker() = default;

core::Result<std::unique_ptr<EmbeddedBroker>> EmbeddedBroker::create(int partitions,
                                                                     const std::vector<std::string>& topics) {
    auto conf = kafkaConf({}, {{"client.id", "embedded-broker"}}, {});
    if (!conf) {
        return conf.error();
    }
    auto state = std::make_unique<State>();
    std::array<char, 512> reason{};
    state->owner = rd_kafka_new(RD_KAFKA_PRODUCER, conf->get(), reason.data(), reason.size());
    if (!state->owner) {
        return core::fatal(fmt::format("The embedded broker could not be started: {}.", reason.data()));
    }
    static_cast<void>(conf->release()); // the client owns it now
    state->cluster = rd_kafka_mock_cluster_new(state->owner, 1);
    if (!state->cluster) {
        return core::fatal("The embedded broker could not open a port on 127.0.0.1.");
    }
    for (const auto& topic : topics) {
        const auto error = rd_kafka_mock_topic_create(state->cluster, topic.c_str(), partitions, 1);
        if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return core::invalid(fmt::format("The embedded broker could not create topic {} with {} partitions: {}.",
                                             topic, partitions, rd_kafka_err2str(error)));
        }
    }
    return std::unique_ptr<EmbeddedBroker>(new EmbeddedBroker(std::move(state)));
}

std::string EmbeddedBroker::bootstrap() const {
    return rd_kafka_mock_cluster_bootstraps(m_state->cluster);
}

void EmbeddedBroker::fail(Request request, Fault fault, int times) {
    const std::vector<rd_kafka_resp_err_t> errors(static_cast<std::size_t>(times),
                                                  static_cast<rd_kafka_resp_err_t>(fault));
    rd_kafka_mock_push_request_errors_array(m_state->cluster, static_cast<std::int16_t>(request), errors.size(),
                                            errors.data());
}

void EmbeddedBroker::roundTrip(core::Nanoseconds delay) {
    rd_kafka_mock_broker_set_rtt(m_state->cluster, kEveryBroker, wholeMilliseconds(delay));
}

void EmbeddedBroker::delay(Request request, core::Nanoseconds delay, int times) {
    for (int i = 0; i < times; ++i) {
        rd_kafka_mock_broker_push_request_error_rtts(m_state->cluster, kBroker, static_cast<std::int16_t>(request),
                                                     std::size_t{1}, RD_KAFKA_RESP_ERR_NO_ERROR,
                                                     wholeMilliseconds(delay));
    }
}

void EmbeddedBroker::down() {
    rd_kafka_mock_broker_set_down(m_state->cluster, kEveryBroker);
}

void EmbeddedBroker::up() {
    rd_kafka_mock_broker_set_up(m_state->cluster, kEveryBroker);
}

} // namespace services
