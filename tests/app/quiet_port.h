// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

/// A port of ours at which nobody listens, or where connections are taken and never answered.
class QuietPort {
public:
    enum class Kind { Closed, BlackHole };
    explicit QuietPort(Kind kind) : m_socket(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        if (bind(m_socket, generic, length) != 0 || getsockname(m_socket, generic, &length) != 0) {
            qFatal("no port on loopback");
        }
        m_port = ntohs(address.sin_port);
        if (kind == Kind::BlackHole) {
            listen(m_socket, 16); // the kernel takes the connections
        }
    }
    ~QuietPort() { close(m_socket); }
    std::string server() const { return "127.0.0.1:" + std::to_string(m_port); }

private:
    int m_socket;
    int m_port = 0;
};
