#include "app/desktop/bridge/run_worker.h"

#include "app/desktop/bridge/state_line.h"
#include "services/report/result_folder.h"

namespace app {

namespace {

constexpr std::chrono::milliseconds kLookEvery{200};
constexpr std::chrono::seconds kRatesOver{1};

} // namespace

RunWorker::RunWorker(RunPreparation prepare) : m_prepare(std::move(prepare)) {
    m_timer.setInterval(kLookEvery);
    connect(&m_timer, &QTimer::timeout, this, &RunWorker::look);
}

void RunWorker::start(const QString& scenarioFile) {
    core::Result<PreparedRun> prepared = m_prepare(scenarioFile.toStdString());
    if (!prepared) {
        Q_EMIT failed(QString::fromStdString(prepared.error().message));
        return;
    }
    m_embeddedBroker = prepared->options.target.broker == "embedded";
    const QString name = QString::fromStdString(prepared->options.scenario.name);
    core::Result<std::unique_ptr<services::Run>> run = services::Run::start(std::move(prepared->options));
    if (!run) {
        Q_EMIT failed(QString::fromStdString(run.error().message));
        return;
    }
    prepared->folder.keep();
    m_folder = prepared->folder.path();
    m_run = std::move(*run);
    m_earlier = m_run->status().snapshot;
    Q_EMIT started(name);
    m_timer.start();
}

void RunWorker::command(const services::Command& command) {
    if (!m_run) {
        return; // it has ended meanwhile
    }
    if (const core::Status status = m_run->command(command); !status) {
        Q_EMIT stateChanged(QString::fromStdString(status.error().message));
    }
}

void RunWorker::look() {
    if (m_run->finished()) {
        conclude();
        return;
    }
    services::RunStatus status = m_run->status();
    Q_EMIT stateChanged(stateLine(status, m_earlier, m_embeddedBroker));
    if (status.snapshot.at - m_earlier.at >= kRatesOver) {
        m_earlier = std::move(status.snapshot);
    }
}

void RunWorker::conclude() {
    m_timer.stop();
    const core::RunResult result = m_run->wait();
    m_run.reset();
    if (const core::Status kept = services::writeResult(result, m_folder); !kept) {
        Q_EMIT failed(QString::fromStdString(kept.error().message));
        return;
    }
    Q_EMIT ended(QString::fromStdString(result.verdict.summary));
}

} // namespace app
