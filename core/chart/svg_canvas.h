// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/palette.h"

#include <string>
#include <string_view>
#include <vector>

namespace core {

struct SvgPoint {
    double x = 0, y = 0;
};

/// Writes an SVG picture of fixed size, in pixels from the top left, with presentation attributes alone: no style
/// sheet, no script, nothing from outside, so it looks the same in a page, in a viewer and on paper.
class SvgCanvas {
public:
    enum class Anchor { Start, Middle, End };

    /// `title` and `description` are for those who do not see it.
    SvgCanvas(double width, double height, std::string_view title, std::string_view description);

    void rectangle(SvgPoint at, double width, double height, std::string_view fill, double opacity = 1);
    void line(SvgPoint from, SvgPoint to, const SeriesStyle& style);
    void polyline(const std::vector<SvgPoint>& points, const SeriesStyle& style);
    /// Filled between the points and the height `floor`, at a quarter of the opacity.
    void area(const std::vector<SvgPoint>& points, double floor, std::string_view fill);
    void dot(SvgPoint at, double radius, std::string_view fill);
    /// `path` in SVG's words; its edges are not softened.
    void filledPath(std::string_view path, std::string_view fill);
    void text(SvgPoint at, std::string_view text, std::string_view fill, Anchor anchor = Anchor::Start,
              double size = 12, bool bold = false);
    /// Reads from bottom to top, its middle at `at`.
    void verticalText(SvgPoint at, std::string_view text, std::string_view fill);

    std::string svg() &&;

private:
    std::string m_svg;
};

/// A length as SVG takes it: at most two decimals.
std::string svgNumber(double value);
/// About how wide a text comes out, for it is not laid out here.
double textWidth(std::string_view text, double size = 12);

} // namespace core
