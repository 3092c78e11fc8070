// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/latency_histogram.h"
#include "core/units.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace core {

/// A wake delay beyond this is late (design rule: its p99 over 10 ms makes a run invalid).
inline constexpr std::uint64_t kLateWakeMicros = 10'000;
inline constexpr Nanoseconds kWakeWindow = std::chrono::seconds(5); ///< of which that is judged
/// More than one in a hundred of the events, and enough to say so.
bool tooManyLate(std::uint64_t events, std::uint64_t late);

/// Judges the generator itself by the wake delays of the measured part (design: its p99 over 10 ms makes a run
/// invalid), at every rate: a window of 5 s grows until it holds the 1,000 events that a p99 needs; where fewer are to
/// be had, the generator is late if more than one in a hundred and at least ten of its events were, or most of at least
/// three. Memory grows only below 200 events/s, by 24 bytes a look, up to 1,000 looks with an event.
class GeneratorWatch {
public:
    /// Once a second. `wakeDelay`: of all streams since the start; `at`: since the run's origin.
    void observe(Nanoseconds at, const LatencyHistogram& wakeDelay);
    /// At the end: in a run shorter than the window most events must have been late.
    void finish();
    /// The process did not run in this time, whatever the cause. `waiting`: events were sent or acknowledged and not
    /// stored when it began.
    void stoodStill(Nanoseconds from, Nanoseconds until, bool waiting);

    /// Why the run's figures say nothing about the target, as a clause; nothing: the generator kept up. A stand-still
    /// explains the late events, so it comes first.
    const std::optional<std::string>& fault() const { return m_stoodStill ? m_stoodStill : m_saturated; }

private:
    struct Look {
        Nanoseconds at{};
        std::uint64_t events = 0;
        std::uint64_t late = 0; ///< of these, by more than 10 ms
    };
    struct StandStill {
        Nanoseconds from{};
        Nanoseconds until{};
        std::uint64_t lateBefore = 0;
    };
    void judgeWindow();
    void blameStandStill(Nanoseconds from, Nanoseconds until);
    void judgeStandStill();

    std::deque<Look> m_looks;               // the newest last; the first is where the window begins
    std::optional<StandStill> m_standStill; // not judged yet
    std::optional<std::string> m_stoodStill;
    std::optional<std::string> m_saturated;
};

} // namespace core
