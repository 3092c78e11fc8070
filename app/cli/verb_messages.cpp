// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/log_lines.h"
#include "app/cli/stop_signals.h"
#include "app/cli/target_request.h"
#include "app/cli/verbs.h"
#include "app/launch/target_choice.h"
#include "core/browse/message_text.h"
#include "core/format/timestamp_text.h"
#include "core/text/count_text.h"
#include "core/text/plain_number.h"
#include "services/kafka/message_reader.h"
#include "services/target/remedy.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <stop_token>
#include <thread>

namespace app {
namespace {

using core::ExitCode;

constexpr std::chrono::milliseconds kLook{200};
constexpr std::size_t kMessagesPerPage = 20'000; // each page costs several requests
constexpr std::size_t kLongestLine = 4'096;      // bytes of a payload in a line of text

VerbSyntax syntax() {
    return {
        .name = "messages",
        .operands = "[FILE]",
        .maxOperands = 1,
        .summary = "show the messages of a topic",
        .explanation =
            "\nThe topic is read without a group, and nothing is committed. FILE, a scenario, says how the broker\n"
            "lets us in (kafka.client). After the messages that are there it waits for more, until --limit,\n"
            "--to-end or Ctrl-C ends it. Where more comes than can be looked at, it skips to the newest and says so.\n"
            "\nA filter is one or more of these conditions with 'and' between them:\n"
            "  key = VALUE            header NAME = VALUE           json PATH.TO.FIELD = VALUE\n"
            "  key != VALUE           header NAME != VALUE          json PATH != VALUE, and < <= > >=\n"
            "  key contains VALUE     header NAME contains VALUE    json PATH contains VALUE\n"
            "  text contains \"SEVERAL WORDS\"\n"
            "contains finds upper and lower case of A to Z alike; all else is compared exactly.",
        .options = {{"--broker", "HOST:PORT,…", "Kafka"},
                    {"--topic", "NAME", "the topic to read"},
                    {"--partition", "N", "this one alone"},
                    {"--from", "PLACE",
                     "end (the default), beginning, -N for the last N, an offset, or a time as "
                     "2027-01-15T09:00:00Z"},
                    {"--filter", "TEXT", "only messages that fit"},
                    {"--committed", "", "leave out what transactions have not committed"},
                    {"--limit", "N", "end after so many"},
                    {"--to-end", "", "end where the topic ends, and wait for nothing"},
                    {"--json", "", "one line of JSON per message"}},
        .example = "messages --broker localhost:9092 --topic log-events --from -100 --filter 'json level = ERROR'"};
}

/// What is asked for, from the options.
struct MessageRequest {
    services::MessageReading reading;
    std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
    bool endsAtEnd = false;
    bool isJson = false;
};

template <typename Number>
core::Status readNumber(const Arguments& arguments, std::string_view option, std::optional<Number>& into) {
    const auto text = arguments.value(option);
    if (!text) {
        return {};
    }
    into = core::numberFrom<Number>(*text);
    if (!into || *into < Number{0}) {
        return core::invalid(fmt::format("{} takes a number, as {} 3.", option, option));
    }
    return {};
}

core::Status readStart(const Arguments& arguments, services::MessageReading& reading) {
    const auto start = core::readingStartFrom(arguments.value("--from").value_or("end"));
    if (!start) {
        return core::invalid("--from: " + start.error().message + ".");
    }
    reading.start = *start;
    const auto filter = core::MessageFilter::parse(arguments.value("--filter").value_or(""));
    if (!filter) {
        return core::invalid("--filter, " + filter.error().text());
    }
    reading.filter = *filter;
    return {};
}

core::Result<MessageRequest> requestOf(const Arguments& arguments, const TargetRequest& target) {
    MessageRequest request;
    request.reading.topic = arguments.value("--topic").value_or("");
    if (request.reading.topic.empty()) {
        return core::invalid("--topic is missing: the name of the topic to read.");
    }
    if (target.target.broker.isEmbedded()) {
        return core::invalid("Messages are read from a Kafka cluster: name it with --broker HOST:PORT.");
    }
    request.reading.cluster = {target.target.broker.shown(), target.scenario.kafka.client};
    request.reading.committedOnly = arguments.has("--committed");
    request.endsAtEnd = arguments.has("--to-end");
    request.isJson = arguments.has("--json");
    std::optional<std::int32_t> partition;
    std::optional<std::uint64_t> limit;
    core::Status status = readNumber(arguments, "--partition", partition);
    status = status ? readNumber(arguments, "--limit", limit) : status;
    status = status ? readStart(arguments, request.reading) : status;
    if (partition) {
        request.reading.partition = core::Partition{*partition};
    }
    request.limit = limit.value_or(request.limit);
    return status ? core::Result(std::move(request)) : status.error();
}

std::string lineOf(const core::TopicMessage& message) {
    char time[core::TimestampText::kLength];
    core::TimestampText().write(time, message.time);
    const bool isTimed = message.timeKind != core::TopicMessage::TimeKind::None;
    const std::string key = core::oneLineOf(message.key.value_or(""), kLongestLine);
    return fmt::format("{}  {}/{}  {}  {}\n", isTimed ? std::string_view(time, sizeof time) : "-", message.partition.id,
                       message.offset.value, key.empty() ? "-" : key,
                       message.payload ? core::oneLineOf(*message.payload, kLongestLine) : "(null)");
}

/// Writes pages as they come, and counts.
class MessagePrinter {
public:
    explicit MessagePrinter(const MessageRequest& request) : m_request(request) {}

    bool isDone() const { return m_shown >= m_request.limit || outputFailure(); }
    void show(const core::MessagePage& page) {
        for (const core::TopicMessage& message : page.messages) {
            if (m_shown < m_request.limit) {
                say(m_request.isJson ? core::jsonLineOf(message) + "\n" : lineOf(message));
                ++m_shown;
            }
        }
        m_lookedAt += page.lookedAt;
        m_matched += page.matched;
        if (const std::uint64_t unread = page.skipped + page.passedOver; unread > 0) {
            complain(fmt::format("skipped {} to keep up", core::counted(unread, "message")));
        }
        if (page.forgotten > 0) {
            complain(
                fmt::format("{} had been deleted before they were read", core::counted(page.forgotten, "message")));
        }
        if (page.trouble != m_trouble && !page.trouble.empty()) {
            complain(page.trouble);
        }
        m_trouble = page.trouble;
    }
    void sumUp() const {
        complain(
            fmt::format("looked at {}, {} match", core::counted(m_lookedAt, "message"), core::countText(m_matched)));
    }

private:
    const MessageRequest& m_request;
    std::uint64_t m_shown = 0, m_lookedAt = 0, m_matched = 0;
    std::string m_trouble;
};

core::Status read(const MessageRequest& request, MessagePrinter& printer, const std::stop_token& stop) {
    services::ReadingLimits limits;
    limits.mostPayload = std::numeric_limits<std::size_t>::max();
    const auto* const last = std::get_if<core::FromLast>(&request.reading.start);
    limits.mostMessages = std::max(kMessagesPerPage, last != nullptr ? last->count : 0);
    const auto reader = services::MessageReader::open(request.reading, limits, stop);
    if (!reader) {
        return reader.error();
    }
    auto page = (*reader)->first(stop);
    if (page && last != nullptr && page->messages.size() < last->count && !page->isComplete && !stop.stop_requested()) {
        complain(fmt::format("only the last {} are shown: no more than {} messages or {} MiB are read backwards",
                             core::countText(page->messages.size()), core::countText(limits.mostLookedAt),
                             limits.mostBytes.count >> 20U));
    }
    for (bool follows = last != nullptr; page && !stop.stop_requested();) {
        printer.show(*page);
        follows = follows || page->isComplete;
        if (printer.isDone() || (follows && request.endsAtEnd)) {
            return {};
        }
        page = follows ? (*reader)->next(kLook, stop) : (*reader)->later(stop);
    }
    return page ? core::Status() : page.error();
}

ExitCode body(const Arguments& arguments) {
    StopSignals signals;
    const LogLines log;
    const auto target = readTargetRequest(arguments);
    if (!target) {
        return ExitCode::Usage;
    }
    const auto request = requestOf(arguments, *target);
    if (!request) {
        complain(request.error().text());
        return ExitCode::Usage;
    }
    std::stop_source stop;
    const std::jthread watch([&](const std::stop_token& over) {
        while (!over.stop_requested() && !stop.stop_requested()) {
            if (signals.wait(std::chrono::milliseconds(50))) {
                stop.request_stop();
            }
        }
    });
    MessagePrinter printer(*request);
    const core::Status status = read(*request, printer, stop.get_token());
    const bool interrupted = stop.stop_requested();
    if (!status && !interrupted) {
        complain(services::withRemedy(status.error(), kAskDoctor));
        return exitCodeOf(status.error());
    }
    printer.sumUp();
    return interrupted ? ExitCode::Interrupted : ExitCode::Passed;
}

} // namespace

Verb messagesVerb() {
    return {syntax(), body};
}

} // namespace app
