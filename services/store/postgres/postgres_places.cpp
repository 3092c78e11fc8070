// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_places.h"

#include "core/target/server_name.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>

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

bool isAddress(const std::string& host) {
    std::array<unsigned char, sizeof(in6_addr)> address{};
    const std::string v6 = host.substr(0, host.find('%')); // with a zone
    return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
           inet_pton(AF_INET6, v6.c_str(), address.data()) == 1;
}

std::string textOf(const addrinfo& found) {
    std::array<char, NI_MAXHOST> text{};
    const int failed =
        getnameinfo(found.ai_addr, found.ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
    return failed == 0 ? text.data() : "";
}

FoundAddresses askResolver(const std::string& host) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int failed = getaddrinfo(host.c_str(), nullptr, &wanted, &found); failed != 0) {
        return {{}, fmt::format("could not translate host name \"{}\" to address: {}", host, gai_strerror(failed))};
    }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, &freeaddrinfo);
    FoundAddresses answer;
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
        answer.addresses.push_back(textOf(*one));
    }
    return answer;
}

/// Shared by whoever asks and the thread that waits for the resolver; the later of the two ends it.
struct LookUp {
    std::mutex mutex;
    std::condition_variable answered;
    std::optional<FoundAddresses> answer;
};

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
    if (isAddress(place.host)) {
        return {{place.host}, {}};
    }
    constexpr std::chrono::milliseconds kLook{20};
    const auto shared = std::make_shared<LookUp>(); // see LookUp
    std::thread([shared, host = place.host] {
        FoundAddresses answer = askResolver(host);
        const std::scoped_lock lock(shared->mutex);
        shared->answer = std::move(answer);
        shared->answered.notify_all();
    }).detach();
    std::unique_lock lock(shared->mutex);
    while (!shared->answer && !over() && std::chrono::steady_clock::now() < deadline) {
        shared->answered.wait_for(lock, kLook);
    }
    if (shared->answer) {
        return *shared->answer;
    }
    return {{}, fmt::format("the name \"{}\" was not looked up in time", place.host)};
}

} // namespace services
