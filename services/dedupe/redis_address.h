// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/redis_address.h"

namespace services {

/// Reads a Redis' URL. Where it holds no password, MILLRACE_REDIS_PASSWORD's is used.
core::Result<core::RedisAddress> readRedisUrl(const std::string& url);

} // namespace services
