// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/group_members.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace services {

std::string partitionsText(const std::set<core::TopicPartition>& partitions) {
    std::string text;
    const core::TopicPartition* former = nullptr;
    for (auto at = partitions.begin(); at != partitions.end(); ++at) {
        auto last = at; // of the numbers that follow each other
        for (auto next = std::next(last);
             next != partitions.end() && next->topic == at->topic && next->partition.id == last->partition.id + 1;
             ++next) {
            last = next;
        }
        const bool sameTopic = former != nullptr && former->topic == at->topic;
        text += sameTopic ? fmt::format(", {}", at->partition.id)
                          : fmt::format("{}{} {}", text.empty() ? "" : ", ", at->topic, at->partition.id);
        if (last != at) {
            text += fmt::format(" to {}", last->partition.id);
        }
        former = &*at;
        at = last;
    }
    return text;
}

std::string holdersText(const std::vector<GroupMember>& members,
                        const std::function<bool(const core::TopicPartition&)>& asked) {
    std::vector<std::string> holders;
    for (const GroupMember& member : members) {
        std::set<core::TopicPartition> held;
        std::ranges::copy_if(member.partitions, std::inserter(held, held.end()), asked);
        if (!held.empty()) {
            holders.push_back(fmt::format("'{}' at {} holds {}", member.clientId, member.host, partitionsText(held)));
        }
    }
    return fmt::format("{}", fmt::join(holders, "; "));
}

} // namespace services
