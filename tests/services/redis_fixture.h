// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/dedupe/redis_connection.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QProcess>
#include <QtTest>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

/// A Redis of the test's own on a free loopback port, so that it can be limited, stopped and killed.
class RedisFixture {
public:
    /// Nothing, and the test has failed, where it does not start.
    static std::unique_ptr<RedisFixture> create() {
        std::unique_ptr<RedisFixture> redis(new RedisFixture);
        if (redis->start()) {
            return redis;
        }
        QTest::qFail("redis-server does not start: install it", __FILE__, __LINE__);
        return nullptr;
    }
    ~RedisFixture() { kill(); }

    bool start() {
        m_process.start(QStringLiteral("redis-server"),
                        {QStringLiteral("--port"), QString::number(m_port), QStringLiteral("--bind"),
                         QStringLiteral("127.0.0.1"), QStringLiteral("--save"), QString(), QStringLiteral("--dir"),
                         QDir::tempPath()});
        return m_process.waitForStarted() && QTest::qWaitFor([this] { return !ask({"PING"}).empty(); }, 10'000);
    }
    void kill() {
        signal(SIGCONT);
        m_process.kill();
        m_process.waitForFinished();
    }
    void signal(int number) { ::kill(static_cast<pid_t>(m_process.processId()), number); }

    std::string url() const { return "redis://127.0.0.1:" + std::to_string(m_port); }
    /// A command past the filter; empty where nobody answers.
    std::string ask(const std::vector<std::string_view>& words, const std::string& password = {}) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(2);
        const auto address = core::RedisAddress::create(url())->withPassword(core::Secret(password));
        auto connection = services::RedisConnection::open(address, deadline);
        if (!connection) {
            return {};
        }
        auto answer = (*connection)->ask(words, deadline);
        return answer ? *answer : std::string();
    }

private:
    RedisFixture() {
        const int socket = ::socket(AF_INET, SOCK_STREAM, 0); // its port stays free for a moment after it is closed
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        (void)::bind(socket, reinterpret_cast<sockaddr*>(&address), size);
        ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
        ::close(socket);
        m_port = ntohs(address.sin_port);
    }

    int m_port = 0;
    QProcess m_process;
};
