// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/mark_groups.h"

#include "core/text/count_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <string_view>

namespace core {

namespace {

constexpr double kTogether = 5; // seconds

/// The rebalances that one mark stands for.
struct Group {
    std::size_t place = 0;                                // of its mark
    std::map<std::string_view, std::size_t> partitions{}; // of each consumer, as it was told last
};

std::string_view verbOf(PartitionChange change) {
    switch (change) {
    case PartitionChange::Assigned:
        return "took over";
    case PartitionChange::Revoked:
        return "released";
    case PartitionChange::Lost:
        return "lost";
    }
    return {};
}

} // namespace

std::vector<Mark> rebalancesTogether(std::span<const Mark> timeline) {
    std::vector<Mark> marks;
    std::vector<Group> groups;
    for (const Mark& mark : timeline) {
        if (mark.kind != MarkKind::Rebalance || !mark.detail.empty()) {
            marks.push_back(mark);
            continue;
        }
        const auto group = std::ranges::find_if(groups, [&](const Group& each) {
            const Mark& first = marks[each.place];
            const bool bothRun = (first.seconds > 0) == (mark.seconds > 0); // what begins every run is apart
            return bothRun && first.change == mark.change && mark.seconds - first.seconds <= kTogether;
        });
        if (group == groups.end()) {
            groups.push_back({marks.size(), {{mark.name, mark.partitions}}});
            marks.push_back(mark);
            continue;
        }
        group->partitions[mark.name] = mark.partitions;
    }
    for (const auto& [place, consumers] : groups) {
        Mark& mark = marks[place];
        mark.partitions = std::accumulate(consumers.begin(), consumers.end(), std::size_t{0},
                                          [](std::size_t sum, const auto& each) { return sum + each.second; });
        const bool named = consumers.size() == 1 && !mark.name.empty();
        mark.name = named ? mark.name : "";
        mark.detail = fmt::format("{}{} {}", !named ? counted(consumers.size(), "consumer") + " " : "",
                                  verbOf(mark.change), counted(mark.partitions, "partition"));
    }
    return marks;
}

} // namespace core
