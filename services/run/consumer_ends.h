// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/archive/run_head.h"
#include "services/consumer/consumer_pool.h"
#include "services/consumer/trouble.h"
#include "services/run/broker_watch.h"
#include "services/run/stored_positions.h"
#include "services/target/broker_end.h"
#include "services/target/filter_end.h"
#include "services/target/store_end.h"

#include <atomic>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace services {

/// What consumers use of a run's three ends, and how far they have stored. The ends outlive it, and it the consumers.
/// Any thread may call the members.
class ConsumerEnds {
public:
    struct Options {
        core::ConsumerSettings settings;
        RunHead head;
        bool resetOffsets = false;
        bool byDaemons = false; ///< others consume for the run
    };

    ConsumerEnds(Options options, BrokerEnd& broker, StoreEnd& store, FilterEnd& filter, TargetNote note);

    ConsumerSetup worker(core::Tier tier, const std::string& name);

    /// All partitions that the run's topics had at its beginning belong to its own workers.
    bool owned() const { return m_positions.owned(); }
    /// What was in the topics when the run began and is not stored yet, by topic; and was not when it was opened.
    std::map<std::string, std::uint64_t> older() const { return m_positions.older(); }
    const std::map<std::string, std::uint64_t>& olderAtFirst() const { return m_olderAtFirst; }
    BrokerWatch& watch() { return m_watch; }
    const BrokerWatch& watch() const { return m_watch; }

    /// Finds where the log ends now; from then on undrained() compares with it. To be called when all is sent. Waits
    /// for ten seconds at most; watch() does the same without waiting.
    core::Status markEnd();
    /// Messages before the end that are not stored yet, summed over the partitions; those of others too.
    std::uint64_t undrained() const { return m_positions.missing(); }
    /// Asks the store itself: it holds less than was committed to it, so it has gone back, and the consumers must ask
    /// it anew where they stand.
    core::Result<bool> storeIsBehind();
    /// What was counted here may differ from what the store holds: the ledger goes by the store.
    bool storeDecides() const { return m_storeDecides.load(std::memory_order_acquire); }
    /// Where consumers of other processes stand, by the store; `taken`: they have all partitions.
    void storedElsewhere(const std::vector<std::pair<core::TopicPartition, core::Offset>>& positions, bool taken);
    std::string refusal() const { return m_refusal.text(); } ///< why the first own event was refused; empty: none was
    std::vector<std::pair<core::TopicPartition, core::Offset>> positions() const { return m_positions.all(); }

private:
    ConsumerOptions optionsOf(core::Tier tier) const;
    ConsumerPorts portsOf(core::Tier tier, const std::string& name);

    Options m_options;
    BrokerEnd& m_broker;
    StoreEnd& m_store;
    FilterEnd& m_filter;
    TargetNote m_note;
    StoredPositions m_positions;
    std::atomic<bool> m_storeDecides{false};
    Trouble m_refusal;
    std::map<std::string, std::uint64_t> m_olderAtFirst;
    BrokerWatch m_watch; // before the others go
};

} // namespace services
