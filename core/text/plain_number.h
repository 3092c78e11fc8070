// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace core {

/// For programs that read it: at most so many decimals, no separators; empty where the value is not known.
std::string plainNumber(double value, int decimals = 3);

} // namespace core
