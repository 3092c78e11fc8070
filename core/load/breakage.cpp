// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/breakage.h"

#include <array>
#include <cassert>

namespace core {

namespace {

constexpr std::array<std::string_view, 6> kFields{"id", "level", "message", "source", "timestamp", "traceId"};

struct Place {
    std::size_t from = 0;
    std::size_t length = 0;
};

/// Where the value of a field stands in a payload of ours, quotes included: fields come in order, and a quote within a
/// text has a backslash before it, so the next field's beginning cannot be mistaken.
Place valueOf(std::string_view payload, std::size_t field) {
    std::size_t from = 0;
    std::size_t until = payload.size() - 1; // the closing brace
    for (std::size_t i = 0; i < kFields.size(); ++i) {
        const std::string name = (i == 0 ? "{\"" : ",\"") + std::string(kFields[i]) + "\":\"";
        const std::size_t at = payload.find(name, from);
        assert(at != std::string_view::npos);
        if (i == field) {
            from = at + name.size() - 1;
        } else if (i == field + 1) {
            until = at;
            break;
        } else if (i < field) {
            from = at + name.size();
        }
    }
    return {from, until - from};
}

std::string withValue(std::string_view payload, std::size_t field, std::string_view value) {
    const Place place = valueOf(payload, field);
    std::string result(payload);
    return result.replace(place.from, place.length, value);
}

std::string withoutField(std::string_view payload, std::size_t field) {
    const Place place = valueOf(payload, field);
    const std::size_t name = kFields[field].size() + 3; // its quotes and the colon
    std::string result(payload);
    const bool first = field == 0;
    return result.erase(place.from - name - (first ? 0 : 1), place.length + name + 1);
}

std::string withInMessage(std::string_view payload, std::string_view text) {
    std::string result(payload);
    return result.insert(valueOf(payload, 2).from + 1, text);
}

} // namespace

std::string brokenPayload(std::string_view payload, Breakage breakage, Draws& draws) {
    constexpr std::array<std::string_view, 3> kWrongLevels{"\"LOUD\"", "\"info \"", "\"\""};
    constexpr std::array<std::string_view, 4> kWrongValues{"true", "-7", "[]", "{\"a\":null}"};
    const auto field = draws.below(static_cast<std::uint32_t>(kFields.size()));
    const std::uint64_t choice = draws.next();
    switch (breakage) {
    case Breakage::Truncated:
        return std::string(payload.substr(0, 1 + choice % (payload.size() - 1)));
    case Breakage::NotUtf8:
        return withInMessage(payload, choice % 2 == 0 ? "\xff" : "\xc3(");
    case Breakage::Nul:
        return withInMessage(payload, "\\u0000");
    case Breakage::WrongLevel:
        return withValue(payload, 1, kWrongLevels[choice % kWrongLevels.size()]);
    case Breakage::MissingField:
        return withoutField(payload, field);
    case Breakage::WrongType:
        return withValue(payload, field, kWrongValues[choice % kWrongValues.size()]);
    case Breakage::NotJson:
        break;
    }
    return "<134>" + std::string(payload.substr(1, payload.size() - 2));
}

} // namespace core
