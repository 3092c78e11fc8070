// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/search_query.h"

#include "services/store/id_range.h"

#include <fmt/format.h>

#include <algorithm>

namespace services {

namespace {

constexpr std::size_t kMostSources = 100;
constexpr std::size_t kLongestText = 4'096;
constexpr char kUnitSeparator = '\x1f';

core::EventId largestId() {
    core::EventId id;
    id.bytes.fill(0xFF);
    return id;
}

} // namespace

core::Status checkQuery(const core::LogQuery& query) {
    if (query.limit == 0 || query.mostRead == 0) {
        return core::invalid("A search must be allowed to find and to look at one row at the least.");
    }
    if (query.sources.size() > kMostSources) {
        return core::invalid(fmt::format("A search takes at most {} sources.", kMostSources));
    }
    if (query.text.size() > kLongestText) {
        return core::invalid(fmt::format("The text to search for is longer than {} bytes.", kLongestText));
    }
    const auto holdsNul = [](const std::string& text) { return text.find('\0') != std::string::npos; };
    if (holdsNul(query.text) || std::ranges::any_of(query.sources, holdsNul)) {
        return core::invalid("A text to search for cannot hold a NUL character.");
    }
    return {};
}

IdWalk walkOf(const core::LogQuery& query) {
    IdWalk walk{.below = largestId(), .belowIncluded = true};
    if (query.from) {
        walk.lowest = lowestIdAt(*query.from);
    }
    if (query.until) {
        walk.below = lowestIdAt(*query.until);
        walk.belowIncluded = false;
    }
    if (query.before && *query.before <= walk.below) {
        walk.below = *query.before;
        walk.belowIncluded = false;
    }
    walk.onlyTimed = query.from || query.until;
    return walk;
}

std::string likePattern(std::string_view text) {
    std::string pattern = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') {
            pattern += '\\';
        }
        pattern += c;
    }
    if (!text.empty()) {
        pattern += '%';
    }
    return pattern;
}

std::optional<core::WallTime> wallTimeOf(std::int64_t microseconds) {
    constexpr std::int64_t kFurthest = std::chrono::floor<std::chrono::microseconds>(core::Nanoseconds::max()).count();
    if (microseconds > kFurthest || microseconds < -kFurthest) {
        return std::nullopt;
    }
    return core::WallTime(std::chrono::microseconds(microseconds));
}

void endPage(core::LogPage& page, core::LogPage::End end, const core::EventId& next) {
    page.end = end;
    page.next = next;
    if (const auto parts = next.parts()) {
        page.reachedBackTo = parts->due;
    }
}

std::vector<std::string> tagsOf(std::string_view joined) {
    std::vector<std::string> tags;
    while (!joined.empty()) {
        const std::size_t end = std::min(joined.find(kUnitSeparator), joined.size());
        tags.emplace_back(joined.substr(0, end));
        joined.remove_prefix(std::min(end + 1, joined.size()));
    }
    return tags;
}

} // namespace services
