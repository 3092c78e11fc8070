// SPDX-License-Identifier: GPL-3.0-or-later
// The proxy as a program, for tests that are not C++: it prints its port, then carries out the orders on its standard
// input, a line each, and answers each with "ok", or with what it does not understand. It ends with its standard input.
//     tcp_proxy SERVER-PORT [PORT [SEED]]
#include "tcp_proxy.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <sstream>

using namespace std::chrono_literals;
using faults::Conditions;
using faults::TcpProxy;

namespace {

constexpr const char* kOrders =
    "latency MS | rate BYTES_PER_S | slice BYTES | hold on|off, each for both ways or with 'up' "
    "or 'down' behind it; silent on|off | down on|off | close_delay MS | reset_period MS | "
    "reset | half_open | passed | clear";

/// The orders' words, and what the network is like by them.
class Controls {
public:
    explicit Controls(TcpProxy& proxy) : m_proxy(proxy) {}

    std::string carryOut(const std::string& line) {
        std::istringstream words(line);
        std::string order;
        std::string value;
        std::string way;
        words >> order >> value >> way;
        return once(order) || lasting(order, value) || network(order, value, way) ? "ok" : answer(order);
    }

private:
    bool once(const std::string& order) {
        if (order == "reset") {
            m_proxy.reset();
        } else if (order == "half_open") {
            m_proxy.halfOpen();
        } else if (order == "clear") {
            m_up = m_down = {};
            apply();
            m_proxy.setSilent(false);
            m_proxy.setDown(false);
            m_proxy.setCloseDelay(0ms);
            m_proxy.setResetPeriod(0ms);
        } else {
            return false;
        }
        return true;
    }

    bool lasting(const std::string& order, const std::string& value) {
        if (order == "silent") {
            m_proxy.setSilent(value == "on");
        } else if (order == "down") {
            m_proxy.setDown(value == "on");
        } else if (order == "close_delay") {
            m_proxy.setCloseDelay(std::chrono::milliseconds(number(value)));
        } else if (order == "reset_period") {
            m_proxy.setResetPeriod(std::chrono::milliseconds(number(value)));
        } else {
            return false;
        }
        return true;
    }

    bool network(const std::string& order, const std::string& value, const std::string& way) {
        for (Conditions* const conditions : {&m_up, &m_down}) {
            if (way == (conditions == &m_up ? "down" : "up")) {
                continue;
            }
            if (order == "latency") {
                conditions->latency = std::chrono::milliseconds(number(value));
            } else if (order == "rate") {
                conditions->bytesPerSecond = static_cast<std::size_t>(number(value));
            } else if (order == "slice") {
                conditions->slice = static_cast<std::size_t>(number(value));
            } else if (order == "hold") {
                conditions->held = value == "on";
            } else {
                return false;
            }
        }
        apply();
        return true;
    }

    std::string answer(const std::string& order) const {
        if (order == "passed") {
            return std::to_string(m_proxy.passed(TcpProxy::Way::Up)) + ' ' +
                   std::to_string(m_proxy.passed(TcpProxy::Way::Down));
        }
        return std::string("unknown order; the orders are: ") + kOrders;
    }

    void apply() {
        m_proxy.set(TcpProxy::Way::Up, m_up);
        m_proxy.set(TcpProxy::Way::Down, m_down);
    }

    static long number(const std::string& text) { return std::strtol(text.c_str(), nullptr, 10); }

    TcpProxy& m_proxy;
    Conditions m_up;
    Conditions m_down;
};

int serve(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: %s SERVER-PORT [PORT [SEED]]; orders: %s\n", argv[0], kOrders);
        return 2;
    }
    const auto argument = [&](int n, long otherwise) {
        return argc > n ? std::strtol(argv[n], nullptr, 10) : otherwise;
    };
    TcpProxy proxy(static_cast<std::uint16_t>(argument(1, 0)), static_cast<std::uint16_t>(argument(2, 0)),
                   static_cast<std::uint32_t>(argument(3, 1)));
    std::cout << proxy.port() << '\n' << std::flush;
    Controls controls(proxy);
    for (std::string line; std::getline(std::cin, line);) {
        std::cout << controls.carryOut(line) << '\n' << std::flush;
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return serve(argc, argv);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "%s: %s\n", argv[0], failure.what());
        return 1;
    }
}
