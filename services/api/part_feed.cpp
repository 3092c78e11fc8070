// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/api/part_feed.h"

#include "core/measure/snapshot_json.h"
#include "services/host/host_probe.h"
#include "services/roles/rest.h"

#include <ctime>

namespace services {

PartFeed::PartFeed(const core::Part& part, std::chrono::seconds retained)
    : m_part(part),
      m_retained(static_cast<std::size_t>(retained.count()) + 1),
      m_body([this](const std::stop_token& stop) { run(stop); }) {}

void PartFeed::run(const std::stop_token& stop) {
    HostProbe host;
    core::Instant next = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
        core::Snapshot snapshot = m_part.snapshot();
        snapshot.host = host.sample();
        m_events.publish(toJson(snapshot));
        Seen seen{summed(snapshot), {}};
        seen.latency = core::PackedHistograms(std::exchange(seen.counts.streams.front().latency, {}));
        {
            const std::scoped_lock lock(m_mutex);
            m_host = snapshot.host;
            m_seen.push_back(std::move(seen));
            if (m_seen.size() > m_retained) {
                m_seen.pop_front();
            }
        }
        next = std::max(next + std::chrono::seconds(1), std::chrono::steady_clock::now());
        rest(next - std::chrono::steady_clock::now(), stop);
    }
}

core::Snapshot PartFeed::Seen::unpacked() const {
    core::Snapshot snapshot = counts;
    snapshot.streams.front().latency = latency.unpack();
    return snapshot;
}

core::Snapshot PartFeed::snapshot() const {
    core::Snapshot snapshot = m_part.snapshot();
    const std::scoped_lock lock(m_mutex);
    snapshot.host = m_host;
    return snapshot;
}

core::Window PartFeed::last(std::chrono::seconds length) const {
    Seen earlier;
    Seen newest;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_seen.size() < 2) {
            return {};
        }
        const auto back = static_cast<std::size_t>(std::max<std::int64_t>(length.count(), 1));
        earlier = m_seen[m_seen.size() - 1 - std::min(back, m_seen.size() - 1)];
        newest = m_seen.back();
    }
    return windowBetween(earlier.unpacked(), newest.unpacked());
}

double PartFeed::processCpuSeconds() const {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

} // namespace services
