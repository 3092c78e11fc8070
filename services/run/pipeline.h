// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scenario/scenario.h"
#include "services/archive/run_head.h"
#include "services/run/consumer_ends.h"
#include "services/target/broker_end.h"
#include "services/target/filter_end.h"
#include "services/target/store_end.h"

#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

namespace services {

/// The three ends of a run that both sends and consumes, connected: broker, then store, then duplicate filter. Any
/// thread may use what it hands out; it outlives the streams and consumers.
class Pipeline {
public:
    struct Options {
        core::Scenario scenario;
        core::Target target;
        std::filesystem::path directory;
        RunHead head;
        bool resetOffsets = false;
        bool resuming = false;    ///< no new topics; what is in the log already belongs to the run
        std::stop_token giveUp{}; ///< ends create() early
    };

    /// Connects to every server and creates what is missing. Errors as Run::start().
    static core::Result<std::unique_ptr<Pipeline>> create(const Options& options, const TargetNote& note);

    BrokerEnd& broker() { return *m_broker; }
    core::Store& store() { return *m_store.store; }
    const std::string& storeTag() const { return m_store.tag; } ///< what the filter's answers belong to
    ConsumerEnds& consumers() { return m_consumers; }

    /// For the result's head, without secrets.
    std::map<std::string, std::string> targetFacts() const;
    std::map<std::string, std::string> settings() const;
    std::map<std::string, std::string> versions() const;

private:
    Pipeline(const Options& options, std::unique_ptr<BrokerEnd> broker, StoreEnd store, const TargetNote& note);

    core::ConsumerSettings m_consumerSettings;
    core::DedupeSettings m_dedupe;
    std::unique_ptr<BrokerEnd> m_broker;
    StoreEnd m_store;
    FilterEnd m_filter;
    ConsumerEnds m_consumers;
};

} // namespace services
