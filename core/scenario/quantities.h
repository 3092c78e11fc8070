// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/units.h"

#include <optional>
#include <string_view>

/// The quantities of scenario files. A number is 0 or begins with 1 to 9, and may have a decimal fraction; nothing
/// stands between number and unit. An error completes a sentence that begins with the text, as in '60' + "has no unit;
/// …".
namespace core {

/// ns, us (or µs), ms, s, m, h, and combinations from the largest to the smallest, as 1m30s. At most 366 days.
Result<Nanoseconds> parseDuration(std::string_view text);
/// Events per second, minute or hour: 500/s, 0.5/s, 10k/s (thousands), 90/m, 1/h. At most 10,000,000/s.
Result<Rate> parseRate(std::string_view text);
/// B, kB, MB (powers of ten), KiB, MiB, GiB (powers of two); a whole number of bytes.
Result<Bytes> parseBytes(std::string_view text);
/// 0% to 100%.
Result<Ratio> parsePercent(std::string_view text);

/// A decimal number without exponent and sign, all of the text; nothing for anything else.
std::optional<double> parseNumber(std::string_view text);

inline constexpr Nanoseconds kLongestDuration = std::chrono::hours(24 * 366);
inline constexpr Rate kHighestRate{10'000'000};

} // namespace core
