// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/ledger.h"

#include "core/text/count_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

namespace core {

namespace {

using Part = std::pair<std::string_view, std::uint64_t>;

/// Says by how much `whole` differs from the sum of `parts`; nothing if it does not.
std::optional<std::string> gap(const Part& whole, std::span<const Part> parts) {
    std::uint64_t sum = 0;
    std::string terms;
    for (const auto& [name, count] : parts) {
        sum += count;
        terms += fmt::format("{}{} {}", terms.empty() ? "" : " + ", name, countText(count));
    }
    if (whole.second == sum) {
        return std::nullopt;
    }
    const bool missing = whole.second > sum;
    return fmt::format("the ledger does not close: {} {}, but {} make {}: {} {}", whole.first, countText(whole.second),
                       terms, countText(sum), countText(missing ? whole.second - sum : sum - whole.second),
                       missing ? "unaccounted for" : "too many");
}

} // namespace

IdCounts& IdCounts::operator+=(const IdCounts& other) {
    lost += other.lost;
    doubled += other.doubled;
    recovered += other.recovered;
    missing += other.missing;
    unexpected += other.unexpected;
    refused += other.refused;
    reordered += other.reordered;
    undrained += other.undrained;
    return *this;
}

ProducerCounts& ProducerCounts::operator+=(const ProducerCounts& other) {
    planned += other.planned;
    sent += other.sent;
    unsent += other.unsent;
    shed += other.shed;
    acked += other.acked;
    failed += other.failed;
    inDoubt += other.inDoubt;
    return *this;
}

ProducerCounts difference(const ProducerCounts& later, const ProducerCounts& earlier) {
    return {.planned = later.planned - earlier.planned,
            .sent = later.sent - earlier.sent,
            .unsent = later.unsent - earlier.unsent,
            .shed = later.shed - earlier.shed,
            .acked = later.acked - earlier.acked,
            .failed = later.failed - earlier.failed,
            // Less, where a daemon that was given up has come back.
            .inDoubt = later.inDoubt - std::min(later.inDoubt, earlier.inDoubt)};
}

ConsumerCounts& ConsumerCounts::operator+=(const ConsumerCounts& other) {
    polled += other.polled;
    stored += other.stored;
    duplicateFilter += other.duplicateFilter;
    duplicateBatch += other.duplicateBatch;
    duplicateStore += other.duplicateStore;
    deadLettered += other.deadLettered;
    foreign += other.foreign;
    abandoned += other.abandoned;
    return *this;
}

std::optional<std::string> Ledger::violation(bool allSettled) const {
    const Part planned[] = {{"sent", producer.sent}, {"unsent", producer.unsent}, {"shed", producer.shed}};
    if (auto problem = gap({"planned", producer.planned}, planned)) {
        return problem;
    }
    const Part sent[] = {{"acked", producer.acked}, {"failed", producer.failed}, {"in doubt", producer.inDoubt}};
    const auto reported = producer.acked + producer.failed + producer.inDoubt;
    if (allSettled || reported > producer.sent) { // while open, what is missing is queued
        if (auto problem = gap({"sent", producer.sent}, sent)) {
            return problem;
        }
    }
    const Part polled[] = {
        {"stored", consumer.stored}, {"duplicate", consumer.duplicate()}, {"dead-lettered", consumer.deadLettered}};
    return gap({"polled", consumer.polled}, polled);
}

} // namespace core
