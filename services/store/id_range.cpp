// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/id_range.h"

#include <algorithm>

namespace services {

core::EventId lowestIdAt(core::WallTime time) {
    const auto sinceEpoch = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
    const auto ms = static_cast<std::uint64_t>(std::clamp<std::int64_t>(sinceEpoch, 0, (1LL << 48) - 1));
    core::EventId id;
    for (std::size_t i = 0; i < 6; ++i) {
        id.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    }
    return id;
}

core::EventId lowestIdAfter(core::WallTime time) {
    return lowestIdAt(std::chrono::floor<std::chrono::milliseconds>(time) + std::chrono::milliseconds(1));
}

} // namespace services
