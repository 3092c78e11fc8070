// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/part.h"
#include "core/scenario/scenario.h"
#include "services/roles/end_health.h"
#include "services/roles/load.h"
#include "services/roles/run_producer.h"

#include <memory>
#include <mutex>
#include <thread>

namespace services {

/// A producer as a service. It has a baseline, which is there from the start (empty: it waits for bursts), and beside
/// it the scenario that somebody has started. A broker that is absent is waited for.
class ProducerRole final : public core::Part, public core::LoadControl {
public:
    struct Options {
        /// Its kafka section is that of every load. Its streams are the baseline: those named "baseline" only, where
        /// there are such, for ever at the rate that they end with; else all of them, once.
        core::Scenario settings;
        core::BrokerAddress broker; ///< not embedded
    };

    explicit ProducerRole(Options options);
    ~ProducerRole() override; ///< delivers what was sent, for up to 5 s per load

    core::Snapshot snapshot() const override;
    std::vector<core::Component> components() const override;
    bool ready() const override;

    core::LoadState state() const override;
    core::Status start(std::string_view scenario) override;
    core::Status command(const core::Command& command) override;
    void reset() override;

    core::RunMember& member() { return m_run; } ///< its part of runs that are led from elsewhere

private:
    void run(const std::stop_token& stop);
    void tick();
    core::Status openBaseline();
    void retire(std::unique_ptr<Load>& load);
    core::Snapshot total() const; ///< with m_mutex held

    const Options m_options;
    const core::Instant m_begun = std::chrono::steady_clock::now();
    EndHealth m_health{core::End::Broker};

    mutable std::mutex m_mutex;                   // guards what follows
    core::Snapshot m_former = core::tierTotals(); // of loads that have ended
    std::unique_ptr<Load> m_baseline;             // from the first contact with the broker on
    std::unique_ptr<Load> m_load;                 // that was started; nothing, or over
    bool m_baselineStopped = false;
    bool m_starting = false;
    core::ProducerCounts m_resetCounts;
    core::Instant m_resetAt;

    std::uint64_t m_lastAcked = 0; // of m_body: whether the broker acknowledges
    core::Instant m_lastProgress;
    core::Instant m_nextAsked;
    RunProducer m_run;
    std::jthread m_body; // joined first
};

} // namespace services
