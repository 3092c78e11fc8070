// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace core {

/// What a line, an area or a mark stands for. Each has one look, in the window, in reports and in pictures; two that
/// never meet in a chart may share it.
enum class SeriesRole {
    Planned,
    Sent,
    Acked,
    Stored,
    Backlog,
    Fault, ///< failed, lost, dead-lettered, a broken rule
    P50,
    P90,
    P99,
    P999,
    Max,
    Corrected,
    Uncorrected,
    Limit, ///< of a rule
    Mark,  ///< something that happened
};

enum class Theme { Light, Dark };

/// Colours are #rrggbb, of Okabe and Ito's hues, which people with any colour vision tell apart; the dash (lengths of
/// line and gap in line widths; all 0: solid) says the same without colour.
struct SeriesStyle {
    std::string_view colour;
    std::array<double, 4> dash{};
    double width = 1.5; ///< pixels
    bool area = false;  ///< filled down to the axis, at a quarter of the opacity
};
SeriesStyle styleOf(SeriesRole role, Theme theme);

/// For overlaid runs, the first one being the baseline.
inline constexpr std::size_t kMostComparedRuns = 5;
SeriesStyle styleOfRun(std::size_t index, Theme theme);

/// Of a heat map's cell; `share` from 0 (empty) to 1 (most). Lightness alone rises or falls with it.
struct Rgb {
    unsigned char red = 0, green = 0, blue = 0;
};
Rgb heatColour(double share, Theme theme);
/// How full a cell of `rate` events/s looks where the fullest has `most`: by the logarithm, in so many steps, and so
/// that one event is told from none.
inline constexpr std::size_t kHeatSteps = 32;
double heatShare(double rate, double most);

/// What is not a series: the ground and what is written on it.
struct Surface {
    std::string_view ground, text, faint, grid;
    std::string_view passed, failed; ///< a verdict's colour; its word stands beside it
};
/// Of the ground below a label that stands over data.
inline constexpr double kLabelGround = 0.8;
Surface surfaceOf(Theme theme);

} // namespace core
