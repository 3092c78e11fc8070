// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/consumer/consumer_pool.h"
#include "services/run/consumer_ends.h"
#include "services/run/consumption.h"

namespace services {

/// The reference consumer, in this process.
class OwnConsumers final : public Consumption {
public:
    /// The workers join their group at once. All that is handed over outlives it.
    OwnConsumers(ConsumerEnds& ends, const core::Scenario& scenario, core::RunLanes& lanes,
                 core::EventAccount& account);

    bool ready() const override { return m_pool.joined() && m_ends.owned(); }
    std::map<std::string, std::uint64_t> older() const override { return m_ends.older(); }
    std::map<std::string, std::uint64_t> olderAtFirst() const override { return m_ends.olderAtFirst(); }
    std::optional<core::Error> failure() const override { return m_pool.failure(); }
    std::string trouble() const override { return m_pool.trouble(); }
    std::string broken() const override { return m_ends.watch().broken(); }
    std::string heldBack() const override { return m_ends.watch().heldBack(); }
    core::ConsumerWaits waits() const override { return m_pool.waits(); }
    Positions positions() const override { return m_ends.positions(); }
    void seekEnd() override { m_ends.watch().seekEnd(); }
    bool endKnown() const override { return m_ends.watch().endKnown(); }
    std::string endTrouble() const override { return m_ends.watch().trouble(); }
    std::uint64_t undrained() const override { return m_ends.undrained(); }
    core::Result<bool> storeIsBehind() override { return m_ends.storeIsBehind(); }
    void rejoin() override { m_pool.rejoin(); }
    void stop() override { m_pool.stop(); }
    bool left() const override { return m_pool.left(); }
    Account account() const override { return Account::Kept; }
    bool storeDecides() const override { return m_ends.storeDecides(); }
    std::optional<std::string> violation() const override { return m_pool.violation(); }
    std::string refusal() const override { return m_ends.refusal(); }

private:
    ConsumerEnds& m_ends;
    ConsumerPool m_pool;
};

} // namespace services
