// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/fields.h"
#include "core/scenario/scalars.h"
#include "core/scenario/sections.h"
#include "core/text/wording.h"

#include <fmt/format.h>

#include <array>

namespace core {

namespace {

constexpr TextLimits kColumn{1, 63}; // PostgreSQL's NAMEDATALEN - 1
constexpr IntegerLimits kConcurrency{1, 64};
constexpr IntegerLimits kBatch{1, 50'000};
constexpr DurationLimits kConsumerLinger{{}, std::chrono::seconds(10)};
constexpr DurationLimits kSessionTimeout{std::chrono::seconds(1), std::chrono::minutes(30)}; // Kafka's own upper limit
constexpr DurationLimits kTimeToLive{std::chrono::seconds(1), Nanoseconds::max()};           // Redis counts seconds

std::optional<ConsumerSettings::DeadLetters> readDeadLetters(const Cursor& at) {
    constexpr std::array<std::string_view, 2> kNames{"store", "topic"};
    const auto choice = readChoice(at, kNames);
    return choice ? std::optional(static_cast<ConsumerSettings::DeadLetters>(*choice)) : std::nullopt;
}

std::optional<std::uint64_t> readBatch(const Cursor& at) {
    return readInteger(at, kBatch);
}

void checkDeadLetterTopic(const Cursor& at, const ConsumerSettings& consumer, const KafkaSettings& kafka) {
    if (consumer.deadLetters != ConsumerSettings::DeadLetters::Topic) {
        return;
    }
    for (const Tier tier : kTiers) {
        if (kafka.tier(tier).topic == consumer.deadLetterTopic) {
            const YamlEntry* const named = at.node->find("dead_letter_topic");
            at.entry(named != nullptr ? *named : *at.node->find("dead_letters"))
                .refuse(fmt::format("{} is the topic of the tier {}, from which dead letters would be consumed again; "
                                    "give them their own",
                                    inQuotes(consumer.deadLetterTopic), nameOf(tier)));
        }
    }
}

AuditedTable readAuditedTable(const Cursor& at) {
    AuditedTable audit;
    Fields fields(at);
    fields.takeRequired("table", audit.table, [](const Cursor& value) { return readText(value); });
    fields.takeRequired("id", audit.id, [](const Cursor& value) { return readText(value, kColumn); });
    fields.read("stored_at", audit.storedAt, [](const Cursor& value) { return readText(value, kColumn); });
    fields.finish();
    return audit;
}

/// Nobody, or somebody else's program: nothing of it can be set.
std::optional<ConsumerSettings> readOtherConsumer(const Cursor& at) {
    ConsumerSettings other;
    if (at.isScalar() && !at.isNothing()) {
        if (at.node->text != "none") {
            at.refuse(fmt::format("{} is no consumer; write none, audit: {{table: …, id: …}}, or settings of the "
                                  "reference consumer",
                                  inQuotes(at.node->written)));
        }
        other.by = ConsumedBy::Nobody;
        return other;
    }
    if (!at.isMapping() || at.node->find("audit") == nullptr) {
        return std::nullopt;
    }
    other.by = ConsumedBy::Outsider;
    Fields fields(at);
    if (const auto audit = fields.find("audit")) {
        other.audit = readAuditedTable(*audit);
    }
    fields.finish();
    return other;
}

} // namespace

ConsumerSettings readConsumer(const Cursor& at, const KafkaSettings& kafka) {
    if (auto other = readOtherConsumer(at)) {
        return std::move(*other);
    }
    ConsumerSettings consumer;
    const std::size_t problems = at.problems->count();
    Fields fields(at);
    fields.read("concurrency", consumer.concurrency,
                [](const Cursor& value) { return readInteger(value, kConcurrency); });
    fields.read("batch", consumer.batch, readBatch);
    fields.read("linger", consumer.linger, [](const Cursor& value) { return readDuration(value, kConsumerLinger); });
    fields.read("critical_batch", consumer.criticalBatch, readBatch);
    fields.read("session_timeout", consumer.sessionTimeout,
                [](const Cursor& value) { return readDuration(value, kSessionTimeout); });
    fields.read("dead_letters", consumer.deadLetters, readDeadLetters);
    fields.read("dead_letter_topic", consumer.deadLetterTopic, readTopic);
    fields.finish();
    if (at.problems->count() == problems) {
        checkDeadLetterTopic(at, consumer, kafka);
    }
    return consumer;
}

DedupeSettings readDedupe(const Cursor& at) {
    DedupeSettings dedupe;
    Fields fields(at);
    fields.read("ttl", dedupe.ttl, [](const Cursor& value) { return readDuration(value, kTimeToLive); });
    fields.read("prefix", dedupe.prefix, [](const Cursor& value) { return readText(value, {1, 64}); });
    fields.finish();
    return dedupe;
}

} // namespace core
