// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <string>
#include <string_view>

namespace services {

/// The error's text, with `remedy` for a server that is absent where the error has no hint of its own.
std::string withRemedy(const core::Error& error, std::string_view remedy);

} // namespace services
