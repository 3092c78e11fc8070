// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/search.h"

#include <span>
#include <string>

namespace app {

/// As a CSV file (RFC 4180) with a header, a line per event in the order given; times are RFC 3339 in UTC with
/// microseconds, empty where they are not known; message_cut is 1 where the store holds more of the message.
std::string csvOf(std::span<const core::LogRow> rows);

} // namespace app
