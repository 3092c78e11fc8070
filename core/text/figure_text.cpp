// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace core {

namespace {

std::string withoutTrailingZeros(std::string text) {
    if (text.find('.') == std::string::npos) {
        return text;
    }
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
        text.pop_back();
    }
    return text;
}

/// `figure` ≥ 0 as three significant digits show it.
double rounded(double figure) {
    if (figure <= 0 || figure >= 1'000) {
        return std::round(figure);
    }
    const double scale = std::pow(10.0, 2 - std::floor(std::log10(figure)));
    return std::round(figure * scale) / scale;
}

std::string longDurationText(std::int64_t seconds) {
    if (seconds < 3'600) {
        return fmt::format("{} min {} s", seconds / 60, seconds % 60);
    }
    const auto minutes = (seconds + 30) / 60;
    return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

} // namespace

std::string figureText(double figure) {
    if (!std::isfinite(figure)) {
        return "–";
    }
    const auto size = rounded(std::abs(figure));
    const auto* const sign = figure < 0 && size > 0 ? "-" : "";
    if (size >= 1'000) {
        return sign + countText(static_cast<std::uint64_t>(std::min(size, 1e18)));
    }
    const int decimals = size <= 0 ? 0 : std::clamp(2 - static_cast<int>(std::floor(std::log10(size))), 0, 12);
    return sign + withoutTrailingZeros(fmt::format("{:.{}f}", size, decimals));
}

std::string durationText(Nanoseconds duration) {
    const auto nanos = static_cast<double>(duration.count());
    const auto size = std::abs(nanos);
    if (size >= 120e9) {
        const auto seconds = std::llround(size / 1e9);
        return (nanos < 0 ? "-" : "") + longDurationText(seconds);
    }
    // A unit is left when its figure would be shown as 1,000.
    if (size >= 999.5e6) {
        return figureText(nanos / 1e9) + " s";
    }
    if (size >= 999.5e3) {
        return figureText(nanos / 1e6) + " ms";
    }
    return size >= 999.5 || size < 1 ? figureText(nanos / 1e3) + " µs" : figureText(nanos) + " ns";
}

std::string rateText(Rate rate) {
    return figureText(rate.perSecond) + "/s";
}

std::string percentText(double share) {
    const auto percent = share * 100;
    if (!std::isfinite(percent) || percent < 10 || percent > 1'000) {
        return figureText(percent) + " %";
    }
    // Two decimals, since 99.98 % and 99.2 % are told apart; cut, not rounded, below the whole.
    const auto hundredths = percent < 100 ? std::floor(percent * 100 + 1e-6) : std::round(percent * 100);
    return withoutTrailingZeros(fmt::format("{:.2f}", hundredths / 100)) + " %";
}

std::string bytesText(Bytes bytes) {
    constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
    auto figure = static_cast<double>(bytes.count);
    std::size_t unit = 0;
    for (; rounded(figure) >= 1'024 && unit + 1 < kUnits.size(); ++unit) {
        figure /= 1'024;
    }
    return fmt::format("{} {}", figureText(figure), kUnits[unit]);
}

} // namespace core
