// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scenario/scenario_reader.h"
#include "core/yaml/cursor.h"

#include <string>
#include <vector>

/// The sections of a scenario file, each read from the node that holds it. What is wrong goes to the cursor's problems;
/// the values are of use only if there are none.
namespace core {

inline constexpr std::size_t kMostStreams = 256; // 8 bits of the event id
inline constexpr std::string_view kWarmupSpan = "warmup";

/// `warmup` counts towards the number of events that a stream may plan.
std::vector<Stream> readStreams(const Cursor& at, Nanoseconds warmup, const std::string& folder);
std::vector<Stage> readStages(const Cursor& at);
EventShape readEventShape(const Cursor& at, const std::string& folder);
KafkaSettings readKafka(const Cursor& at);
std::map<std::string, std::string> readClientSettings(const Cursor& at);
/// Dead letters may not go into a topic of `kafka`, where they would be consumed again.
ConsumerSettings readConsumer(const Cursor& at, const KafkaSettings& kafka);
DedupeSettings readDedupe(const Cursor& at);
PartialTarget readTarget(const Cursor& at, const ReadPostgres& readPostgres);
/// `spans` are the names that 'during' may give.
std::vector<ThresholdSpec> readThresholds(const Cursor& at, const std::vector<std::string>& spans, ConsumedBy consumer,
                                          const ReaderOptions& options);

/// A Kafka topic's name.
std::optional<std::string> readTopic(const Cursor& at);

/// How many events the stages plan, and how long they take; near enough for limits.
struct PlannedLoad {
    double events = 0;
    double seconds = 0;
    double firstRate = 0; ///< highest of the first stage, per second
};
PlannedLoad plannedLoad(const std::vector<Stage>& stages);

} // namespace core
