// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/broker_address.h"
#include "core/target/dedupe_address.h"
#include "core/target/store_address.h"

#include <optional>
#include <string>
#include <vector>

namespace core {

/// A target as files, logs and windows show it: without secrets, each part as its address reads it.
struct ShownTarget {
    std::string broker, store, dedupe;

    bool operator==(const ShownTarget&) const = default;
};

/// Where a run goes. By default everything is in this process.
struct Target {
    BrokerAddress broker;
    StoreAddress store;
    DedupeAddress dedupe;

    bool isEmbedded() const { return *this == Target(); }
    ShownTarget shown() const { return {broker.shown(), store.shown(), dedupe.shown()}; }
    bool operator==(const Target&) const = default;
};

/// What one place (a file, the command line) says of a target; the rest is left to others.
struct PartialTarget {
    std::optional<BrokerAddress> broker;
    std::optional<StoreAddress> store;
    std::optional<DedupeAddress> dedupe;
    std::vector<std::string> daemons{}; ///< that send and consume; none: this process does

    bool operator==(const PartialTarget&) const = default;
};

} // namespace core
