// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/target_check.h"

namespace app {

TargetCheck::TargetCheck(QObject* parent) : QObject(parent) {}

TargetCheck::~TargetCheck() {
    cancel();
}

void TargetCheck::start(const services::Examination& examination) {
    m_stop.request_stop();
    m_stop = {};
    m_on = true;
    m_jobs.post([this, examination, stop = m_stop.get_token()]() -> JobThread::Answer {
        if (stop.stop_requested()) {
            return [] {}; // a newer one waits already
        }
        services::examine(examination, stop, [this, stop](const services::Finding& finding) {
            m_jobs.report([this, stop, finding] {
                if (!stop.stop_requested()) {
                    Q_EMIT found(finding);
                }
            });
        });
        return [this, stop] {
            if (!stop.stop_requested()) {
                m_on = false;
                Q_EMIT finished();
            }
        };
    });
}

void TargetCheck::cancel() {
    m_stop.request_stop();
    m_on = false;
}

} // namespace app
