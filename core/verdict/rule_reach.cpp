// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdict/rule_reach.h"

#include "core/text/wording.h"

#include <fmt/format.h>

namespace core {

namespace {

using Quantity = Threshold::Quantity;

/// Of what nobody but a consumer knows: what it did with an event besides storing it.
bool isInsideConsumer(const Threshold& rule) {
    switch (rule.quantity) {
    case Quantity::Latency:
        return rule.metric == Metric::Processing;
    case Quantity::DeadLettered:
    case Quantity::Duplicate:
    case Quantity::Reordered:
    case Quantity::Abandoned:
        return true;
    default:
        return false;
    }
}

bool isBehindConsumer(const Threshold& rule) {
    switch (rule.quantity) {
    case Quantity::Latency:
        return rule.metric == Metric::EndToEnd || rule.metric == Metric::EndToEndUncorrected;
    case Quantity::ErrorRate:
    case Quantity::Unsent:
    case Quantity::Failed:
    case Quantity::InDoubt:
    case Quantity::Shed:
        return false;
    default:
        return true;
    }
}

} // namespace

std::optional<std::string> beyondReach(const Threshold& rule, ConsumedBy consumer) {
    if (consumer == ConsumedBy::Outsider && isInsideConsumer(rule)) {
        return fmt::format("the rule {} asks what goes on inside the consumer, and that of an audited table tells "
                           "nobody; take the rule out, or let Millrace consume",
                           inQuotes(rule.text));
    }
    if (consumer == ConsumedBy::Nobody && (isInsideConsumer(rule) || isBehindConsumer(rule))) {
        return fmt::format("the rule {} needs a consumer, and this scenario says consumer: none; take the rule out, or "
                           "let somebody consume",
                           inQuotes(rule.text));
    }
    return std::nullopt;
}

std::optional<std::string> whyInsideIsHidden(ConsumedBy consumer) {
    if (consumer == ConsumedBy::Outsider) {
        return "not known: somebody else's program consumed, and only its table tells of it";
    }
    return whyStoreIsHidden(consumer);
}

std::optional<std::string> whyStoreIsHidden(ConsumedBy consumer) {
    return consumer == ConsumedBy::Nobody ? std::optional<std::string>("not known: nobody consumed") : std::nullopt;
}

std::optional<std::string> complaintAboutRule(const ThresholdSpec& spec, ConsumedBy consumer) {
    const auto rule = Threshold::parse(spec);
    return rule ? beyondReach(*rule, consumer) : std::optional(rule.error().text());
}

} // namespace core
