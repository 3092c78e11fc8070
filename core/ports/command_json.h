// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/control.h"

#include <optional>
#include <string>
#include <string_view>

namespace core {

/// A command as it travels between processes.
std::string toJson(const Command& command);
/// Nothing: it is none, or one whose rate or duration makes no sense.
std::optional<Command> commandFromJson(std::string_view text);

} // namespace core
