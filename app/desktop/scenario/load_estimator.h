#pragma once

#include "app/cli/scenario_file.h"

#include <QObject>
#include <QThread>
#include <optional>

Q_DECLARE_METATYPE(app::ScenarioLoad)
Q_DECLARE_METATYPE(core::Scenario)

namespace app {

/// Works out what a scenario asks for, by the schedules that will run, in a thread of its own: a curve of a year takes
/// its time. Lives in the GUI thread. Only the latest question is answered.
class LoadEstimator : public QObject {
    Q_OBJECT

public:
    explicit LoadEstimator(QObject* parent = nullptr);
    ~LoadEstimator() override; ///< joins

    void estimate(const core::Scenario& scenario);

Q_SIGNALS:
    void asked(const core::Scenario& scenario); ///< to the thread
    void estimated(const app::ScenarioLoad& load);

private:
    void answer(const ScenarioLoad& load);

    QThread m_thread;
    bool m_busy = false;
    std::optional<core::Scenario> m_next;
};

/// The part of LoadEstimator that lives in its thread.
class LoadWorker : public QObject {
    Q_OBJECT

public:
    void work(const core::Scenario& scenario);

Q_SIGNALS:
    void done(const app::ScenarioLoad& load);
};

} // namespace app
