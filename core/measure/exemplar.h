// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event_id.h"
#include "core/units.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <vector>

namespace core {

/// One event among a histogram's values, so that whoever sees a slow bucket can look at a stored row.
struct Exemplar {
    EventId id;
    std::chrono::microseconds value{};
    WallTime at; ///< when it was recorded

    bool operator==(const Exemplar&) const = default;
};

/// Keeps the newest exemplar of each octave, (2^k, 2^(k+1)] s: so a rare slow event stays until another one comes. No
/// bucket of an exposition lies in two octaves, so none shows an older exemplar after a newer one.
void keepNewest(std::vector<Exemplar>& all, const Exemplar& exemplar);
void keepNewest(std::vector<Exemplar>& all, const std::vector<Exemplar>& others);

/// Exemplars that one thread records while others read.
class ExemplarLane {
public:
    static constexpr std::size_t kOctaves = 33; ///< up to 4,096 s
    void record(const Exemplar& exemplar);      ///< writer only; negative values are left out
    /// Any thread: as keepNewest(). What is being written at this very moment is left out.
    void addTo(std::vector<Exemplar>& all) const;

private:
    /// A sequence lock. The fields are atomics with release and acquire: a reader that sees a new field also sees the
    /// version before it, which is odd, or differs from the one that it read first.
    struct Slot {
        std::atomic<std::uint32_t> version{0}; // 0: empty; odd: being written
        std::array<std::atomic<std::uint64_t>, 2> id{};
        std::atomic<std::int64_t> micros{0};
        std::atomic<std::int64_t> at{0}; // ns since the epoch
    };
    std::array<Slot, kOctaves> m_slots;
};

} // namespace core
