// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/exemplar.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace core {
namespace {

/// Of (2^(k-1), 2^k] s: k + 20, for 2^-20 s is less than 1 µs.
std::size_t octaveOf(std::chrono::microseconds value) {
    int exponent = 0;
    const double mantissa = std::frexp(std::chrono::duration<double>(value).count(), &exponent); // 0.5 … 1; 0 of 0
    const int octave = mantissa == 0 ? 0 : exponent - (mantissa == 0.5 ? 1 : 0) + 20;
    return std::min(static_cast<std::size_t>(std::max(octave, 0)), ExemplarLane::kOctaves - 1);
}

} // namespace

void keepNewest(std::vector<Exemplar>& all, const Exemplar& exemplar) {
    const auto same =
        std::ranges::find(all, octaveOf(exemplar.value), [](const Exemplar& e) { return octaveOf(e.value); });
    if (same == all.end()) {
        all.push_back(exemplar);
    } else if (same->at < exemplar.at) {
        *same = exemplar;
    }
}

void keepNewest(std::vector<Exemplar>& all, const std::vector<Exemplar>& others) {
    for (const Exemplar& exemplar : others) {
        keepNewest(all, exemplar);
    }
}

void ExemplarLane::record(const Exemplar& exemplar) {
    if (exemplar.value.count() < 0) {
        return;
    }
    Slot& slot = m_slots[octaveOf(exemplar.value)];
    const std::uint32_t version = slot.version.load(std::memory_order_relaxed);
    slot.version.store(version + 1, std::memory_order_relaxed);
    std::array<std::uint64_t, 2> id{};
    std::memcpy(id.data(), exemplar.id.bytes.data(), sizeof(id));
    slot.id[0].store(id[0], std::memory_order_release);
    slot.id[1].store(id[1], std::memory_order_release);
    slot.micros.store(exemplar.value.count(), std::memory_order_release);
    slot.at.store(exemplar.at.time_since_epoch().count(), std::memory_order_release);
    slot.version.store(version + 2, std::memory_order_release);
}

void ExemplarLane::addTo(std::vector<Exemplar>& all) const {
    for (const Slot& slot : m_slots) {
        const std::uint32_t version = slot.version.load(std::memory_order_acquire);
        const std::array<std::uint64_t, 2> id{slot.id[0].load(std::memory_order_acquire),
                                              slot.id[1].load(std::memory_order_acquire)};
        Exemplar exemplar{.id = {},
                          .value = std::chrono::microseconds(slot.micros.load(std::memory_order_acquire)),
                          .at = WallTime(WallTime::duration(slot.at.load(std::memory_order_acquire)))};
        std::memcpy(exemplar.id.bytes.data(), id.data(), sizeof(id));
        if (version != 0 && version % 2 == 0 && slot.version.load(std::memory_order_relaxed) == version) {
            keepNewest(all, exemplar);
        }
    }
}

} // namespace core
