// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/text/count_text.h"
#include "core/units.h"

#include <string>

/// How figures are shown to people: three significant digits, the unit after a space; one way for the terminal, reports
/// and the window. Ends of ranges are never rounded away: what is not the whole is not shown as 100 %.
namespace core {

/// 852 µs, 13.1 ms, 1.25 s, 60 s, 12 min 5 s, 1 h 2 min.
std::string durationText(Nanoseconds duration);
/// 0.25/s, 12.5/s, 9,998/s.
std::string rateText(Rate rate);
/// 0.105 %, 12.5 %, 99.98 %, 100 %.
std::string percentText(double share);
/// 285 B, 64 KiB, 1.25 MiB, 3.2 GiB.
std::string bytesText(Bytes bytes);
/// Three significant digits without trailing zeros, from 1,000 on whole with separators: 0.05, 13.1, 9,998.
std::string figureText(double figure);

} // namespace core
