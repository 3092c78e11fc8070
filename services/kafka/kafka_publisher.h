// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/broker.h"
#include "core/scenario/scenario.h"
#include "services/kafka/client_settings.h"
#include "services/kafka/partition_credit.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace services {

/// An event of the largest size that scenarios may ask for, with its key and headers.
inline constexpr std::uint64_t kLargestEvent = (1U << 20U) + (64U << 10U);

struct PublisherOptions {
    ClusterAccess cluster;
    std::string stream;      ///< its name, for logs and the broker's own
    core::TierSettings tier; ///< topic, linger, batch, compression, queue, deadline
    core::Acks acks = core::Acks::All;
    bool idempotence = true; ///< takes effect with acks=all only, which it needs
    /// False: a key comes once (the event's id), so it says nothing about order, and the partition is chosen as without
    /// one: all events of one linger to one partition, then the next. A partition for each key would be a request for
    /// each partition and linger.
    bool keysRepeat = true;
    /// Of the topic, where events go to one partition at a time; nothing: not known, or keys send them to all at once.
    std::optional<int> partitionsPerBroker = {};
    std::uint64_t largestEvent = kLargestEvent;   ///< what the client takes, unless its settings say otherwise
    std::optional<std::uint64_t> topicLimit = {}; ///< max.message.bytes of the topic, if it is known
    /// Embedded broker only: the topic's credit (PartitionCredit::topic), which outlives the publisher. The publisher
    /// then picks partitions itself: by the key as Kafka's Java client does, without a key one that has credit.
    TopicCredit* credit = nullptr;
};

/// A stream's publisher: its own rd_kafka_t, with its own queue and threads (K4). After a fatal error it goes on with a
/// new one (K3); what the old one still held is reported failed or in doubt. With acks=0 an event counts as acked as
/// soon as it is written to the socket: librdkafka reports no more. One sending thread, which also calls waitForRoom()
/// and finish() and destroys it; the sink is called on a report thread, never by two at a time. Destroying takes a few
/// seconds at most: what is not delivered is purged, and each event has its delivery before the sink may go.
class KafkaPublisher : public core::Publisher {
public:
    static core::Result<std::unique_ptr<KafkaPublisher>> create(PublisherOptions options, core::DeliverySink& sink);
    ~KafkaPublisher() override;

    core::SendOutcome send(const core::OutgoingEvent& event) override;
    void waitForRoom(core::Instant until) override;
    void finish(core::Nanoseconds limit) override;
    void finishBy(core::Instant latest) override;
    std::optional<std::string> popNotice() override;

    /// librdkafka's settings where they differ from its defaults, without secrets.
    const std::map<std::string, std::string>& settings() const;
    /// How often a fatal error forced a new client.
    int replacements() const;

private:
    struct State;
    explicit KafkaPublisher(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace services
