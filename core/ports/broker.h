// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/fate.h"
#include "core/result.h"
#include "core/target/topic_partition.h"
#include "core/units.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The doors to and from the broker. Each says which thread calls it.
namespace core {

/// Notified of every event that send() accepted, once. Called on the publisher's report thread.
class DeliverySink {
public:
    virtual ~DeliverySink() = default;
    virtual void delivered(std::uint64_t token, Delivery delivery, Instant at) = 0;
    /// Instead of delivered() where the broker will never take this event (too large, for example), with its reason.
    virtual void refused(std::uint64_t token, std::string_view /*reason*/, Instant at) {
        delivered(token, Delivery::Failed, at);
    }
};

struct EventHeader {
    const char* name = "";
    std::string_view value;
};

struct OutgoingEvent {
    std::string_view key; ///< empty: none
    std::string_view payload;
    std::string_view headerId;              ///< value of the header millrace-id; empty: none
    std::uint64_t token = 0;                ///< comes back with the delivery
    std::span<const EventHeader> headers{}; ///< further ones
};

enum class SendOutcome {
    Accepted,
    Full,    ///< the queue is full, or the embedded broker's credit is used up: back-pressure, try again
    Refused, ///< the client will never take this event (too large, for example): counts as failed
};

/// One stream's way into the broker. send() never blocks. One sending thread.
class Publisher {
public:
    virtual ~Publisher() = default;
    virtual SendOutcome send(const OutgoingEvent& event) = 0;
    /// Waits until there may be room or `until` is reached; for use after Full.
    virtual void waitForRoom(Instant until) = 0;
    /// Delivers what is queued; what is left after `limit` is purged. What has no delivery when this returns gets none:
    /// nobody knows what became of it. The last call of all.
    virtual void finish(Nanoseconds limit) = 0;
    /// Any thread: finish(), under way or to come, purges at `latest`. For publishers that take a while over it.
    virtual void finishBy(Instant /*latest*/) {}
    /// Sentence about a fault that began since the last call; for the time line.
    virtual std::optional<std::string> popNotice() = 0;
};

/// A message, alive as long as this object.
class PolledMessage {
public:
    virtual ~PolledMessage() = default;
    virtual std::string_view topic() const = 0;
    virtual Partition partition() const = 0;
    virtual Offset offset() const = 0;
    virtual std::string_view key() const = 0;
    virtual std::string_view payload() const = 0;
    virtual std::string_view header(const char* name) const = 0; ///< empty: absent
    virtual std::optional<WallTime> timestamp() const = 0; ///< of the record, to a millisecond; nothing: it has none
};

/// Notified of changes of the assignment, on the polling thread, inside poll().
class AssignmentListener {
public:
    virtual ~AssignmentListener() = default;
    /// Answers where to start each partition, in the same order; an error ends the subscription.
    virtual Result<std::vector<Offset>> assigned(const std::vector<TopicPartition>& partitions) = 0;
    /// `lost`: the group has given them away already, so the batch in hand must be abandoned.
    virtual void revoked(const std::vector<TopicPartition>& partitions, bool lost) = 0;
};

/// One member of a consumer group. One thread does everything but wake().
class Subscriber {
public:
    virtual ~Subscriber() = default;
    /// The next message, nothing after `timeout`, or an error (Fatal: the subscription is over; Transient: retried).
    virtual Result<std::unique_ptr<PolledMessage>> poll(Nanoseconds timeout) = 0;
    virtual void pause() = 0; ///< all partitions of the present assignment; poll() then yields no message
    virtual void resume() = 0;
    virtual void seek(const TopicPartition& partition, Offset offset) = 0;
    /// Mirrors positions to the broker for lag tools, several times a second; does not wait.
    virtual void mirror(const std::vector<std::pair<TopicPartition, Offset>>& positions) = 0;
    virtual void close() = 0;
    virtual std::uint64_t offsetGap() const = 0; ///< messages the broker had forgotten before they were read
    virtual std::optional<std::string> popNotice() = 0;
};

} // namespace core
