// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/target/postgres_address.h"

#include "core/target/server_name.h"
#include "core/target/url_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace core {

namespace {

/// The items of a list with commas; of an empty text none.
std::vector<std::string> entriesOf(std::string_view text) {
    std::vector<std::string> items;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        items.emplace_back(text.substr(0, comma));
        if (comma + 1 == text.size()) {
            items.emplace_back();
        }
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return items;
}

/// A name, an IPv6 address in brackets or the folder of a Unix socket.
std::string hostInUrl(const std::string& host) {
    if (host.find(':') == std::string::npos) {
        return percentEncoded(host);
    }
    const std::size_t zone = std::min(host.find('%'), host.size());
    return "[" + host.substr(0, zone) + percentEncoded(host.substr(zone)) + "]";
}

bool standsOutsideOfTheQuery(std::string_view keyword) {
    constexpr std::array kOutside{"user", "host", "port", "dbname"};
    return std::ranges::find(kOutside, keyword) != kOutside.end();
}

/// HOST:PORT,… for the front of a URL. One port is for all hosts.
std::string serversOf(const std::vector<std::string>& hosts, const std::vector<std::string>& ports) {
    std::string text;
    for (std::size_t i = 0; i < std::max(hosts.size(), ports.size()); ++i) {
        const std::string host = i < hosts.size() ? hosts[i] : "";
        const std::string port = ports.empty() ? "" : ports[ports.size() == 1 ? 0 : i];
        text += (i == 0 ? "" : ",") + hostInUrl(host) + (port.empty() ? "" : ":" + port);
    }
    return text;
}

} // namespace

std::string postgresForm() {
    return fmt::format("expected embedded, sqlite:FILE or postgresql://USER@HOST:PORT/DATABASE; {}", kReservedHint);
}

Result<PostgresAddress> PostgresAddress::create(Settings settings, Secrets secrets) {
    PostgresAddress address;
    address.m_settings = std::move(settings);
    address.m_secrets = std::move(secrets);
    const std::vector<std::string> ports = entriesOf(address.setting("port"));
    const std::vector<std::string> names = entriesOf(address.setting("host"));
    const std::size_t hosts = std::max({std::size_t{1}, names.size(), entriesOf(address.setting("hostaddr")).size()});
    const bool areHosts = std::ranges::all_of(
        names, [](const std::string& host) { return host.find_first_of("[]") == std::string::npos; });
    const bool areNumbers =
        std::ranges::all_of(ports, [](const std::string& port) { return port.empty() || readPort(port); });
    if (!areHosts || !areNumbers || (ports.size() > 1 && ports.size() != hosts)) {
        return invalid(postgresForm());
    }
    return address;
}

std::string PostgresAddress::setting(std::string_view keyword) const {
    const auto found = std::ranges::find(m_settings, keyword, &Settings::value_type::first);
    return found == m_settings.end() ? std::string() : found->second;
}

PostgresAddress PostgresAddress::withPassword(Secret password) const {
    PostgresAddress other = *this;
    std::erase_if(other.m_secrets, [](const auto& secret) { return secret.first == "password"; });
    if (!password.empty()) {
        other.m_secrets.emplace_back("password", std::move(password));
    }
    return other;
}

std::string PostgresAddress::shown() const {
    const std::string user = setting("user");
    const std::string database = setting("dbname");
    std::string url = "postgresql://" + (user.empty() ? "" : percentEncoded(user) + "@");
    url += serversOf(entriesOf(setting("host")), entriesOf(setting("port")));
    url += database.empty() ? "" : "/" + percentEncoded(database);
    char separator = '?';
    for (const auto& [keyword, value] : m_settings) {
        if (!standsOutsideOfTheQuery(keyword)) {
            url += std::exchange(separator, '&') + keyword + "=" + percentEncoded(value);
        }
    }
    return url;
}

} // namespace core
