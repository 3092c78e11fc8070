// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/filter.h"
#include "core/result.h"
#include "core/target/redis_address.h"
#include "core/units.h"
#include "services/dedupe/circuit_breaker.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace services {

struct RedisOptions {
    core::RedisAddress address{}; ///< without a password, MILLRACE_REDIS_PASSWORD's is used
    std::string prefix = "log:";
    core::Nanoseconds ttl = std::chrono::hours(1);
    std::string storeTag{}; ///< the value of every key; another value is no hit, for it proves a commit elsewhere
    core::Nanoseconds timeout = std::chrono::milliseconds(200); ///< of a call, and 50 µs more for each id
};

class RedisConnection;
class RedisReply;

/// The duplicate filter in Redis: a key PREFIX<id> for each id, its value the store's tag, with a time-to-live. Any
/// error or delay opens a circuit breaker, and the filter knows nothing until Redis is well again; a connection that
/// ended while it was idle is none and is opened again within the call's limit. One owning thread, in which SIGPIPE
/// stays blocked (hiredis 0.14 writes to closed sockets).
class RedisFilter : public core::DuplicateFilter {
public:
    explicit RedisFilter(RedisOptions options);
    ~RedisFilter() override;

    std::uint64_t lookUp(std::span<const core::EventId> ids, std::vector<std::uint8_t>& known) override;
    void remember(std::span<const core::EventId> ids) override;
    std::optional<std::string> popNotice() override;

private:
    core::Instant deadlineFor(std::size_t ids) const;
    core::Status lookUpNow(std::span<const core::EventId> ids, std::vector<std::uint8_t>& known);
    core::Status rememberNow(std::span<const core::EventId> ids);
    core::Status connect(core::Instant deadline);
    core::Status exchange(std::size_t replies, core::Instant deadline,
                          const std::function<void(const RedisReply&)>& take);

    RedisOptions m_options;
    std::string m_setTail; ///< value and time-to-live as every SET sends them
    std::string m_commands;
    std::unique_ptr<RedisConnection> m_connection;
    CircuitBreaker m_breaker;
};

/// A sentence if this rate fills more memory than Redis may use within the time-to-live (contract.md, D12); also
/// where Redis cannot be asked, and nothing if all is well.
std::optional<std::string> redisMemoryWarning(const RedisOptions& options, core::Rate rate);

/// What the doctor says of a Redis that answers.
struct RedisProbe {
    std::string sentence;              ///< as "Redis 7.0.15 at HOST:PORT answers in 0.1 ms, holds 12 keys."
    std::vector<std::string> warnings; ///< what would hurt a run, each with what to do
    core::Nanoseconds roundTrip{};
    std::map<std::string, std::string> facts; ///< version, maxmemory, maxmemory_policy, keys
};

/// Asks what the filter asks, with a key of its own that lives for a second. Transient: nobody answers, or not yet;
/// Refused: the filter cannot work there (password, rights, keys, a replica, a cluster, a Sentinel).
core::Result<RedisProbe> probeRedis(const RedisOptions& options);

} // namespace services
