// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace core {

/// A count with thousands separators, as 600,000.
std::string countText(std::uint64_t count);
/// "1 event", "600,000 events".
std::string counted(std::uint64_t count, std::string_view noun);

} // namespace core
