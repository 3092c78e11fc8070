// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/dedupe/redis_connection.h"

#include "services/name_look_up.h"

#include <fmt/format.h>
#include <hiredis/hiredis.h>

#include <algorithm>
#include <array>
#include <csignal>

namespace services {

namespace {

core::Nanoseconds left(core::Instant deadline) {
    return deadline - std::chrono::steady_clock::now();
}

timeval asTimeval(core::Nanoseconds time) {
    const auto us = std::max<std::int64_t>(std::chrono::duration_cast<std::chrono::microseconds>(time).count(), 1'000);
    return {.tv_sec = us / 1'000'000, .tv_usec = us % 1'000'000};
}

void blockSigpipe() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

constexpr std::size_t kRepliesPerLook = 256; ///< at the clock
/// What only a node of a cluster answers (Redis Cluster specification).
constexpr std::array<std::string_view, 5> kOfClusters{"CROSSSLOT", "MOVED", "ASK ", "CLUSTERDOWN", "TRYAGAIN"};

} // namespace

bool RedisReply::isError() const {
    return m_reply->type == REDIS_REPLY_ERROR;
}

bool RedisReply::isNil() const {
    return m_reply->type == REDIS_REPLY_NIL;
}

std::string_view RedisReply::text() const {
    return m_reply->str == nullptr ? std::string_view() : std::string_view(m_reply->str, m_reply->len);
}

std::int64_t RedisReply::integer() const {
    return m_reply->integer;
}

std::size_t RedisReply::size() const {
    return m_reply->type == REDIS_REPLY_ARRAY ? m_reply->elements : 0;
}

RedisReply RedisReply::at(std::size_t index) const {
    return RedisReply(m_reply->element[index]);
}

void RedisConnection::Free::operator()(redisContext* context) const {
    redisFree(context);
}

core::Result<std::unique_ptr<RedisConnection>> RedisConnection::open(const core::RedisAddress& address,
                                                                     core::Instant deadline) {
    blockSigpipe();
    const FoundAddresses found = lookUpName(address.host(), deadline, [] { return false; });
    if (!found.failure.empty()) {
        return core::transient(fmt::format("{} does not answer: {}", address.description(), found.failure));
    }
    std::unique_ptr<RedisConnection> connection;
    for (std::size_t i = 0; i < found.addresses.size() && (!connection || connection->m_context->err != 0); ++i) {
        const timeval share = asTimeval(left(deadline) / static_cast<int>(found.addresses.size() - i));
        connection.reset(new RedisConnection(redisConnectWithTimeout(found.addresses[i].c_str(), address.port(), share),
                                             address.description()));
        if (connection->m_context == nullptr) {
            return core::transient(address.description() + ": out of memory");
        }
    }
    if (connection->m_context->err != 0) {
        return core::transient(
            fmt::format("{} does not answer: {}", address.description(), connection->m_context->errstr));
    }
    if (auto loggedIn = connection->logIn(address, deadline); !loggedIn) {
        const bool refused = loggedIn.error().kind == core::ErrorKind::Refused; // by one that knows no logins, say
        return refused && connection->isSentinel(deadline) ? sentinel(address.description()) : loggedIn.error();
    }
    return connection;
}

bool RedisConnection::isSentinel(core::Instant deadline) {
    const auto facts = ask({"INFO", "server"}, deadline);
    return facts && facts->find("redis_mode:sentinel") != std::string::npos;
}

core::Status RedisConnection::logIn(const core::RedisAddress& address, core::Instant deadline) {
    if (!address.password().empty()) {
        const std::string& password = address.password().reveal();
        const auto answer = address.user().empty() ? ask({"AUTH", password}, deadline)
                                                   : ask({"AUTH", address.user(), password}, deadline);
        if (!answer) {
            return answer.error();
        }
    }
    if (address.database() != 0) {
        if (const auto answer = ask({"SELECT", std::to_string(address.database())}, deadline); !answer) {
            return answer.error();
        }
    }
    return {};
}

bool RedisConnection::limitTo(core::Instant deadline) {
    const core::Nanoseconds rest = left(deadline);
    return rest.count() > 0 && redisSetTimeout(m_context.get(), asTimeval(rest)) == REDIS_OK;
}

core::Error RedisConnection::lost(std::string_view why) const {
    return core::transient(fmt::format("{}: {}", m_description, why));
}

core::Status RedisConnection::exchange(std::string_view commands, std::size_t replies, core::Instant deadline,
                                       const std::function<void(const RedisReply&)>& take) {
    if (redisAppendFormattedCommand(m_context.get(), commands.data(), commands.size()) != REDIS_OK) {
        return lost("out of memory");
    }
    for (std::size_t i = 0; i < replies; ++i) {
        if (i % kRepliesPerLook == 0 && !limitTo(deadline)) {
            return lost("too slow");
        }
        void* raw = nullptr;
        if (redisGetReply(m_context.get(), &raw) != REDIS_OK) {
            return lost(left(deadline).count() <= 0 ? "too slow" : m_context->errstr);
        }
        const std::unique_ptr<void, decltype(&freeReplyObject)> owned(raw, &freeReplyObject);
        take(RedisReply(static_cast<const redisReply*>(raw)));
    }
    return {};
}

core::Result<std::string> RedisConnection::ask(const std::vector<std::string_view>& words, core::Instant deadline) {
    std::string command;
    appendCommand(command, words.size());
    for (const std::string_view word : words) {
        appendWord(command, word);
    }
    std::string text;
    bool refused = false;
    const auto exchanged = exchange(command, 1, deadline, [&](const RedisReply& reply) {
        text = reply.text();
        refused = reply.isError();
    });
    if (!exchanged) {
        return exchanged.error();
    }
    if (refused) {
        const bool passing = text.starts_with("LOADING") || text.starts_with("BUSY") || text.starts_with("MASTERDOWN");
        return core::Error{passing ? core::ErrorKind::Transient : core::ErrorKind::Refused,
                           refusal(m_description, text)};
    }
    return text;
}

void appendCommand(std::string& commands, std::size_t words) {
    fmt::format_to(std::back_inserter(commands), "*{}\r\n", words);
}

void appendWord(std::string& commands, std::string_view word) {
    fmt::format_to(std::back_inserter(commands), "${}\r\n", word.size());
    commands += word;
    commands += "\r\n";
}

core::Error sentinel(const std::string& description) {
    return core::refused(description + " is a Sentinel: name the Redis it watches");
}

std::string refusal(const std::string& description, std::string_view errorReply) {
    const auto begins = [errorReply](std::string_view word) { return errorReply.starts_with(word); };
    if (std::ranges::any_of(kOfClusters, begins) || errorReply.find("cluster mode") != std::string_view::npos) {
        return fmt::format("{} is a Redis Cluster, where one command cannot ask for all keys of a batch ({}): name a "
                           "single Redis, or memory",
                           description, errorReply);
    }
    std::string_view remedy;
    if (errorReply.starts_with("OOM")) {
        remedy = ": raise maxmemory, set an eviction policy or shorten dedupe.ttl";
    } else if (errorReply.starts_with("READONLY")) {
        remedy = ": it is a replica and takes no keys, so give the address of the master";
    } else if (errorReply.starts_with("NOAUTH") || errorReply.starts_with("WRONGPASS") ||
               errorReply.find("invalid password") != std::string_view::npos) {
        remedy = ": set the password in MILLRACE_REDIS_PASSWORD or behind the URL's ${NAME}";
    } else if (errorReply.starts_with("NOPERM")) {
        remedy = ": allow this user MGET and SET on the keys";
    }
    return fmt::format("{} refuses ({}){}", description, errorReply, remedy);
}

} // namespace services
