// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/broker.h"
#include "services/kafka/client_settings.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace services {

struct SubscriberOptions {
    ClusterAccess cluster;
    std::string group;
    std::vector<std::string> topics;
    core::Nanoseconds sessionTimeout = std::chrono::seconds(6);
    /// The embedded broker keeps every offset, so that a hole between two messages is a loss and counts as gap. Real
    /// clusters leave holes lawfully (transactions, compaction): there only what the log's start has overtaken counts.
    bool embedded = false;
    /// Its partitions, where no group hands them out: an embedded broker takes three seconds for a group's first join.
    std::optional<std::vector<core::TopicPartition>> share{};
    std::string clientId = "millrace-consumer";
    /// Where a partition ended when the run began: what expires before it is no gap. Empty: everything counts.
    std::function<core::Offset(const core::TopicPartition&)> startOf{};
};

/// A group member on librdkafka's consumer, polled message by message (R5). Positions come from the listener, never
/// from Kafka (R3, D4). Faults of the cluster that may pass are notices; poll() answers Refused for missing rights and
/// for a position beyond the log's end, Fatal for librdkafka's own end, and the listener's own error once assigned()
/// has failed; from then on always. While paused, partitions of a new assignment are paused too. Messages must be gone
/// before the subscriber is.
class KafkaSubscriber : public core::Subscriber {
public:
    static core::Result<std::unique_ptr<KafkaSubscriber>> create(const SubscriberOptions& options,
                                                                 core::AssignmentListener& listener);
    ~KafkaSubscriber() override; ///< closes

    core::Result<std::unique_ptr<core::PolledMessage>> poll(core::Nanoseconds timeout) override;
    void pause() override;
    void resume() override;
    void seek(const core::TopicPartition& partition, core::Offset offset) override;
    void mirror(const std::vector<std::pair<core::TopicPartition, core::Offset>>& positions) override;
    /// Leaves the group, calling revoked() for what is assigned; within 10 s, whatever the cluster does (R6).
    void close() override;
    std::uint64_t offsetGap() const override;
    std::optional<std::string> popNotice() override;

    /// librdkafka's settings where they differ from its defaults, without secrets.
    const std::map<std::string, std::string>& settings() const;

    struct State;

private:
    explicit KafkaSubscriber(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace services
