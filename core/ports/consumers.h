// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

namespace core {

/// The daemons of a fleet that consume a run's events. Any thread; no call blocks.
class Consumers {
public:
    virtual ~Consumers() = default;

    virtual bool joined() const = 0; ///< all have their partitions
    /// Counts of a batch that did not add up.
    virtual std::optional<std::string> violation() const = 0;
    virtual std::string refusal() const = 0; ///< why the first own event was refused; empty: none was
    virtual std::string trouble() const = 0; ///< what one is retrying; empty: all is well
    virtual void stop() = 0;                 ///< of this run
    virtual bool left() const = 0;           ///< all have ended what they did for this run
};

} // namespace core
