// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace core {

/// Which of a stream's events one of several producers sends: event n belongs to producer n mod `of`. Each numbers its
/// own from 0; in the ids they are interleaved, so no two producers ever give out the same number.
struct Share {
    std::uint32_t part = 0;
    std::uint32_t of = 1;

    bool has(std::uint64_t event) const { return event % of == part; }
    std::uint64_t sequenceOf(std::uint64_t own) const { return own * of + part; } ///< of its own event so numbered
    std::uint64_t ownOf(std::uint64_t sequence) const { return sequence / of; }

    bool operator==(const Share&) const = default;
};

} // namespace core
