// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/run_session.h"

#include "app/desktop/bridge/run_worker.h"

#include <algorithm>

namespace app {

RunSession::RunSession(RunPreparation prepare, QObject* parent) : QObject(parent), m_mail(std::make_unique<RunMail>()) {
    connect(this, &RunSession::mailed, this, &RunSession::read, Qt::QueuedConnection);
    m_thread = std::jthread([this, prepare = std::move(prepare)](const std::stop_token& stop) {
        RunWorker worker(prepare, *m_mail, [this] { Q_EMIT mailed(); });
        worker.work(stop);
    });
}

RunSession::~RunSession() = default;

void RunSession::start(const RunRequest& request) {
    Q_ASSERT(!m_on);
    m_on = true;
    m_mail->orders.put(request);
}

void RunSession::command(const core::Command& command) {
    m_mail->orders.put(command);
}

void RunSession::setUpdateRate(int timesASecond) {
    m_mail->orders.put(UpdateRate{std::clamp(timesASecond, 4, 10)});
}

void RunSession::read() {
    for (const RunNews& news : m_mail->news.popAll()) {
        std::visit([this](const auto& each) { report(each); }, news);
    }
}

void RunSession::report(const RunStarted& run) {
    Q_EMIT started(run);
}
/// Showing takes a fourth of this thread's time at most, so that the window answers whatever the run's size.
void RunSession::report(const RunProgress& progress) {
    using Clock = std::chrono::steady_clock;
    constexpr int kCostShare = 4;
    constexpr Clock::duration kLongest = std::chrono::seconds(2); // without news
    const Clock::time_point begin = Clock::now();
    if (begin >= m_nextProgress) {
        Q_EMIT progressed(progress);
        m_nextProgress = begin + std::min(kCostShare * (Clock::now() - begin), kLongest);
    }
}
void RunSession::report(const CommandRefused& refused) {
    Q_EMIT commandRefused(QString::fromStdString(refused.reason));
}
void RunSession::report(const RunEnded& run) {
    m_on = false;
    Q_EMIT ended(run);
}
void RunSession::report(const RunFailed& run) {
    m_on = false;
    Q_EMIT failed(QString::fromStdString(run.reason));
}

} // namespace app
