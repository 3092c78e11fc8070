#pragma once

#include "app/desktop/bridge/run_preparation.h"

#include <QObject>
#include <QTimer>

namespace app {

/// Holds the run for RunSession, in RunSession's thread. Its slots are only called by queued connections.
class RunWorker : public QObject {
    Q_OBJECT

public:
    explicit RunWorker(RunPreparation prepare);

    void start(const QString& scenarioFile);
    void command(const services::Command& command);

Q_SIGNALS:
    void started(const QString& name);
    void stateChanged(const QString& line);
    void ended(const QString& summary);
    void failed(const QString& reason);

private:
    void look(); // at the run: its state, or its end
    void conclude();

    RunPreparation m_prepare;
    QTimer m_timer{this};
    std::filesystem::path m_folder;
    std::unique_ptr<services::Run> m_run;
    bool m_embeddedBroker = false;
    core::Snapshot m_earlier; // a second or so ago: rates are taken since then
};

} // namespace app
