// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/group_members.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace services {

namespace {

/// Reads big-endian numbers and texts off the front; a text that is too short answers zeros and nothing.
class Wire {
public:
    explicit Wire(std::string_view bytes) : m_rest(bytes) {}

    std::uint32_t number(std::size_t bytes) {
        std::uint32_t value = 0;
        for (const char byte : take(bytes)) {
            value = value << 8U | static_cast<unsigned char>(byte);
        }
        return value;
    }
    std::string_view take(std::size_t bytes) {
        const std::string_view front = bytes <= m_rest.size() ? m_rest.substr(0, bytes) : std::string_view();
        m_rest.remove_prefix(bytes <= m_rest.size() ? bytes : m_rest.size());
        return front;
    }
    std::size_t left() const { return m_rest.size(); }

private:
    std::string_view m_rest;
};

} // namespace

std::vector<core::TopicPartition> assignedPartitions(std::string_view assignment) {
    std::vector<core::TopicPartition> partitions;
    Wire wire(assignment);
    wire.number(2); // the version
    for (std::uint32_t topics = wire.number(4); topics > 0 && wire.left() > 0; --topics) {
        const std::string topic(wire.take(wire.number(2)));
        for (std::uint32_t count = wire.number(4); count > 0 && wire.left() >= 4; --count) {
            partitions.push_back({topic, {static_cast<std::int32_t>(wire.number(4))}});
        }
    }
    return partitions;
}

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
