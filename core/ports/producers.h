// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/mark.h"
#include "core/units.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

inline constexpr std::string_view kLiveBurst = "live burst"; ///< the stream that stands ready for it

/// Whoever makes a run's load: streams of this process, or daemons on other machines. No call blocks. Where nothing
/// else is said, the thread that leads the run calls; streams are those of the scenario and, behind them, the one for
/// live bursts.
class Producers {
public:
    virtual ~Producers() = default;

    virtual void start() = 0; ///< the origin of the run's times is set
    virtual void pause(Instant at) = 0;
    virtual void resume(Instant at) = 0;
    /// Of the stream with that name; empty: what the streams send now is brought to `rate` in all, in proportion.
    virtual void setRate(const std::string& stream, Rate rate, Instant at) = 0;
    virtual void startBurst(Rate rate, Nanoseconds duration, Instant at) = 0;
    virtual void stop(bool giveUp) = 0; ///< nothing later is planned; `giveUp`: what waits is unsent
    /// Ends the load: what was sent is delivered within `limit`.
    virtual void finish(Nanoseconds limit) = 0;
    virtual void finishBy(Instant latest) = 0; ///< after finish(), any number of times: purge at `latest`
    virtual bool left() const = 0;             ///< all have ended; the account is complete

    virtual bool idle() const = 0;                 ///< nothing is left to send in any stream
    virtual bool burstOn() const = 0;              ///< any thread
    virtual Instant burstEnd() const = 0;          ///< as planned now
    virtual std::vector<Rate> targets() const = 0; ///< of all streams, as planned now
    virtual double asked() const = 0; ///< events that their rates have asked for in the measured part so far
    virtual std::vector<Mark> popNotices() = 0;
    /// By how much a change of rate is ordered ahead of its effect.
    virtual Nanoseconds lead() const { return {}; }
    /// Why the load was not what the scenario asked for, in a sentence; nothing: it was.
    virtual std::optional<std::string> fault() const { return {}; }
};

} // namespace core
