// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/run_news.h"
#include "app/desktop/bridge/run_preparation.h"

#include <QObject>
#include <chrono>
#include <memory>
#include <thread>

namespace app {

struct RunMail;

/// The one bridge between a run and the window: commands go in, values come out several times a second. Lives in the
/// GUI thread and never blocks it, but for joining in the end. The run is held in a thread of its own, because starting
/// and ending it may take seconds.
class RunSession : public QObject {
    Q_OBJECT

public:
    explicit RunSession(RunPreparation prepare, QObject* parent = nullptr);
    ~RunSession() override; ///< aborts a run that is on, and joins

    bool isOn() const { return m_on; }
    void start(const RunRequest& request);      ///< not while one is on
    void command(const core::Command& command); ///< a refusal comes back as commandRefused()
    void stop() { command(core::StopCommand{}); }
    void abort() { command(core::AbortCommand{}); } ///< also gives up a run that is being started
    void setUpdateRate(int timesASecond);           ///< 4 to 10

Q_SIGNALS:
    void started(const app::RunStarted& run);
    void progressed(const app::RunProgress& progress);
    void commandRefused(const QString& reason);
    void ended(const app::RunEnded& run);
    void failed(const QString& reason); ///< the run did not start; empty: it was given up

    void mailed(); ///< from that thread

private:
    void read();
    void report(const RunStarted& run);
    void report(const RunProgress& progress);
    void report(const CommandRefused& refused);
    void report(const RunEnded& run);
    void report(const RunFailed& run);

    std::unique_ptr<RunMail> m_mail;
    bool m_on = false;
    std::chrono::steady_clock::time_point m_nextProgress{};
    std::jthread m_thread; // the last, so that it ends first
};

} // namespace app
