// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/dedupe/redis_address.h"

#include <cstdlib>

namespace services {

core::RedisAddress withEnvironmentPassword(const core::RedisAddress& address) {
    const char* const password = std::getenv("MILLRACE_REDIS_PASSWORD");
    return password == nullptr || !address.password().empty() ? address : address.withPassword(core::Secret(password));
}

} // namespace services
