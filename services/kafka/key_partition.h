// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace services {

/// Murmur2 (Austin Appleby, public domain) with the seed that Kafka's own clients use.
constexpr std::uint32_t murmur2(std::string_view data) {
    constexpr std::uint32_t kMultiplier = 0x5bd1e995;
    const auto byte = [data](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(data[i])}; };
    const std::size_t whole = data.size() / 4 * 4;
    std::uint32_t hash = 0x9747b28c ^ static_cast<std::uint32_t>(data.size());
    for (std::size_t i = 0; i < whole; i += 4) {
        std::uint32_t word = byte(i) | byte(i + 1) << 8 | byte(i + 2) << 16 | byte(i + 3) << 24;
        word *= kMultiplier;
        word ^= word >> 24;
        word *= kMultiplier;
        hash *= kMultiplier;
        hash ^= word;
    }
    for (std::size_t i = data.size(); i > whole; --i) {
        hash ^= byte(i - 1) << (8 * (i - 1 - whole));
    }
    if (whole != data.size()) {
        hash *= kMultiplier;
    }
    hash ^= hash >> 13;
    hash *= kMultiplier;
    hash ^= hash >> 15;
    return hash;
}

/// The partition that Kafka's Java client, and librdkafka's murmur2 partitioner, choose for a key.
constexpr core::Partition partitionOfKey(std::string_view key, int partitions) {
    return {static_cast<std::int32_t>((murmur2(key) & 0x7fffffff) % static_cast<std::uint32_t>(partitions))};
}

} // namespace services
