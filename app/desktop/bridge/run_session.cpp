#include "app/desktop/bridge/run_session.h"

#include "app/desktop/bridge/run_worker.h"

namespace app {

RunSession::RunSession(RunPreparation prepare, QObject* parent)
    : QObject(parent), m_worker(new RunWorker(std::move(prepare))) {
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connect(m_worker, &RunWorker::started, this, &RunSession::started);
    connect(m_worker, &RunWorker::stateChanged, this, &RunSession::stateChanged);
    connect(m_worker, &RunWorker::ended, this, [this](const QString& summary) {
        m_on = false;
        Q_EMIT ended(summary);
    });
    connect(m_worker, &RunWorker::failed, this, [this](const QString& reason) {
        m_on = false;
        Q_EMIT failed(reason);
    });
    m_thread.setObjectName(QStringLiteral("run session"));
    m_thread.start();
}

RunSession::~RunSession() {
    m_thread.quit();
    m_thread.wait();
}

void RunSession::start(const QString& scenarioFile) {
    Q_ASSERT(!m_on);
    m_on = true;
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, scenarioFile] { worker->start(scenarioFile); }, Qt::QueuedConnection);
}

void RunSession::stop() {
    command(services::StopCommand{});
}
void RunSession::abort() {
    command(services::AbortCommand{});
}

void RunSession::command(const services::Command& command) {
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, command] { worker->command(command); }, Qt::QueuedConnection);
}

} // namespace app
