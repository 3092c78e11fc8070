// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/http/resolve.h"

#include "core/text/wording.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

namespace services::http {

core::Result<std::vector<std::string>> resolve(const std::string& host, std::uint16_t port) {
    const auto name = core::readServerName(host.find(':') == std::string::npos ? host : "[" + host + "]");
    if (!name || name->port) {
        return core::invalid(fmt::format("{} is not the name of a host", core::inQuotes(host)));
    }
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM; // otherwise each address comes once per kind of socket
    addrinfo* first = nullptr;
    const int error = getaddrinfo(host.c_str(), nullptr, &wanted, &first);
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(first, &freeaddrinfo);
    if (error != 0) {
        const std::string reason = error == EAI_SYSTEM ? std::generic_category().message(errno) : gai_strerror(error);
        return core::transient(fmt::format("the addresses of {} cannot be found: {}", core::inQuotes(host), reason));
    }
    std::vector<std::string> addresses;
    for (const addrinfo* entry = first; entry != nullptr; entry = entry->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0) {
            addresses.push_back(core::ServerName{text.data(), port}.shown());
        }
    }
    std::ranges::sort(addresses);
    const auto repeated = std::ranges::unique(addresses);
    addresses.erase(repeated.begin(), repeated.end());
    return addresses;
}

core::Result<std::vector<std::string>> resolveOneFamily(const core::ServerName& name) {
    auto addresses = resolve(name.host, static_cast<std::uint16_t>(name.port.value_or(80)));
    const auto isIPv6 = [](const std::string& address) { return address.starts_with('['); };
    if (addresses && !std::ranges::all_of(*addresses, isIPv6)) {
        std::erase_if(*addresses, isIPv6);
    }
    return addresses;
}

} // namespace services::http
