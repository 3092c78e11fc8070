// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/redis_address.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// The word for a duplicate filter in this process.
inline constexpr std::string_view kMemory = "memory";

/// Where the duplicate filter is: in this process, or a Redis.
class DedupeAddress {
public:
    /// Reads 'memory' or redis://…
    static Result<DedupeAddress> create(std::string_view text);

    bool isMemory() const { return !m_redis; }
    const RedisAddress* redis() const { return m_redis ? &*m_redis : nullptr; } ///< null: in memory

    DedupeAddress withPassword(Secret password) const; ///< Redis'; memory has none
    std::string shown() const;                         ///< as create() reads it, without secrets
    std::vector<Secret> secrets() const;
    bool operator==(const DedupeAddress&) const = default;

private:
    std::optional<RedisAddress> m_redis;
};

} // namespace core
