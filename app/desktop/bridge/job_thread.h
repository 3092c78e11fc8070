// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/mailbox.h"

#include <QObject>
#include <functional>
#include <memory>
#include <stop_token>

namespace app {

/// Does what may take long, such as reading and writing files, on a thread of its own, one job after the other. A job
/// answers what is then to be done in the GUI thread, with values that it has created. Lives in the GUI thread.
class JobThread : public QObject {
    Q_OBJECT

public:
    using Answer = std::function<void()>;
    using Job = std::function<Answer()>;

    explicit JobThread(QObject* parent = nullptr);
    ~JobThread() override; ///< waits for the job in hand; neither the others nor their answers are carried out

    void post(Job job);
    /// From a job, or a thread that it waits for: what is to be done in the GUI thread before the job's own answer.
    void report(Answer news);
    bool isBusy() const { return m_open > 0; }

Q_SIGNALS:
    void busyChanged(bool busy);

    void mailed(); ///< from the thread of the jobs

private:
    struct Mail {
        Answer answer;
        bool endsJob = false;
    };
    class Thread;
    void work();
    void read();

    Mailbox<Job> m_jobs;
    Mailbox<Mail> m_mail;
    int m_open = 0; // jobs without an answer yet
    std::stop_source m_stop;
    std::unique_ptr<Thread> m_thread;
};

} // namespace app
