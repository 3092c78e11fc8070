// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/mark.h"
#include "core/units.h"

#include <vector>

namespace core {

/// The times of a run under load: pauses move what the plan has still to come, and nothing of a pause counts as load.
/// Parts of the plan are offsets from its beginning, warm-up included and pauses left out. Reads no clock: instants are
/// passed in, and no call has an earlier one than the calls before. One thread.
class RunClock {
public:
    /// Half open.
    struct Part {
        Nanoseconds from{};
        Nanoseconds until{};

        bool operator==(const Part&) const = default;
    };
    struct Period {
        Instant from;
        Instant until;

        bool operator==(const Period&) const = default;
    };

    RunClock(Nanoseconds warmup, Nanoseconds planned); ///< planned: warm-up and stages

    void begin(Instant origin); ///< where offset 0 lies; it may be still to come
    /// What is due up to `at` keeps its time. Before the origin: from there on.
    void pause(Instant at);
    void resume(Instant at);
    void extend(Instant end); ///< the load goes on until then at least, unless it is paused
    void endLoad(Instant at); ///< nothing later is load; the first call counts

    bool begun() const { return m_begun; }
    bool paused() const { return m_paused; }
    Instant origin() const { return m_origin; } ///< its epoch: not begun
    Part warmup() const { return {{}, m_warmup}; }
    Part measured() const { return {m_warmup, m_end}; }

    Phase phase(Instant now) const;                     ///< Preparing, Warmup, Stages; Drain from endLoad() on
    Nanoseconds played(Instant now) const;              ///< of the plan; negative before the origin, 0 before begin()
    Nanoseconds left(Instant now) const;                ///< of the plan
    double progress(Instant now) const;                 ///< 0 … 1 of the plan
    Nanoseconds lengthOf(Part part, Instant now) const; ///< how much of the part has been played
    /// Where the part lies: a pause before its begin moves it, one within it moves its end. As far as known `now`: a
    /// pause that is on counts up to `now`.
    Period periodOf(Part part, Instant now) const;

private:
    struct Pause {
        Nanoseconds at{}; // of the plan
        Nanoseconds length{};
    };
    Nanoseconds pausedBefore(Nanoseconds offset, Instant now) const;
    Nanoseconds open(Instant now) const; // how long the pause has lasted that is on
    Instant instantOf(Nanoseconds offset, Instant now) const;

    Nanoseconds m_warmup;
    Nanoseconds m_end; // of the plan
    Instant m_origin;
    Instant m_pausedAt;
    Instant m_loadEnded;
    bool m_begun = false;
    bool m_paused = false;
    bool m_over = false;
    std::vector<Pause> m_pauses; // in order; the last is on while m_paused
    Nanoseconds m_pausedInAll{}; // of those that are over
};

} // namespace core
