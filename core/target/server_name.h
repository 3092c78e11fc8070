// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace core {

/// A server's name or address and its port.
struct ServerName {
    std::string host; ///< an IPv6 address without its brackets
    std::optional<int> port;

    std::string shown() const; ///< HOST or HOST:PORT, an IPv6 address in brackets
    bool isLoopback() const;   ///< by its address, or by the name localhost
    bool operator==(const ServerName&) const = default;
};

/// Reads HOST[:PORT] (RFC 3986, section 3.2: an IPv6 address stands in brackets); nothing if it is none.
std::optional<ServerName> readServerName(std::string_view text);

/// 1 to 65535 without a leading zero.
std::optional<int> readPort(std::string_view text);

} // namespace core
