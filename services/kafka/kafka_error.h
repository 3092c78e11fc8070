// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <string>

namespace services {

/// True for librdkafka's errors (rd_kafka_resp_err_t) that mean 'you may not'.
bool meansRefusal(int error);
/// "ATTEMPT: reason.", Refused or Transient. `reason`: librdkafka's own words for it, if there are any.
core::Error kafkaFailure(int error, const std::string& attempt, const char* reason = nullptr);

} // namespace services
