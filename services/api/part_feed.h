// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/part.h"
#include "services/http/event_feed.h"

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace services {

/// Looks at a part once a second: for rates, for event streams, for what the host does. Any thread may call the
/// members.
class PartFeed {
public:
    static constexpr std::chrono::seconds kForRates{5};

    /// The part outlives it. It looks back for `retained`, which costs some ten kilobytes per second.
    explicit PartFeed(const core::Part& part, std::chrono::seconds retained = kForRates);

    const core::Part& part() const { return m_part; }
    core::Snapshot snapshot() const; ///< as of now, with the newest figures of the host
    /// The last so many whole seconds, or as many as are retained. Of length 0 in the first second.
    core::Window last(std::chrono::seconds length) const;
    core::Window lastSeconds() const { return last(kForRates); }
    double processCpuSeconds() const;              ///< of this process since its start
    http::EventFeed& events() { return m_events; } ///< each a snapshot's JSON

private:
    /// A snapshot without its tiers, and its histograms as text: a fraction of the memory.
    struct Seen {
        core::Snapshot counts;
        core::PackedHistograms latency;
        core::Snapshot unpacked() const;
    };
    void run(const std::stop_token& stop);

    const core::Part& m_part;
    const std::size_t m_retained; // snapshots
    http::EventFeed m_events{15}; // cumulative: who was away for longer misses resolution, and no event
    mutable std::mutex m_mutex;   // guards what follows
    std::deque<Seen> m_seen;
    core::HostSample m_host;
    std::jthread m_body; // joined first
};

} // namespace services
