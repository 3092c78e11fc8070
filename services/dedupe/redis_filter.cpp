// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/dedupe/redis_filter.h"

#include "services/dedupe/redis_address.h"
#include "services/dedupe/redis_connection.h"

#include <fmt/format.h>

#include <algorithm>

namespace services {

namespace {

constexpr std::size_t kKeysPerCommand = 1'000;
constexpr core::Nanoseconds kTimeoutPerId = std::chrono::microseconds(50); // a Redis below 20,000 ids/s is too slow

core::Instant now() {
    return std::chrono::steady_clock::now();
}

void appendKey(std::string& commands, const std::string& prefix, const core::EventId& id) {
    std::array<char, core::EventId::kTextLength> text{};
    id.print(text.data());
    fmt::format_to(std::back_inserter(commands), "${}\r\n", prefix.size() + text.size());
    commands += prefix;
    commands.append(text.data(), text.size());
    commands += "\r\n";
}

} // namespace

RedisFilter::RedisFilter(RedisOptions options) : m_options(std::move(options)) {
    const auto seconds = std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(m_options.ttl).count(), 1);
    appendWord(m_setTail, m_options.storeTag);
    appendWord(m_setTail, "EX");
    appendWord(m_setTail, std::to_string(seconds));
}

RedisFilter::~RedisFilter() = default;

core::Status RedisFilter::connect(core::Instant deadline) {
    if (m_connection) {
        return {};
    }
    auto opened = RedisConnection::open(withEnvironmentPassword(m_options.address), deadline);
    if (!opened) {
        return opened.error();
    }
    m_connection = std::move(*opened);
    return {};
}

/// Sends the commands at hand. Both of their kinds may be sent twice.
core::Status RedisFilter::exchange(std::size_t replies, core::Instant deadline,
                                   const std::function<void(const RedisReply&)>& take) {
    const bool wasOpen = m_connection != nullptr;
    if (auto connected = connect(deadline); !connected) {
        return connected;
    }
    bool answered = false;
    auto exchanged = m_connection->exchange(m_commands, replies, deadline, [&](const RedisReply& reply) {
        answered = true;
        take(reply);
    });
    if (exchanged || !wasOpen || answered || now() >= deadline) {
        return exchanged;
    }
    m_connection.reset();
    return exchange(replies, deadline, take);
}

core::Instant RedisFilter::deadlineFor(std::size_t ids) const {
    return now() + m_options.timeout + kTimeoutPerId * ids;
}

std::uint64_t RedisFilter::lookUp(std::span<const core::EventId> ids, std::vector<std::uint8_t>& known) {
    known.assign(ids.size(), 0);
    if (ids.empty()) {
        return 0;
    }
    if (!m_breaker.allows(now())) {
        return ids.size();
    }
    if (const auto done = lookUpNow(ids, known); !done) {
        m_connection.reset();
        m_breaker.failed(CircuitBreaker::Operation::Read, now(), done.error().text());
        known.assign(ids.size(), 0);
        return ids.size();
    }
    m_breaker.succeeded(CircuitBreaker::Operation::Read);
    return 0;
}

core::Status RedisFilter::lookUpNow(std::span<const core::EventId> ids, std::vector<std::uint8_t>& known) {
    const core::Instant deadline = deadlineFor(ids.size());
    m_commands.clear();
    std::size_t commands = 0;
    for (std::size_t at = 0; at < ids.size(); at += kKeysPerCommand, ++commands) {
        const auto keys = ids.subspan(at, std::min(kKeysPerCommand, ids.size() - at));
        appendCommand(m_commands, keys.size() + 1);
        appendWord(m_commands, "MGET");
        for (const core::EventId& id : keys) {
            appendKey(m_commands, m_options.prefix, id);
        }
    }
    std::size_t next = 0;
    std::string refused;
    auto exchanged = exchange(commands, deadline, [&](const RedisReply& reply) {
        if (reply.isError()) {
            refused = reply.text();
        }
        for (std::size_t i = 0; i < reply.size() && next < known.size(); ++i) {
            known[next++] = reply.at(i).text() == m_options.storeTag && !reply.at(i).isNil() ? 1 : 0;
        }
    });
    if (!exchanged) {
        return exchanged;
    }
    if (!refused.empty()) {
        return core::transient(refusal("Redis", refused));
    }
    return {};
}

void RedisFilter::remember(std::span<const core::EventId> ids) {
    if (ids.empty() || !m_breaker.allows(now())) {
        return;
    }
    const auto done = rememberNow(ids);
    if (done) {
        return m_breaker.succeeded(CircuitBreaker::Operation::Write);
    }
    m_connection.reset();
    m_breaker.failed(CircuitBreaker::Operation::Write, now(), done.error().text());
}

core::Status RedisFilter::rememberNow(std::span<const core::EventId> ids) {
    const core::Instant deadline = deadlineFor(ids.size());
    m_commands.clear();
    for (const core::EventId& id : ids) {
        m_commands += "*5\r\n$3\r\nSET\r\n";
        appendKey(m_commands, m_options.prefix, id);
        m_commands += m_setTail;
    }
    std::string refused;
    auto exchanged = exchange(ids.size(), deadline, [&](const RedisReply& reply) {
        if (reply.isError() && refused.empty()) {
            refused = reply.text();
        }
    });
    if (!exchanged) {
        return exchanged;
    }
    if (!refused.empty()) {
        return core::transient(refusal("Redis", refused));
    }
    return {};
}

std::optional<std::string> RedisFilter::popNotice() {
    return m_breaker.popNotice();
}

} // namespace services
