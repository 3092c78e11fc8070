// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scenario/scenario.h"
#include "core/target/address_reading.h"

namespace services {

/// core::readAddress() with libpq behind it: the one way in which every front reads an address.
core::Result<core::AddressReading> readAddress(core::TargetPart part, const std::string& text);

/// The target as files, logs and windows may show it. A part that cannot be read is '(unreadable)', an empty one stays.
core::Target withoutSecrets(const core::Target& target);

} // namespace services
