// SPDX-License-Identifier: GPL-3.0-or-later
// Runs whose process was killed: what the window offers to do about them.
#include "app/desktop/bridge/killed_run.h"
#include "app/desktop/pages/history/history_page.h"
#include "app/desktop/pages/report/report_page.h"
#include "app/desktop/shell/main_window.h"
#include "app/desktop/shell/side_bar.h"
#include "app/desktop/widgets/notice_bar.h"

#include <QDateTime>
#include <QLocale>
#include <algorithm>
#include <iterator>

namespace app {

namespace {

QString titleOf(const services::CatalogueEntry& run) {
    const QDateTime started = QDateTime::fromString(QString::fromStdString(run.started), Qt::ISODateWithMs);
    return MainWindow::tr("'%1' of %2")
        .arg(QString::fromStdString(run.name), QLocale().toString(started.toLocalTime(), QLocale::ShortFormat));
}

} // namespace

/// Once, when the runs are listed for the first time.
void MainWindow::offerKilledRuns() {
    if (std::exchange(m_offered, true)) {
        return;
    }
    std::vector<services::CatalogueEntry> killed;
    std::ranges::copy_if(m_history->runs(), std::back_inserter(killed), [](const services::CatalogueEntry& run) {
        return run.state == services::CatalogueEntry::State::Killed;
    });
    if (killed.empty()) {
        return;
    }
    if (killed.size() > 1) {
        m_notice->show(
            tr("%n run(s) were killed before their ledgers were closed. Their journals hold what was recorded.",
               nullptr, static_cast<int>(killed.size())),
            {{tr("Show them"), [this] { m_sideBar->show(m_history); }}, {tr("Later"), {}}});
        return;
    }
    const services::CatalogueEntry& run = killed.front();
    m_notice->show(tr("The run %1 was killed before its ledger was closed. Its journal holds what was recorded.")
                       .arg(titleOf(run)),
                   {{tr("Open what was recorded"), [this, run] { open(QString::fromStdString(run.folder.string())); }},
                    {tr("Finish it"), [this, run] { askToFinish(run); }},
                    {tr("Later"), {}}});
}

/// A saved connection's passwords are fetched first, which may ask the user.
void MainWindow::askToFinish(const services::CatalogueEntry& run) {
    if (m_session.isOn() || m_conclusions.isBusy() || m_killed) {
        m_notice->show(tr("The run %1 can be finished when the one that is on is over.").arg(titleOf(run)),
                       {{tr("Close"), {}}});
        return;
    }
    const Connection* const connection = m_targets.connectionOf(run.target);
    if (connection == nullptr) {
        finishKilled(run, {});
        return;
    }
    m_killed = run;
    m_killedOpener.open(*connection);
}

void MainWindow::finishKilled(const services::CatalogueEntry& run,
                              const std::optional<services::ServerAccess>& access) {
    const bool embedded = run.target.broker == core::kEmbedded; // and gone with its process
    m_notice->show((embedded ? tr("The run %1 is being finished with what its journal holds.")
                             : tr("The run %1 is being finished: what its broker still holds is stored."))
                       .arg(titleOf(run)),
                   {});
    m_conclusions.post([this, run, access, giveUp = m_giveUpFinishing.get_token()]() -> JobThread::Answer {
        const core::Status status = finishKilledRun(run, access, giveUp);
        return [this, run, status] { killedFinished(run, status); };
    });
}

void MainWindow::killedFinished(const services::CatalogueEntry& run, const core::Status& status) {
    if (!status) {
        m_notice->show(
            tr("The run %1 could not be finished. %2").arg(titleOf(run), QString::fromStdString(status.error().text())),
            {{tr("Try again"), [this, run] { askToFinish(run); }}, {tr("Later"), {}}});
        return;
    }
    m_notice->hide();
    m_history->reload();
    open(QString::fromStdString(run.folder.string()));
}

} // namespace app
