// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/target/server_name.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace core {

namespace {

bool isHost(std::string_view text) {
    const auto isForbidden = [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || std::string_view("/@,?#:[]%").find(c) != std::string_view::npos;
    };
    return !text.empty() && std::ranges::none_of(text, isForbidden);
}

/// Digits, colons, a dotted tail and a zone (RFC 6874); whether it exists is for the resolver to say.
bool isIpv6(std::string_view text) {
    const std::string_view address = text.substr(0, text.find('%'));
    const std::string_view zone = text.substr(address.size());
    return std::ranges::count(address, ':') >= 2 &&
           address.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos &&
           zone.find_first_of(" /@,?#:[]") == std::string_view::npos;
}

} // namespace

std::string ServerName::shown() const {
    const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return port ? name + ":" + std::to_string(*port) : name;
}

bool ServerName::isLoopback() const {
    in_addr v4{};
    if (inet_pton(AF_INET, host.c_str(), &v4) == 1) {
        return (ntohl(v4.s_addr) >> 24U) == 127;
    }
    return host == "localhost" || host == "::1";
}

std::optional<int> readPort(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool isNumber = error == std::errc() && end == text.data() + text.size() && text[0] != '0';
    return isNumber && value > 0 && value <= 65'535 ? std::optional(value) : std::nullopt;
}

std::optional<ServerName> readServerName(std::string_view text) {
    ServerName server;
    const std::size_t bracket = text.starts_with('[') ? text.find(']') : std::string_view::npos;
    const bool isBracketed = bracket != std::string_view::npos;
    const std::size_t hostEnd = isBracketed ? bracket + 1 : std::min(text.find(':'), text.size());
    const std::string_view host = isBracketed ? text.substr(1, bracket - 1) : text.substr(0, hostEnd);
    if (isBracketed ? !isIpv6(host) : !isHost(host)) {
        return std::nullopt;
    }
    server.host = host;
    if (hostEnd == text.size()) {
        return server;
    }
    server.port = text[hostEnd] == ':' ? readPort(text.substr(hostEnd + 1)) : std::nullopt;
    return server.port ? std::optional(server) : std::nullopt;
}

} // namespace core
