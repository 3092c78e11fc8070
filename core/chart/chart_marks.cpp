// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/chart_marks.h"

#include "core/measure/mark_groups.h"
#include "core/text/markup_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace core {
namespace {

constexpr std::size_t kMostLines = 100, kLabelRows = 3, kLetters = 36, kLettersOfName = 16;
constexpr double kSamePlace = 0.01; // of the scale

/// "end_to_end{crit… p99 < 45ms": of a rule only the name is shortened.
std::string ruleText(const std::string& rule) {
    constexpr std::string_view kBlanks = " \t";
    const std::size_t limit = std::min(rule.find_first_of("<>="), rule.size());
    const std::size_t tier = rule.find('}');
    const std::size_t name = std::min(tier == std::string::npos ? rule.find_first_of(kBlanks) : tier + 1, limit);
    std::string subject = shortened(rule.substr(0, name), kLettersOfName) + rule.substr(name, limit - name);
    subject.erase(subject.find_last_not_of(kBlanks) + 1);
    return subject + (subject.empty() ? "" : " ") + rule.substr(limit);
}

/// The mark with a name as short as a label needs it.
Mark named(Mark mark) {
    mark.name = mark.kind == MarkKind::Rule ? ruleText(mark.name) : shortened(mark.name, kLettersOfName);
    return mark;
}

/// Where labels are already in a row.
class LabelRow {
public:
    bool take(double from, double until) {
        const bool free = std::ranges::none_of(
            m_taken, [&](const auto& label) { return from < label.second && label.first < until; });
        if (free) {
            m_taken.emplace_back(from, until);
        }
        return free;
    }

private:
    std::vector<std::pair<double, double>> m_taken;
};

/// Labels of what is minor come last.
void placeLabels(std::vector<PlacedMark>& marks, double left, double right,
                 const std::function<double(const std::string&)>& widthOf) {
    constexpr double kGap = 4;
    std::array<LabelRow, kLabelRows> rows;
    for (const bool minor : {false, true}) {
        for (PlacedMark& at : marks) {
            if (at.mark.minor != minor) {
                continue;
            }
            const double width = widthOf(at.mark.text);
            at.labelAt = at.x + width <= right ? at.x : at.x - width;
            for (std::size_t row = 0; row < rows.size() && !at.mark.text.empty() && at.labelAt >= left; ++row) {
                if (rows[row].take(at.labelAt, at.labelAt + width + kGap)) {
                    at.row = row;
                    break;
                }
            }
        }
    }
}

} // namespace

std::string labelOf(const Mark& mark, const MarkWord& word) {
    const auto said = [&word](std::string_view name) { return word ? word(name) : std::string(name); };
    switch (mark.kind) {
    case MarkKind::Burst:
    case MarkKind::Rate:
    case MarkKind::Stop:
        return fmt::format("{}: {}", said(nameOf(mark.kind)), textOf(named(mark)));
    case MarkKind::Rule:
        return fmt::format("{} {}", said(nameOf(mark.kind)), textOf(named(mark)));
    case MarkKind::Rebalance:
        return mark.detail.empty() ? said(nameOf(mark.kind)) : textOf(named(mark));
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
    for (const Mark& mark : rebalancesTogether(timeline)) {
        if (mark.kind == Rebalance && mark.seconds <= 0) {
            continue;
        }
        const bool bad = mark.kind == Fault || mark.kind == Rule || mark.kind == Error || mark.kind == Outage;
        const bool figured = mark.kind == Burst || mark.kind == Rate || mark.kind == Rule;
        const std::string label = labelOf(mark, word);
        marks.push_back({std::max(mark.seconds, 0.0), figured ? label : shortened(label, kLetters),
                         bad ? SeriesRole::Fault : SeriesRole::Mark, mark.kind == Rebalance || mark.kind == Recovery});
    }
    std::ranges::stable_sort(marks, {}, &ChartMark::x);
    return marks;
}

std::vector<PlacedMark> placed(std::span<const ChartMark> marks, const AxisScale& scale, double left, double right,
                               const std::function<double(const std::string&)>& widthOf) {
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
        all.push_back({mark, left + share * (right - left)});
    }
    placeLabels(all, left, right, widthOf);
    return all;
}

} // namespace core
