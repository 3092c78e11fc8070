// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/schedule.h"

#include <memory>
#include <optional>
#include <vector>

namespace core {

/// A schedule that commands may change while it runs: pause and resume move what is still to come, a new rate replaces
/// the rest by a constant stage of what was left. Commands re-plan from their instant, so what has been planned stays:
/// events due up to a command's instant, and events taken already, keep their due times.
/// One thread. Offsets count from the stream's start; `at` never goes backwards from command to command.
class Plan {
public:
    explicit Plan(Schedule schedule);

    /// The next event's due offset; nothing when all events have been taken. While paused, only what was due up to the
    /// pause and has not been taken yet: it must not wait, since its due time does not move.
    std::optional<Nanoseconds> nextDue() const;
    void pop(); ///< the next event has been dealt with; only while nextDue() has a value
    bool paused() const;
    bool finished() const; ///< no event is left (a paused plan with events left is not finished)

    std::uint64_t planned(Nanoseconds at) const; ///< events due up to and including `at`, taken or not
    std::uint64_t taken() const;
    Rate rateAt(Nanoseconds at) const; ///< target rate; 0 while paused
    double areaBetween(Nanoseconds from,
                       Nanoseconds until) const; ///< events that the rates ask for, fractions included
    Nanoseconds end() const; ///< offset of the end of the last stage, as planned now (paused: if resumed at once)

    void pause(Nanoseconds at);
    void resume(Nanoseconds at);
    void setRate(Nanoseconds at, Rate rate); ///< a constant rate for the rest of the plan's time
    void stop(Nanoseconds at);               ///< nothing later than `at` is planned any more; ends a pause too

private:
    /// What is planned between two commands: events `first` to `last` of a schedule that begins at `origin`.
    struct Piece {
        std::shared_ptr<const Schedule> schedule; ///< shared by the pieces that a pause cuts it into
        Nanoseconds origin{};
        Nanoseconds from{};  ///< the command's instant: all events of the piece are later
        Nanoseconds until{}; ///< the next command's instant, or the end of the schedule
        std::uint64_t first = 0;
        std::uint64_t last = 0;   ///< exclusive
        std::uint64_t before = 0; ///< events of the pieces before

        std::uint64_t events() const { return last - first; }
        Nanoseconds due(std::uint64_t n, DueReader& reader) const;
        std::uint64_t planned(Nanoseconds at) const;
        double missing() const; ///< area from `from` until the next event is due
    };

    Nanoseconds commandAt(Nanoseconds at);
    Piece cut(Nanoseconds at); ///< ends the present piece at `at` and answers what was left of it
    void append(Piece rest);
    void findNext(); ///< finds the next event

    std::vector<Piece> m_pieces;
    std::optional<Piece> m_rest; ///< what follows once a pause ends; as if it ended at once
    std::size_t m_current = 0;   ///< the piece of the next event
    std::uint64_t m_next = 0;    ///< the next event in that piece's schedule
    std::uint64_t m_taken = 0;
    std::optional<Nanoseconds> m_due;
    Nanoseconds m_lastCommand{};
    DueReader m_reader;
};

} // namespace core
