// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/target/broker_address.h"

namespace core {

Result<BrokerAddress> BrokerAddress::create(std::string_view text) {
    BrokerAddress address;
    if (text == kEmbedded) {
        return address;
    }
    for (;;) {
        const std::size_t comma = text.find(',');
        const auto server = readServerName(text.substr(0, comma));
        if (!server || !server->port) {
            return invalid("expected embedded or HOST:PORT, several with commas between them");
        }
        address.m_servers.push_back(*server);
        if (comma == std::string_view::npos) {
            return address;
        }
        text.remove_prefix(comma + 1);
    }
}

std::string BrokerAddress::shown() const {
    std::string text;
    for (const ServerName& server : m_servers) {
        text += (text.empty() ? "" : ",") + server.shown();
    }
    return isEmbedded() ? std::string(kEmbedded) : text;
}

} // namespace core
