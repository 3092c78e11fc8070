// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/target/server_name.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// HOST:PORT, or dns:NAME:PORT for every address of the name. Invalid: it is neither.
Result<std::string> readDaemon(std::string_view text);
/// NAME:PORT of dns:NAME:PORT; nothing: it is an address by itself.
std::optional<ServerName> nameOfDaemons(std::string_view daemon);
/// The same, several with commas between them.
Result<std::vector<std::string>> readDaemons(std::string_view text);

} // namespace core
