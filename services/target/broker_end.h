// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/mark.h"
#include "core/ports/broker.h"
#include "core/result.h"
#include "core/scenario/scenario.h"
#include "core/target/broker_address.h"
#include "services/kafka/cluster_admin.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace services {

/// For the time line; without an instant. Any thread.
using TargetNote = std::function<void(core::Mark)>;

/// A run's broker, connected, with its topics: what streams send to and consumers read from. Any thread may call the
/// members. It outlives what it created.
class BrokerEnd {
public:
    struct Options {
        core::Scenario scenario;
        core::BrokerAddress broker;
        std::string runId;        ///< the embedded broker is that run's only
        bool resuming = false;    ///< what is in the log already belongs to the run
        bool byDaemons = false;   ///< others consume for the run: the group has members already
        std::stop_token giveUp{}; ///< ends open() early
    };

    /// Connects and creates the topics that are missing. Errors as Run::start().
    static core::Result<std::unique_ptr<BrokerEnd>> open(Options options, const TargetNote& note);
    ~BrokerEnd();

    // For streams.
    core::Result<std::unique_ptr<core::Publisher>> publisher(const core::Stream& stream, core::DeliverySink& sink);

    // For consumers. `name` tells workers apart.
    core::Result<std::unique_ptr<core::Subscriber>> subscriber(core::Tier tier, const std::string& name,
                                                               core::AssignmentListener& listener);
    /// To the scenario's dead-letter topic. `oneByOne`: no message shares its batch.
    core::Result<std::unique_ptr<core::Publisher>> deadLetterPublisher(const std::string& worker,
                                                                       core::DeliverySink& sink, bool oneByOne);
    /// Where the run begins in a partition of which the store knows nothing.
    core::Result<core::Offset> startOf(const core::TopicPartition& partition) const;
    /// The first offset that is kept, and the next to be written.
    core::Result<std::pair<core::Offset, core::Offset>> bounds(const core::TopicPartition& partition) const;
    /// The same of all partitions that the run's topics have now, within the limit; of those there were when it began.
    core::Result<LogBounds> bounds(core::Nanoseconds limit) const;
    const LogBounds& start() const; ///< empty when resuming
    /// As bounds(), but up to where the first transaction lies open. One thread at a time.
    core::Result<LogBounds> stableBounds(core::Nanoseconds limit);
    /// Who is in the consumers' group; nothing while it is being balanced.
    core::Result<std::optional<std::vector<GroupMember>>> groupMembers(core::Nanoseconds limit) const;
    /// Stored up to `next`: the embedded broker may forget it.
    void stored(const core::TopicPartition& partition, core::Offset next);

    bool embedded() const;
    const std::string& clusterId() const;
    const std::string& group() const; ///< of the consumers
    std::map<std::string, std::string> facts() const;
    /// Of the clients created so far, without secrets.
    std::map<std::string, std::string> settings() const;

private:
    struct State;
    explicit BrokerEnd(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace services
