// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/target/redis_address.h"

#include "core/target/url_parts.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace core {

namespace {

std::optional<int> readDatabase(std::string_view text) {
    constexpr int kHighest = 1'000'000;
    if (text.empty()) {
        return 0;
    }
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool isNumber = error == std::errc() && end == text.data() + text.size();
    return isNumber && value >= 0 && value <= kHighest ? std::optional(value) : std::nullopt;
}

} // namespace

Result<RedisAddress> RedisAddress::create(std::string_view text) {
    const Error refused =
        invalid(fmt::format("expected memory or redis://HOST:PORT or redis://HOST:PORT/DATABASE; {}", kReservedHint));
    const auto parts = cutUrl(text);
    if (!parts) {
        return refused;
    }
    if (parts->scheme == "rediss") {
        return invalid("Redis over TLS (rediss://) is not possible with this build, for hiredis 0.14 has no TLS: use "
                       "redis:// within a trusted network or through a TLS tunnel such as stunnel");
    }
    const auto server = readServerName(parts->servers);
    const auto database = readDatabase(parts->path);
    // A login without a colon is refused: people write a password there, and it would be shown as a user.
    const std::string_view login = parts->login.value_or("");
    const std::size_t colon = login.find(':');
    if (parts->scheme != "redis" || !server || !database || !parts->query.empty() ||
        (!login.empty() && colon == std::string_view::npos)) {
        return refused;
    }
    RedisAddress address;
    address.m_server = *server;
    address.m_database = *database;
    if (!login.empty()) {
        address.m_user = percentDecoded(login.substr(0, colon));
        address.m_password = Secret(percentDecoded(login.substr(colon + 1)));
    }
    return address;
}

RedisAddress RedisAddress::withPassword(Secret password) const {
    RedisAddress other = *this;
    other.m_password = std::move(password);
    return other;
}

std::string RedisAddress::description() const {
    const std::string place = fmt::format("Redis at {}", ServerName{host(), port()}.shown());
    return m_database == 0 ? place : fmt::format("{}, database {}", place, m_database);
}

std::string RedisAddress::shown() const {
    return fmt::format("redis://{}{}{}", m_user.empty() ? "" : percentEncoded(m_user) + ":@", m_server.shown(),
                       m_database == 0 ? "" : fmt::format("/{}", m_database));
}

} // namespace core
