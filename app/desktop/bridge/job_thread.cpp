// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/job_thread.h"

#include <QThread>
#include <atomic>
#include <utility>

namespace app {

/// A job may lay out texts, and Qt does that in threads of its own kind only. What is waited for is told by `m_ended`
/// as well, which ThreadSanitizer sees: Qt's own wait() it does not.
class JobThread::Thread : public QThread {
public:
    explicit Thread(JobThread& jobs) : m_jobs(jobs) {
        setObjectName(QStringLiteral("jobs"));
        start();
    }
    ~Thread() override {
        wait();
        [[maybe_unused]] const bool ended = m_ended.load(std::memory_order_acquire);
        Q_ASSERT(ended);
    }

private:
    void run() override {
        m_jobs.work();
        m_ended.store(true, std::memory_order_release);
    }

    JobThread& m_jobs;
    std::atomic<bool> m_ended{false};
};

JobThread::JobThread(QObject* parent) : QObject(parent) {
    connect(this, &JobThread::mailed, this, &JobThread::read, Qt::QueuedConnection);
    m_thread = std::make_unique<Thread>(*this);
}

JobThread::~JobThread() {
    m_stop.request_stop();
    m_thread.reset(); // waits
}

void JobThread::post(Job job) {
    m_jobs.put(std::move(job));
    if (m_open++ == 0) {
        Q_EMIT busyChanged(true);
    }
}

void JobThread::report(Answer news) {
    m_mail.put({std::move(news)});
    Q_EMIT mailed();
}

void JobThread::work() {
    const std::stop_token stop = m_stop.get_token();
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
    for (const Mail& mail : m_mail.popAll()) {
        mail.answer();
        if (mail.endsJob && --m_open == 0) {
            Q_EMIT busyChanged(false);
        }
    }
}

} // namespace app
