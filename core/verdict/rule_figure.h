// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/snapshot.h"
#include "core/verdict/threshold.h"

#include <cstdint>
#include <optional>
#include <string>

/// What a rule looks at, worked out of a snapshot or a ledger, and how it compares with the rule's limit.
namespace core {

RuleFigure noFigure(std::string reason);
RuleFigure latencyFigure(const Threshold& rule, const Snapshot& snapshot);
/// `onTheirWay`: events that count as done, although they are not yet.
RuleFigure throughputFigure(const Threshold& rule, const Snapshot& snapshot, std::uint64_t onTheirWay = 0);
/// Events due so far in the part of the run that a throughput rule speaks of.
std::uint64_t plannedFor(const Threshold& rule, const Snapshot& snapshot);
RuleFigure errorFigure(const ProducerCounts& counts);
RuleFigure countFigure(std::uint64_t count);
RuleFigure durationFigure(Nanoseconds duration);

/// The histogram that a latency rule asks; nothing if the run has no such part.
std::optional<LatencyHistogram> latencyOf(const Threshold& rule, const Snapshot& snapshot);
/// The rule's percentile, mean or maximum in µs; nothing if there are too few values.
std::optional<double> statisticOf(const Threshold& rule, const LatencyHistogram& histogram);

/// The counts that grow in sight; nothing for the ones that only the closed ledger knows.
std::optional<std::uint64_t> countInSight(Threshold::Quantity quantity, const ProducerCounts& producer,
                                          const ConsumerCounts& consumer);
std::uint64_t countOf(Threshold::Quantity quantity, const IdCounts& ids); ///< the others

bool holds(Threshold::Comparison comparison, double value, double limit);
bool holds(const Threshold& rule, double value);
/// The limit is an upper one, or an exact one.
bool boundedAbove(const Threshold& rule);
/// Both look at the same figure, whatever their limits. Of windows a rule looks at the worst, which depends on the side
/// of the limit.
bool sameFigure(Threshold a, const Threshold& b);

} // namespace core
