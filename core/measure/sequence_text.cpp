// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/sequence_text.h"

#include <fmt/format.h>

#include <charconv>
#include <iterator>
#include <limits>

namespace core {

namespace {

/// Takes a number off the text's front.
std::optional<std::uint64_t> popNumber(std::string_view& text) {
    std::uint64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || number == std::numeric_limits<std::uint64_t>::max()) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

} // namespace

std::string sequenceText(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& runs) {
    std::string text;
    for (const auto& [from, until] : runs) {
        fmt::format_to(std::back_inserter(text), "{}{}", text.empty() ? "" : ",", from);
        if (until - from > 1) {
            fmt::format_to(std::back_inserter(text), "-{}", until - 1);
        }
    }
    return text;
}

std::optional<SequenceSet> sequenceSetOf(std::string_view text) {
    SequenceSet set;
    while (!text.empty()) {
        const auto first = popNumber(text);
        auto last = first;
        if (first && text.starts_with('-')) {
            text.remove_prefix(1);
            last = popNumber(text);
        }
        if (!first || !last || *last < *first || (!text.empty() && (text.front() != ',' || text.size() == 1))) {
            return std::nullopt;
        }
        set.insertRange(*first, *last + 1);
        text.remove_prefix(text.empty() ? 0 : 1);
    }
    return set;
}

} // namespace core
