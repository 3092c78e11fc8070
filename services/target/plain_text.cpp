// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/plain_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace services {
namespace {

std::string sentence(std::string_view server, std::string_view remedy) {
    return fmt::format("{} is not on this host and may be talked to in plain text: whoever reads the network reads "
                       "events and passwords. {}",
                       server, remedy);
}

/// The hosts of libpq's list; a socket's folder and an empty entry are this host.
bool anyElsewhere(const std::string& hosts) {
    std::istringstream list(hosts);
    for (std::string host; std::getline(list, host, ',');) {
        if (!host.empty() && !host.starts_with('/') && !host.starts_with('@') &&
            !core::ServerName{host, {}}.isLoopback()) {
            return true;
        }
    }
    return false;
}

} // namespace

std::optional<std::string> plainTextWarning(const core::BrokerAddress& broker, const core::KafkaSettings& kafka) {
    const auto protocol = kafka.client.find("security.protocol");
    const bool encrypted =
        protocol != kafka.client.end() && (protocol->second == "ssl" || protocol->second == "sasl_ssl");
    if (encrypted || std::ranges::all_of(broker.servers(), &core::ServerName::isLoopback)) {
        return std::nullopt;
    }
    return sentence("Kafka at " + broker.shown(), "Set security.protocol to ssl or sasl_ssl under kafka.client.");
}

std::optional<std::string> plainTextWarning(const core::StoreAddress& store) {
    const core::PostgresAddress* const postgres = store.postgres();
    if (postgres == nullptr) {
        return std::nullopt;
    }
    const std::string address = postgres->setting("hostaddr");
    std::string mode = postgres->setting("sslmode");
    if (const char* const variable = std::getenv("PGSSLMODE"); mode.empty() && variable != nullptr) {
        mode = variable;
    }
    if (mode == "require" || mode.starts_with("verify-") ||
        !anyElsewhere(address.empty() ? postgres->setting("host") : address)) {
        return std::nullopt;
    }
    return sentence("PostgreSQL at " + postgres->shown(), "Add sslmode=verify-full, or sslmode=require, to its URL.");
}

std::optional<std::string> plainTextWarning(const core::DedupeAddress& dedupe) {
    const core::RedisAddress* const redis = dedupe.redis();
    if (redis == nullptr || core::ServerName{redis->host(), {}}.isLoopback()) {
        return std::nullopt;
    }
    return sentence(redis->description(),
                    "TLS for Redis is not supported: reach it through a tunnel, such as stunnel.");
}

} // namespace services
