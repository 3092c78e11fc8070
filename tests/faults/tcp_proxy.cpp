// SPDX-License-Identifier: GPL-3.0-or-later
#include "tcp_proxy.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <vector>

namespace faults {

using namespace std::chrono_literals;

namespace {

constexpr auto kTick = 20ms;               // an order takes so long at most
constexpr std::size_t kBuffer = 64 * 1024; // of one direction; what is more waits where it comes from
constexpr auto kUp = static_cast<std::size_t>(TcpProxy::Way::Up);
constexpr auto kDown = static_cast<std::size_t>(TcpProxy::Way::Down);

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

int listenOn(std::uint16_t port) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const sockaddr_in address = loopback(port);
    if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        ::listen(listener, 128) == 0) {
        return listener;
    }
    ::close(listener);
    return -1;
}

std::uint16_t portOf(int socket) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

int connectTo(std::uint16_t port) {
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) { // loopback: at once
        ::close(server);
        return -1;
    }
    return server;
}

void closeSocket(int& socket, bool byReset) {
    if (socket < 0) {
        return;
    }
    if (byReset) {
        const linger now{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    ::close(socket);
    socket = -1;
}

void sendAtOnce(int socket) {
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes); // what is sliced arrives sliced
}

} // namespace

TcpProxy::TcpProxy(std::uint16_t serverPort, std::uint16_t port, std::uint32_t seed)
    : m_serverPort(serverPort), m_listener(listenOn(port)), m_random(seed) {
    if (m_listener < 0) {
        throw std::runtime_error("the proxy cannot listen on 127.0.0.1:" + std::to_string(port));
    }
    m_port = portOf(m_listener);
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

TcpProxy::~TcpProxy() {
    m_thread.request_stop();
    m_thread.join();
    for (Connection& connection : m_connections) {
        breakOff(connection, true);
    }
    closeSocket(m_listener, false);
}

void TcpProxy::set(Way way, const Conditions& conditions) {
    const std::scoped_lock lock(m_mutex);
    m_orders.ways[static_cast<std::size_t>(way)] = conditions;
}

void TcpProxy::setSilent(bool silent) {
    const std::scoped_lock lock(m_mutex);
    m_orders.silent = silent;
}

void TcpProxy::setDown(bool down) {
    const std::scoped_lock lock(m_mutex);
    m_orders.down = down;
}

void TcpProxy::setCloseDelay(std::chrono::milliseconds delay) {
    const std::scoped_lock lock(m_mutex);
    m_orders.closeDelay = delay;
}

void TcpProxy::setResetPeriod(std::chrono::milliseconds period) {
    const std::scoped_lock lock(m_mutex);
    m_orders.resetPeriod = period;
}

void TcpProxy::reset() {
    const std::scoped_lock lock(m_mutex);
    m_orders.reset = true;
}

void TcpProxy::halfOpen() {
    const std::scoped_lock lock(m_mutex);
    m_orders.halfOpen = true;
}

std::uint64_t TcpProxy::passed(Way way) const {
    const std::scoped_lock lock(m_mutex);
    return m_passed[static_cast<std::size_t>(way)];
}

TcpProxy::Orders TcpProxy::takeOrders() {
    const std::scoped_lock lock(m_mutex);
    const Orders orders = m_orders;
    m_orders.reset = m_orders.halfOpen = false;
    return orders;
}

void TcpProxy::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const Orders orders = takeOrders();
        carryOut(orders);
        wait(orders);
        accept(orders);
        for (Connection& connection : m_connections) {
            for (const std::size_t way : {kUp, kDown}) {
                read(connection.pipes[way], orders, way, connection);
                write(connection.pipes[way], orders, way, connection);
            }
        }
        std::erase_if(m_connections, [](Connection& connection) {
            const bool over = connection.pipes[kUp].closed && connection.pipes[kDown].closed;
            if (over || connection.broken) {
                breakOff(connection, connection.broken);
                return true;
            }
            return false;
        });
    }
}

void TcpProxy::carryOut(const Orders& orders) {
    const auto now = Clock::now();
    const bool due = orders.resetPeriod > 0ms && now - m_lastReset >= orders.resetPeriod;
    if (orders.reset || orders.down || due) {
        m_lastReset = now;
        for (Connection& connection : m_connections) {
            breakOff(connection, true);
        }
        m_connections.clear();
    }
    if (orders.halfOpen) {
        for (Connection& connection : m_connections) {
            connection.lost = true;
            closeSocket(connection.pipes[kUp].to, false);
            connection.pipes[kDown].from = -1;
        }
    }
    if (orders.down) {
        closeSocket(m_listener, false);
    } else if (m_listener < 0) {
        m_listener = listenOn(m_port);
    }
}

void TcpProxy::wait(const Orders& orders) {
    std::vector<pollfd> watched{{.fd = m_listener, .events = POLLIN, .revents = 0}};
    auto until = Clock::now() + kTick;
    for (const Connection& connection : m_connections) {
        for (const std::size_t way : {kUp, kDown}) {
            const Pipe& pipe = connection.pipes[way];
            if (orders.ways[way].held) {
                continue;
            }
            if (!pipe.ended && pipe.waiting < kBuffer) {
                watched.push_back({.fd = pipe.from, .events = POLLIN, .revents = 0});
            }
            if (pipe.pieces.empty()) {
                continue;
            }
            const auto due = std::max(pipe.pieces.front().due, pipe.free);
            if (due <= Clock::now()) {
                watched.push_back({.fd = pipe.to, .events = POLLOUT, .revents = 0});
            } else {
                until = std::min(until, due);
            }
        }
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    ::poll(watched.data(), watched.size(), static_cast<int>(std::max(left, 0ms).count()));
}

void TcpProxy::accept(const Orders& orders) {
    const int client = m_listener < 0 ? -1 : ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) {
        return;
    }
    Connection connection;
    connection.lost = orders.silent;
    int server = orders.silent ? -1 : connectTo(m_serverPort);
    if (server < 0 && !orders.silent) {
        int refused = client;
        closeSocket(refused, true);
        return;
    }
    sendAtOnce(client);
    sendAtOnce(server);
    connection.pipes[kUp].from = connection.pipes[kDown].to = client;
    connection.pipes[kUp].to = connection.pipes[kDown].from = server;
    m_connections.push_back(std::move(connection));
}

void TcpProxy::read(Pipe& pipe, const Orders& orders, std::size_t way, Connection& connection) {
    if (pipe.ended || pipe.from < 0 || orders.ways[way].held || pipe.waiting >= kBuffer) {
        return;
    }
    std::array<char, kBuffer> buffer{};
    const ssize_t length = ::recv(pipe.from, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (length < 0) {
        connection.broken = connection.broken || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
        return;
    }
    if (length == 0) {
        pipe.ended = true;
        pipe.endedAt = Clock::now();
        connection.broken = connection.broken || connection.lost; // nobody is left
        return;
    }
    if (connection.lost) {
        return; // read, and gone
    }
    const auto size = static_cast<std::size_t>(length);
    pipe.pieces.push_back({Clock::now() + orders.ways[way].latency, std::string(buffer.data(), size)});
    pipe.waiting += size;
}

void TcpProxy::write(Pipe& pipe, const Orders& orders, std::size_t way, Connection& connection) {
    const Conditions& conditions = orders.ways[way];
    while (!conditions.held && !pipe.pieces.empty() && pipe.to >= 0) {
        const auto now = Clock::now();
        Piece& piece = pipe.pieces.front();
        if (piece.due > now || pipe.free > now) {
            return;
        }
        std::size_t size = piece.bytes.size();
        if (conditions.slice > 0) {
            size = std::min(size, std::uniform_int_distribution<std::size_t>(1, conditions.slice)(m_random));
        }
        if (conditions.bytesPerSecond > 0) {
            size = std::min(size, std::max<std::size_t>(conditions.bytesPerSecond / 50, 1));
        }
        const ssize_t length = ::send(pipe.to, piece.bytes.data(), size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (length < 0) {
            connection.broken = connection.broken || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
            return;
        }
        const auto sent = static_cast<std::size_t>(length);
        {
            const std::scoped_lock lock(m_mutex);
            m_passed[way] += sent;
        }
        pipe.waiting -= sent;
        if (conditions.bytesPerSecond > 0) {
            pipe.free = now + std::chrono::nanoseconds(1s) * static_cast<std::int64_t>(sent) /
                                  static_cast<std::int64_t>(conditions.bytesPerSecond);
        }
        piece.bytes.erase(0, sent);
        if (piece.bytes.empty()) {
            pipe.pieces.pop_front();
        }
    }
    end(pipe, orders);
}

void TcpProxy::end(Pipe& pipe, const Orders& orders) {
    if (pipe.ended && !pipe.closed && pipe.pieces.empty() && Clock::now() - pipe.endedAt >= orders.closeDelay) {
        ::shutdown(pipe.to, SHUT_WR);
        pipe.closed = true;
    }
}

void TcpProxy::breakOff(Connection& connection, bool byReset) {
    closeSocket(connection.pipes[kUp].from, byReset);
    closeSocket(connection.pipes[kUp].to, byReset);
}

} // namespace faults
