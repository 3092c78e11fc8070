// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

/// Why events are not taken, in sentences for the time line. Errors are librdkafka's codes.
namespace services {

/// How large a message may be, for sentences.
struct SizeLimits {
    std::string client;                   ///< message.max.bytes
    std::string batch;                    ///< batch.size
    std::optional<std::uint64_t> topic{}; ///< max.message.bytes, if it is known
};

/// No other try will help with this very message.
bool isRefusal(int error);
/// By our own purge, or with a client that is replaced, which has a sentence of its own.
bool isOwnDoing(int error);

/// The client itself does not take an event.
std::string refusedByClient(int error, const std::string& topic, std::size_t bytes, const SizeLimits& limits);
/// It took them, and they were not delivered.
std::string failedToBeDelivered(int error, const std::string& topic, const SizeLimits& limits);

} // namespace services
