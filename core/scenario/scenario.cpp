// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/scenario.h"

#include <algorithm>

namespace core {

namespace {

constexpr std::array<std::string_view, kTiers.size()> kTierNames{"critical", "normal", "analytics"};
constexpr std::array<std::string_view, kLevels.size()> kLevelNames{"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
constexpr std::array<std::string_view, 3> kConsumerNames{"millrace", "outsider", "nobody"};
constexpr std::array<std::string_view, 5> kCompressionNames{"none", "gzip", "snappy", "lz4", "zstd"};

} // namespace

std::string_view nameOf(Tier tier) {
    return kTierNames[static_cast<std::size_t>(tier)];
}

std::string_view nameOf(ConsumedBy consumer) {
    return kConsumerNames[static_cast<std::size_t>(consumer)];
}

std::string_view nameOf(Compression compression) {
    return kCompressionNames[static_cast<std::size_t>(compression)];
}

std::string_view nameOf(Level level) {
    return kLevelNames[static_cast<std::size_t>(level)];
}

std::optional<Level> levelOf(std::string_view name) {
    const auto* found = std::ranges::find(kLevelNames, name);
    if (found == kLevelNames.end()) {
        return std::nullopt;
    }
    return kLevels[static_cast<std::size_t>(found - kLevelNames.begin())];
}

KafkaSettings defaultKafkaSettings() {
    using namespace std::chrono_literals;
    KafkaSettings settings;
    settings.tiers[static_cast<std::size_t>(Tier::Critical)] = {.topic = "log-events-critical",
                                                                .linger = 0ms,
                                                                .batch = Bytes{16 * 1024},
                                                                .compression = Compression::None,
                                                                .queue = 100'000,
                                                                .deadline = 120s};
    settings.tiers[static_cast<std::size_t>(Tier::Normal)] = {.topic = "log-events",
                                                              .linger = 5ms,
                                                              .batch = Bytes{512 * 1024},
                                                              .compression = Compression::Lz4,
                                                              .queue = 100'000,
                                                              .deadline = 30s};
    settings.tiers[static_cast<std::size_t>(Tier::Analytics)] = {.topic = "log-events-analytics",
                                                                 .linger = 50ms,
                                                                 .batch = Bytes{512 * 1024},
                                                                 .compression = Compression::Lz4,
                                                                 .queue = 100'000,
                                                                 .deadline = 10s};
    return settings;
}

} // namespace core
