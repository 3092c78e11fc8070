// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

/// A TCP proxy in front of PostgreSQL that cuts a connection at a COMMIT or a refusal, once for each arm().
class CommitCutter {
public:
    enum class Cut {
        BeforeItArrives, ///< the server never sees the COMMIT
        AfterTheReply,   ///< the server has committed, the reply is swallowed
        WhileItTravels,  ///< the client is cut off at once, the server gets the COMMIT a little later
        ReplyHeld,       ///< the server has committed, the reply comes no sooner than the client gives up
        BehindARefusal,  ///< the client hears that a row breaks a constraint, and no more
    };

    explicit CommitCutter(int serverPort) : m_serverPort(serverPort), m_listener(listenAnywhere()) {
        m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
    ~CommitCutter() {
        m_thread.request_stop();
        m_thread.join();
        ::close(m_listener);
    }

    int port() const {
        sockaddr_in address{};
        socklen_t size = sizeof address;
        ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size);
        return ntohs(address.sin_port);
    }
    void arm(Cut cut) {
        m_cut = cut;
        m_armed = true;
    }
    int cuts() const { return m_cuts; }

private:
    using Buffer = std::array<char, 65'536>;
    static constexpr int kPollMs = 20;

    static sockaddr_in loopback(int port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        return address;
    }
    static int listenAnywhere() {
        const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
        const sockaddr_in address = loopback(0);
        if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
            ::listen(socket, 8) != 0) {
            throw std::runtime_error("no loopback port is free");
        }
        return socket;
    }
    static bool readable(int socket, int ms) {
        pollfd waiting{.fd = socket, .events = POLLIN, .revents = 0};
        return ::poll(&waiting, 1, ms) > 0;
    }

    void run(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            if (!readable(m_listener, kPollMs)) {
                continue;
            }
            const int client = ::accept(m_listener, nullptr, nullptr);
            m_connections.emplace_back([this, client](const std::stop_token& end) { serve(client, end); });
        }
    }

    void serve(int client, const std::stop_token& stop) {
        const int server = ::socket(AF_INET, SOCK_STREAM, 0);
        const sockaddr_in address = loopback(m_serverPort);
        if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
            relay(client, server, stop);
        }
        ::close(client);
        ::close(server);
    }

    void relay(int client, int server, const std::stop_token& stop) {
        Buffer buffer{};
        while (!stop.stop_requested()) {
            std::array<pollfd, 2> both{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
            if (::poll(both.data(), both.size(), kPollMs) <= 0) {
                continue;
            }
            if (both[1].revents != 0) {
                const std::string_view answer = take(server, buffer);
                put(client, answer);
                if (answer.empty() || isRefusalToCutAt(answer)) {
                    return;
                }
            }
            if (both[0].revents == 0) {
                continue;
            }
            const std::string_view sent = take(client, buffer);
            if (sent.empty()) {
                return;
            }
            // A simple query of the protocol: 'Q', length, text with its NUL.
            if (m_cut != Cut::BehindARefusal && sent.find(std::string_view("COMMIT\0", 7)) != std::string_view::npos &&
                m_armed.exchange(false)) {
                return cut(client, server, sent, buffer);
            }
            put(server, sent);
        }
    }

    /// An error of SQLSTATE class 23.
    bool isRefusalToCutAt(std::string_view answer) {
        const bool refusal = m_cut == Cut::BehindARefusal &&
                             answer.find(std::string_view("\0C23", 4)) != std::string_view::npos &&
                             m_armed.exchange(false);
        m_cuts += refusal ? 1 : 0;
        return refusal;
    }

    void cut(int client, int server, std::string_view commit, Buffer& buffer) {
        ++m_cuts;
        if (m_cut == Cut::BeforeItArrives) {
            return;
        }
        if (m_cut == Cut::WhileItTravels) {
            ::shutdown(client, SHUT_RDWR);
        }
        put(server, commit);
        if ((m_cut == Cut::AfterTheReply || m_cut == Cut::ReplyHeld) && readable(server, 5'000)) {
            take(server, buffer);
        }
        if (m_cut == Cut::ReplyHeld) {
            readable(client, 10'000); // its farewell
        }
    }

    static std::string_view take(int socket, Buffer& buffer) {
        const ssize_t length = ::recv(socket, buffer.data(), buffer.size(), 0);
        return {buffer.data(), static_cast<std::size_t>(length > 0 ? length : 0)};
    }
    static void put(int socket, std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t length = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (length <= 0) {
                return;
            }
            bytes.remove_prefix(static_cast<std::size_t>(length));
        }
    }
    int m_serverPort;
    int m_listener;
    std::atomic<bool> m_armed = false;
    std::atomic<Cut> m_cut = Cut::BeforeItArrives;
    std::atomic<int> m_cuts = 0;
    std::vector<std::jthread> m_connections; ///< of the accepting thread
    std::jthread m_thread;
};
