// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/target/redis_address.h"
#include "core/units.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct redisContext;
struct redisReply;

namespace services {

/// An answer of Redis, alive as long as the call it is handed to.
class RedisReply {
public:
    explicit RedisReply(const redisReply* reply) : m_reply(reply) {}
    bool isError() const;
    bool isNil() const;
    std::string_view text() const; ///< a string's, a status' or an error's; empty for others
    std::int64_t integer() const;
    std::size_t size() const; ///< of an array
    RedisReply at(std::size_t index) const;

private:
    const redisReply* m_reply;
};

/// A connection to Redis, logged in and with its database chosen. Every call ends at the deadline it is given. After an
/// error of the connection itself it is of no more use. One thread; blocks SIGPIPE in it.
class RedisConnection {
public:
    static core::Result<std::unique_ptr<RedisConnection>> open(const core::RedisAddress& address,
                                                               core::Instant deadline);

    /// Sends `commands` (in Redis' protocol, see append()) and hands over `replies` answers in order. An error reply is
    /// handed over too; the answer is an error only if the connection failed or the time was over.
    core::Status exchange(std::string_view commands, std::size_t replies, core::Instant deadline,
                          const std::function<void(const RedisReply&)>& take);
    /// One command, whose reply must not be an error. Answers its text, or nothing for nil and arrays.
    core::Result<std::string> ask(const std::vector<std::string_view>& words, core::Instant deadline);

    /// A Sentinel takes logins for itself only, or none, and keeps no keys. Asks it.
    bool isSentinel(core::Instant deadline);

private:
    struct Free {
        void operator()(redisContext* context) const;
    };
    RedisConnection(redisContext* context, std::string description)
        : m_context(context), m_description(std::move(description)) {}
    core::Status logIn(const core::RedisAddress& address, core::Instant deadline);
    bool limitTo(core::Instant deadline);
    core::Error lost(std::string_view why) const;

    std::unique_ptr<redisContext, Free> m_context;
    std::string m_description;
};

/// Writes the head of a command of so many words, and words (Redis protocol, "RESP": arrays of bulk strings).
void appendCommand(std::string& commands, std::size_t words);
void appendWord(std::string& commands, std::string_view word);

/// What to say of a Sentinel.
core::Error sentinel(const std::string& description);

/// "refuses …" with what to do, from an error reply such as "OOM command not allowed …".
std::string refusal(const std::string& description, std::string_view errorReply);

} // namespace services
