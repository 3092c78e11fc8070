// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/load_estimator.h"

namespace app {

void LoadEstimator::estimate(const core::Scenario& scenario) {
    if (m_busy) {
        m_next = scenario;
        return;
    }
    m_busy = true;
    m_jobs.post([this, scenario]() -> JobThread::Answer { return [this, load = loadOf(scenario)] { answer(load); }; });
}

void LoadEstimator::answer(const ScenarioLoad& load) {
    m_busy = false;
    if (!m_next) {
        Q_EMIT estimated(load);
        return;
    }
    const core::Scenario next = *std::move(m_next);
    m_next.reset();
    estimate(next);
}

} // namespace app
