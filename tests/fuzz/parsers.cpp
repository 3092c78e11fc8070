// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsers.h"

#include "core/browse/message_filter.h"
#include "core/browse/message_text.h"
#include "core/format/event_codec.h"
#include "core/format/json_walk.h"
#include "core/load/event_generator.h"
#include "core/measure/latency_histogram.h"
#include "core/measure/snapshot_json.h"
#include "core/results/result_file.h"
#include "core/scenario/scenario_reader.h"
#include "core/target/broker_address.h"
#include "core/target/dedupe_address.h"
#include "core/text/utf8.h"
#include "core/verdict/rule_reach.h"
#include "core/verdict/threshold.h"
#include "services/archive/journal.h"
#include "services/archive/json_head.h"
#include "services/http/base_url.h"
#include "services/http/event_reader.h"
#include "services/http/message.h"
#include "services/store/store_address.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace fuzz {

namespace {

/// A promise that a header makes.
void promise(bool kept, const char* words) {
    if (!kept) {
        std::fprintf(stderr, "broken promise: %s\n", words);
        std::abort();
    }
}

core::ReaderOptions readerOptions() {
    core::ReaderOptions options;
    options.environment = [](const std::string& name) {
        return name == "NOT_SET" ? std::nullopt : std::optional(name == "ONE" ? std::string("1") : name);
    };
    options.folder = "/folder";
    options.checkRule = core::complaintAboutRule;
    options.readPostgres = [](const std::string& url) -> core::Result<core::PostgresAddress> {
        const auto address = services::readStoreAddress(url);
        if (!address) {
            return address.error();
        }
        return address->postgres() ? core::Result<core::PostgresAddress>(*address->postgres())
                                   : core::invalid("no PostgreSQL");
    };
    return options;
}

void checkReading(const core::ScenarioReading& reading) {
    promise(reading.scenario.has_value() == reading.problems.empty(), "a scenario or problems");
    for (const core::Problem& problem : reading.problems) {
        promise(!problem.message.empty(), "every problem is named");
    }
}

void readScenario(std::string_view bytes) {
    const core::ScenarioReading reading = core::readScenario(bytes, "file", readerOptions());
    checkReading(reading);
    promise(std::ranges::all_of(reading.problems, [](const auto& p) { return p.line >= 1 && p.column >= 1; }),
            "every problem has a place");
}

/// A line each: PATH=VALUE.
void readOverrides(std::string_view bytes) {
    core::ReaderOptions options = readerOptions();
    std::istringstream lines{std::string(bytes)};
    for (std::string line; std::getline(lines, line) && options.overrides.size() < 8;) {
        const std::size_t equals = line.find('=');
        options.overrides.emplace_back(line.substr(0, equals),
                                       equals == std::string::npos ? std::string() : line.substr(equals + 1));
    }
    checkReading(
        core::readScenario("version: 1\nname: n\nstreams:\n  - {name: a, stages: [{duration: 1s, rate: 1/s}]}\n"
                           "  - {name: b, tier: critical, stages: [{ramp: 1s, to: 5/s}]}\n"
                           "kafka: {client: {client.id: x}}\nthresholds: [lost == 0]\n",
                           "file", options));
}

void readEvent(std::string_view bytes) {
    static core::EventDecoder decoder;
    static const core::WallTime now = std::chrono::sys_days(std::chrono::year{2026} / 7 / 1);
    const auto decoded = decoder.decode(bytes, now);
    if (const auto* unreadable = std::get_if<core::Unreadable>(&decoded)) {
        promise(!unreadable->reason.empty(), "a reason");
        return;
    }
    const auto& event = std::get<core::Event>(decoded);
    std::string written;
    core::appendJson(event, written);
    core::EventDecoder another;
    const auto again = another.decode(written, now);
    const auto* same = std::get_if<core::Event>(&again);
    promise(same != nullptr, "what we write is read again");
    promise(same->id == event.id && same->level == event.level && same->message == event.message &&
                same->source == event.source && same->traceId == event.traceId,
            "and is the same event");
}

void checkResult(const core::Result<core::RunResult>& result) {
    if (!result) {
        promise(!result.error().message.empty(), "a sentence");
        return;
    }
    const std::string written = core::toJson(*result, false);
    const auto again = core::resultFromJson(written, "file");
    promise(static_cast<bool>(again), "what we write is read again");
    promise(core::toJson(*again, false) == written, "and is the same result");
    static_cast<void>(core::toCsv(result->samples));
}

void readResult(std::string_view bytes) {
    checkResult(core::resultFromJson(std::string(bytes), "file"));
}

void readJournal(std::string_view bytes) {
    static const std::filesystem::path folder = [] {
        std::string name = (std::filesystem::temp_directory_path() / "millrace-fuzz-XXXXXX").string();
        promise(::mkdtemp(name.data()) != nullptr, "a folder");
        return std::filesystem::path(name);
    }();
    static const std::unique_ptr<void, void (*)(void*)> cleaner(
        const_cast<std::filesystem::path*>(&folder), [](void* f) {
            std::error_code gone;
            std::filesystem::remove_all(*static_cast<std::filesystem::path*>(f), gone);
        });
    std::ofstream(folder / "run.journal", std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    const auto entry = services::Journal::read(folder);
    promise(entry || !entry.error().message.empty(), "a sentence");
}

void readHead(std::string_view bytes) {
    std::istringstream in{std::string(bytes)};
    constexpr std::size_t kMost = 4096;
    constexpr std::size_t kBlock = 16'384; // it reads by blocks, and so may answer that much more
    const auto head = services::objectUpTo(in, "streams", kMost);
    promise(!head || (head->size() <= kMost + kBlock && head->ends_with('}')), "a smaller object");
}

void readHistogram(std::string_view bytes) {
    const auto histogram = core::LatencyHistogram::decode(bytes);
    if (!histogram) {
        return;
    }
    const auto again = core::LatencyHistogram::decode(histogram->encode());
    promise(again && *again == *histogram, "what we write is read again");
    static_cast<void>(histogram->hgrm());
    static_cast<void>(histogram->percentile(99));
}

/// What is shown of an address is an address, and is shown in the same way: that is how one comes back from a result.
template <typename Create>
void checkAddress(std::string_view bytes, const Create& create) {
    const auto address = create(bytes);
    if (!address) {
        promise(!address.error().message.empty(), "a sentence");
        return;
    }
    const std::string shown = address->shown();
    const auto again = create(shown);
    promise(static_cast<bool>(again), "what is shown is read again");
    promise(again->shown() == shown, "and is shown as before");
}

void readBroker(std::string_view bytes) {
    checkAddress(bytes, [](std::string_view text) { return core::BrokerAddress::create(text); });
}

void readDedupe(std::string_view bytes) {
    checkAddress(bytes, [](std::string_view text) { return core::DedupeAddress::create(text); });
}

void readStore(std::string_view bytes) {
    checkAddress(bytes, [](std::string_view text) { return services::readStoreAddress(std::string(text)); });
}

void readBaseUrl(std::string_view bytes) {
    checkAddress(bytes, [](std::string_view text) { return services::http::readBaseUrl(text); });
}

void readThreshold(std::string_view bytes) {
    core::ThresholdSpec spec;
    const std::size_t end = bytes.find('\n');
    spec.rule = bytes.substr(0, end);
    spec.during = end == std::string_view::npos ? std::string() : std::string(bytes.substr(end + 1));
    const auto threshold = core::Threshold::parse(spec);
    promise(threshold ? spec.rule.find(threshold->text) != std::string::npos : !threshold.error().message.empty(),
            "a rule as written, blanks around it aside, or why not");
}

void readHttpTarget(std::string_view bytes) {
    const auto target = services::http::readTarget(bytes);
    if (!target) {
        return;
    }
    promise(target->path.starts_with('/'), "origin form");
    promise(target->path.find("/../") == std::string::npos && !target->path.ends_with("/.."), "no '..' segment");
    promise(std::ranges::none_of(target->path, [](unsigned char c) { return c < 0x20 || c == 0x7F; }),
            "no control character");
}

/// The first byte says how long the pieces are.
void readEventStream(std::string_view bytes) {
    using Reader = services::http::EventReader;
    const std::size_t piece = bytes.empty() ? 1 : 1 + static_cast<unsigned char>(bytes.front()) % 16;
    const auto read = [bytes](std::size_t step) {
        Reader reader(200);
        std::string seen;
        const auto each = [&seen](std::uint64_t id, std::string_view data) {
            seen += std::to_string(id) + ' ' + std::string(data) + '\n';
            return true;
        };
        auto outcome = Reader::Outcome::Hungry;
        for (std::size_t at = 0; at < bytes.size() && outcome == Reader::Outcome::Hungry; at += step) {
            outcome = reader.read(bytes.substr(at, step), each);
        }
        return std::pair(outcome, seen);
    };
    promise(read(piece) == read(std::max<std::size_t>(bytes.size(), 1)), "pieces of any length");
}

void readSnapshot(std::string_view bytes) {
    const auto snapshot = core::snapshotFromJson(bytes);
    if (!snapshot) {
        return;
    }
    const std::string written = core::toJson(*snapshot);
    const auto again = core::snapshotFromJson(written);
    promise(static_cast<bool>(again), "what we write is read again");
    promise(core::toJson(*again) == written, "and is the same snapshot");
}

void readMessageLines(std::string_view bytes) {
    const auto lines = core::MessageLines::create(std::string(bytes), "file");
    promise(lines || !lines.error().message.empty(), "a sentence");
}

/// A filter up to the first line end, then a payload that it judges and that is laid out.
void readMessage(std::string_view bytes) {
    struct Message final : core::PolledMessage {
        std::string_view bytes;
        std::string_view topic() const override { return "t"; }
        core::Partition partition() const override { return {}; }
        core::Offset offset() const override { return {}; }
        std::string_view key() const override { return bytes; }
        std::string_view payload() const override { return bytes; }
        std::string_view header(const char*) const override { return bytes; }
        std::optional<core::WallTime> timestamp() const override { return {}; }
    };
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    Message message;
    message.bytes = bytes.substr(std::min(end + 1, bytes.size()));
    const auto filter = core::MessageFilter::parse(bytes.substr(0, end));
    promise(filter || !filter.error().message.empty(), "a sentence");
    if (filter) {
        core::MessageMatcher matcher(*filter);
        promise(matcher.matches(message) == matcher.matches(message), "the same answer each time");
    }
    if (const auto json = core::laidOutJson(message.bytes)) {
        const auto again = core::laidOutJson(*json);
        promise(!again || *again == *json, "laid out once and for all"); // it may have grown beyond the limit
    }
    promise(!core::formattedPayload(message.bytes).empty() || message.bytes.empty(), "something to read");
    const std::string line = core::oneLineOf(message.bytes, 100);
    promise(core::isUtf8(line) && line.find('\n') == std::string::npos, "one line of text");
}

constexpr std::array kParsers{
    Parser{"scenario", readScenario},
    Parser{"overrides", readOverrides},
    Parser{"event", readEvent},
    Parser{"result", readResult},
    Parser{"journal", readJournal},
    Parser{"json_head", readHead},
    Parser{"histogram", readHistogram},
    Parser{"broker", readBroker},
    Parser{"dedupe", readDedupe},
    Parser{"store", readStore},
    Parser{"base_url", readBaseUrl},
    Parser{"threshold", readThreshold},
    Parser{"http_target", readHttpTarget},
    Parser{"event_stream", readEventStream},
    Parser{"snapshot", readSnapshot},
    Parser{"message_lines", readMessageLines},
    Parser{"message", readMessage},
};

} // namespace

std::span<const Parser> parsers() {
    return kParsers;
}

const Parser* parserOf(std::string_view name) {
    const auto* const found = std::ranges::find(kParsers, name, &Parser::name);
    return found == kParsers.end() ? nullptr : found;
}

} // namespace fuzz
