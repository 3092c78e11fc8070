#pragma once

#include "app/desktop/bridge/job_thread.h"
#include "app/desktop/bridge/mailbox.h"

#include <atomic>

namespace app {

struct JobMail {
    Mailbox<JobThread::Job> jobs;
    Mailbox<JobThread::Answer> answers;
    std::atomic<bool> over{false}; ///< no further job is to be begun
};

/// Does the jobs of a JobThread, in its thread.
class JobWorker : public QObject {
    Q_OBJECT

public:
    explicit JobWorker(JobMail& mail) : m_mail(mail) {}

    void work();

Q_SIGNALS:
    void answered();

private:
    JobMail& m_mail;
};

} // namespace app
