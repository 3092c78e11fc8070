// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/monitor/offset_history.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace core {

void OffsetHistory::addEnd(WallTime at, Offset end) {
    if (!m_looks.empty() && end < m_looks.back().end) {
        m_looks.clear();
        m_ahead = {};
    }
    if (!m_looks.empty() && end == m_looks.back().end) {
        m_looks.back().last = std::max(m_looks.back().last, at);
        return;
    }
    m_looks.push_back({end, at, at});
    thin();
}

void OffsetHistory::addMessage(Offset offset, WallTime time) {
    if (const auto known = between(offset)) {
        m_ahead = known->time - time;
        return;
    }
    const WallTime at = time + m_ahead;
    if (m_looks.empty() || offset < m_looks.front().end) {
        const WallTime first = m_looks.empty() ? at : std::min(at, m_looks.front().first);
        m_looks.insert(m_looks.begin(), {offset, first, first});
        thin();
    }
}

std::optional<WrittenAt> OffsetHistory::writtenAt(Offset offset) const {
    auto known = between(offset);
    if (known) {
        known->time -= m_ahead;
        known->bound += std::chrono::abs(m_ahead); // of another message it may be something else
    }
    return known;
}

std::optional<WrittenAt> OffsetHistory::between(Offset offset) const {
    const auto after = std::ranges::upper_bound(m_looks, offset, {}, &Look::end);
    if (after == m_looks.begin() || after == m_looks.end()) {
        return std::nullopt;
    }
    const Look& before = *std::prev(after);
    const auto messages = static_cast<double>(after->end.value - before.end.value);
    const double share = (static_cast<double>(offset.value - before.end.value) + 0.5) / messages;
    const auto gap = static_cast<double>((after->first - before.last).count());
    return WrittenAt{before.last + Nanoseconds(std::llround(gap * share)),
                     Nanoseconds(std::llround(gap * std::max(share, 1 - share)))};
}

/// Takes out the look whose neighbours leave the smallest gap beside its age.
void OffsetHistory::thin() {
    if (m_looks.size() <= m_capacity) {
        return;
    }
    const WallTime now = m_looks.back().last;
    auto least = m_looks.end();
    double smallest = std::numeric_limits<double>::max();
    for (auto look = m_looks.begin() + 1; look + 1 != m_looks.end(); ++look) {
        const auto gap = static_cast<double>(((look + 1)->first - (look - 1)->last).count());
        const double weight = gap / (1 + static_cast<double>((now - look->last).count()));
        if (weight < smallest) {
            smallest = weight;
            least = look;
        }
    }
    m_looks.erase(least);
}

} // namespace core
