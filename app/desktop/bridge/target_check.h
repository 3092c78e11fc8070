// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/job_thread.h"
#include "services/target/doctor.h"

#include <QObject>
#include <stop_token>

namespace app {

/// Asks each server of a target, as the verb `doctor` does, for the window. Lives in the GUI thread and never blocks
/// it. A newer check takes the place of the one that is on.
class TargetCheck : public QObject {
    Q_OBJECT

public:
    explicit TargetCheck(QObject* parent = nullptr);
    ~TargetCheck() override; ///< cuts off a check that is on, and joins: up to 2 s if Redis does not answer

    bool isOn() const { return m_on; }
    /// The target is resolved and may hold passwords: they go to the servers and nowhere else.
    void start(const services::Examination& examination);
    void cancel(); ///< nothing more is heard of it

Q_SIGNALS:
    void found(const services::Finding& finding); ///< one by one, a server's in their order
    void finished();                              ///< all have answered; not after cancel()

private:
    bool m_on = false;
    std::stop_source m_stop; // of the last check; what comes of it is dropped once it is stopped
    JobThread m_jobs;
};

} // namespace app
