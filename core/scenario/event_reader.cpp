// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/fields.h"
#include "core/scenario/scalars.h"
#include "core/scenario/sections.h"
#include "core/text/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace core {

namespace {

constexpr Bytes kSmallestEvent{1};
constexpr Bytes kLargestEvent{1U << 20U};
constexpr std::size_t kMostSources = 10'000;
constexpr std::size_t kLongestSource = 255; // bytes, as the decoder of events takes them
constexpr double kHighestWeight = 1e9;
constexpr double kSteepestZipf = 10;
constexpr IntegerLimits kZipfKeys{1, 1'000'000};
constexpr Ratio kMostDuplicates{0.9};

std::optional<Bytes> readSizeValue(const Cursor& at) {
    return readBytes(at, kSmallestEvent, kLargestEvent);
}

std::optional<SizeDistribution> readDistribution(const Cursor& at) {
    constexpr std::array<std::string_view, 3> kNames{"uniform", "normal", "exponential"};
    const auto choice = readChoice(at, kNames);
    return choice ? std::optional(static_cast<SizeDistribution>(*choice)) : std::nullopt;
}

std::optional<EventSize> readSize(const Cursor& at) {
    if (!at.isMapping()) {
        const auto fixed = readSizeValue(at);
        return fixed ? std::optional(EventSize{*fixed, *fixed, SizeDistribution::Uniform}) : std::nullopt;
    }
    EventSize size{{}, {}, SizeDistribution::Uniform};
    Fields fields(at);
    fields.takeRequired("min", size.min, readSizeValue);
    fields.takeRequired("max", size.max, readSizeValue);
    fields.read("distribution", size.distribution, readDistribution);
    fields.finish();
    if (size.max.count != 0 && size.min > size.max) {
        at.refuse("'min' is larger than 'max'");
    }
    return size;
}

std::optional<std::vector<std::pair<Level, double>>> readLevels(const Cursor& at) {
    if (!at.isMapping()) {
        at.refuseKind("weights of levels such as {INFO: 90, ERROR: 10}");
        return std::nullopt;
    }
    if (at.node->entries.empty()) {
        at.refuse("holds no level");
    }
    std::vector<std::pair<Level, double>> levels;
    Fields fields(at);
    for (const Level level : kLevels) {
        fields.find(nameOf(level));
    }
    fields.finish();
    for (const YamlEntry& entry : at.node->entries) {
        const auto level = levelOf(entry.key.text);
        const auto weight = level ? readPositiveNumber(at.entry(entry), kHighestWeight) : std::nullopt;
        if (weight) {
            levels.emplace_back(*level, *weight);
        }
    }
    return levels;
}

std::optional<std::vector<std::string>> readSources(const Cursor& at) {
    std::vector<std::string> sources;
    for (const Cursor& item : readItems(at, "a list of names", kMostSources)) {
        const auto source = readText(item);
        if (!source) {
            continue;
        }
        if (source->size() > kLongestSource) {
            item.refuse(fmt::format("takes {} bytes; at most {}", source->size(), kLongestSource));
        }
        if (std::ranges::find(sources, *source) != sources.end()) {
            item.refuse(fmt::format("the source {} is given twice", inQuotes(item.node->written)));
        }
        sources.push_back(*source);
    }
    return sources;
}

std::optional<EventKey> readKey(const Cursor& at) {
    if (at.isMapping()) {
        ZipfKey zipf;
        Fields fields(at);
        fields.takeRequired("zipf", zipf.exponent,
                            [](const Cursor& value) { return readPositiveNumber(value, kSteepestZipf); });
        fields.takeRequired("keys", zipf.keys, [](const Cursor& value) { return readInteger(value, kZipfKeys); });
        fields.finish();
        return zipf;
    }
    constexpr std::array<std::string_view, 3> kNames{"id", "source", "none"};
    const std::array<EventKey, 3> keys{KeyById{}, KeyBySource{}, NoKey{}};
    const auto choice = readChoice(at, kNames);
    return choice ? std::optional(keys[*choice]) : std::nullopt;
}

/// Path of the message file; empty: generated.
std::optional<std::string> readMessages(const Cursor& at, const std::string& folder) {
    if (!at.isMapping()) {
        constexpr std::array<std::string_view, 1> kNames{"generated"};
        if (at.isScalar() && at.node->text == kNames[0]) {
            return std::string();
        }
        if (!at.isBroken()) {
            at.refuse("expected generated, or the lines of a file: {file: app.log}");
        }
        return std::nullopt;
    }
    std::string file;
    Fields fields(at);
    fields.takeRequired("file", file, [](const Cursor& value) { return readText(value, {1, 4'096}); });
    fields.finish();
    return (std::filesystem::path(folder) / file).lexically_normal().string();
}

std::optional<Duplicates> readDuplicates(const Cursor& at) {
    Duplicates duplicates;
    Fields fields(at);
    fields.takeRequired("ratio", duplicates.ratio,
                        [](const Cursor& value) { return readPercent(value, kMostDuplicates); });
    fields.takeRequired("within", duplicates.within, readPositiveDuration);
    fields.finish();
    return duplicates;
}

} // namespace

EventShape readEventShape(const Cursor& at, const std::string& folder) {
    EventShape shape;
    Fields fields(at);
    fields.read("size", shape.size, readSize);
    fields.read("levels", shape.levels, readLevels);
    fields.read("sources", shape.sources, readSources);
    fields.read("key", shape.key, readKey);
    fields.read("messages", shape.messageFile, [&folder](const Cursor& value) { return readMessages(value, folder); });
    fields.read("duplicates", shape.duplicates, readDuplicates);
    fields.read("unreadable", shape.unreadable, [](const Cursor& value) { return readPercent(value); });
    fields.finish();
    return shape;
}

} // namespace core
