// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/dedupe/redis_address.h"

#include <cstdlib>

namespace services {

core::Result<core::RedisAddress> readRedisUrl(const std::string& url) {
    auto address = core::RedisAddress::create(url);
    const char* const password = std::getenv("MILLRACE_REDIS_PASSWORD");
    if (!address || password == nullptr || !address->password().empty()) {
        return address;
    }
    return address->withPassword(core::Secret(password));
}

} // namespace services
