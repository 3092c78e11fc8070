// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/job_thread.h"
#include "app/launch/table_audit.h"

#include <QObject>
#include <stop_token>

namespace app {

/// Audits a table on a thread of its own, one at a time. Lives in the GUI thread.
class AuditSession : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    ~AuditSession() override; ///< cancels, and waits until that has come through: 100 ms

    void start(const AuditRequest& request); ///< nothing must be on
    void cancel();                           ///< neither signal comes any more
    bool isOn() const { return m_on; }
    quint64 rows() const { return m_progress.rows.load(std::memory_order_relaxed); } ///< read so far
    quint64 of() const { return m_progress.of.load(std::memory_order_relaxed); }     ///< about; 0: not known

Q_SIGNALS:
    void ended(const core::AuditReport& report);
    void failed(const QString& reason);

private:
    AuditProgress m_progress;
    std::stop_source m_stop;
    bool m_on = false;
    JobThread m_jobs; // waited for first
};

} // namespace app
