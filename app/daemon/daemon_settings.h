// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/daemon/setting_values.h"
#include "core/result.h"
#include "core/scenario/scenario.h"
#include "core/target/server_name.h"
#include "services/gateway/parts.h"
#include "services/http/server.h"

#include <optional>
#include <string>
#include <vector>

namespace app {

enum class DaemonRole { Producer, Consumer, Gateway };
std::string_view nameOf(DaemonRole role); ///< "producer", "consumer", "gateway"

/// The part of the load that a producer takes: 1/count of each rate.
struct LoadShare {
    std::uint32_t index = 0;
    std::uint32_t count = 1;
    bool operator==(const LoadShare&) const = default;
};

/// Where and to whom a server answers.
struct ServerSettings {
    core::ServerName listen; ///< of the first role; the others take the next ports
    std::vector<std::string> hosts;
    std::optional<services::http::BearerToken> token;
    std::optional<services::http::TlsFiles> tls;
    std::size_t connections = 0;
    std::size_t connectionsPerClient = 0;
};

struct DaemonSettings {
    std::vector<DaemonRole> roles;
    ServerSettings server;
    core::Target target;
    core::Scenario scenario; ///< a producer's share of it already
    std::optional<std::chrono::days> retention;
    services::Parts::Wanted parts;                       ///< as the gateway finds them
    std::optional<std::filesystem::path> partsAuthority; ///< they are asked by HTTPS, and this authority is trusted
    bool resetOffsets = false;
    bool jsonLog = false;
};

/// What the texts mean. Invalid, with the origin of the text that is wrong.
core::Result<DaemonSettings> readDaemonSettings(const SettingValues& values, const Environment& environment);
/// Those of a server alone, for whoever is served without being a role. `port`: where nothing else is said.
core::Result<ServerSettings> readServerSettings(const SettingValues& values, const Environment& environment, int port);

} // namespace app
