// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/chart_marks.h"

#include "core/text/markup_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace core {
namespace {

constexpr std::size_t kMostLines = 100, kLabelRows = 3, kLetters = 22;
constexpr double kSamePlace = 0.01; // of the scale

} // namespace

std::string labelOf(const Mark& mark, const MarkWord& word) {
    const auto said = [&word](std::string_view name) { return word ? word(name) : std::string(name); };
    switch (mark.kind) {
    case MarkKind::Burst:
    case MarkKind::Rate:
    case MarkKind::Stop:
    case MarkKind::Rule:
        return fmt::format("{}: {}", said(nameOf(mark.kind)), textOf(mark));
    case MarkKind::Phase:
        return mark.detail.empty() ? said(nameOf(mark.phase)) : textOf(mark);
    case MarkKind::Message:
        return textOf(mark);
    default:
        return said(nameOf(mark.kind));
    }
}

std::vector<ChartMark> chartMarks(std::span<const Mark> timeline, const MarkWord& word) {
    using enum MarkKind;
    std::vector<ChartMark> marks;
    for (const Mark& mark : timeline) {
        if (mark.kind == Rebalance && mark.seconds <= 0) {
            continue;
        }
        const bool bad = mark.kind == Fault || mark.kind == Rule || mark.kind == Error || mark.kind == Outage;
        marks.push_back({std::max(mark.seconds, 0.0), shortened(labelOf(mark, word), kLetters),
                         bad ? SeriesRole::Fault : SeriesRole::Mark});
    }
    std::ranges::stable_sort(marks, {}, &ChartMark::x);
    return marks;
}

std::vector<PlacedMark> placed(std::span<const ChartMark> marks, const AxisScale& scale, double left, double right,
                               const std::function<double(const std::string&)>& widthOf) {
    constexpr double kGap = 4;
    std::array<double, kLabelRows> free; // from where each row of labels has room
    free.fill(left);
    std::map<std::string_view, double> last;
    std::vector<PlacedMark> all;
    for (const ChartMark& mark : marks) {
        if (mark.x < scale.from || mark.x > scale.until || all.size() == kMostLines) {
            continue;
        }
        const double share = scale.share(mark.x);
        const auto [seen, isNew] = last.try_emplace(mark.text, share);
        if (!isNew && share - seen->second < kSamePlace) {
            continue;
        }
        seen->second = share;
        PlacedMark at{mark, left + share * (right - left)};
        const double width = widthOf(mark.text);
        at.labelAt = at.x + width <= right ? at.x : at.x - width;
        const auto room = std::ranges::find_if(free, [&at](double from) { return from <= at.labelAt; });
        if (room != free.end() && !mark.text.empty()) {
            at.row = static_cast<std::size_t>(room - free.begin());
            *room = at.labelAt + width + kGap;
        }
        all.push_back(std::move(at));
    }
    return all;
}

} // namespace core
