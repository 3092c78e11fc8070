// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/target/secret.h"
#include "core/target/server_name.h"

#include <string>
#include <string_view>
#include <vector>

namespace core {

/// The word for a broker and a store that live in this process.
inline constexpr std::string_view kEmbedded = "embedded";

/// Where the events go: the embedded broker, or the first servers of a Kafka cluster.
class BrokerAddress {
public:
    /// Reads 'embedded' or HOST:PORT,…
    static Result<BrokerAddress> create(std::string_view text);

    bool isEmbedded() const { return m_servers.empty(); }
    const std::vector<ServerName>& servers() const { return m_servers; }
    std::string shown() const; ///< as create() reads it, and librdkafka's bootstrap.servers where it is not embedded
    static std::vector<Secret> secrets() { return {}; } ///< a broker's passwords are client settings
    bool operator==(const BrokerAddress&) const = default;

private:
    std::vector<ServerName> m_servers;
};

} // namespace core
