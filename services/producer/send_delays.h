// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace services {

/// How late the latest events of one stream were handed over, by sequence: a ring that forgets the oldest. The stream's
/// thread writes, consumers read; an entry carries the low half of its sequence, so a forgotten one is recognised.
class SendDelays {
public:
    /// `capacity` is rounded up to a power of two.
    explicit SendDelays(std::size_t capacity);

    void record(std::uint64_t sequence, core::Nanoseconds delay);
    std::optional<core::Nanoseconds> find(std::uint64_t sequence) const;

private:
    static constexpr std::uint64_t kHalf = 0xffff'ffffULL;

    std::uint64_t m_mask;
    std::unique_ptr<std::atomic<std::uint64_t>[]> m_entries; // low half of the sequence + 1 << 32 | delay in µs
};

} // namespace services
