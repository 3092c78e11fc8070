// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/postgres_address.h"
#include "core/target/secret.h"

#include <string>
#include <vector>

namespace core {

enum class TargetPart { Broker, Store, Dedupe };

/// What is known of an address that can be used.
struct AddressReading {
    std::string shown;           ///< the same address without its secrets, fit for files, logs and windows
    std::vector<Secret> secrets; ///< empty: it holds none
};

/// The one way in which every front (scenario, flag, environment, saved connection) reads an address of a target, and
/// hides its secrets. Invalid: "expected …", without the text, which may hold a password.
Result<AddressReading> readAddress(TargetPart part, const std::string& text, const ReadPostgres& readPostgres);

} // namespace core
