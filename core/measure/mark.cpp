// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/mark.h"

#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace core {

namespace {

constexpr std::array<std::string_view, 5> kPhases{"preparing", "warm-up", "stages", "drain", "finished"};
constexpr std::array<std::string_view, 14> kKinds{"phase",   "burst",     "rate",   "pause",    "resume",
                                                  "stop",    "rebalance", "fault",  "recovery", "rule",
                                                  "warning", "error",     "outage", "message"};
constexpr std::array<std::string_view, 4> kCauses{"asked", "interrupted", "aborted", "rule broken"};
constexpr std::array<std::string_view, 3> kChanges{"assigned", "revoked", "lost"};
constexpr std::array<std::string_view, 3> kEnds{"broker", "store", "filter"};

std::string rebalanceText(const Mark& mark) {
    const std::string partitions = fmt::format("{} partition{}", mark.partitions, mark.partitions == 1 ? "" : "s");
    switch (mark.change) {
    case PartitionChange::Assigned:
        return fmt::format("A consumer took over {}", partitions);
    case PartitionChange::Revoked:
        return fmt::format("A consumer released {}", partitions);
    case PartitionChange::Lost:
        return fmt::format("A consumer lost {}", partitions);
    }
    return {};
}

std::string stopText(StopCause cause) {
    switch (cause) {
    case StopCause::Asked:
        return "stopped";
    case StopCause::RuleBroken:
        return "a rule with 'abort' was broken";
    default:
        return std::string(nameOf(cause));
    }
}

} // namespace

std::string_view nameOf(Phase phase) {
    return kPhases.at(static_cast<std::size_t>(phase));
}

std::optional<Phase> phaseOf(std::string_view name) {
    const auto* const found = std::ranges::find(kPhases, name);
    return found == kPhases.end() ? std::nullopt : std::optional(static_cast<Phase>(found - kPhases.begin()));
}

std::string_view nameOf(MarkKind kind) {
    return kKinds.at(static_cast<std::size_t>(kind));
}

MarkKind markKindOf(std::string_view name) {
    const auto* const found = std::ranges::find(kKinds, name);
    return found == kKinds.end() ? MarkKind::Message : static_cast<MarkKind>(found - kKinds.begin());
}

std::string_view nameOf(StopCause cause) {
    return kCauses.at(static_cast<std::size_t>(cause));
}

std::string_view nameOf(PartitionChange change) {
    return kChanges.at(static_cast<std::size_t>(change));
}

std::string_view nameOf(End end) {
    return kEnds.at(static_cast<std::size_t>(end));
}

bool isTrouble(MarkKind kind) {
    return kind == MarkKind::Fault || kind >= MarkKind::Rule;
}

bool begins(const Mark& mark, Phase phase) {
    return mark.kind == MarkKind::Phase && mark.phase == phase;
}

std::string textOf(const Mark& mark) {
    const std::string who = mark.name.empty() ? "" : mark.name + ": ";
    if (!mark.detail.empty()) {
        return who + mark.detail;
    }
    switch (mark.kind) {
    case MarkKind::Phase:
        return std::string(nameOf(mark.phase));
    case MarkKind::Burst:
        return fmt::format("{} for {}", rateText(mark.rate), durationText(mark.duration));
    case MarkKind::Rate:
        return fmt::format("{} set to {}", mark.name.empty() ? "total rate" : mark.name, rateText(mark.rate));
    case MarkKind::Pause:
        return "paused";
    case MarkKind::Resume:
        return "resumed";
    case MarkKind::Stop:
        return stopText(mark.cause);
    case MarkKind::Rebalance:
        return who + rebalanceText(mark);
    case MarkKind::Recovery:
        return who +
               (mark.end == End::Broker ? "The broker delivers messages again" : "A consumer stores batches again");
    case MarkKind::Rule:
        return "broken: " + mark.name;
    default:
        return mark.name;
    }
}

} // namespace core
