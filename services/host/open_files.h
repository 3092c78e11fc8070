// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <cstdint>

namespace services {

/// Raises this process' limit of open files as far as it may. Invalid: it stays below what is needed, with what to do.
core::Status makeRoomForFiles(std::uint64_t needed);

} // namespace services
