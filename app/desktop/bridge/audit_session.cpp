// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/audit_session.h"

#include <utility>

namespace app {

AuditSession::~AuditSession() {
    m_stop.request_stop();
}

void AuditSession::start(const AuditRequest& request) {
    m_stop = {};
    m_on = true;
    m_progress.rows = 0;
    m_progress.of = 0;
    m_jobs.post([this, request, stop = m_stop.get_token()]() -> JobThread::Answer {
        if (stop.stop_requested()) {
            return [] {};
        }
        return [this, stop, report = auditTable(request, m_progress, stop)] {
            if (stop.stop_requested()) {
                return;
            }
            m_on = false;
            if (report) {
                Q_EMIT ended(*report);
            } else {
                Q_EMIT failed(QString::fromStdString(report.error().text()));
            }
        };
    });
}

void AuditSession::cancel() {
    m_stop.request_stop();
    m_on = false;
}

} // namespace app
