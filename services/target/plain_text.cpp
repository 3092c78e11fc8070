// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/plain_text.h"

#include "core/text/wording.h"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <cstdlib>

namespace services {
namespace {

std::string sentence(std::string_view server, std::string_view remedy) {
    return fmt::format("{} is not on this host and may be talked to in plain text: whoever reads the network reads "
                       "events and passwords. {}",
                       server, remedy);
}

/// A connection's setting, as libpq finds it.
std::string settingOf(const core::PostgresAddress& postgres, std::string_view keyword, const char* variable) {
    const std::string said = postgres.setting(keyword);
    const char* const fallback = std::getenv(variable);
    return said.empty() && fallback != nullptr ? fallback : said;
}

/// The hosts of libpq's list; a socket's folder and an empty entry are this host.
bool anyElsewhere(const std::string& hosts) {
    return std::ranges::any_of(core::itemsOf(hosts), [](std::string_view host) {
        return !host.starts_with('/') && !host.starts_with('@') &&
               !core::ServerName{std::string(host), {}}.isLoopback();
    });
}

bool isElsewhere(const core::BrokerAddress& broker) {
    return !std::ranges::all_of(broker.servers(), &core::ServerName::isLoopback);
}

bool isElsewhere(const core::PostgresAddress& postgres) {
    const std::string address = settingOf(postgres, "hostaddr", "PGHOSTADDR");
    return anyElsewhere(address.empty() ? settingOf(postgres, "host", "PGHOST") : address);
}

bool isElsewhere(const core::RedisAddress& redis) {
    return !core::ServerName{redis.host(), {}}.isLoopback();
}

} // namespace

std::optional<std::string> plainTextWarning(const core::BrokerAddress& broker, const core::KafkaSettings& kafka) {
    const auto protocol = kafka.client.find("security.protocol");
    const char* const kind = protocol == kafka.client.end() ? "" : protocol->second.c_str();
    if (strcasecmp(kind, "ssl") == 0 || strcasecmp(kind, "sasl_ssl") == 0 // as librdkafka reads it
        || !isElsewhere(broker)) {
        return std::nullopt;
    }
    return sentence("Kafka at " + broker.shown(), "Set security.protocol to ssl or sasl_ssl under kafka.client.");
}

std::optional<std::string> plainTextWarning(const core::StoreAddress& store) {
    const core::PostgresAddress* const postgres = store.postgres();
    if (postgres == nullptr) {
        return std::nullopt;
    }
    const std::string mode = settingOf(*postgres, "sslmode", "PGSSLMODE");
    if (mode == "require" || mode.starts_with("verify-") || !isElsewhere(*postgres)) {
        return std::nullopt;
    }
    return sentence("PostgreSQL at " + postgres->shown(), "Add sslmode=verify-full, or sslmode=require, to its URL.");
}

std::optional<std::string> plainTextWarning(const core::DedupeAddress& dedupe) {
    const core::RedisAddress* const redis = dedupe.redis();
    if (redis == nullptr || !isElsewhere(*redis)) {
        return std::nullopt;
    }
    return sentence(redis->description(),
                    "TLS for Redis is not supported: reach it through a tunnel, such as stunnel.");
}

std::vector<std::string> serversElsewhere(const core::Target& target) {
    std::vector<std::string> names;
    if (isElsewhere(target.broker)) {
        names.push_back("Kafka at " + target.broker.shown());
    }
    if (const core::PostgresAddress* const postgres = target.store.postgres(); postgres && isElsewhere(*postgres)) {
        names.push_back("PostgreSQL at " + postgres->shown());
    }
    if (const core::RedisAddress* const redis = target.dedupe.redis(); redis && isElsewhere(*redis)) {
        names.push_back(redis->description());
    }
    return names;
}

} // namespace services
