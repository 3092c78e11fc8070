// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/dedupe/redis_address.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string_view>

namespace services {

namespace {

constexpr std::string_view kScheme = "redis://";

std::optional<int> number(std::string_view text, int most) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > most) {
        return std::nullopt;
    }
    return value;
}

std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned code = 0;
        const bool escape =
            text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, code, 16).ptr == text.data() + i + 3;
        plain += escape ? static_cast<char>(code) : text[i];
        i += escape ? 2 : 0;
    }
    return plain;
}

core::Error unreadable() {
    return core::invalid("cannot read the duplicate filter's URL: it should look like redis://HOST:PORT or "
                         "redis://HOST:PORT/DATABASE");
}

} // namespace

core::Result<RedisAddress> RedisAddress::parse(const std::string& url, const std::string& otherPassword) {
    if (url.starts_with("rediss://")) {
        return core::invalid(
            "Redis over TLS (rediss://) is not possible with this build, for hiredis 0.14 has no TLS: use "
            "redis:// within a trusted network or through a TLS tunnel such as stunnel");
    }
    if (!url.starts_with(kScheme)) {
        return unreadable();
    }
    std::string_view rest = std::string_view(url).substr(kScheme.size());
    RedisAddress address;
    address.password = otherPassword;
    if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
        const std::string_view login = rest.substr(0, at);
        const auto colon = login.find(':');
        if (colon == std::string_view::npos) {
            return unreadable();
        }
        address.user = decoded(login.substr(0, colon));
        address.password = decoded(login.substr(colon + 1));
        rest.remove_prefix(at + 1);
    }
    if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
        const std::string_view database = rest.substr(slash + 1);
        const auto chosen = database.empty() ? std::optional(0) : number(database, 1'000'000);
        if (!chosen) {
            return unreadable();
        }
        address.database = *chosen;
        rest = rest.substr(0, slash);
    }
    const bool bracketed = rest.starts_with('[');
    const auto colon = bracketed ? rest.find(':', std::min(rest.find(']'), rest.size())) : rest.rfind(':');
    if (colon != std::string_view::npos) {
        const auto port = number(rest.substr(colon + 1), 65'535);
        if (!port || *port == 0) {
            return unreadable();
        }
        address.port = *port;
        rest = rest.substr(0, colon);
    }
    if (bracketed && rest.ends_with(']')) {
        rest = rest.substr(1, rest.size() - 2);
    }
    if (rest.empty()) {
        return unreadable();
    }
    address.host = rest;
    return address;
}

std::string RedisAddress::description() const {
    if (database == 0) {
        return fmt::format("Redis at {}:{}", host, port);
    }
    return fmt::format("Redis at {}:{}, database {}", host, port, database);
}

} // namespace services
