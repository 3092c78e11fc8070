// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/health.h"
#include "core/result.h"
#include "core/target/topic_partition.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace services {

/// Who consumes a run's events, as the run's supervisor sees it: the reference consumer in this process, somebody
/// else's program, or nobody. It begins at once and ends by stop(). The supervisor's thread calls the members; none of
/// them waits for a server.
class Consumption {
public:
    using Positions = std::vector<std::pair<core::TopicPartition, core::Offset>>;

    virtual ~Consumption() = default;

    // Before the load.
    /// Whoever consumes would miss no event from now on.
    virtual bool ready() const = 0;
    /// What others have left in the run's topics and is consumed first, by topic: now, and when the run was opened.
    virtual std::map<std::string, std::uint64_t> older() const { return {}; }
    virtual std::map<std::string, std::uint64_t> olderAtFirst() const { return {}; }

    // While the run is on.
    virtual std::optional<core::Error> failure() const { return std::nullopt; } ///< it has given up for good
    virtual std::string trouble() const { return {}; }  ///< what is being tried again; empty: all is well
    virtual std::string broken() const { return {}; }   ///< the run's topics are not those that it began with
    virtual std::string heldBack() const { return {}; } ///< who or what keeps events from it; empty: nobody
    virtual core::ConsumerWaits waits() const { return {}; }
    virtual Positions positions() const { return {}; } ///< for the journal

    // Once all is sent.
    virtual void seekEnd() {}                             ///< finds out what is to be waited for
    virtual bool endKnown() const { return true; }        ///< and knows it
    virtual std::string endTrouble() const { return {}; } ///< why not yet
    virtual std::uint64_t undrained() const = 0;          ///< what is still waited for, in messages
    /// How much of what is missing at the drain's limit was only late; all that is missing beyond that is lost.
    virtual std::uint64_t late() const { return undrained(); }
    /// The store may hold less than was committed to it. Waits for the store: to be called on the thread of a store's
    /// call.
    virtual core::Result<bool> storeIsBehind() { return false; }
    virtual void rejoin() {} ///< asks the store anew how far it is
    virtual void stop() = 0;
    virtual bool left() const = 0; ///< what stop() has ended is over

    // For the ledger.
    enum class Account {
        Kept, ///< each event's fate was counted here as it was committed; the store is asked where that leaves a doubt
        Stored, ///< the store alone knows: it is asked for every id
        None    ///< nothing is stored
    };
    virtual Account account() const = 0;
    virtual bool storeDecides() const { return false; } ///< what was counted here may differ from what the store holds
    virtual std::optional<std::string> violation() const { return std::nullopt; } ///< counts that did not add up
    virtual std::string refusal() const { return {}; } ///< why the first own event was refused; empty: none was
};

} // namespace services
