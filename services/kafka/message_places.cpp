// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/message_places.h"

#include "core/text/count_text.h"
#include "services/kafka/cluster_probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <variant>
#include <vector>

namespace services {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

std::string offsetWords(core::Offset offset) {
    return core::countText(static_cast<std::uint64_t>(std::max<std::int64_t>(offset.value, 0)));
}

} // namespace

core::Result<LogQuestions> LogQuestions::create(const ClusterAccess& access, const std::string& topic,
                                                bool committedOnly, core::Nanoseconds patience,
                                                const std::stop_token& stop) {
    if (const auto probe = probeCluster(access, patience, stop); !probe) { // knows best what is wrong
        return probe.error();
    }
    auto admin = ClusterAdmin::create(access, std::chrono::seconds(5),
                                      committedOnly ? ClusterAdmin::LogEnd::Stable : ClusterAdmin::LogEnd::Newest);
    if (!admin) {
        return admin.error();
    }
    return LogQuestions(access.bootstrap, topic, patience, std::move(*admin));
}

/// In slices, to hear of a stop; ever longer ones, for an answer that comes after its slice is lost.
core::Result<LogBounds> LogQuestions::bounds(core::Nanoseconds patience, const std::stop_token& stop) {
    const auto until = steady_clock::now() + patience;
    core::Nanoseconds slice = milliseconds(200);
    for (;;) {
        auto found = m_admin->logBounds({m_topic}, std::min<core::Nanoseconds>(slice, patience));
        const bool isFinal = found || found.error().kind != core::ErrorKind::Transient;
        if (isFinal || stop.stop_requested() || steady_clock::now() >= until) {
            return found;
        }
        slice = std::min<core::Nanoseconds>(2 * slice, std::chrono::seconds(1));
    }
}

core::Result<MessagePlaces> LogQuestions::places(std::optional<core::Partition> partition,
                                                 const core::ReadingStart& start, const std::stop_token& stop) {
    const auto found = bounds(m_patience, stop);
    if (!found) {
        return found.error();
    }
    if (found->empty()) {
        return core::invalid(fmt::format("Kafka at {} has no topic {}.", m_bootstrap, m_topic));
    }
    MessagePlaces places;
    for (const auto& [each, log] : *found) {
        if (!partition || each.partition == *partition) {
            places[each.partition] = {log.first, log.second, log.second, log.second};
        }
    }
    if (places.empty()) {
        return core::invalid(fmt::format("Topic {} at {} has no partition {}: it has {}, counted from 0.", m_topic,
                                         m_bootstrap, partition->id, found->size()));
    }
    const core::Status moved = moveTo(start, places.size() == 1, places);
    return moved ? core::Result<MessagePlaces>(std::move(places)) : moved.error();
}

core::Status LogQuestions::moveTo(const core::ReadingStart& start, bool isOnlyOne, MessagePlaces& places) {
    if (std::holds_alternative<core::FromBeginning>(start)) {
        for (auto& [partition, place] : places) {
            place.low = place.high = place.begin;
        }
    }
    if (const auto* const offset = std::get_if<core::FromOffset>(&start)) {
        return moveTo(offset->offset, isOnlyOne, places);
    }
    if (const auto* const time = std::get_if<core::FromTime>(&start)) {
        return moveTo(time->time, places);
    }
    return {};
}

core::Status LogQuestions::moveTo(core::Offset offset, bool isOnlyOne, MessagePlaces& places) const {
    if (!isOnlyOne) {
        return core::invalid(
            fmt::format("Topic {} has {} partitions, and each counts its own offsets.", m_topic, places.size()),
            "Name the partition.");
    }
    auto& [partition, place] = *places.begin();
    if (offset < place.begin || offset > place.end) {
        return core::invalid(fmt::format(
            "Partition {} of topic {} at {} has no offset {}: its messages begin at {} and "
            "the next one will be {}.",
            partition.id, m_topic, m_bootstrap, offsetWords(offset), offsetWords(place.begin), offsetWords(place.end)));
    }
    place.low = place.high = offset;
    return {};
}

/// Partitions without a message so late stay at their end.
core::Status LogQuestions::moveTo(core::WallTime time, MessagePlaces& places) {
    std::vector<core::TopicPartition> asked;
    for (const auto& [partition, place] : places) {
        asked.push_back({m_topic, partition});
    }
    const auto found = m_admin->firstSince(time, asked);
    if (!found) {
        return found.error();
    }
    for (const auto& [partition, offset] : *found) {
        MessagePlace& place = places[partition.partition];
        place.low = place.high = std::clamp(offset, place.begin, place.end);
    }
    return {};
}

core::Status LogQuestions::refresh(MessagePlaces& places, const std::stop_token& stop,
                                   std::optional<core::Nanoseconds> patience) {
    const auto found = bounds(patience.value_or(m_patience), stop);
    if (!found) {
        return found.error();
    }
    for (auto& [partition, place] : places) {
        const auto log = found->find({m_topic, partition});
        if (log == found->end()) {
            return core::invalid(fmt::format("Kafka at {} has no topic {} any more.", m_bootstrap, m_topic));
        }
        place.begin = log->second.first;
        place.end = log->second.second;
        place.low = std::max(place.low, place.begin); // what lay before is gone
    }
    return {};
}

} // namespace services
