// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/part.h"
#include "services/api/exposition.h"
#include "services/gateway/lag_watch.h"
#include "services/gateway/parts.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace services {

/// Producers and consumers as one: their counts and histograms added up, the lag of their group, and what the store
/// knows of runs. It is up when it answers; of its parts it says what it knows.
class GatewayRole final : public core::Part {
public:
    struct Options {
        core::Scenario settings; ///< its kafka section
        core::Target target;     ///< broker or store may be embedded: then nothing is said of them
        Parts::Wanted parts;
        PartAccess access;
    };
    explicit GatewayRole(Options options);

    core::Snapshot snapshot() const override;
    std::vector<core::Component> components() const override;
    bool ready() const override { return true; }

    std::vector<PartReport> parts() const { return m_parts.reports(); }
    std::optional<GroupLag> lag() const; ///< nothing: there is no broker to ask
    std::vector<ExtraGauge> gauges(const core::Snapshot& snapshot) const;
    const core::StoreAddress& store() const { return m_options.target.store; }

private:
    struct LastRun {
        std::uint64_t lost = 0;
        std::uint64_t doubled = 0;
    };
    void followRuns(const std::stop_token& stop);

    const Options m_options;
    const core::Instant m_begun = std::chrono::steady_clock::now();
    Parts m_parts;
    std::unique_ptr<LagWatch> m_lag;
    mutable std::mutex m_mutex;
    std::optional<LastRun> m_lastRun; // guarded by m_mutex
    std::jthread m_runs;              // joined first
};

} // namespace services
