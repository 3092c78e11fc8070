// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/dedupe/memory_filter.h"

#include <algorithm>
#include <chrono>

namespace services {

namespace {

constexpr std::uint64_t kIndexBits = 0xFFF;
constexpr std::uint64_t kVersionNibble = 0xF000;
constexpr std::uint64_t kVersion7 = 0x7000;

std::uint64_t bigEndian(const std::uint8_t* bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) {
        value = value << 8U | bytes[i];
    }
    return value;
}

class Handle : public core::DuplicateFilter {
public:
    explicit Handle(MemoryFilter& filter) : m_filter(filter) {}
    std::uint64_t lookUp(std::span<const core::EventId> ids, std::vector<std::uint8_t>& known) override {
        m_filter.lookUp(ids, known);
        return 0;
    }
    void remember(std::span<const core::EventId> ids) override { m_filter.remember(ids); }
    std::optional<std::string> popNotice() override { return std::nullopt; }

private:
    MemoryFilter& m_filter;
};

} // namespace

MemoryFilter::MemoryFilter(core::Nanoseconds ttl)
    : MemoryFilter(ttl, [] { return core::Instant(std::chrono::steady_clock::now()); }) {}

MemoryFilter::MemoryFilter(core::Nanoseconds ttl, Clock clock) : m_ttl(ttl), m_clock(std::move(clock)) {}

std::unique_ptr<core::DuplicateFilter> MemoryFilter::handle() {
    return std::make_unique<Handle>(*this);
}

void MemoryFilter::lookUp(std::span<const core::EventId> ids, std::vector<std::uint8_t>& known) {
    known.assign(ids.size(), 0);
    const core::Instant now = m_clock();
    std::unique_lock<std::mutex> lock;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const Place place = placeOf(ids[i]);
        Shard& shard = shardOf(place.key);
        if (lock.mutex() != &shard.mutex) {
            lock = {}; // never two at once: workers meet the shards in any order
            lock = std::unique_lock(shard.mutex);
        }
        const auto found = shard.chunks.find(place.key);
        if (found == shard.chunks.end()) {
            continue;
        }
        const Chunk& chunk = found->second;
        const bool sameTime = place.milliseconds >= chunk.earliest && place.milliseconds <= chunk.latest;
        known[i] = sameTime && chunk.expires > now && chunk.has(place.index) ? 1 : 0;
    }
}

void MemoryFilter::remember(std::span<const core::EventId> ids) {
    const core::Instant now = m_clock();
    std::unique_lock<std::mutex> lock;
    for (const core::EventId& id : ids) {
        const Place place = placeOf(id);
        Shard& shard = shardOf(place.key);
        if (lock.mutex() != &shard.mutex) {
            lock = {}; // as above
            lock = std::unique_lock(shard.mutex);
            forgetOld(shard, now);
        }
        rememberOne(shard, place, now);
    }
}

void MemoryFilter::rememberOne(Shard& shard, const Place& place, core::Instant now) {
    const auto [found, isNew] = shard.chunks.try_emplace(place.key);
    Chunk& chunk = found->second;
    if (isNew) {
        shard.oldestFirst.push_back(place.key);
        chunk.earliest = place.milliseconds;
        chunk.latest = place.milliseconds;
    }
    chunk.earliest = std::min(chunk.earliest, place.milliseconds);
    chunk.latest = std::max(chunk.latest, place.milliseconds);
    chunk.expires = now + m_ttl;
    chunk.add(place.index);
}

void MemoryFilter::forgetOld(Shard& shard, core::Instant now) {
    while (!shard.oldestFirst.empty()) {
        const auto oldest = shard.chunks.find(shard.oldestFirst.front());
        if (oldest->second.expires > now && shard.chunks.size() <= kMaxChunks / m_shards.size()) {
            return;
        }
        shard.chunks.erase(oldest);
        shard.oldestFirst.pop_front();
    }
}

bool MemoryFilter::Chunk::has(std::uint16_t index) const {
    if (count == kChunk) {
        return true;
    }
    if (bits) {
        return ((*bits)[index / 64U] >> (index % 64U) & 1U) != 0;
    }
    return std::find(few.begin(), few.begin() + count, index) != few.begin() + count;
}

void MemoryFilter::Chunk::add(std::uint16_t index) {
    if (has(index)) {
        return;
    }
    if (!bits && count < few.size()) {
        few[count++] = index;
        return;
    }
    const auto set = [this](std::uint16_t one) { (*bits)[one / 64U] |= std::uint64_t{1} << (one % 64U); };
    if (!bits) {
        bits = std::make_unique<Bits>();
        std::ranges::for_each(few, set);
    }
    set(index);
    if (++count == kChunk) {
        bits.reset();
    }
}

MemoryFilter::Place MemoryFilter::placeOf(const core::EventId& id) {
    std::uint64_t high = bigEndian(id.bytes.data());
    const std::uint64_t low = bigEndian(id.bytes.data() + 8);
    std::uint64_t milliseconds = 0;
    if ((high & kVersionNibble) == kVersion7) {
        milliseconds = high >> 16U;
        high = kVersion7;
    }
    return {.key = {high, low & ~kIndexBits},
            .index = static_cast<std::uint16_t>(low & kIndexBits),
            .milliseconds = milliseconds};
}

std::size_t MemoryFilter::KeyHash::operator()(const Key& key) const {
    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014) over both halves.
    std::uint64_t value = key.high * 0x9E3779B97F4A7C15U ^ key.low;
    value = (value ^ value >> 30U) * 0xBF58476D1CE4E5B9U;
    value = (value ^ value >> 27U) * 0x94D049BB133111EBU;
    return value ^ value >> 31U;
}

MemoryFilter::Shard& MemoryFilter::shardOf(const Key& key) {
    return m_shards[(KeyHash()(key) >> 32U) % m_shards.size()];
}

std::size_t MemoryFilter::bytes() const {
    constexpr std::size_t kNode = sizeof(Key) + sizeof(Chunk) + 2 * sizeof(void*);
    std::size_t total = sizeof *this;
    for (const Shard& shard : m_shards) {
        const std::scoped_lock lock(shard.mutex);
        total += shard.chunks.size() * (kNode + sizeof(Key)) + shard.chunks.bucket_count() * sizeof(void*);
        for (const auto& [key, chunk] : shard.chunks) {
            total += chunk.bits ? sizeof(Bits) : 0;
        }
    }
    return total;
}

} // namespace services
