// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/wording.h"

#include "core/text/utf8.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace core {

namespace {

constexpr std::size_t kLongestShown = 60;
constexpr std::size_t kLongestCompared = 64; // longer names resemble none of ours

constexpr std::size_t kShortestStem = 3;

char lower(char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool beginsWith(std::string_view text, std::string_view stem) {
    return stem.size() >= kShortestStem && stem.size() < text.size() &&
           std::ranges::equal(text.substr(0, stem.size()), stem, {}, lower, lower);
}

} // namespace

std::string shown(std::string_view text) {
    std::string out;
    const std::string_view beginning = cutAtCharacter(text, kLongestShown);
    for (const char c : beginning) {
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    }
    if (beginning.size() < text.size()) {
        out += "…";
    }
    return out;
}

std::string inQuotes(std::string_view text) {
    return "'" + shown(text) + "'";
}

std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> beforeLast(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        last[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = lower(a[i - 1]) == lower(b[j - 1]);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
            const bool exchanged =
                i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (exchanged) {
                row[j] = std::min(row[j], beforeLast[j - 2] + 1);
            }
        }
        std::swap(beforeLast, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

std::optional<std::string_view> nearest(std::string_view name, std::span<const std::string_view> candidates) {
    if (name.empty() || name.size() > kLongestCompared) {
        return std::nullopt;
    }
    std::optional<std::string_view> best;
    std::size_t bestDistance = 0;
    for (const std::string_view candidate : candidates) {
        // A third of the letters may differ, and one letter in any name of two or more; WARNING is as near to WARN.
        const std::size_t allowed = std::max<std::size_t>(std::max(name.size(), candidate.size()) / 3, 1);
        const bool isStem = beginsWith(name, candidate) || beginsWith(candidate, name);
        const std::size_t distance =
            isStem ? std::min(editDistance(name, candidate), allowed) : editDistance(name, candidate);
        const bool near = distance <= allowed && distance < std::max(name.size(), candidate.size());
        if (near && (!best || distance < bestDistance)) {
            best = candidate;
            bestDistance = distance;
        }
    }
    return best;
}

std::vector<std::string_view> itemsOf(std::string_view text) {
    std::vector<std::string_view> items;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view item = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        if (const std::size_t first = item.find_first_not_of(' '); first != std::string_view::npos) {
            items.push_back(item.substr(first, item.find_last_not_of(' ') + 1 - first));
        }
    }
    return items;
}

std::string listed(std::span<const std::string_view> names, std::string_view last) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0 && i + 1 == names.size()) {
            out.append(" ").append(last).append(" ");
        } else if (i > 0) {
            out += ", ";
        }
        out += names[i];
    }
    return out;
}

} // namespace core
