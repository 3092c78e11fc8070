// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/run_lanes.h"
#include "core/ports/audited_rows.h"
#include "core/scenario/scenario.h"
#include "services/archive/run_head.h"
#include "services/producer/run_account.h"
#include "services/run/consumer_ends.h"
#include "services/run/consumption.h"
#include "services/target/broker_end.h"
#include "services/target/filter_end.h"
#include "services/target/store_end.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace services {

/// The ends of a run, connected: broker, then store, then, where the run itself consumes, duplicate filter. Where
/// somebody else consumes, the store is the table that is audited; where nobody does, it holds nothing. Any thread may
/// use what it hands out; it outlives the streams and consumers.
class Pipeline {
public:
    struct Options {
        core::Scenario scenario;
        core::Target target;
        std::filesystem::path directory;
        RunHead head;
        bool resetOffsets = false;
        bool resuming = false;    ///< no new topics; what is in the log already belongs to the run
        bool byDaemons = false;   ///< others consume for the run: the group has members already
        std::stop_token giveUp{}; ///< ends create() early
    };

    /// Connects to every server and creates what is missing. Errors as Run::start().
    static core::Result<std::unique_ptr<Pipeline>> create(const Options& options, const TargetNote& note);

    BrokerEnd& broker() { return *m_broker; }
    core::Store& store() { return *m_store.store; }
    const std::string& storeTag() const { return m_store.tag; } ///< what the filter's answers belong to
    ConsumerEnds& consumers() { return *m_consumers; }          ///< of a run that consumes itself
    /// Whoever consumes, at work; once. Lanes and account outlive it.
    std::unique_ptr<Consumption> consumption(const core::Scenario& scenario, const RunHead& head, core::RunLanes& lanes,
                                             RunAccount& account);
    /// How many lanes it writes.
    static std::size_t consumerLanes(const core::Scenario& scenario);

    /// For the result's head, without secrets.
    std::map<std::string, std::string> targetFacts() const;
    std::map<std::string, std::string> settings() const;
    std::map<std::string, std::string> versions() const;

private:
    Pipeline(const Options& options, std::unique_ptr<BrokerEnd> broker, StoreEnd store,
             std::unique_ptr<core::AuditedRows> watched, const TargetNote& note);
    void warnOfServers(const Options& options, const TargetNote& note) const;
    void warnOfTable(const TargetNote& note) const;

    core::ConsumerSettings m_consumerSettings;
    core::DedupeSettings m_dedupe;
    std::unique_ptr<BrokerEnd> m_broker;
    StoreEnd m_store;
    FilterEnd m_filter;
    std::optional<ConsumerEnds> m_consumers;      // of a run that consumes itself
    std::unique_ptr<core::AuditedRows> m_watched; // of one that an outsider consumes, until consumption() takes it
};

} // namespace services
