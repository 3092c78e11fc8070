// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/store.h"
#include "core/result.h"
#include "core/target/store_address.h"
#include "services/target/broker_end.h"

#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace services {

/// A run's store, connected, with its tables.
struct StoreEnd {
    struct Options {
        core::StoreAddress address;
        std::filesystem::path directory; ///< for the embedded store's events.sqlite
        std::string runId;
        core::WallTime now;
    };

    /// What is stored belongs to the broker's cluster and group. Errors as Run::start(); `giveUp` ends it early.
    static core::Result<StoreEnd> open(const Options& options, const BrokerEnd& broker, const std::stop_token& giveUp);

    std::map<std::string, std::string> facts() const; ///< for the result's head, without secrets

    std::unique_ptr<core::Store> store;
    std::string tag;                                                        ///< what the filter has to prove
    std::vector<std::pair<core::TopicPartition, core::Offset>> positions{}; ///< stored before
};

} // namespace services
