#pragma once

#include "app/desktop/bridge/run_preparation.h"

#include <QObject>
#include <QString>
#include <QThread>

namespace app {

class RunWorker;

/// The one bridge between a run and the window: commands go in, values come out by queued signals, five times a second.
/// Lives in the GUI thread and never blocks it. The run is held by a worker object in a QThread, because starting and
/// ending a run may take seconds.
class RunSession : public QObject {
    Q_OBJECT

public:
    explicit RunSession(RunPreparation prepare, QObject* parent = nullptr);
    ~RunSession() override; ///< aborts a run that is on, and joins

    bool isOn() const { return m_on; }
    void start(const QString& scenarioFile); ///< not while one is on
    void stop();                             ///< ends the load, drains, closes the ledger
    void abort();                            ///< ends at once, still with the counts

Q_SIGNALS:
    void started(const QString& name);
    void stateChanged(const QString& line);
    void ended(const QString& summary);
    void failed(const QString& reason); ///< the run did not start, or its result could not be kept

private:
    void command(const services::Command& command);

    QThread m_thread;
    RunWorker* m_worker; // lives in m_thread, which deletes it
    bool m_on = false;
};

} // namespace app
