// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/share.h"
#include "core/scenario/scenario.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace core {

/// What one producer sends of one stream.
struct StreamShare {
    std::uint8_t stream = 0; ///< its place in the scenario; one past the last: the live burst
    Share share;

    bool operator==(const StreamShare&) const = default;
};

/// Deals a scenario's streams to `producers` producers, by their peak rates: a stream that asks for more than one
/// producer's fair part of the whole is shared by all of them, and so is the live burst; any other goes as a whole,
/// the largest first, to the one that has least so far. The answer has an entry per producer, its streams ascending.
std::vector<std::vector<StreamShare>> dealStreams(const Scenario& scenario, std::size_t producers);

} // namespace core
