// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/monitor/lag_rule.h"

#include "core/scenario/quantities.h"
#include "core/text/figure_text.h"
#include "core/text/wording.h"
#include "core/verdict/rule_parts.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace core {

namespace {

constexpr Nanoseconds kLongestOver = std::chrono::hours(1);

Status readLagSubject(RuleCursor& cursor, LagRule& rule, std::string_view text) {
    const auto position = cursor.position();
    const auto name = cursor.word();
    if (name != "lag" && name != "lag_s") {
        constexpr std::array<std::string_view, 2> kKnown{"lag", "lag_s"};
        return cursor.at(position, fmt::format("{}; {}",
                                               name.empty() ? "a rule begins with what it is about"
                                                            : inQuotes(name) + " is not watched by a monitor",
                                               suggestion(name, kKnown)));
    }
    rule.quantity = name == "lag" ? LagRule::Quantity::Events : LagRule::Quantity::Seconds;
    if (cursor.accept("{")) {
        const auto from = cursor.position();
        const auto end = text.rfind('}');
        if (end == std::string_view::npos || end < from) {
            return cursor.expected("'}' after the group's name");
        }
        rule.group = trimmed(text.substr(from, end - from));
        if (rule.group.empty()) {
            return cursor.expected("a group's name");
        }
        cursor.skipTo(end + 1);
    }
    return {};
}

Status readLagStatistic(RuleCursor& cursor, LagRule& rule) {
    if (auto ahead = cursor; ahead.word().empty()) { // a comparison
        return {};
    }
    if (const auto status = readStatistic(cursor, rule.statistic, rule.percentile); !status) {
        return status;
    }
    const auto position = cursor.position();
    if (cursor.word() != "over") {
        return cursor.at(position, "expected 'over' and a duration after the statistic, as in 'p99 over 60s'");
    }
    const auto length = cursor.position();
    if (const auto status = readOver(cursor, rule.over); !status) {
        return status;
    }
    return rule.over > kLongestOver ? Status(cursor.at(length, "'over' takes at most 1h here")) : Status();
}

Status readLagLimit(RuleCursor& cursor, LagRule& rule) {
    if (cursor.atEnd()) {
        return cursor.expected("a value to compare with");
    }
    const auto position = cursor.position();
    const auto text = cursor.rest();
    const auto value = withoutSpace(text);
    const auto wrong = [&](const std::string& why) { return cursor.at(position, inQuotes(text) + " " + why); };
    if (!value) {
        return wrong("is more than one value");
    }
    if (rule.quantity == LagRule::Quantity::Seconds) {
        const auto duration = parseDuration(*value);
        if (!duration) {
            return wrong(duration.error().text());
        }
        rule.limit = secondsOf(*duration);
        return {};
    }
    const auto number = parseNumber(*value);
    if (!number || *number != std::floor(*number)) {
        return wrong("is not a whole number; write a count, as 0 or 500");
    }
    rule.limit = *number;
    return {};
}

} // namespace

Result<LagRule> LagRule::parse(std::string_view text) {
    LagRule rule;
    rule.text = trimmed(text);
    RuleCursor cursor(text);
    if (const auto status = readLagSubject(cursor, rule, text); !status) {
        return status.error();
    }
    if (const auto status = readLagStatistic(cursor, rule); !status) {
        return status.error();
    }
    if (const auto status = readComparison(cursor, rule.comparison); !status) {
        return status.error();
    }
    if (const auto status = readLagLimit(cursor, rule); !status) {
        return status.error();
    }
    return rule;
}

std::string figureText(const LagRule& rule, std::optional<double> value) {
    if (!value) {
        return {};
    }
    return rule.quantity == LagRule::Quantity::Events
               ? counted(static_cast<std::uint64_t>(std::llround(*value)), "event")
               : durationText(Nanoseconds(std::llround(*value * 1e9)));
}

} // namespace core
