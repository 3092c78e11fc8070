// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/run_clock.h"
#include "core/measure/run_lanes.h"
#include "core/scenario/scenario.h"
#include "services/run/run_mailbox.h"

#include <string>
#include <vector>

namespace services {

/// The times of a run's load: moves the run's clock and informs the lanes where its parts lie. Reads no clock itself.
/// The thread that leads the run; what it informs the lanes of, any may read.
class LoadClock {
public:
    /// Scenario and lanes outlive it.
    LoadClock(const core::Scenario& scenario, core::RunLanes& lanes);

    /// The parts of a run that rules name, for the lanes: each once.
    static std::vector<std::string> spansOf(const std::vector<core::ThresholdSpec>& rules);

    void begin(core::Instant origin); ///< of the plan; it may be still to come
    bool pause(core::Instant now);    ///< false: it is paused already
    bool resume(core::Instant now);   ///< false: it is not paused
    /// Several times a second under load. `burstEnd`: the load goes on until then at least.
    void advance(core::Instant now, core::Instant burstEnd);
    void endLoad(core::Instant now);

    const core::RunClock& run() const { return m_clock; }
    core::Nanoseconds plannedLength() const;     ///< of the measured part, by the scenario
    RunFigures figures(core::Instant now) const; ///< without the host's and the streams'

private:
    std::string stage(core::Instant now) const;
    void publish(core::Instant now);

    const core::Scenario& m_scenario;
    core::RunLanes& m_lanes;
    core::RunClock m_clock;
    std::vector<core::RunClock::Part> m_spans; // of the lanes' spans
};

} // namespace services
