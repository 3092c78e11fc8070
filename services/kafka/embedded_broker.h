// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/units.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace services {

/// A Kafka broker inside this process, over loopback: librdkafka's mock cluster. It keeps the newest 5 MiB or 100,000
/// batches of each partition and forgets the rest (see PartitionCredit). Any thread.
class EmbeddedBroker {
public:
    static core::Result<std::unique_ptr<EmbeddedBroker>> create(int partitions, const std::vector<std::string>& topics);
    ~EmbeddedBroker();

    /// HOST:PORT on loopback.
    std::string bootstrap() const;

    // Faults, for tests.

    /// Error codes of the Kafka protocol, and librdkafka's own for a cut connection.
    enum class Fault : int {
        Disconnect = -195,
        NotLeader = 6,
        RequestTimedOut = 7,
        MessageTooLarge = 10,
        NotEnoughReplicas = 19,
        NotEnoughReplicasAfterAppend = 20,
        UnknownProducer = 59,
        OutOfOrderSequence = 45,
        TopicAuthorizationFailed = 29,
        GroupAuthorizationFailed = 30,
    };
    enum class Request : std::int16_t {
        Produce = 0,
        Fetch = 1,
        Metadata = 3,
        OffsetCommit = 8,
        JoinGroup = 11,
        Heartbeat = 12
    };

    /// Answers the next `times` requests of the kind with the fault.
    void fail(Request request, Fault fault, int times);
    /// Delays every answer.
    void roundTrip(core::Nanoseconds delay);
    /// Carries out the next `times` requests of the kind, but answers each that much later.
    void delay(Request request, core::Nanoseconds delay, int times);
    void down(); ///< cuts all connections and accepts none
    void up();

private:
    struct State;
    explicit EmbeddedBroker(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace services
