// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/format/json_walk.h"

#include "core/format/json_check.h"
#include "core/text/plain_number.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <utility>

namespace core {

namespace {

namespace walked = simdjson::ondemand;

/// The text with the padding that the parser reads beyond it.
class PaddedText {
public:
    simdjson::padded_string_view hold(std::string_view text) {
        m_buffer.reserve(text.size() + simdjson::SIMDJSON_PADDING);
        m_buffer.assign(text);
        return simdjson::padded_string_view(m_buffer.data(), text.size(), m_buffer.capacity());
    }

private:
    std::string m_buffer;
};

bool isWord(std::string_view token) {
    return token == "true" || token == "false" || token == "null";
}

/// Writes a document as it is walked over; the first thing wrong ends the walk.
class JsonLayout {
public:
    simdjson::error_code write(walked::document& document) {
        walked::value value;
        const auto error = document.get_value().get(value);
        return error ? error : writeValue(value, 1);
    }
    std::string popText() { return std::move(m_text); }

private:
    simdjson::error_code writeValue(walked::value& value, int depth) {
        const std::string_view token = value.raw_json_token();
        if (token.starts_with('{') || token.starts_with('[')) {
            if (depth > kDeepestJson) {
                return simdjson::DEPTH_ERROR;
            }
            return token.starts_with('{') ? writeObject(value, depth) : writeArray(value, depth);
        }
        return token.starts_with('"') ? writeText(value) : writeScalar(token);
    }

    simdjson::error_code writeObject(walked::value& value, int depth) {
        walked::object object;
        if (const auto error = value.get_object().get(object)) {
            return error;
        }
        m_text += '{';
        bool isFirst = true;
        for (auto entry : object) {
            walked::field field;
            std::string_view name;
            if (const auto error = std::move(entry).get(field)) {
                return error;
            }
            const char* const begin = field.key().raw();
            if (const auto error = field.unescaped_key().get(name)) {
                return error;
            }
            beginEntry(isFirst, depth);
            m_text += '"';
            appendRaw(begin);
            m_text += ": ";
            if (const auto error = writeValue(field.value(), depth + 1)) {
                return error;
            }
        }
        endEntries(isFirst, depth, '}');
        return simdjson::SUCCESS;
    }

    simdjson::error_code writeArray(walked::value& value, int depth) {
        walked::array array;
        if (const auto error = value.get_array().get(array)) {
            return error;
        }
        m_text += '[';
        bool isFirst = true;
        for (auto entry : array) {
            walked::value element;
            if (const auto error = std::move(entry).get(element)) {
                return error;
            }
            beginEntry(isFirst, depth);
            if (const auto error = writeValue(element, depth + 1)) {
                return error;
            }
        }
        endEntries(isFirst, depth, ']');
        return simdjson::SUCCESS;
    }

    /// As it is written; read all the same, to see that it is a text.
    simdjson::error_code writeText(walked::value& value) {
        const char* const quote = value.raw_json_token().data();
        std::string_view text;
        if (const auto error = value.get_string().get(text)) {
            return error;
        }
        m_text += '"';
        appendRaw(quote + 1);
        return simdjson::SUCCESS;
    }

    simdjson::error_code writeScalar(std::string_view raw) {
        const std::string_view token = trimmedToken(raw);
        if (!isWord(token) && !isJsonNumber(token)) {
            return simdjson::TAPE_ERROR;
        }
        m_text += token;
        return simdjson::SUCCESS;
    }

    /// From behind a quote up to the one that ends it, which the parser has found there.
    void appendRaw(const char* from) {
        const char* end = from;
        while (*end != '"') {
            end += *end == '\\' ? 2 : 1;
        }
        m_text.append(from, end + 1);
    }
    void beginEntry(bool& isFirst, int depth) {
        m_text += isFirst ? "\n" : ",\n";
        m_text.append(2 * static_cast<std::size_t>(depth), ' ');
        isFirst = false;
    }
    void endEntries(bool isEmpty, int depth, char bracket) {
        if (!isEmpty) {
            m_text += '\n';
            m_text.append(2 * static_cast<std::size_t>(depth - 1), ' ');
        }
        m_text += bracket;
    }

    std::string m_text;
};

const char* reasonOf(simdjson::error_code error) {
    switch (error) {
    case simdjson::UTF8_ERROR:
        return "it is not valid UTF-8";
    case simdjson::EMPTY:
        return "it is empty";
    case simdjson::UNCLOSED_STRING:
        return "it ends within a text";
    case simdjson::DEPTH_ERROR:
        return "it is nested deeper than 32 levels";
    default:
        return "its syntax is not that of JSON";
    }
}

/// The entry of an object, or of a list where its name is a number.
std::optional<walked::value> entryOf(walked::value& value, const std::string& name) {
    walked::json_type type{};
    walked::value entry;
    if (value.type().get(type)) {
        return std::nullopt;
    }
    if (type == walked::json_type::object) {
        walked::object object;
        const bool found = !value.get_object().get(object) && !object.find_field(name).get(entry);
        return found ? std::optional(entry) : std::nullopt;
    }
    const auto index = numberFrom<std::size_t>(name);
    walked::array array;
    if (type != walked::json_type::array || !index || value.get_array().get(array)) {
        return std::nullopt;
    }
    return array.at(*index).get(entry) ? std::nullopt : std::optional(entry);
}

/// An object or a list as it is written.
std::optional<std::string_view> rawOf(walked::value& value, char bracket) {
    walked::object object;
    walked::array array;
    std::string_view raw;
    if (bracket == '{') {
        return value.get_object().get(object) || object.raw_json().get(raw) ? std::nullopt : std::optional(raw);
    }
    return value.get_array().get(array) || array.raw_json().get(raw) ? std::nullopt : std::optional(raw);
}

std::optional<JsonValue> jsonValueOf(walked::value& value) {
    using Kind = JsonValue::Kind;
    const std::string_view token = trimmedToken(value.raw_json_token());
    if (token.starts_with('{') || token.starts_with('[')) {
        const auto raw = rawOf(value, token.front());
        return raw ? std::optional(JsonValue{Kind::Nested, trimmedToken(*raw)}) : std::nullopt;
    }
    if (token.starts_with('"')) {
        std::string_view text;
        return value.get_string().get(text) ? std::nullopt : std::optional(JsonValue{Kind::Text, text});
    }
    if (isWord(token)) {
        return JsonValue{Kind::Word, token};
    }
    return isJsonNumber(token) ? std::optional(JsonValue{Kind::Number, token}) : std::nullopt;
}

} // namespace

Result<std::string> laidOutJson(std::string_view json) {
    if (json.size() > kLongestJson) {
        return invalid("This is longer than 1 MiB and is not parsed as JSON.");
    }
    const std::string_view begun = json.substr(std::min(json.find_first_not_of(" \t\r\n"), json.size()));
    const std::string_view token = trimmedToken(begun);
    if (isWord(token) || isJsonNumber(token)) {
        return std::string(token);
    }
    PaddedText padded;
    walked::parser parser;
    walked::document document;
    JsonLayout layout;
    std::string_view text;
    const bool isText = token.starts_with('"');
    auto error = parser.iterate(padded.hold(json)).get(document);
    error = error ? error : isText ? document.get_string().get(text) : layout.write(document);
    if (!error && !document.current_location().error()) { // something stands behind it
        error = simdjson::TAPE_ERROR;
    }
    if (error) {
        return invalid(fmt::format("This is no JSON: {}.", reasonOf(error)));
    }
    return isText ? std::string(token) : layout.popText();
}

struct JsonLookup::State {
    walked::parser parser;
    PaddedText padded;
    walked::document document;
};

JsonLookup::JsonLookup() : m_state(std::make_unique<State>()) {}
JsonLookup::~JsonLookup() = default;

std::optional<JsonValue> JsonLookup::find(std::string_view json, std::span<const std::string> path) {
    if (json.size() > kLongestJson || path.empty()) {
        return std::nullopt;
    }
    walked::value value;
    if (m_state->parser.iterate(m_state->padded.hold(json)).get(m_state->document) ||
        m_state->document.get_value().get(value)) { // a document that is one scalar has no entries
        return std::nullopt;
    }
    for (const std::string& name : path) {
        const auto entry = entryOf(value, name);
        if (!entry) {
            return std::nullopt;
        }
        value = *entry;
    }
    return jsonValueOf(value);
}

} // namespace core
