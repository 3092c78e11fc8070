// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/consumers.h"
#include "services/run/consumer_ends.h"
#include "services/run/consumption.h"

#include <memory>

namespace services {

/// Daemons of a fleet that consume. How far they are is asked of the store: see FleetPositions.
class FleetConsumption final : public Consumption {
public:
    /// The ends outlive it.
    FleetConsumption(ConsumerEnds& ends, std::unique_ptr<core::Consumers> consumers)
        : m_ends(ends), m_consumers(std::move(consumers)) {}

    bool ready() const override { return m_consumers->joined() && m_ends.owned(); }
    std::map<std::string, std::uint64_t> older() const override { return m_ends.older(); }
    std::map<std::string, std::uint64_t> olderAtFirst() const override { return m_ends.olderAtFirst(); }
    std::string trouble() const override { return m_consumers->trouble(); }
    std::string broken() const override { return m_ends.watch().broken(); }
    std::string heldBack() const override { return m_ends.watch().heldBack(); } ///< by an open transaction, say
    Positions positions() const override { return m_ends.positions(); }
    void seekEnd() override { m_ends.watch().seekEnd(); }
    bool endKnown() const override { return m_ends.watch().endKnown(); }
    std::string endTrouble() const override { return m_ends.watch().trouble(); }
    std::uint64_t undrained() const override { return m_ends.undrained(); }
    void stop() override { m_consumers->stop(); }
    bool left() const override { return m_consumers->left(); }
    Account account() const override { return Account::Kept; }
    bool storeDecides() const override { return true; } // some may have counted what no report told
    std::optional<std::string> violation() const override { return m_consumers->violation(); }
    std::string refusal() const override { return m_consumers->refusal(); }

    bool joined() const { return m_consumers->joined(); }

private:
    ConsumerEnds& m_ends;
    std::unique_ptr<core::Consumers> m_consumers;
};

} // namespace services
