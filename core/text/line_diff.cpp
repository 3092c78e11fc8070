// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/line_diff.h"

#include <algorithm>
#include <cstdint>

namespace core {

namespace {

using Lines = std::vector<std::string_view>;

Lines linesOf(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// Appends the way through both that keeps most lines, by the lengths of the common subsequences of their ends.
void appendWay(std::vector<DiffLine>& diff, const Lines& a, const Lines& b) {
    constexpr std::size_t kMostCells = 4'000'000;
    const bool isTooLong = (a.size() + 1) * (b.size() + 1) > kMostCells;
    const std::size_t width = b.size() + 1;
    std::vector<std::uint32_t> common(isTooLong ? 0 : (a.size() + 1) * width);
    for (std::size_t i = isTooLong ? 0 : a.size(); i-- > 0;) {
        for (std::size_t k = b.size(); k-- > 0;) {
            common[i * width + k] = a[i] == b[k] ? common[(i + 1) * width + k + 1] + 1
                                                 : std::max(common[(i + 1) * width + k], common[i * width + k + 1]);
        }
    }
    std::size_t i = 0, k = 0;
    while (i < a.size() || k < b.size()) {
        const bool inBoth = !isTooLong && i < a.size() && k < b.size();
        if (inBoth && a[i] == b[k]) {
            diff.push_back({' ', a[i++]});
            ++k;
        } else if (i < a.size() && (!inBoth || common[(i + 1) * width + k] >= common[i * width + k + 1])) {
            diff.push_back({'-', a[i++]});
        } else {
            diff.push_back({'+', b[k++]});
        }
    }
}

} // namespace

std::vector<DiffLine> lineDiff(std::string_view first, std::string_view other) {
    Lines a = linesOf(first), b = linesOf(other);
    const auto begin = std::ranges::mismatch(a, b);
    const Lines before(a.begin(), begin.in1);
    a.erase(a.begin(), begin.in1);
    b.erase(b.begin(), begin.in2);
    const auto end = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend());
    const Lines after(end.first.base(), a.end());
    a.resize(a.size() - after.size());
    b.resize(b.size() - after.size());
    std::vector<DiffLine> diff;
    std::ranges::transform(before, std::back_inserter(diff), [](std::string_view line) { return DiffLine{' ', line}; });
    appendWay(diff, a, b);
    std::ranges::transform(after, std::back_inserter(diff), [](std::string_view line) { return DiffLine{' ', line}; });
    return diff;
}

std::string diffText(std::string_view first, std::string_view other, std::size_t context) {
    const std::vector<DiffLine> diff = lineDiff(first, other);
    std::vector<bool> shown(diff.size());
    for (std::size_t i = 0; i < diff.size(); ++i) {
        if (diff[i].sign != ' ') {
            std::fill(shown.begin() + static_cast<std::ptrdiff_t>(i - std::min(i, context)),
                      shown.begin() + static_cast<std::ptrdiff_t>(std::min(diff.size(), i + context + 1)), true);
        }
    }
    std::string text;
    for (std::size_t i = 0; i < diff.size(); ++i) {
        if (shown[i]) {
            text += diff[i].sign;
            text += diff[i].text.empty() ? "" : " ";
            text += diff[i].text;
            text += '\n';
        } else if (i > 0 && shown[i - 1]) {
            text += "…\n"; // at the end too, for there is more of both
        }
    }
    return text;
}

} // namespace core
