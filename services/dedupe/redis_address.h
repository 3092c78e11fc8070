// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/redis_address.h"

namespace services {

/// The address with MILLRACE_REDIS_PASSWORD's password where it has none of its own.
core::RedisAddress withEnvironmentPassword(const core::RedisAddress& address);

} // namespace services
