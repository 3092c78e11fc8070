// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/target/dedupe_address.h"

#include <utility>

namespace core {

Result<DedupeAddress> DedupeAddress::create(std::string_view text) {
    DedupeAddress address;
    if (text == kMemory) {
        return address;
    }
    if (!text.starts_with("redis://") && !text.starts_with("rediss://")) {
        return invalid("expected memory or redis://HOST:PORT");
    }
    auto redis = RedisAddress::create(text);
    if (!redis) {
        return redis.error();
    }
    address.m_redis = std::move(*redis);
    return address;
}

DedupeAddress DedupeAddress::withPassword(Secret password) const {
    DedupeAddress other = *this;
    if (other.m_redis) {
        other.m_redis = other.m_redis->withPassword(std::move(password));
    }
    return other;
}

std::string DedupeAddress::shown() const {
    return m_redis ? m_redis->shown() : std::string(kMemory);
}

std::vector<Secret> DedupeAddress::secrets() const {
    return m_redis && !m_redis->password().empty() ? std::vector{m_redis->password()} : std::vector<Secret>();
}

} // namespace core
