#include "app/desktop/bridge/job_thread.h"

#include "app/desktop/bridge/job_worker.h"

namespace app {

JobThread::JobThread(QObject* parent)
    : QObject(parent), m_mail(std::make_unique<JobMail>()), m_worker(new JobWorker(*m_mail)) {
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connect(this, &JobThread::mailed, m_worker, &JobWorker::work);
    connect(m_worker, &JobWorker::answered, this, &JobThread::answer);
    m_thread.setObjectName(QStringLiteral("jobs"));
    m_thread.start();
}

JobThread::~JobThread() {
    m_mail->over.store(true);
    m_thread.quit();
    m_thread.wait();
}

void JobThread::post(Job job) {
    m_mail->jobs.put(std::move(job));
    if (m_open++ == 0) {
        Q_EMIT busyChanged(true);
    }
    Q_EMIT mailed();
}

void JobThread::answer() {
    for (const Answer& each : m_mail->answers.take()) {
        each();
        if (--m_open == 0) {
            Q_EMIT busyChanged(false);
        }
    }
}

void JobWorker::work() {
    for (const JobThread::Job& job : m_mail.jobs.take()) {
        if (m_mail.over.load()) {
            return;
        }
        m_mail.answers.put(job());
        Q_EMIT answered();
    }
}

} // namespace app
