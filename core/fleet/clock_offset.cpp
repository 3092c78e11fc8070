// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/clock_offset.h"

#include <algorithm>

namespace core {
namespace {

Nanoseconds wayOf(const ClockExchange& exchange) {
    return (exchange.heard - exchange.asked) - (exchange.answered - exchange.arrived);
}

} // namespace

void ClockOffset::add(const ClockExchange& exchange) {
    if (wayOf(exchange) < Nanoseconds::zero()) {
        return; // the other's clock ran away between its two looks: nothing follows from it
    }
    m_exchanges.push_back(exchange);
    if (m_exchanges.size() > kExchanges) {
        m_exchanges.pop_front();
    }
}

std::optional<ClockOffset::Estimate> ClockOffset::best() const {
    if (m_exchanges.empty()) {
        return std::nullopt;
    }
    const ClockExchange& best = *std::ranges::min_element(m_exchanges, {}, wayOf);
    const Nanoseconds way = wayOf(best);
    return Estimate{((best.arrived - best.asked) + (best.answered - best.heard)) / 2, way / 2, best.otherWall,
                    best.heard - way / 2};
}

} // namespace core
