#pragma once

#include <QObject>
#include <QThread>
#include <functional>
#include <memory>

namespace app {

struct JobMail;
class JobWorker;

/// Does what may take long, such as reading and writing files, on a thread of its own, one job after the other. A job
/// answers what is then to be done in the GUI thread, with values that it has made. Lives in the GUI thread.
class JobThread : public QObject {
    Q_OBJECT

public:
    using Answer = std::function<void()>;
    using Job = std::function<Answer()>;

    explicit JobThread(QObject* parent = nullptr);
    ~JobThread() override; ///< waits for the job in hand; neither the others nor their answers are carried out

    void post(Job job);
    bool isBusy() const { return m_open > 0; }

Q_SIGNALS:
    void busyChanged(bool busy);

    void mailed(); ///< for the worker

private:
    void answer();

    std::unique_ptr<JobMail> m_mail; // outlives the thread
    QThread m_thread;
    JobWorker* m_worker; // lives in m_thread, which deletes it
    int m_open = 0;      // jobs without an answer yet
};

} // namespace app
