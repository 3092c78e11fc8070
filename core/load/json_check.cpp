#include "core/load/json_check.h"

namespace core {

namespace {

namespace ondemand = simdjson::ondemand;

/// Takes the digits at the front of the token; answers how many.
std::size_t takeDigits(std::string_view& token) {
    std::size_t digits = 0;
    while (digits < token.size() && token[digits] >= '0' && token[digits] <= '9') {
        ++digits;
    }
    token.remove_prefix(digits);
    return digits;
}

bool takeAnyOf(std::string_view& token, std::string_view characters) {
    if (token.empty() || characters.find(token.front()) == std::string_view::npos) {
        return false;
    }
    token.remove_prefix(1);
    return true;
}

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

} // namespace

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

const char* jsonFaultOf(ondemand::value& value, int depth) {
    const std::string_view token = trimmedToken(value.raw_json_token());
    const char first = token.empty() ? '\0' : token.front();
    if (first == '{' || first == '[') {
        if (depth >= kMaxJsonDepth) {
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

bool isJsonNumber(std::string_view token) {
    takeAnyOf(token, "-");
    const bool zero = token.starts_with('0');
    const std::size_t whole = takeDigits(token);
    if (whole == 0 || (zero && whole > 1)) {
        return false;
    }
    if (takeAnyOf(token, ".") && takeDigits(token) == 0) {
        return false;
    }
    if (takeAnyOf(token, "eE")) {
        takeAnyOf(token, "+-");
        if (takeDigits(token) == 0) {
            return false;
        }
    }
    return token.empty();
}

std::string_view trimmedToken(std::string_view token) {
    while (!token.empty() &&
           (token.back() == ' ' || token.back() == '\n' || token.back() == '\t' || token.back() == '\r')) {
        token.remove_suffix(1);
    }
    return token;
}

} // namespace core
