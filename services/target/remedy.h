// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <string>
#include <string_view>

namespace services {

/// The error's sentence, and what to do where a server is absent and the sentence does not say it.
std::string withRemedy(const core::Error& error, std::string_view remedy);

} // namespace services
