// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/filter.h"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace services {

/// The duplicate filter of an embedded run: remembers ids within this process for the time-to-live. Ids are kept as
/// bitmaps of 4,096 neighbours, for ours count upwards in their last bits; a full bitmap needs no bits any more, so
/// millions of ids in order cost some hundred KiB. Ids without neighbours cost an entry each, of which there are at
/// most a million; the oldest go first. Any thread; it outlives its handles.
class MemoryFilter {
public:
    using Clock = std::function<core::Instant()>;

    explicit MemoryFilter(core::Nanoseconds ttl);
    MemoryFilter(core::Nanoseconds ttl, Clock clock); ///< for tests

    /// For one worker.
    std::unique_ptr<core::DuplicateFilter> handle();

    void lookUp(std::span<const core::EventId> ids, std::vector<std::uint8_t>& known);
    void remember(std::span<const core::EventId> ids);
    std::size_t bytes() const; ///< what it holds now, about

    static constexpr std::size_t kMaxChunks = 1'000'000;

private:
    /// An id without its last 12 bits and, for version 7, without its time, which rises within a chunk.
    struct Key {
        std::uint64_t high = 0;
        std::uint64_t low = 0;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const;
    };
    struct Place {
        Key key;
        std::uint16_t index = 0;        ///< in the chunk
        std::uint64_t milliseconds = 0; ///< the id's first 48 bits where the key leaves them out, else 0
    };
    static constexpr std::size_t kChunk = 4'096;
    using Bits = std::array<std::uint64_t, kChunk / 64>;

    /// A few ids are listed; more are bits; all 4,096 need neither.
    struct Chunk {
        std::array<std::uint16_t, 6> few{};
        std::uint16_t count = 0;
        std::unique_ptr<Bits> bits;
        std::uint64_t earliest = 0; ///< a foreign id with the same last bits is of another time
        std::uint64_t latest = 0;
        core::Instant expires;

        bool has(std::uint16_t index) const;
        void add(std::uint16_t index);
    };
    struct Shard {
        mutable std::mutex mutex;
        std::unordered_map<Key, Chunk, KeyHash> chunks;
        std::deque<Key> oldestFirst;
    };

    static Place placeOf(const core::EventId& id);
    Shard& shardOf(const Key& key);
    void rememberOne(Shard& shard, const Place& place, core::Instant now);
    void forgetOld(Shard& shard, core::Instant now);

    core::Nanoseconds m_ttl;
    Clock m_clock;
    std::array<Shard, 16> m_shards;
};

} // namespace services
