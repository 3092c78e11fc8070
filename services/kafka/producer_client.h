// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/broker.h"
#include "services/kafka/client_settings.h"
#include "services/kafka/delivery_reports.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace services {

/// One rd_kafka_t that produces to one topic, with the thread that takes its delivery reports to the reports. That
/// thread also ends it, so that nobody waits for librdkafka. One owning thread.
class ProducerClient {
public:
    /// `topicLimit`: of a message, in bytes, as the topic has it; for sentences.
    static core::Result<std::unique_ptr<ProducerClient>> create(KafkaConf conf, const std::string& topic,
                                                                std::shared_ptr<DeliveryReports> reports,
                                                                std::optional<std::uint64_t> topicLimit = {});
    ~ProducerClient(); ///< retires it, and waits up to 10 s until it has ended

    enum class Produced { Accepted, QueueFull, Refused, Broken };
    /// A negative partition: that of the turn, or by the key as Kafka's own clients do; without a key librdkafka
    /// chooses.
    Produced produce(const core::OutgoingEvent& event, core::Partition partition);
    /// From now on all events go to one partition, the next that has a leader, whatever their keys; until the next
    /// call.
    void nextTurn();
    /// What the answers of a broker said of quotas so far, in sum.
    core::Nanoseconds throttled() const;

    /// A fatal error has struck: it will never send again.
    bool broken() const;
    std::string breakage() const; ///< what broke it
    /// Sends what waits for its batch to fill, up to `limit`.
    void flush(core::Nanoseconds limit);
    /// Gives up what is queued and under way; the reports come soon after.
    void purge();
    /// Accepted and not reported yet.
    std::uint64_t outstanding() const;

    /// It is not used any more: it waits for the answers under way for up to `grace`, purges, and ends by itself.
    void retire(core::Nanoseconds grace);
    bool ended() const;

private:
    struct State;
    explicit ProducerClient(std::shared_ptr<State> state);
    std::shared_ptr<State> m_state; // the report thread's as well: it may outlive us where librdkafka hangs
    std::jthread m_reports;
};

} // namespace services
