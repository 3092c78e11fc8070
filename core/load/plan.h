#pragma once

#include "core/load/schedule.h"

#include <optional>

namespace core {

/// A schedule that commands may change while it runs: pause and resume move what is still to come, a new rate replaces
/// the rest by a constant stage of what was left. Commands re-plan from their instant, so what has been planned stays.
/// One thread. Offsets count from the stream's start; `at` never goes backwards.
class Plan {
public:
    explicit Plan(Schedule schedule);

    /// The next event's due offset; nothing while paused or when all events have been taken.
    std::optional<Nanoseconds> nextDue() const;
    void take();                        ///< the next event has been dealt with
    bool paused() const;
    bool finished() const;              ///< no event is left (a paused plan with events left is not finished)

    std::uint64_t planned(Nanoseconds at) const; ///< events due up to and including `at`, taken or not
    std::uint64_t taken() const;
    Rate rateAt(Nanoseconds at) const;  ///< target rate; 0 while paused
    Nanoseconds end() const;            ///< offset of the end of the last stage, as planned now

    void pause(Nanoseconds at);
    void resume(Nanoseconds at);
    void setRate(Nanoseconds at, Rate rate); ///< a constant rate for the rest of the plan's time
    void stop(Nanoseconds at);               ///< nothing later than `at` is planned any more

    // members: the current schedule, the offset at which it begins, how many of its events were taken, how many earlier
    // schedules' events were taken, and the instant of the pause
private:
    Schedule m_schedule;
    Nanoseconds m_origin{};
    std::uint64_t m_next = 0;
    std::uint64_t m_takenBefore = 0;
    std::optional<Nanoseconds> m_pausedAt;
    std::optional<Nanoseconds> m_stoppedAt;
};

} // namespace core
