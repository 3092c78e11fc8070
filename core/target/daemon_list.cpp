// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/target/daemon_list.h"

#include "core/text/wording.h"

#include <fmt/format.h>

#include <algorithm>

namespace core {

namespace {

constexpr std::string_view kByName = "dns:";

} // namespace

Result<std::string> readDaemon(std::string_view text) {
    const auto server = readServerName(text.substr(text.starts_with(kByName) ? kByName.size() : 0));
    if (!server || !server->port) {
        return invalid(fmt::format("{} is neither HOST:PORT nor dns:NAME:PORT.", inQuotes(text)));
    }
    return std::string(text);
}

std::optional<ServerName> nameOfDaemons(std::string_view daemon) {
    return daemon.starts_with(kByName) ? readServerName(daemon.substr(kByName.size())) : std::nullopt;
}

Result<std::vector<std::string>> readDaemons(std::string_view text) {
    std::vector<std::string> daemons;
    for (const std::string_view item : itemsOf(text)) {
        auto daemon = readDaemon(item);
        if (!daemon) {
            return daemon.error();
        }
        if (std::ranges::find(daemons, *daemon) == daemons.end()) {
            daemons.push_back(std::move(*daemon));
        }
    }
    return daemons.empty() ? Result<std::vector<std::string>>(invalid("It names no daemon.")) : std::move(daemons);
}

} // namespace core
