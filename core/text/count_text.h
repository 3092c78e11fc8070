// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace core {

/// A count with thousands separators, as 600,000.
std::string countText(std::uint64_t count);

} // namespace core
