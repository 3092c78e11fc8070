#include "app/desktop/bridge/job_thread.h"

#include <utility>

namespace app {

JobThread::JobThread(QObject* parent) : QObject(parent) {
    connect(this, &JobThread::mailed, this, &JobThread::read, Qt::QueuedConnection);
    m_thread = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

JobThread::~JobThread() = default;

void JobThread::post(Job job) {
    m_jobs.put(std::move(job));
    if (m_open++ == 0) {
        Q_EMIT busyChanged(true);
    }
}

void JobThread::tell(Answer news) {
    m_mail.put({std::move(news)});
    Q_EMIT mailed();
}

void JobThread::work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        for (const Job& job : m_jobs.wait(stop)) {
            if (stop.stop_requested()) {
                return;
            }
            m_mail.put({job(), true});
            Q_EMIT mailed();
        }
    }
}

void JobThread::read() {
    for (const Mail& mail : m_mail.take()) {
        mail.answer();
        if (mail.endsJob && --m_open == 0) {
            Q_EMIT busyChanged(false);
        }
    }
}

} // namespace app
