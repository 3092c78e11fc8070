// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/browse/message_filter.h"
#include "core/text/ascii_case.h"
#include "core/text/plain_number.h"

#include <algorithm>
#include <compare>
#include <optional>

namespace core {

namespace {

using Comparison = MessageCondition::Compare;

bool fulfils(std::partial_ordering order, Comparison compare) {
    switch (compare) {
    case Comparison::Equal:
        return order == 0;
    case Comparison::Unequal:
        return order != 0;
    case Comparison::Less:
        return order < 0;
    case Comparison::LessOrEqual:
        return order <= 0;
    case Comparison::Greater:
        return order > 0;
    case Comparison::GreaterOrEqual:
        return order >= 0;
    case Comparison::Contains:
        break;
    }
    return false;
}

bool fulfilsText(std::string_view text, const MessageCondition& condition) {
    return condition.compare == Comparison::Contains ? containsInAnyCase(text, condition.value)
                                                     : fulfils(text <=> condition.value, condition.compare);
}

/// Whole numbers to the last digit, others as doubles. Nothing: the value is no number.
std::optional<std::partial_ordering> orderOf(std::string_view number, std::string_view value) {
    const auto whole = numberFrom<std::int64_t>(number);
    const auto wholeValue = numberFrom<std::int64_t>(value);
    if (whole && wholeValue) {
        return *whole <=> *wholeValue;
    }
    const auto real = numberFrom<double>(number);
    const auto realValue = numberFrom<double>(value);
    return real && realValue ? std::optional(*real <=> *realValue) : std::nullopt;
}

bool fulfilsJson(const std::optional<JsonValue>& found, const MessageCondition& condition) {
    const bool isUnequal = condition.compare == Comparison::Unequal;
    if (!found) {
        return isUnequal;
    }
    if (condition.compare == Comparison::Contains || found->kind == JsonValue::Kind::Text) {
        return fulfilsText(found->text, condition);
    }
    if (found->kind == JsonValue::Kind::Number) {
        const auto order = condition.isQuoted ? std::nullopt : orderOf(found->text, condition.value);
        return order ? fulfils(*order, condition.compare) : isUnequal;
    }
    const bool same = found->kind == JsonValue::Kind::Word && !condition.isQuoted && found->text == condition.value;
    return condition.compare == Comparison::Equal ? same : isUnequal && !same;
}

} // namespace

bool MessageMatcher::matches(const PolledMessage& message) {
    return std::ranges::all_of(m_filter.conditions(), [&](const auto& condition) { return holds(condition, message); });
}

bool MessageMatcher::holds(const MessageCondition& condition, const PolledMessage& message) {
    switch (condition.part) {
    case MessageCondition::Part::Key:
        return fulfilsText(message.key(), condition);
    case MessageCondition::Part::Header:
        return fulfilsText(message.header(condition.path.front().c_str()), condition);
    case MessageCondition::Part::Text:
        return fulfilsText(message.payload(), condition);
    case MessageCondition::Part::Json:
        return fulfilsJson(m_json.find(message.payload(), condition.path), condition);
    }
    return false;
}

} // namespace core
