// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scenario/scenario.h"
#include "core/target/broker_address.h"
#include "core/target/dedupe_address.h"
#include "core/target/store_address.h"
#include "core/target/target.h"

#include <optional>
#include <string>
#include <vector>

namespace services {

// A sentence where a server on another host is, or may be, talked to in plain text; nothing for those of this host.

std::optional<std::string> plainTextWarning(const core::BrokerAddress& broker, const core::KafkaSettings& kafka);
/// By the address and libpq's variables. Without sslmode libpq accepts what the server offers.
std::optional<std::string> plainTextWarning(const core::StoreAddress& store);
std::optional<std::string> plainTextWarning(const core::DedupeAddress& dedupe);

/// The servers of a target that are not on this host, by name and without secrets.
std::vector<std::string> serversElsewhere(const core::Target& target);

} // namespace services
