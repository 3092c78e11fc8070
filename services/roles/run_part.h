// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/part.h"

#include <mutex>

namespace services {

/// A run that is on, as others see a producer and a consumer in one process. The run outlives it.
class RunPart final : public core::Part, public core::LoadControl {
public:
    RunPart(core::RunControl& run, std::string scenario) : m_run(run), m_scenario(std::move(scenario)) {}

    core::Snapshot snapshot() const override;
    std::vector<core::Component> components() const override; ///< by the faults and recoveries of its time line
    bool ready() const override;

    core::LoadState state() const override;
    core::Status start(std::string_view scenario) override; ///< never: a run has one scenario
    core::Status command(const core::Command& command) override { return m_run.command(command); }
    void reset() override;

private:
    core::RunControl& m_run;
    const std::string m_scenario;
    mutable std::mutex m_mutex; // guards what follows
    core::ProducerCounts m_resetCounts;
    double m_resetAt = 0; // seconds since the run's start
};

} // namespace services
