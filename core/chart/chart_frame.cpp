// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/chart_frame.h"

#include "core/text/markup_text.h"

#include <array>

namespace core {
namespace {

using Anchor = SvgCanvas::Anchor;

constexpr int kColumns = 8, kRows = 6; // labels on an axis, at most about

SeriesStyle gridLine(const Surface& surface) {
    return {surface.grid, {}, 1, false};
}

void drawX(SvgCanvas& canvas, const ChartFrame& frame, const ChartPlace& place, const Surface& surface) {
    for (const AxisTick& tick : ticksOf(frame.x.scale, frame.x.unit, kColumns)) {
        const double x = place.x(frame.x, tick.value);
        canvas.line({x, place.top}, {x, place.bottom}, gridLine(surface));
        canvas.text({x, place.bottom + 17}, tick.label, surface.faint, Anchor::Middle);
    }
    canvas.text({(place.left + place.right) / 2, place.bottom + 37}, frame.x.name, surface.faint, Anchor::Middle);
}

void drawY(SvgCanvas& canvas, const ChartFrame& frame, const ChartPlace& place, const Surface& surface) {
    for (const AxisTick& tick : ticksOf(frame.y.scale, frame.y.unit, kRows)) {
        const double y = place.y(frame.y, tick.value);
        canvas.line({place.left, y}, {place.right, y}, gridLine(surface));
        canvas.text({place.left - 7, y + 4}, tick.label, surface.faint, Anchor::End);
    }
    const double middle = (place.top + place.bottom) / 2;
    canvas.verticalText({16, middle}, frame.y.name, surface.faint);
    if (!frame.right) {
        return;
    }
    for (const AxisTick& tick : ticksOf(frame.right->scale, frame.right->unit, kRows)) {
        canvas.text({place.right + 7, place.y(*frame.right, tick.value) + 4}, tick.label, surface.faint);
    }
    canvas.verticalText({ChartPlace::kWidth - 8, middle}, frame.right->name, surface.faint);
}

} // namespace

SvgCanvas framedCanvas(const ChartFrame& frame, Theme theme) {
    const Surface surface = surfaceOf(theme);
    const ChartPlace place(frame);
    SvgCanvas canvas(ChartPlace::kWidth, ChartPlace::kHeight, frame.title, frame.description);
    canvas.rectangle({0, 0}, ChartPlace::kWidth, ChartPlace::kHeight, surface.ground);
    canvas.text({place.left, 20}, frame.title, surface.text, Anchor::Start, 14, true);
    drawX(canvas, frame, place, surface);
    drawY(canvas, frame, place, surface);
    return canvas;
}

void drawMarks(SvgCanvas& canvas, const ChartFrame& frame, Theme theme) {
    constexpr std::size_t kMostLines = 100, kLetters = 22;
    constexpr double kSize = 10, kGap = 4;
    const SeriesStyle style = styleOf(SeriesRole::Mark, theme);
    const ChartPlace place(frame);
    std::array<double, 3> free{place.left, place.left, place.left}; // from where each row of labels has room
    std::size_t drawn = 0;
    for (const ChartMark& mark : frame.marks) {
        const bool inside = mark.x >= frame.x.scale.from && mark.x <= frame.x.scale.until;
        if (!inside || ++drawn > kMostLines) {
            continue;
        }
        const double x = place.x(frame.x, mark.x);
        canvas.line({x, place.top}, {x, place.bottom}, style);
        const std::string label = shortened(mark.text, kLetters);
        const double width = kGap + textWidth(label, kSize);
        const bool fits = x + width <= place.right;
        const double begin = fits ? x : x - width;
        for (std::size_t row = 0; row < free.size(); ++row) {
            if (begin < free[row]) {
                continue;
            }
            canvas.text({fits ? x + kGap : x - kGap, place.top + 11 + 12 * static_cast<double>(row)}, label,
                        style.colour, fits ? Anchor::Start : Anchor::End, kSize);
            free[row] = begin + width + kGap;
            break;
        }
    }
}

void drawLegend(SvgCanvas& canvas, const ChartFrame& frame, const std::vector<LegendEntry>& entries, Theme theme) {
    constexpr double kSample = 24, kGap = 6, kBetween = 18, kBaseline = 42;
    constexpr std::size_t kLetters = 32;
    const ChartPlace place(frame);
    double x = place.left;
    for (const LegendEntry& entry : entries) {
        const std::string name = shortened(entry.name, kLetters);
        if (entry.style.area) {
            canvas.area({{x, kBaseline - 9}, {x + kSample, kBaseline - 9}}, kBaseline + 1, entry.style.colour);
        }
        canvas.line({x, kBaseline - 4}, {x + kSample, kBaseline - 4}, entry.style);
        canvas.text({x + kSample + kGap, kBaseline}, name, surfaceOf(theme).text);
        x += kSample + kGap + textWidth(name) + kBetween;
    }
}

} // namespace core
