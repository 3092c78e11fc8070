// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/browse/topic_message.h"

#include <cstddef>
#include <string>
#include <string_view>

/// How messages, which may hold anything, are written for people and programs.
namespace core {

/// True for UTF-8 without control characters other than tabs and line ends.
bool isReadable(std::string_view bytes);

/// What people read of bytes: laid-out JSON where they are JSON, the text where they are readable, else a dump.
std::string formattedPayload(std::string_view bytes);

inline constexpr std::size_t kMostDumped = std::size_t{64} << 10U; ///< bytes in a dump

/// Sixteen bytes per line: where the first stands, all of them as hexadecimal digits, and as ASCII with a point for
/// what is none. Of more than `most` bytes the beginning, and a line that says so.
std::string byteDump(std::string_view bytes, std::size_t most = kMostDumped);

/// At most so many bytes as one line: line ends become ⏎, other control characters spaces, what is no UTF-8 �.
std::string oneLineOf(std::string_view bytes, std::size_t most);

/// One line of JSON without its end: topic, partition, offset, timestamp (RFC 3339 or null), timestamp_type (create,
/// append or null), key, headers, payload, payload_size. What is no UTF-8 stands as base64 under key_base64,
/// value_base64 and payload_base64 instead.
std::string jsonLineOf(const TopicMessage& message);

} // namespace core
