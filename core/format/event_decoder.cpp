// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/format/event_codec.h"
#include "core/format/json_check.h"
#include "core/format/timestamp_text.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace core {

namespace {

namespace ondemand = simdjson::ondemand;

enum Field : std::size_t { kId, kLevel, kMessage, kSource, kTimestamp, kTraceId, kFields };
constexpr std::array<std::string_view, kFields> kNames{"id", "level", "message", "source", "timestamp", "traceId"};

constexpr int kMaxDepth = 32; // the event itself is 1

/// A fixed sentence for what the parser says, so that dead letters can be counted by their reason.
const char* jsonFaultOf(simdjson::error_code error) {
    switch (error) {
    case simdjson::UTF8_ERROR:
        return "not valid UTF-8";
    case simdjson::EMPTY:
        return "the payload is empty";
    case simdjson::UNCLOSED_STRING:
        return "not JSON: it ends within a text";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
        return "not JSON: it does not end where its object ends";
    case simdjson::UNESCAPED_CHARS:
        return "not JSON: a control character within a text";
    case simdjson::DEPTH_ERROR:
        return "nested deeper than 32 levels";
    default:
        return "not JSON: a syntax error";
    }
}

/// What is wrong with a value, all it holds included; null: nothing. For values that nobody asks for: the parser alone
/// skips them unread.
const char* jsonFaultOf(ondemand::value& value, int depth);

const char* objectFault(ondemand::value& value, int depth) {
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) {
        return jsonFaultOf(error);
    }
    for (auto entry : object) {
        ondemand::field field;
        std::string_view name;
        if (const auto error = std::move(entry).get(field)) {
            return jsonFaultOf(error);
        }
        if (const auto error = field.unescaped_key().get(name)) {
            return jsonFaultOf(error);
        }
        if (const char* fault = jsonFaultOf(field.value(), depth)) {
            return fault;
        }
    }
    return nullptr;
}

const char* arrayFault(ondemand::value& value, int depth) {
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) {
        return jsonFaultOf(error);
    }
    for (auto entry : array) {
        ondemand::value element;
        if (const auto error = std::move(entry).get(element)) {
            return jsonFaultOf(error);
        }
        if (const char* fault = jsonFaultOf(element, depth)) {
            return fault;
        }
    }
    return nullptr;
}

const char* jsonFaultOf(ondemand::value& value, int depth) {
    const std::string_view token = trimmedToken(value.raw_json_token());
    const char first = token.empty() ? '\0' : token.front();
    if (first == '{' || first == '[') {
        if (depth >= kMaxDepth) {
            return jsonFaultOf(simdjson::DEPTH_ERROR);
        }
        return first == '{' ? objectFault(value, depth + 1) : arrayFault(value, depth + 1);
    }
    if (first == '"') {
        std::string_view text;
        const auto error = value.get_string().get(text);
        return error ? jsonFaultOf(error) : nullptr;
    }
    const bool known = token == "true" || token == "false" || token == "null" || isJsonNumber(token);
    return known ? nullptr : jsonFaultOf(simdjson::TAPE_ERROR);
}

/// Why a payload is refused; of the payload as a whole where no field is named.
struct Fault {
    const char* text = nullptr; ///< null: there is none
    Field field = kFields;

    explicit operator bool() const { return text != nullptr; }
    std::string reason() const {
        return field == kFields ? text : "the field '" + std::string(kNames[field]) + "' " + text;
    }
};

/// More characters than `limit`, as PostgreSQL counts them.
bool longerThan(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) {
        return false;
    }
    const auto characters = std::count_if(text.begin(), text.end(),
                                          [](char byte) { return (static_cast<std::uint8_t>(byte) & 0xc0U) != 0x80U; });
    return static_cast<std::size_t>(characters) > limit;
}

} // namespace

struct EventDecoder::State {
    ondemand::parser parser;
    std::string buffer; ///< the payload and the padding that the parser reads beyond it
    Event event;
    std::array<bool, kFields> seen{};
    std::size_t expected = 0; ///< the field that comes next if they come in our order
    WallTime now;
    TimestampReader timestamps;

    Fault load(std::string_view payload, ondemand::document& document);
    Fault read(ondemand::document& document);
    Fault readField(ondemand::field& field);
    Fault nameField(ondemand::field& field, Field& name);
    Fault readText(Field field, std::string_view text);
    Fault readMilliseconds(ondemand::value& value, std::string_view token);
    Fault readTime(WallTime time);
};

EventDecoder::EventDecoder() : m_state(std::make_unique<State>()) {}
EventDecoder::~EventDecoder() = default;

Fault EventDecoder::State::load(std::string_view payload, ondemand::document& document) {
    if (payload.empty()) {
        return {jsonFaultOf(simdjson::EMPTY)};
    }
    if (payload.size() > kMaxPayload) {
        return {"the payload is over 1 MiB"};
    }
    if (buffer.size() < payload.size() + simdjson::SIMDJSON_PADDING) {
        buffer.resize(2 * payload.size() + 1024 + simdjson::SIMDJSON_PADDING);
        if (const auto error = parser.allocate(buffer.size())) {
            return {jsonFaultOf(error)};
        }
    }
    std::memcpy(buffer.data(), payload.data(), payload.size());
    std::memset(buffer.data() + payload.size(), ' ', simdjson::SIMDJSON_PADDING);
    const auto error = parser.iterate(buffer.data(), payload.size(), buffer.size()).get(document);
    return {error ? jsonFaultOf(error) : nullptr};
}

Fault EventDecoder::State::read(ondemand::document& document) {
    ondemand::object object;
    if (const auto error = document.get_object().get(object)) {
        return {error == simdjson::INCORRECT_TYPE ? "not a JSON object" : jsonFaultOf(error)};
    }
    for (auto entry : object) {
        ondemand::field field;
        if (const auto error = std::move(entry).get(field)) {
            return {jsonFaultOf(error)};
        }
        if (const Fault fault = readField(field)) {
            return fault;
        }
    }
    const char* rest = nullptr;
    if (document.current_location().get(rest) == simdjson::SUCCESS) {
        return {"not JSON: something follows the object"};
    }
    const auto* const missing = std::find(seen.begin(), seen.end(), false);
    if (missing != seen.end()) {
        return {"is missing", static_cast<Field>(missing - seen.begin())};
    }
    return {};
}

/// Answers which field of ours this is; kFields: none.
Fault EventDecoder::State::nameField(ondemand::field& field, Field& name) {
    // The usual case without unescaping: the next name in order, its closing quote included. The buffer's padding makes
    // the comparison safe.
    if (expected < kFields) {
        const std::string_view next = kNames[expected];
        const char* const raw = field.key().raw();
        if (std::memcmp(raw, next.data(), next.size()) == 0 && raw[next.size()] == '"') {
            name = static_cast<Field>(expected++);
            return {};
        }
    }
    std::string_view text;
    if (const auto error = field.unescaped_key().get(text)) {
        return {jsonFaultOf(error)};
    }
    const auto* const found = std::find(kNames.begin(), kNames.end(), text);
    name = static_cast<Field>(found - kNames.begin());
    expected = name < kFields ? name + 1 : expected;
    return {};
}

Fault EventDecoder::State::readField(ondemand::field& field) {
    Field name = kFields;
    if (const Fault fault = nameField(field, name)) {
        return fault;
    }
    ondemand::value& value = field.value();
    if (name == kFields || seen[name]) {
        return {jsonFaultOf(value, 1)};
    }
    seen[name] = true;
    const std::string_view token = trimmedToken(value.raw_json_token());
    if (token.size() >= 2 && token.front() == '"' && token.back() == '"') {
        std::string_view text = token.substr(1, token.size() - 2);
        if (std::memchr(text.data(), '\\', text.size()) != nullptr) {
            if (const auto error = value.get_string().get(text)) {
                return {jsonFaultOf(error)};
            }
        }
        return readText(name, text);
    }
    if (name == kTimestamp) {
        return readMilliseconds(value, token);
    }
    const char* const fault = jsonFaultOf(value, 1);
    return fault != nullptr ? Fault{fault} : Fault{"is not a text", name};
}

Fault EventDecoder::State::readText(Field field, std::string_view text) {
    if (std::memchr(text.data(), '\0', text.size()) != nullptr) {
        return {"holds a NUL", field};
    }
    switch (field) {
    case kId: {
        const auto id = EventId::parse(text);
        event.id = id.value_or(EventId{});
        return id ? Fault{} : Fault{"is not a UUID", field};
    }
    case kLevel: {
        const auto level = levelOf(text);
        event.level = level.value_or(Level::Info);
        return level ? Fault{} : Fault{"is not a known level", field};
    }
    case kTimestamp: {
        const auto time = timestamps.read(text);
        return time ? readTime(*time) : Fault{"is not a time as in RFC 3339", field};
    }
    case kMessage:
        event.message = text;
        return {};
    case kSource:
        event.source = text;
        break;
    default:
        event.traceId = text;
        break;
    }
    const bool tooLong = longerThan(text, field == kSource ? kMaxSource : kMaxTraceId);
    return tooLong ? Fault{"is longer than 255 characters", field} : Fault{};
}

Fault EventDecoder::State::readMilliseconds(ondemand::value& value, std::string_view token) {
    std::int64_t milliseconds = 0;
    const char* const tokenEnd = token.data() + token.size();
    const auto [end, error] = std::from_chars(token.data(), tokenEnd, milliseconds);
    if (error != std::errc() || end != tokenEnd || !isJsonNumber(token)) {
        const char* const fault = jsonFaultOf(value, 1);
        return fault != nullptr ? Fault{fault} : Fault{"is neither a text nor whole milliseconds", kTimestamp};
    }
    constexpr std::int64_t kLast = 9'000'000'000'000; // nanoseconds in 64 bits hold it; it is in the year 2255
    return readTime(WallTime(std::chrono::milliseconds(std::clamp(milliseconds, -kLast, kLast))));
}

Fault EventDecoder::State::readTime(WallTime time) {
    constexpr WallTime kEarliest = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);
    if (time < kEarliest) {
        return {"is before the year 2000", kTimestamp};
    }
    if (time > now + std::chrono::days(1)) {
        return {"is more than a day ahead", kTimestamp};
    }
    event.timestamp = time;
    return {};
}

std::variant<Event, Unreadable> EventDecoder::decode(std::string_view payload, WallTime now) {
    State& state = *m_state;
    state.event = {};
    state.seen = {};
    state.expected = 0;
    state.now = now;
    ondemand::document document;
    Fault fault = state.load(payload, document);
    if (!fault) {
        fault = state.read(document);
    }
    if (fault) {
        const bool known = state.seen[kId] && fault.field != kId && state.event.id != EventId{};
        return Unreadable{fault.reason(), known ? std::optional(state.event.id) : std::nullopt};
    }
    return state.event;
}

} // namespace core
