// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/palette.h"

#include <algorithm>
#include <cmath>

namespace core {

namespace {

using Dash = std::array<double, 4>;
constexpr Dash kSolid{};
constexpr Dash kDashed{6, 4, 6, 4};
constexpr Dash kDotted{1, 3, 1, 3};
constexpr Dash kDashDot{6, 3, 1, 3};
constexpr Dash kShortDashed{3, 2, 3, 2};

struct Pair {
    std::string_view light, dark;
};

SeriesStyle style(Pair colour, Theme theme, Dash dash = kSolid, double width = 1.5, bool area = false) {
    return {theme == Theme::Light ? colour.light : colour.dark, dash, width, area};
}

unsigned char between(double from, double to, double share) {
    return static_cast<unsigned char>(std::lround(from + (to - from) * share));
}

} // namespace

SeriesStyle styleOf(SeriesRole role, Theme theme) {
    switch (role) {
    case SeriesRole::Planned:
        return style({"#6b6b6b", "#a8a8a8"}, theme, kDashed);
    case SeriesRole::Sent:
        return style({"#0072b2", "#4aa3d8"}, theme);
    case SeriesRole::Acked:
        return style({"#2f96d6", "#8fd0f5"}, theme, kShortDashed);
    case SeriesRole::Stored:
        return style({"#007a59", "#2cc295"}, theme, kSolid, 2);
    case SeriesRole::Backlog:
        return style({"#b87d00", "#e69f00"}, theme, kDotted, 1, true);
    case SeriesRole::Fault:
        return style({"#c44f00", "#f07b2e"}, theme, kSolid, 2);
    case SeriesRole::P50:
        return style({"#c984ac", "#9a5f85"}, theme);
    case SeriesRole::P90:
        return style({"#b0588b", "#bd7aa5"}, theme, kDashDot);
    case SeriesRole::P99:
        return style({"#8c3569", "#dca0c4"}, theme, kSolid, 2);
    case SeriesRole::P999:
        return style({"#5a1a42", "#f2cde2"}, theme, kDashed);
    case SeriesRole::Max:
        return style({"#5a1a42", "#f2cde2"}, theme, kDotted, 1);
    case SeriesRole::Corrected:
        return style({"#8c3569", "#dca0c4"}, theme, kSolid, 2);
    case SeriesRole::Uncorrected:
        return style({"#6b6b6b", "#a8a8a8"}, theme, kShortDashed);
    case SeriesRole::Limit:
        return style({"#c44f00", "#f07b2e"}, theme, kDashDot, 1);
    case SeriesRole::Mark:
        return style({"#6b6b6b", "#a8a8a8"}, theme, kDotted, 1);
    }
    return {};
}

SeriesStyle styleOfRun(std::size_t index, Theme theme) {
    constexpr std::array<Pair, kMostComparedRuns> kColours{{{"#0072b2", "#4aa3d8"},
                                                            {"#c44f00", "#f07b2e"},
                                                            {"#007a59", "#2cc295"},
                                                            {"#8c3569", "#dca0c4"},
                                                            {"#b87d00", "#e69f00"}}};
    constexpr std::array<Dash, kMostComparedRuns> kDashes{kSolid, kDashed, kShortDashed, kDashDot, kDotted};
    const std::size_t which = index % kMostComparedRuns;
    return style(kColours[which], theme, kDashes[which], 2);
}

Rgb heatColour(double share, Theme theme) {
    struct Ends {
        double red, green, blue;
    };
    constexpr Ends kPale{240, 246, 250}, kDeep{0, 58, 102}, kNight{30, 34, 40}, kBright{146, 214, 255};
    const Ends& from = theme == Theme::Light ? kPale : kNight;
    const Ends& to = theme == Theme::Light ? kDeep : kBright;
    const double at = std::clamp(share, 0.0, 1.0);
    return {between(from.red, to.red, at), between(from.green, to.green, at), between(from.blue, to.blue, at)};
}

double heatShare(double rate, double most) {
    constexpr double kLeastShare = 0.12;
    if (rate <= 0 || most <= 0) {
        return 0;
    }
    const double share = kLeastShare + (1 - kLeastShare) * std::min(1.0, std::log1p(rate) / std::log1p(most));
    return std::ceil(share * kHeatSteps) / kHeatSteps;
}

Surface surfaceOf(Theme theme) {
    if (theme == Theme::Light) {
        return {"#ffffff", "#1c1c1c", "#5f5f5f", "#dedede", "#007a59", "#b34700"};
    }
    return {"#1e2228", "#ececec", "#a8a8a8", "#3a4049", "#2cc295", "#f07b2e"};
}

} // namespace core
