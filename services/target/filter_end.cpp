// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/filter_end.h"

#include "services/dedupe/memory_filter.h"
#include "services/dedupe/redis_filter.h"

#include <utility>

namespace services {

FilterEnd::FilterEnd(core::DedupeAddress address, core::DedupeSettings settings, std::string storeTag)
    : m_address(std::move(address)),
      m_settings(std::move(settings)),
      m_storeTag(std::move(storeTag)),
      m_memory(m_address.isMemory() ? std::make_unique<MemoryFilter>(m_settings.ttl) : nullptr) {}

FilterEnd::~FilterEnd() = default;

std::unique_ptr<core::DuplicateFilter> FilterEnd::filter(const std::string& storeTag) const {
    if (m_memory) {
        return m_memory->handle();
    }
    return std::make_unique<RedisFilter>(
        RedisOptions{*m_address.redis(), m_settings.prefix, m_settings.ttl, storeTag.empty() ? m_storeTag : storeTag});
}

std::optional<std::string> FilterEnd::memoryWarning(core::Rate peak) const {
    if (m_memory) {
        return std::nullopt;
    }
    return redisMemoryWarning({*m_address.redis(), m_settings.prefix, m_settings.ttl, m_storeTag}, peak);
}

std::string FilterEnd::describe() const {
    return m_address.shown();
}

} // namespace services
