#include "app/desktop/bridge/target_check.h"

#include "app/desktop/bridge/target_check_worker.h"

namespace app {

void TargetCheckWorker::check(const TargetCheckRequest& request) {
    if (request.stop.stop_requested()) {
        return; // a newer one waits already
    }
    services::examine(request.examination, request.stop,
                      [&](const services::Finding& finding) { Q_EMIT found(request.number, finding); });
    Q_EMIT finished(request.number);
}

TargetCheck::TargetCheck(QObject* parent) : QObject(parent) {
    auto* worker = new TargetCheckWorker; // m_thread deletes it
    worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, worker, &QObject::deleteLater);
    connect(this, &TargetCheck::requested, worker, &TargetCheckWorker::check);
    // Queued from whichever thread asked the server: `worker` lives in none of them and neither does this.
    connect(worker, &TargetCheckWorker::found, this, [this](int number, const services::Finding& finding) {
        if (number == m_number) {
            Q_EMIT found(finding);
        }
    });
    connect(worker, &TargetCheckWorker::finished, this, [this](int number) {
        if (number == m_number) {
            m_on = false;
            Q_EMIT finished();
        }
    });
    m_thread.setObjectName(QStringLiteral("target check"));
    m_thread.start();
}

TargetCheck::~TargetCheck() {
    cancel();
    m_thread.quit();
    m_thread.wait();
}

void TargetCheck::start(const services::Examination& examination) {
    m_stop.request_stop();
    m_stop = {};
    m_on = true;
    Q_EMIT requested({++m_number, examination, m_stop.get_token()});
}

void TargetCheck::cancel() {
    m_stop.request_stop();
    m_on = false;
    ++m_number;
}

} // namespace app
