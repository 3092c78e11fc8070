// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/name_look_up.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace services {

namespace {

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
        if (std::string address = textOf(*one);
            std::ranges::find(answer.addresses, address) == answer.addresses.end()) {
            answer.addresses.push_back(std::move(address));
        }
    }
    return answer.addresses.empty() ? FoundAddresses{{}, fmt::format("host name \"{}\" has no address", host)} : answer;
}

/// Shared by whoever asks and the thread that waits for the resolver; the later of the two ends it.
struct LookUp {
    std::mutex mutex;
    std::condition_variable answered;
    std::optional<FoundAddresses> answer;
};

} // namespace

FoundAddresses lookUpName(const std::string& host, core::Instant deadline, const std::function<bool()>& over) {
    if (isAddress(host)) {
        return {{host}, {}};
    }
    constexpr std::chrono::milliseconds kLook{20};
    const auto shared = std::make_shared<LookUp>(); // see LookUp
    std::thread([shared, host] {
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
    return {{}, fmt::format("the name \"{}\" was not looked up in time", host)};
}

} // namespace services
