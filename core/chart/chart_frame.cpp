// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/chart_frame.h"

#include "core/text/markup_text.h"

namespace core {
namespace {

using Anchor = SvgCanvas::Anchor;

constexpr int kColumns = 8, kRows = 8; // labels on an axis, at most about

SeriesStyle gridLine(const Surface& surface) {
    return {surface.grid, {}, 1, false};
}

void drawX(SvgCanvas& canvas, const PlotAxis& axis, const std::string& name, const ChartPlace& place,
           const Surface& surface) {
    for (const AxisTick& tick : axis.ticks) {
        const double x = place.x(axis, tick.value);
        canvas.line({x, place.top}, {x, place.bottom}, gridLine(surface));
        canvas.text({x, place.bottom + 17}, tick.label, surface.faint, Anchor::Middle);
    }
    canvas.text({(place.left + place.right) / 2, place.bottom + 37}, name, surface.faint, Anchor::Middle);
}

void drawY(SvgCanvas& canvas, const ChartFrame& frame, const Plot& plot, const ChartPlace& place,
           const Surface& surface) {
    for (const AxisTick& tick : plot.y.ticks) {
        const double y = place.y(plot.y, tick.value);
        canvas.line({place.left, y}, {place.right, y}, gridLine(surface));
        canvas.text({place.left - 7, y + 4}, tick.label, surface.faint, Anchor::End);
    }
    const double middle = (place.top + place.bottom) / 2;
    canvas.verticalText({16, middle}, frame.y.name, surface.faint);
    if (!plot.right) {
        return;
    }
    for (const AxisTick& tick : plot.right->ticks) {
        canvas.text({place.right + 7, place.y(*plot.right, tick.value) + 4}, tick.label, surface.faint);
    }
    canvas.verticalText({ChartPlace::kWidth - 8, middle}, frame.right->name, surface.faint);
}

} // namespace

Plot plotOf(const ChartFrame& frame) {
    Plot plot;
    plot.x = axisOf(frame.x.scale, frame.x.unit, kColumns);
    plot.y = axisOf(frame.y.scale, frame.y.unit, kRows);
    if (frame.right) {
        plot.right = axisOf(frame.right->scale, frame.right->unit, kRows);
    }
    plot.marks = frame.marks;
    return plot;
}

SvgCanvas framedCanvas(const ChartFrame& frame, const Plot& plot, Theme theme) {
    const Surface surface = surfaceOf(theme);
    const ChartPlace place(plot);
    SvgCanvas canvas(ChartPlace::kWidth, ChartPlace::kHeight, frame.title, frame.description);
    canvas.rectangle({0, 0}, ChartPlace::kWidth, ChartPlace::kHeight, surface.ground);
    canvas.text({place.left, 20}, frame.title, surface.text, Anchor::Start, 14, true);
    drawX(canvas, plot.x, frame.x.name, place, surface);
    drawY(canvas, frame, plot, place, surface);
    return canvas;
}

void drawMarks(SvgCanvas& canvas, const Plot& plot, Theme theme) {
    constexpr double kSize = 10, kGap = 4;
    const ChartPlace place(plot);
    canvas.line({place.left, place.bottom}, {place.right, place.bottom}, {surfaceOf(theme).faint, {}, 1, false});
    const auto widthOf = [](const std::string& label) { return kGap + textWidth(label, kSize); };
    for (const PlacedMark& at : placed(plot.marks, plot.x.scale, place.left, place.right, widthOf)) {
        const SeriesStyle style = styleOf(at.mark.role, theme);
        canvas.line({at.x, place.top}, {at.x, place.bottom}, style);
        if (!at.row) {
            continue;
        }
        const bool after = at.labelAt >= at.x;
        const double y = place.top + 11 + 12 * static_cast<double>(*at.row);
        canvas.text({after ? at.x + kGap : at.x - kGap, y}, at.mark.text, style.colour,
                    after ? Anchor::Start : Anchor::End, kSize);
    }
}

void drawLegend(SvgCanvas& canvas, const std::vector<LegendEntry>& entries, Theme theme) {
    constexpr double kSample = 24, kGap = 6, kBetween = 18, kBaseline = 42;
    constexpr std::size_t kLetters = 32;
    double x = ChartPlace::kLeft;
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
