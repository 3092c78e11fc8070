// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/chart_axis.h"
#include "core/chart/palette.h"
#include "core/measure/mark.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// Something that happened, as a thin line through a chart.
struct ChartMark {
    double x = 0;
    std::string text; ///< empty: the line says enough
    SeriesRole role = SeriesRole::Mark;
    bool minor = false; ///< its label gives way to those of others
};

/// Translates a word that mark.h has for a kind or a phase.
using MarkWord = std::function<std::string(std::string_view)>;

/// A mark's label: the phase that began, or what happened, with the figures of what was asked of the run; of what is
/// too long the end is left out, but never a figure. What a fault said is too long for a chart: the time line has it.
std::string labelOf(const Mark& mark, const MarkWord& word = {});

/// By time and from 0 on, rebalances together; without the one that begins every run.
std::vector<ChartMark> chartMarks(std::span<const Mark> timeline, const MarkWord& word = {});

/// Where a mark lies in a picture.
struct PlacedMark {
    ChartMark mark;
    double x = 0;                     ///< of its line
    double labelAt = 0;               ///< where its label begins
    std::optional<std::size_t> row{}; ///< of its label, from the top; nothing: it would touch another one
};

/// Those within the scale, laid from `left` to `right`; of several that say the same at about the same place, the
/// first. No two labels touch. `widthOf` measures a label with the gap before it.
std::vector<PlacedMark> placed(std::span<const ChartMark> marks, const AxisScale& scale, double left, double right,
                               const std::function<double(const std::string&)>& widthOf);

} // namespace core
