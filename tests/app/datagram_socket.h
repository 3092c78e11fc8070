// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <QByteArray>
#include <algorithm>
#include <array>

/// Where a service manager listens: a datagram socket of this name in the file system, or, with a '@' at first, in the
/// abstract name space.
class DatagramSocket {
public:
    explicit DatagramSocket(const QByteArray& name) : m_socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::copy(name.begin(), name.end(), address.sun_path);
        if (name.startsWith('@')) {
            address.sun_path[0] = '\0';
        }
        const auto length =
            static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + static_cast<std::size_t>(name.size()));
        m_bound = ::bind(m_socket, reinterpret_cast<const sockaddr*>(&address), length) == 0;
        const timeval patience{.tv_sec = 30, .tv_usec = 0};
        ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~DatagramSocket() { ::close(m_socket); }
    DatagramSocket(const DatagramSocket&) = delete;
    DatagramSocket& operator=(const DatagramSocket&) = delete;

    bool bound() const { return m_bound; }
    /// The next datagram; empty: none came in time.
    QByteArray receive(int flags = 0) {
        std::array<char, 256> text{};
        const auto length = ::recv(m_socket, text.data(), text.size(), flags);
        return length > 0 ? QByteArray(text.data(), length) : QByteArray();
    }

private:
    int m_socket;
    bool m_bound = false;
};
