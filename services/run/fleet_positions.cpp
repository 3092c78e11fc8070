// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/fleet_positions.h"

#include "services/run/fleet_consumption.h"

#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

constexpr core::Nanoseconds kAskPositionsEvery = 500ms;
constexpr core::Nanoseconds kAskWhileDraining = 50ms;

} // namespace

void FleetPositions::tick(core::Instant now, bool draining) {
    if (m_call.on()) {
        return;
    }
    if (m_answer) {
        const auto answer = **std::exchange(m_answer, nullptr);
        if (answer) { // who does not answer is asked again, and told of where that matters
            m_parts.pipeline->consumers().storedElsewhere(
                *answer, static_cast<const FleetConsumption&>(*m_parts.consumers).joined());
        }
    }
    if (now >= m_next) {
        m_next = now + (draining ? kAskWhileDraining : kAskPositionsEvery);
        m_answer = m_call.begin([&store = m_parts.pipeline->store()] { return store.positions(); });
    }
}

} // namespace services
