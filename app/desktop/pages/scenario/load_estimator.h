// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/job_thread.h"
#include "app/launch/scenario_file.h"

#include <QObject>
#include <optional>

namespace app {

/// Works out what a scenario asks for, by the schedules that will run, in a thread of its own: a curve of a year takes
/// its time. Lives in the GUI thread. Only the latest question is answered.
class LoadEstimator : public QObject {
    Q_OBJECT

public:
    explicit LoadEstimator(QObject* parent = nullptr) : QObject(parent) {}

    void estimate(const core::Scenario& scenario);

Q_SIGNALS:
    void estimated(const app::ScenarioLoad& load);

private:
    void answer(const ScenarioLoad& load);

    bool m_busy = false;
    std::optional<core::Scenario> m_next;
    JobThread m_jobs;
};

} // namespace app
