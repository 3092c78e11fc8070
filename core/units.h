// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>

namespace core {

using Nanoseconds = std::chrono::nanoseconds;

/// A point on this host's monotonic clock. The core never reads a clock: instants come in as parameters.
using Instant = std::chrono::time_point<std::chrono::steady_clock, Nanoseconds>;

/// A point on the wall clock (UTC), for event timestamps and for what people read.
using WallTime = std::chrono::time_point<std::chrono::system_clock, Nanoseconds>;

constexpr double kMicrosPerSecond = 1e6;

inline double secondsOf(Nanoseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

/// Since the epoch, rounded down.
inline std::int64_t microsecondsOf(WallTime time) {
    return std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count();
}

/// Events per second.
struct Rate {
    double perSecond = 0;

    auto operator<=>(const Rate&) const = default;
};

/// A size in bytes; KiB, MiB and GiB are powers of two.
struct Bytes {
    std::uint64_t count = 0;

    auto operator<=>(const Bytes&) const = default;
};

/// A share of a whole, 0 to 1; written as '1%' in files.
struct Ratio {
    double value = 0;

    auto operator<=>(const Ratio&) const = default;
};

/// A Kafka partition's number.
struct Partition {
    std::int32_t id = 0;

    auto operator<=>(const Partition&) const = default;
};

/// A position in a Kafka partition.
struct Offset {
    std::int64_t value = 0;

    auto operator<=>(const Offset&) const = default;
};

/// The wall clock and the monotonic clock read at the same moment, and which boot the monotonic clock belongs to.
/// A run keeps one, so that due times in event ids (wall) can be turned into instants (monotonic) at any time.
struct ClockPair {
    WallTime wall;
    Instant monotonic;
    std::string bootId;

    /// The instant at which the wall clock, had it not been stepped, would have shown `time`.
    Instant instantOf(WallTime time) const { return monotonic + (time - wall); }
    /// The wall clock's time at `instant`, had it not been stepped since the pair was taken.
    WallTime wallOf(Instant instant) const { return wall + (instant - monotonic); }
};

} // namespace core
