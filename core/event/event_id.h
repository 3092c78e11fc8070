// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace core {

/// What an id of ours says. Widths: runTag 18 bits, stream 8 bits, sequence 36 bits.
struct EventIdParts {
    WallTime due; ///< kept to 1/4096 ms (12 bits of sub-millisecond), that is 244 ns
    std::uint32_t runTag = 0;
    std::uint8_t stream = 0;
    std::uint64_t sequence = 0;

    bool operator==(const EventIdParts&) const = default;
};

/// A UUID. Ours are version 7 (RFC 9562, section 5.7, with method 3 of section 6.2 for the sub-millisecond part), so
/// they sort by due time.
struct EventId {
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const EventId&) const = default;

    static constexpr std::uint32_t kRunTags = 1U << 18U;
    static constexpr std::uint64_t kSequences = 1ULL << 36U;

    /// Packs the parts; due is rounded down to 1/4096 ms. Parts outside their width are a programming error.
    static EventId compose(const EventIdParts& parts);
    /// The parts of a version 7 id, whoever created it; nothing for other versions.
    std::optional<EventIdParts> parts() const;

    /// Reads the 36-character form, either case; nothing if it is not a UUID.
    static std::optional<EventId> parse(std::string_view text);
    /// Writes the 36-character lower-case form to `out`.
    void print(char* out) const;
    std::string text() const;

    static constexpr std::size_t kTextLength = 36;
};

/// Recognises the events of one run: version 7, the run's tag, one of its streams, due within the plan. Or takes every
/// event for its own: a consumer that serves no run of its own.
struct RunIdentity {
    std::uint32_t runTag = 0;
    std::uint32_t streams = 0;
    WallTime from;  ///< the earliest due time, less a millisecond of rounding
    WallTime until; ///< the latest; live commands may move it
    /// Every event is its own, as one of this stream, due at the time that a version 7 id says.
    std::optional<std::uint8_t> everyEventAs{};

    /// The parts if the id is one of this run's, nothing if the event is foreign.
    std::optional<EventIdParts> own(const EventId& id) const;
};

} // namespace core
