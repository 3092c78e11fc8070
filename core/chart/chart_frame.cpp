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

void drawX(SvgCanvas& canvas, const PlotAxis& axis, const std::string& name, const Surface& surface) {
    for (const AxisTick& tick : axis.ticks) {
        const double x = ChartPlace::x(axis, tick.value);
        canvas.line({x, ChartPlace::kTop}, {x, ChartPlace::kBottom}, gridLine(surface));
        canvas.text({x, ChartPlace::kBottom + 17}, tick.label, surface.faint, Anchor::Middle);
    }
    canvas.text({(ChartPlace::kLeft + ChartPlace::kRight) / 2, ChartPlace::kBottom + 37}, name, surface.faint,
                Anchor::Middle);
}

void drawY(SvgCanvas& canvas, const ChartFrame& frame, const Plot& plot, const Surface& surface) {
    for (const AxisTick& tick : plot.y.ticks) {
        const double y = ChartPlace::y(plot.y, tick.value);
        canvas.line({ChartPlace::kLeft, y}, {ChartPlace::kRight, y}, gridLine(surface));
        canvas.text({ChartPlace::kLeft - 7, y + 4}, tick.label, surface.faint, Anchor::End);
    }
    const double middle = (ChartPlace::kTop + ChartPlace::kBottom) / 2;
    canvas.verticalText({16, middle}, frame.y.name, surface.faint);
    if (!plot.right) {
        return;
    }
    for (const AxisTick& tick : plot.right->ticks) {
        canvas.text({ChartPlace::kRight + 7, ChartPlace::y(*plot.right, tick.value) + 4}, tick.label, surface.faint);
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
    SvgCanvas canvas(ChartPlace::kWidth, ChartPlace::kHeight, frame.title, frame.description);
    canvas.rectangle({0, 0}, ChartPlace::kWidth, ChartPlace::kHeight, surface.ground);
    canvas.text({ChartPlace::kLeft, 20}, frame.title, surface.text, Anchor::Start, 14, true);
    drawX(canvas, plot.x, frame.x.name, surface);
    drawY(canvas, frame, plot, surface);
    return canvas;
}

void drawMarks(SvgCanvas& canvas, const Plot& plot, Theme theme) {
    constexpr double kSize = 10, kGap = 4;
    canvas.line({ChartPlace::kLeft, ChartPlace::kBottom}, {ChartPlace::kRight, ChartPlace::kBottom},
                {surfaceOf(theme).faint, {}, 1, false});
    const auto widthOf = [](const std::string& label) { return kGap + textWidth(label, kSize); };
    for (const PlacedMark& at : placed(plot.marks, plot.x.scale, ChartPlace::kLeft, ChartPlace::kRight, widthOf)) {
        const SeriesStyle style = styleOf(at.mark.role, theme);
        canvas.line({at.x, ChartPlace::kTop}, {at.x, ChartPlace::kBottom}, style);
        if (!at.row) {
            continue;
        }
        const bool after = at.labelAt >= at.x;
        const double y = ChartPlace::kTop + 11 + 12 * static_cast<double>(*at.row);
        const double width = textWidth(at.mark.text, kSize);
        canvas.rectangle({after ? at.x + kGap : at.x - kGap - width, y - 9}, width, 12, surfaceOf(theme).ground,
                         kLabelGround);
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
