// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/browse/message_merge.h"
#include "services/kafka/message_places.h"
#include "services/kafka/message_reader.h"
#include "services/kafka/topic_consumer.h"

#include <map>

namespace services {

/// The part of a partition that a page reads.
struct MessageSpan {
    core::Offset from;
    core::Offset to;
};
using MessageSpans = std::map<core::Partition, MessageSpan>;

/// What a reader consists of: message_log.cpp reads what lies in the log, message_reader.cpp what comes.
struct MessageReader::State {
    MessageReading reading;
    ReadingLimits limits;
    core::MessageMatcher matcher;
    LogQuestions questions;
    std::unique_ptr<TopicConsumer> consumer;
    MessagePlaces places;
    core::MessageMerge before{}; // read by earlier() and not on a page yet
    core::MessageMerge after{};  // read by later() or next() and not on a page yet
    bool isFollowing = false;    // every partition is started at its `high`
    int busyLooks = 0;           // how many in a row ended at their limit
    std::string trouble{};

    bool look(const KafkaMessage& message, core::MessagePage& page, core::MessageMerge& found);
    void stopFollowing();
    core::Status startFollowing();
    core::Status recover(core::Partition partition, core::MessagePage& page, const std::stop_token& stop);
    core::Result<bool> read(MessageSpans spans, bool isBackwards, core::MessagePage& page, core::MessageMerge& found,
                            const std::stop_token& stop);
    core::Result<std::optional<core::Partition>> take(const TopicConsumer::Polled& polled, const MessageSpans& spans,
                                                      bool isBackwards, core::MessagePage& page,
                                                      core::MessageMerge& found, const std::stop_token& stop);
    core::Error silence();
    MessageSpans spansBefore(std::int64_t length) const;
    MessageSpans spansAfter(std::int64_t length) const;
    std::int64_t longer(std::int64_t length) const;
    void trim(core::MessageMerge& found, std::size_t most, core::MessagePage& page);
    core::Result<core::MessagePage> earlier(std::size_t most, const std::stop_token& stop);
    core::Result<core::MessagePage> later(const std::stop_token& stop);
    core::Result<core::MessagePage> next(core::Nanoseconds time, const std::stop_token& stop);
    core::Status takeNext(const TopicConsumer::Polled& polled, core::MessagePage& page, const std::stop_token& stop);
    core::Status keepUp(std::uint64_t budget, core::MessagePage& page);
    void watchBroker(core::MessagePage& page, const std::stop_token& stop);
};

/// The offset after this one.
inline core::Offset behind(core::Offset offset) {
    return {offset.value + 1};
}

} // namespace services
