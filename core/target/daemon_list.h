// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace core {

/// HOST:PORT, or dns:NAME:PORT for every address of the name. Invalid: it is neither.
Result<std::string> readDaemon(std::string_view text);
/// The same, several with commas between them.
Result<std::vector<std::string>> readDaemons(std::string_view text);

} // namespace core
