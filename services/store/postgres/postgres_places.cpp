// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_places.h"

#include "core/target/server_name.h"

#include <algorithm>
#include <cstdlib>

namespace services {

namespace {

std::vector<std::string> entriesOf(std::string_view list) {
    std::vector<std::string> entries;
    for (;;) {
        const std::size_t comma = std::min(list.find(','), list.size());
        entries.emplace_back(list.substr(0, comma));
        if (comma == list.size()) {
            return entries;
        }
        list.remove_prefix(comma + 1);
    }
}

} // namespace

std::string PostgresPlace::shown() const {
    const std::string name = !host.empty() ? host : !address.empty() ? address : "localhost";
    return core::ServerName{name, {}}.shown() + ":" + (port.empty() ? "5432" : port);
}

std::string settingOr(const core::PostgresAddress::Settings& settings, std::string_view name, const char* variable) {
    const auto found = std::ranges::find(settings, name, &core::PostgresAddress::Settings::value_type::first);
    if (found != settings.end()) {
        return found->second;
    }
    const char* const environment = std::getenv(variable);
    return environment == nullptr ? std::string() : environment;
}

std::vector<PostgresPlace> placesOf(const core::PostgresAddress::Settings& settings) {
    const std::vector<std::string> hosts = entriesOf(settingOr(settings, "host", "PGHOST"));
    const std::vector<std::string> addresses = entriesOf(settingOr(settings, "hostaddr", "PGHOSTADDR"));
    const std::vector<std::string> ports = entriesOf(settingOr(settings, "port", "PGPORT"));
    std::vector<PostgresPlace> places;
    for (std::size_t i = 0; i < std::max(hosts.size(), addresses.size()); ++i) {
        const auto at = [i](const std::vector<std::string>& list) { return i < list.size() ? list[i] : std::string(); };
        places.push_back({at(hosts), at(addresses), ports.size() == 1 ? ports[0] : at(ports)});
    }
    return places;
}

FoundAddresses addressesOf(const PostgresPlace& place, core::Instant deadline, const std::function<bool()>& over) {
    if (!place.address.empty()) {
        return {{place.address}, {}};
    }
    if (place.host.empty() || place.host.starts_with('/') || place.host.starts_with('@')) {
        return {{""}, {}};
    }
    return lookUpName(place.host, deadline, over);
}

} // namespace services
