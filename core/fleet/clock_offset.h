// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <deque>
#include <optional>

namespace core {

/// One question to another machine what its clocks show, and the answer.
struct ClockExchange {
    Instant asked;      ///< on our monotonic clock
    Instant arrived;    ///< on the other's, when the question came in
    Instant answered;   ///< on the other's, when the answer went out
    Instant heard;      ///< on ours
    WallTime otherWall; ///< the other's wall clock at `answered`
};

/// How the clocks of another machine stand to ours, over a link whose delays are not known: from the exchange with the
/// shortest way, taken for equally long in both directions, which errs by half of it at most. Source: RFC 5905,
/// section 8. One thread.
class ClockOffset {
public:
    void add(const ClockExchange& exchange);

    struct Estimate {
        Nanoseconds monotonic{}; ///< the other's monotonic clock less ours
        Nanoseconds error{};     ///< half the way: at most so wrong
        WallTime otherWall;      ///< the other's wall clock, when
        Instant at;              ///< ours showed this
    };
    /// Of the best of the last kExchanges; nothing before the first.
    std::optional<Estimate> best() const;
    static constexpr std::size_t kExchanges = 16;

private:
    std::deque<ClockExchange> m_exchanges;
};

} // namespace core
