// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/results/result_file.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace core {

/// The steps of an event's way, in their order.
enum class Step { Sending, Broker, Waiting, Storing };
inline constexpr std::array kSteps{Step::Sending, Step::Broker, Step::Waiting, Step::Storing};
std::string_view nameOf(Step step); ///< "due to sent", "sent to acked", "acked to polled", "polled to stored"

/// What the steps of a stretch of a run took, at p99, in µs. The p99 of one step are not those of another, so they do
/// not add up: the share says where to look, not what would be gained. Waiting in the topic is not measured: it is what
/// the others leave of the end-to-end p99, at least 0.
struct StepShares {
    std::array<std::uint64_t, kSteps.size()> p99{};

    double shareOf(Step step) const; ///< of the four: 0 to 1
};

/// Of the samples that lie within; nothing where they hold too few events for a p99.
std::optional<StepShares> stepShares(const RunResult& result, double fromSeconds, double untilSeconds);

} // namespace core
