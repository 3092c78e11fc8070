// SPDX-License-Identifier: GPL-3.0-or-later
// Pages of what lies in a topic's log, in both directions.
#include "services/kafka/message_reader_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace services {

using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kLogSlice{50}; // between two looks whether a stop came

} // namespace

MessageSpans MessageReader::State::spansBefore(std::int64_t length) const {
    MessageSpans spans;
    for (const auto& [partition, place] : places) {
        if (place.low > place.begin) {
            spans[partition] = {std::max(place.begin, core::Offset{place.low.value - length}), place.low};
        }
    }
    return spans;
}

MessageSpans MessageReader::State::spansAfter(std::int64_t length) const {
    MessageSpans spans;
    for (const auto& [partition, place] : places) {
        if (place.high < place.end) {
            spans[partition] = {place.high, std::min(place.end, core::Offset{place.high.value + length})};
        }
    }
    return spans;
}

/// Where few fit, more is looked at at once.
std::int64_t MessageReader::State::longer(std::int64_t length) const {
    const auto most = static_cast<std::int64_t>(limits.mostLookedAt / places.size());
    return std::clamp<std::int64_t>(4 * length, 1, std::max<std::int64_t>(most, 1));
}

/// Of what lies before the page, the oldest wait for the next one: they are read again then.
void MessageReader::State::trim(core::MessageMerge& found, std::size_t most, core::MessagePage& page) {
    while (found.count() > most || (found.bytes() > limits.mostBytes.count && found.count() > 1)) {
        const core::TopicMessage dropped = found.popOldest();
        MessagePlace& place = places[dropped.partition];
        place.low = std::max(place.low, behind(dropped.offset));
        --page.matched;
    }
}

/// Takes what was polled of the spans; answers the partition whose span is read by that.
core::Result<std::optional<core::Partition>>
MessageReader::State::take(const TopicConsumer::Polled& polled, const MessageSpans& spans, bool isBackwards,
                           core::MessagePage& page, core::MessageMerge& found, const std::stop_token& stop) {
    using Ended = std::optional<core::Partition>;
    if (const auto* const error = std::get_if<core::Error>(&polled)) {
        return *error;
    }
    if (const auto* const gone = std::get_if<TopicConsumer::OffsetForgotten>(&polled)) {
        // The span is no longer what it was; the next one begins with what is left.
        const auto status = isBackwards ? questions.refresh(places, stop) : recover(gone->partition, page, stop);
        return status ? core::Result<Ended>(gone->partition) : status.error();
    }
    const auto* const message = std::get_if<KafkaMessage>(&polled);
    const auto* const end = std::get_if<TopicConsumer::PartitionEnd>(&polled);
    const auto span = spans.find(message != nullptr ? message->partition() : end->partition);
    if (span == spans.end()) {
        return Ended();
    }
    const auto& [from, to] = span->second;
    if (message != nullptr && message->offset() < to) {
        look(*message, page, found);
    }
    // Behind the last message of a log there may be offsets that are none: control records.
    const core::Offset reached = message != nullptr ? std::min(behind(message->offset()), to) : to;
    if (isBackwards) {
        trim(found, 2 * limits.mostMessages, page);
    } else {
        places[span->first].high = reached;
    }
    return reached >= to ? Ended(span->first) : Ended();
}

/// Reads the spans and moves the places along. False: a stop came, or forwards a limit was reached; backwards nothing
/// is moved then, for what was read would lie beyond a hole.
core::Result<bool> MessageReader::State::read(MessageSpans spans, bool isBackwards, core::MessagePage& page,
                                              core::MessageMerge& found, const std::stop_token& stop) {
    const MessagePlaces former = places;
    core::Status status;
    for (const auto& [partition, span] : spans) {
        status = status ? consumer->start(partition, span.from) : status;
        places[partition].low = isBackwards ? span.from : places[partition].low; // trim() may raise it
    }
    auto heard = steady_clock::now();
    for (bool goesOn = true; goesOn && status && !spans.empty() && !stop.stop_requested();) {
        const auto polled = consumer->poll(kLogSlice);
        if (std::holds_alternative<TopicConsumer::Nothing>(polled)) {
            status = steady_clock::now() - heard > limits.patience ? silence() : status;
            continue;
        }
        heard = steady_clock::now();
        const auto ended = take(polled, spans, isBackwards, page, found, stop);
        if (!ended) {
            status = ended.error();
        } else if (*ended) {
            consumer->stop(**ended);
            spans.erase(**ended);
        }
        goesOn = isBackwards || (found.bytes() <= limits.mostBytes.count && page.lookedAt < limits.mostLookedAt);
    }
    for (const auto& [partition, span] : spans) {
        consumer->stop(partition);
    }
    if (isBackwards && (!status || !spans.empty())) {
        places = former;
    }
    return status ? core::Result<bool>(spans.empty()) : status.error();
}

core::Error MessageReader::State::silence() {
    const auto complaint = consumer->popComplaint();
    return core::transient(fmt::format(
        "Kafka at {} handed out nothing of topic {} for {} s{}{}.", reading.cluster.bootstrap, reading.topic,
        limits.patience / std::chrono::seconds(1), complaint ? ": " : "", complaint.value_or("")));
}

core::Result<core::MessagePage> MessageReader::State::earlier(std::size_t most, const std::stop_token& stop) {
    stopFollowing();
    core::MessagePage page;
    if (const core::Status asked = questions.refresh(places, stop); !asked) {
        return asked.error();
    }
    auto length = static_cast<std::int64_t>(most / places.size() + 1);
    MessageSpans spans = spansBefore(length);
    while (before.count() < most && !spans.empty() && page.lookedAt < limits.mostLookedAt) {
        core::MessageMerge found;
        const auto whole = read(spans, true, page, found, stop);
        if (!whole) {
            return whole.error();
        }
        if (!*whole) {
            break;
        }
        while (!before.isEmpty()) { // these are newer
            found.add(before.popOldest());
        }
        before = std::move(found);
        length = longer(length);
        spans = spansBefore(length);
    }
    for (std::size_t bytes = 0; !before.isEmpty() && page.messages.size() < most && bytes <= limits.mostBytes.count;) {
        page.messages.push_back(before.popNewest());
        bytes += page.messages.back().bytes();
    }
    std::ranges::reverse(page.messages);
    page.isComplete = before.isEmpty() && spansBefore(1).empty();
    return page;
}

core::Result<core::MessagePage> MessageReader::State::later(const std::stop_token& stop) {
    stopFollowing();
    core::MessagePage page;
    if (const core::Status asked = questions.refresh(places, stop); !asked) {
        return asked.error();
    }
    auto length = static_cast<std::int64_t>(limits.mostMessages / places.size() + 1);
    MessageSpans spans = spansAfter(length);
    for (bool goesOn = true; goesOn && after.count() < limits.mostMessages && !spans.empty();) {
        const auto whole = read(spans, false, page, after, stop);
        if (!whole) {
            return whole.error();
        }
        goesOn = *whole && page.lookedAt < limits.mostLookedAt;
        length = longer(length);
        spans = spansAfter(length);
    }
    for (std::size_t bytes = 0;
         !after.isEmpty() && page.messages.size() < limits.mostMessages && bytes <= limits.mostBytes.count;) {
        page.messages.push_back(after.popOldest());
        bytes += page.messages.back().bytes();
    }
    page.isComplete = after.isEmpty() && spansAfter(1).empty();
    return page;
}

} // namespace services
