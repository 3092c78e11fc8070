// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/broker_reach.h"

#include "services/kafka/client_settings.h"
#include "services/kafka/handle_deleter.h"

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <memory>

namespace services {

namespace {

bool isSilence(rd_kafka_resp_err_t error) {
    return error == RD_KAFKA_RESP_ERR__TIMED_OUT || error == RD_KAFKA_RESP_ERR__TRANSPORT ||
           error == RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT || error == RD_KAFKA_RESP_ERR__RESOLVE;
}

/// The settings of a broker can only be asked of that broker itself.
void ask(rd_kafka_s& client, int broker, core::Nanoseconds limit, rd_kafka_queue_t& queue) {
    const std::unique_ptr<rd_kafka_AdminOptions_t, HandleDeleter<rd_kafka_AdminOptions_destroy>> options(
        rd_kafka_AdminOptions_new(&client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS));
    rd_kafka_AdminOptions_set_request_timeout(options.get(), wholeMilliseconds(limit), nullptr, 0);
    const std::unique_ptr<rd_kafka_ConfigResource_t, HandleDeleter<rd_kafka_ConfigResource_destroy>> resource(
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_BROKER, std::to_string(broker).c_str()));
    auto* list = resource.get();
    rd_kafka_DescribeConfigs(&client, &list, 1, options.get(), &queue);
}

} // namespace

bool reachesOne(rd_kafka_s& client, const std::vector<AdvertisedBroker>& brokers, core::Nanoseconds limit,
                const std::stop_token& stop) {
    constexpr int kSlice = 100; // ms, to hear of a stop
    const std::unique_ptr<rd_kafka_queue_t, HandleDeleter<rd_kafka_queue_destroy>> queue(rd_kafka_queue_new(&client));
    for (const AdvertisedBroker& broker : brokers) {
        ask(client, broker.id, limit, *queue);
    }
    const auto until = std::chrono::steady_clock::now() + limit + std::chrono::seconds(1);
    std::size_t silent = 0;
    while (silent < brokers.size() && std::chrono::steady_clock::now() < until && !stop.stop_requested()) {
        const std::unique_ptr<rd_kafka_event_t, HandleDeleter<rd_kafka_event_destroy>> answer(
            rd_kafka_queue_poll(queue.get(), kSlice));
        if (!answer) {
            continue;
        }
        if (!isSilence(rd_kafka_event_error(answer.get()))) {
            return true;
        }
        ++silent;
    }
    return false;
}

} // namespace services
