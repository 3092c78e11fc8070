// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/fields.h"
#include "core/scenario/scalars.h"
#include "core/scenario/sections.h"
#include "core/text/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace core {

namespace {

constexpr std::array kCompressions{Compression::None, Compression::Gzip, Compression::Snappy, Compression::Lz4,
                                   Compression::Zstd};
constexpr IntegerLimits kPartitions{1, 10'000};
constexpr IntegerLimits kQueue{1, 10'000'000};                  // what librdkafka takes
constexpr DurationLimits kLinger{{}, std::chrono::minutes(15)}; // likewise
constexpr DurationLimits kDeadline{std::chrono::milliseconds(1), std::chrono::hours(24)};

std::optional<Compression> readCompression(const Cursor& at) {
    std::array<std::string_view, kCompressions.size()> names;
    std::ranges::transform(kCompressions, names.begin(), [](Compression compression) { return nameOf(compression); });
    const auto choice = readChoice(at, names);
    return choice ? std::optional(kCompressions[*choice]) : std::nullopt;
}

std::optional<Acks> readAcks(const Cursor& at) {
    if (at.isScalar() && at.node->text == "all") {
        return Acks::All;
    }
    if (at.isPlain() && at.node->text == "1") {
        return Acks::Leader;
    }
    if (at.isPlain() && at.node->text == "0") {
        return Acks::None;
    }
    if (!at.isBroken()) {
        at.refuse("expected all, 1 (the leader) or 0 (none)");
    }
    return std::nullopt;
}

/// Reads what a tier may have of its own.
void readTierSettings(Fields& fields, TierSettings& tier) {
    fields.read("topic", tier.topic, readTopic);
    fields.read("linger", tier.linger, [](const Cursor& at) { return readDuration(at, kLinger); });
    fields.read("batch", tier.batch, [](const Cursor& at) { return readBytes(at, Bytes{1}, Bytes{100U << 20U}); });
    fields.read("compression", tier.compression, readCompression);
    fields.read("queue", tier.queue, [](const Cursor& at) { return readInteger(at, kQueue); });
    fields.read("deadline", tier.deadline, [](const Cursor& at) { return readDuration(at, kDeadline); });
}

TierSettings& of(KafkaSettings& kafka, Tier tier) {
    return kafka.tiers[static_cast<std::size_t>(tier)];
}

/// Keys of the section itself mean the normal tier, and the compression means all of them.
void readTiers(Fields& fields, KafkaSettings& kafka) {
    readTierSettings(fields, of(kafka, Tier::Normal));
    if (fields.has("compression")) {
        for (TierSettings& tier : kafka.tiers) {
            tier.compression = of(kafka, Tier::Normal).compression;
        }
    }
    for (const Tier tier : kTiers) {
        const auto at = fields.find(nameOf(tier));
        if (!at) {
            continue;
        }
        Fields own(*at);
        readTierSettings(own, of(kafka, tier));
        own.finish();
    }
}

void checkTopics(const Cursor& at, const KafkaSettings& kafka) {
    for (std::size_t i = 0; i < kTiers.size(); ++i) {
        for (std::size_t j = i + 1; j < kTiers.size(); ++j) {
            if (kafka.tiers[i].topic == kafka.tiers[j].topic) {
                at.refuse(fmt::format("the tiers {} and {} have the same topic {}; give each its own",
                                      nameOf(kTiers[i]), nameOf(kTiers[j]), inQuotes(kafka.tiers[i].topic)));
            }
        }
    }
}

/// Without a word on it, idempotence is on where it can be: with acks all.
void readIdempotence(Fields& fields, KafkaSettings& kafka) {
    kafka.idempotence = kafka.acks == Acks::All;
    const auto at = fields.find("idempotence");
    if (!at) {
        return;
    }
    kafka.idempotence = readBool(*at).value_or(false);
    if (kafka.idempotence && kafka.acks != Acks::All) {
        at->refuse("idempotence needs acks: all");
    }
}

void checkInFlight(const Cursor& client, const KafkaSettings& kafka) {
    for (const char* name : {"max.in.flight", "max.in.flight.requests.per.connection"}) {
        const auto setting = kafka.client.find(name);
        const bool isUpToFive = setting == kafka.client.end() ||
                                (setting->second.size() == 1 && setting->second[0] >= '1' && setting->second[0] <= '5');
        if (kafka.idempotence && !isUpToFive) {
            client.entry(*client.node->find(name)).refuse("idempotence allows 1 to 5; or write idempotence: false");
        }
    }
}

} // namespace

std::optional<std::string> readTopic(const Cursor& at) {
    auto topic = readText(at, {1, 249});
    if (!topic) {
        return std::nullopt;
    }
    const auto isAllowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-';
    };
    if (std::ranges::all_of(*topic, isAllowed) && *topic != "." && *topic != "..") {
        return topic;
    }
    at.refuse(fmt::format("{} is not a topic's name; letters, digits, '.', '_' and '-'", inQuotes(at.node->written)));
    return std::nullopt;
}

KafkaSettings readKafka(const Cursor& at) {
    KafkaSettings kafka = defaultKafkaSettings();
    const std::size_t problems = at.problems->count();
    Fields fields(at);
    readTiers(fields, kafka);
    fields.read("partitions", kafka.partitions, [](const Cursor& value) { return readInteger(value, kPartitions); });
    fields.read("acks", kafka.acks, readAcks);
    readIdempotence(fields, kafka);
    fields.read("group", kafka.group, [](const Cursor& value) { return readText(value); });
    if (const auto client = fields.find("client")) {
        kafka.client = readClientSettings(*client);
        if (client->isMapping()) {
            checkInFlight(*client, kafka);
        }
    }
    fields.finish();
    if (at.problems->count() == problems) {
        checkTopics(at, kafka);
    }
    return kafka;
}

} // namespace core
