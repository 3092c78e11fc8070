// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/topic_partition.h"
#include "core/units.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace core {

struct MessageHeader {
    std::string name;
    std::optional<std::string> value; ///< any bytes; nothing: null
    bool operator==(const MessageHeader&) const = default;
};

/// A message of a Kafka topic as it lies in the log. All of it is somebody else's: bytes, not texts.
struct TopicMessage {
    enum class TimeKind : std::uint8_t { None, Created, Appended }; ///< by its producer, by the broker

    std::string topic;
    Partition partition;
    Offset offset;
    TimeKind timeKind = TimeKind::None;
    WallTime time;                  ///< to a millisecond; meaningless without a kind
    std::optional<std::string> key; ///< nothing: null
    std::vector<MessageHeader> headers;
    std::optional<std::string> payload; ///< nothing: null, which deletes the key from a compacted topic
    std::size_t payloadSize = 0;        ///< as it lies in the log; `payload` may hold its beginning only

    bool isCut() const { return payload && payload->size() < payloadSize; }
    std::size_t bytes() const; ///< about what it takes in memory
    bool operator==(const TopicMessage&) const = default;
};

} // namespace core
