// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/key_order.h"

#include <algorithm>
#include <functional>

namespace services {

KeyOrder::KeyOrder() : m_entries(kEntries) {}

bool KeyOrder::storedLate(std::uint64_t keyHash, std::uint8_t stream, std::uint64_t sequence) {
    if (keyHash == 0) {
        return false;
    }
    const std::uint64_t tag = (keyHash ^ (std::uint64_t{stream} + 1) * 0x9e3779b97f4a7c15ULL) | 1U;
    Entry& entry = m_entries[(tag >> 40U) % kEntries];
    if (entry.tag != tag) {
        entry = {tag, sequence};
        return false;
    }
    if (sequence < entry.highest) {
        return true;
    }
    entry.highest = sequence;
    return false;
}

std::uint64_t KeyOrder::hashOf(std::string_view key, const core::EventId& id) {
    if (key.empty()) {
        return 0;
    }
    if (key.size() == core::EventId::kTextLength) {
        char own[core::EventId::kTextLength];
        id.print(own);
        if (std::equal(key.begin(), key.end(), own)) {
            return 0;
        }
    }
    return std::hash<std::string_view>{}(key) | 1U;
}

} // namespace services
