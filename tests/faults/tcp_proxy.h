// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <random>
#include <stop_token>
#include <string>
#include <thread>

namespace faults {

/// What a network does to the bytes of one direction.
struct Conditions {
    std::chrono::milliseconds latency{0};
    std::size_t bytesPerSecond = 0; ///< 0: no limit
    std::size_t slice = 0;          ///< at most so many bytes at once, at random from 1 on; 0: as they come
    bool held = false;              ///< a black hole: nothing passes, nobody is told
};

/// A TCP proxy on loopback in front of a server, in one thread, whose network is as bad as a test wants and changes
/// while it runs. Any thread; an order is carried out within 20 ms.
class TcpProxy {
public:
    enum class Way : std::uint8_t { Up, Down }; ///< from the client to the server, and back

    /// `port` 0: a free one. Throws std::runtime_error where it cannot listen.
    explicit TcpProxy(std::uint16_t serverPort, std::uint16_t port = 0, std::uint32_t seed = 1);
    ~TcpProxy();

    std::uint16_t port() const { return m_port; }

    void set(Way way, const Conditions& conditions);
    void setSilent(bool silent);                           ///< new connections are accepted and never answered
    void setDown(bool down);                               ///< nobody listens, and every connection is reset
    void setCloseDelay(std::chrono::milliseconds delay);   ///< the end of a connection is passed on so much later
    void setResetPeriod(std::chrono::milliseconds period); ///< every connection is reset each time; 0: never
    void reset();                                          ///< every connection, once
    void halfOpen();                                       ///< the server's ends are closed, the clients hear nothing
    std::uint64_t passed(Way way) const;                   ///< bytes

private:
    using Clock = std::chrono::steady_clock;
    struct Piece {
        Clock::time_point due;
        std::string bytes;
    };
    struct Pipe {
        int from = -1;
        int to = -1;
        std::deque<Piece> pieces{};
        std::size_t waiting = 0;  ///< bytes in pieces
        Clock::time_point free{}; ///< the line is busy until then
        bool ended = false;       ///< `from` sends no more
        bool closed = false;      ///< and `to` has been told
        Clock::time_point endedAt{};
    };
    struct Connection {
        std::array<Pipe, 2> pipes;
        bool lost = false; ///< half open: the client's bytes go nowhere
        bool broken = false;
    };
    struct Orders {
        std::array<Conditions, 2> ways;
        bool silent = false;
        bool down = false;
        std::chrono::milliseconds closeDelay{0};
        std::chrono::milliseconds resetPeriod{0};
        bool reset = false;
        bool halfOpen = false;
    };

    void run(const std::stop_token& stop);
    Orders takeOrders();
    void carryOut(const Orders& orders);
    void accept(const Orders& orders);
    void wait(const Orders& orders);
    void read(Pipe& pipe, const Orders& orders, std::size_t way, Connection& connection);
    void write(Pipe& pipe, const Orders& orders, std::size_t way, Connection& connection);
    static void end(Pipe& pipe, const Orders& orders);
    static void breakOff(Connection& connection, bool byReset);

    std::uint16_t m_serverPort;
    std::uint16_t m_port = 0;
    int m_listener = -1;                 // of m_thread after the start
    std::mt19937 m_random;               // of m_thread
    std::list<Connection> m_connections; // of m_thread
    Clock::time_point m_lastReset{};     // of m_thread
    mutable std::mutex m_mutex;
    Orders m_orders;                         // guarded by m_mutex
    std::array<std::uint64_t, 2> m_passed{}; // guarded by m_mutex
    std::jthread m_thread;
};

} // namespace faults
