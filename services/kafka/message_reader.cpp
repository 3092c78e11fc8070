// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/message_reader.h"

#include "services/kafka/message_reader_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <variant>

namespace services {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds kLookSlice{50}; // between two looks whether a stop came

void waitFor(core::Nanoseconds time, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, time, [] { return false; });
}

} // namespace

core::Result<std::unique_ptr<MessageReader>> MessageReader::open(MessageReading reading, const ReadingLimits& limits,
                                                                 const std::stop_token& stop) {
    reading.cluster.client.erase("group.id"); // any client of a group asks for its coordinator, which creates a topic
    auto questions = LogQuestions::create(reading.cluster, reading.topic, reading.committedOnly, limits.patience, stop);
    if (!questions) {
        return questions.error();
    }
    auto places = questions->places(reading.partition, reading.start, stop);
    if (!places) {
        return places.error();
    }
    auto consumer = TopicConsumer::create(reading.cluster, reading.topic, {.committedOnly = reading.committedOnly});
    if (!consumer) {
        return consumer.error();
    }
    return std::unique_ptr<MessageReader>(new MessageReader(
        std::unique_ptr<State>(new State{reading, limits, core::MessageMatcher(reading.filter), std::move(*questions),
                                         std::move(*consumer), std::move(*places)})));
}

MessageReader::MessageReader(std::unique_ptr<State> state) : m_state(std::move(state)) {}
MessageReader::~MessageReader() = default;

core::Result<core::MessagePage> MessageReader::first(const std::stop_token& stop) {
    const auto* const last = std::get_if<core::FromLast>(&m_state->reading.start);
    return last != nullptr ? m_state->earlier(std::min(last->count, m_state->limits.mostMessages), stop)
                           : m_state->later(stop);
}

core::Result<core::MessagePage> MessageReader::earlier(const std::stop_token& stop) {
    return m_state->earlier(m_state->limits.mostMessages, stop);
}

core::Result<core::MessagePage> MessageReader::later(const std::stop_token& stop) {
    return m_state->later(stop);
}

core::Result<core::MessagePage> MessageReader::next(core::Nanoseconds time, const std::stop_token& stop) {
    return m_state->next(time, stop);
}

// --- what is common to all ways ---------------------------------------------------------------------------------

bool MessageReader::State::look(const KafkaMessage& message, core::MessagePage& page, core::MessageMerge& found) {
    ++page.lookedAt;
    if (const auto time = message.timestamp()) {
        page.newest = std::max(page.newest.value_or(*time), *time);
    }
    if (!matcher.matches(message)) {
        return false;
    }
    ++page.matched;
    found.add(message.copied(limits.mostPayload));
    return true;
}

void MessageReader::State::stopFollowing() {
    for (const auto& [partition, place] : places) {
        consumer->stop(partition);
    }
    isFollowing = false;
}

core::Status MessageReader::State::startFollowing() {
    for (const auto& [partition, place] : places) {
        if (const core::Status started = consumer->start(partition, place.high); !started) {
            return started;
        }
    }
    isFollowing = true;
    busyLooks = 0;
    return {};
}

/// Retention has overtaken the reading: it goes on at what is left.
core::Status MessageReader::State::recover(core::Partition partition, core::MessagePage& page,
                                           const std::stop_token& stop) {
    if (const core::Status asked = questions.refresh(places, stop); !asked) {
        return asked;
    }
    MessagePlace& place = places[partition];
    if (place.high < place.begin) {
        page.forgotten += static_cast<std::uint64_t>(place.begin.value - place.high.value);
        place.high = place.begin;
    } else if (place.high > place.end) { // the topic was deleted and created anew
        place.low = place.high = place.end;
    }
    return consumer->start(partition, place.high);
}

// --- what comes -------------------------------------------------------------------------------------------------

core::Result<core::MessagePage> MessageReader::State::next(core::Nanoseconds time, const std::stop_token& stop) {
    if (!isFollowing) {
        if (const core::Status started = startFollowing(); !started) {
            return started.error();
        }
    }
    core::MessagePage page;
    const auto until = steady_clock::now() + time;
    const auto budget =
        static_cast<std::uint64_t>(static_cast<double>(limits.lookedAtPerSecond) * core::secondsOf(time));
    for (auto now = steady_clock::now(); now < until && !stop.stop_requested(); now = steady_clock::now()) {
        if (page.lookedAt >= std::max<std::uint64_t>(budget, 1)) {
            waitFor(until - now, stop);
            break;
        }
        const core::Status taken =
            takeNext(consumer->poll(std::min<core::Nanoseconds>(kLookSlice, until - now)), page, stop);
        if (!taken) {
            return taken.error();
        }
    }
    const bool isBusy = page.lookedAt >= std::max<std::uint64_t>(budget, 1);
    busyLooks = isBusy ? busyLooks + 1 : 0;
    if (const core::Status kept = keepUp(budget, page); !kept) {
        return kept.error();
    }
    while (!after.isEmpty()) {
        page.messages.push_back(after.popOldest());
    }
    watchBroker(page, stop);
    return page;
}

core::Status MessageReader::State::takeNext(const TopicConsumer::Polled& polled, core::MessagePage& page,
                                            const std::stop_token& stop) {
    if (const auto* const message = std::get_if<KafkaMessage>(&polled)) {
        trouble.clear();
        places[message->partition()].high = behind(message->offset());
        look(*message, page, after);
        while (after.count() > limits.mostMessages || (after.bytes() > limits.mostBytes.count && after.count() > 1)) {
            after.popOldest();
            ++page.passedOver;
        }
        return {};
    }
    if (const auto* const end = std::get_if<TopicConsumer::PartitionEnd>(&polled)) {
        trouble.clear();
        places[end->partition].high = std::max(places[end->partition].high, end->next);
        return {};
    }
    if (const auto* const gone = std::get_if<TopicConsumer::OffsetForgotten>(&polled)) {
        return recover(gone->partition, page, stop);
    }
    const auto* const error = std::get_if<core::Error>(&polled);
    if (error != nullptr && error->kind == core::ErrorKind::Transient) {
        trouble = error->message; // the client goes on trying
        return {};
    }
    return error != nullptr ? core::Status(*error) : core::Status();
}

/// Where looks end at their limit again and again, and a second's worth waits already, the newest are read instead.
core::Status MessageReader::State::keepUp(std::uint64_t budget, core::MessagePage& page) {
    if (busyLooks < 2) {
        return {};
    }
    std::map<core::Partition, core::Offset> newest;
    std::int64_t waiting = 0;
    for (const auto& [partition, place] : places) {
        newest[partition] = std::max(consumer->newestKnown(partition).value_or(place.high), place.high);
        waiting += newest[partition].value - place.high.value;
    }
    if (waiting <= static_cast<std::int64_t>(limits.lookedAtPerSecond)) {
        return {};
    }
    const auto share = static_cast<std::int64_t>(budget / places.size() + 1);
    for (auto& [partition, place] : places) {
        const core::Offset target{newest[partition].value - share};
        if (target > place.high) {
            page.skipped += static_cast<std::uint64_t>(target.value - place.high.value);
            place.high = target;
            if (const core::Status started = consumer->start(partition, target); !started) {
                return started;
            }
        }
    }
    return {};
}

/// The client says when its brokers are gone, and not when they are back while nothing comes: then they are asked.
void MessageReader::State::watchBroker(core::MessagePage& page, const std::stop_token& stop) {
    if (const auto complaint = consumer->popComplaint()) {
        trouble = fmt::format("Kafka at {} does not answer: {}.", reading.cluster.bootstrap, *complaint);
    } else if (!trouble.empty() && questions.refresh(places, stop, milliseconds(100))) {
        trouble.clear();
    }
    page.trouble = trouble;
}

} // namespace services
