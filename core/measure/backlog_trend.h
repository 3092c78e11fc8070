// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/snapshot.h"

namespace core {

/// What the last seconds say of the events that wait to be stored (waitingIn()).
struct BacklogTrend {
    enum class Word { Steady, Growing, Draining };
    Word word = Word::Steady;
    double perSecond = 0; ///< events/s by which it changes, without sign
    Nanoseconds empty{};  ///< draining: until it is empty at this pace
};

/// A change of less than 1 % of what was polled, or of 10 events, is noise. `length` of the window must be above 0.
BacklogTrend backlogTrend(std::uint64_t before, const Window& window);
/// The same of two counts, `passed` of which went through meanwhile.
BacklogTrend backlogTrend(std::uint64_t before, std::uint64_t now, std::uint64_t passed, Nanoseconds length);

} // namespace core
