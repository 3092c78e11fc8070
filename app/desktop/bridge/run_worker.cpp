// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/run_worker.h"

#include "services/archive/result_folder.h"
#include "services/target/remedy.h"

#include <algorithm>

namespace app {

RunWorker::RunWorker(RunPreparation prepare, RunMail& mail, std::function<void()> newsCame)
    : m_prepare(std::move(prepare)), m_mail(mail), m_newsCame(std::move(newsCame)) {
    apply(UpdateRate{});
}

void RunWorker::work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const auto until = isAtWork() ? std::optional(m_nextPoll) : std::nullopt;
        for (const RunOrder& order : m_mail.orders.wait(stop, until)) {
            std::visit([this](const auto& each) { apply(each); }, order);
        }
        if (isAtWork() && Clock::now() >= m_nextPoll) {
            poll();
        }
    }
}

void RunWorker::apply(const RunRequest& request) {
    core::Result<PreparedRun> prepared = m_prepare(request);
    if (!prepared) {
        reportFailure(prepared.error().text());
        return;
    }
    m_prepared.emplace(std::move(*prepared));
    m_givenUp = false;
    m_serve = request.serve;
    m_opening = std::make_unique<services::RunOpening>(m_prepared->options);
    m_nextPoll = Clock::now() + m_interval;
}

void RunWorker::apply(const core::Command& command) {
    const bool ending =
        std::holds_alternative<core::StopCommand>(command) || std::holds_alternative<core::AbortCommand>(command);
    if (m_opening && ending) {
        m_givenUp = true;
        m_opening->giveUp();
    } else if (m_run) {
        if (const core::Status status = m_run->command(command); !status) {
            report(CommandRefused{status.error().text()});
        }
    } else if (!ending) { // a run that has ended meanwhile needs no end
        report(CommandRefused{"no run is on"});
    }
}

void RunWorker::apply(const UpdateRate& rate) {
    m_interval = std::chrono::milliseconds(1'000 / rate.timesASecond);
}

void RunWorker::poll() {
    m_nextPoll = Clock::now() + m_interval;
    if (m_opening) {
        if (m_opening->done()) {
            begin();
        }
    } else if (m_run->finished()) {
        finishRun();
    } else {
        reportProgress();
    }
}

void RunWorker::begin() {
    core::Result<std::unique_ptr<core::RunControl>> run = m_opening->release();
    m_opening.reset();
    PreparedRun prepared = std::move(*m_prepared);
    m_prepared.reset();
    if (!run) {
        reportFailure(m_givenUp ? std::string()
                                : services::withRemedy(run.error(), "Check the address and that it is running."));
        return;
    }
    prepared.folder.keep();
    m_folder = prepared.folder.path();
    m_run = std::move(*run);
    const std::string name = prepared.options.scenario.name;
    report(RunStarted{std::move(prepared.options.scenario), std::move(prepared.options.target), m_folder});
    if (m_givenUp) { // it was too late for that
        (void)m_run->command(core::AbortCommand{});
    } else if (m_serve) {
        serve(name);
    }
}

/// A run goes on where its address cannot be used; the user is told.
void RunWorker::serve(const std::string& name) {
    auto served = serveRun(*m_run, name, *m_serve, environmentVariable);
    if (served) {
        m_served = std::move(*served);
    } else {
        report(CommandRefused{served.error().text()});
    }
}

void RunWorker::finishRun() {
    auto result = std::make_shared<const core::RunResult>(m_run->wait());
    const core::Status kept = services::writeResult(*result, m_folder);
    m_served.reset();
    m_run.reset(); // and with it the claim on the folder
    report(RunEnded{std::move(result), m_folder, kept ? std::string() : kept.error().text()});
}

/// A window that is busy with other things finds the newest state, not a heap of old ones. Looking takes a tenth of a
/// core at most: hundreds of streams are looked at less often. On a machine whose processors are all busy the load
/// goes first, and the window follows once a second.
void RunWorker::reportProgress() {
    constexpr int kCostShare = 10;
    constexpr Clock::duration kLongest = std::chrono::seconds(2); // without news
    constexpr double kBusy = 0.9;                                 // of all cores
    constexpr Clock::duration kWhenBusy = std::chrono::seconds(1);
    const Clock::time_point begin = Clock::now();
    const auto status = std::make_shared<const core::RunStatus>(m_run->status());
    const core::HostSample& host = status->snapshot.host;
    if (host.machineCpu > kBusy * host.cores) {
        m_nextPoll = begin + kWhenBusy;
    }
    m_nextPoll = std::max(m_nextPoll, begin + std::min(kCostShare * (Clock::now() - begin), kLongest));
    m_mail.news.putInPlaceOf(RunProgress{status},
                             [](const RunNews& last) { return std::holds_alternative<RunProgress>(last); });
    m_newsCame();
}

void RunWorker::report(RunNews news) {
    m_mail.news.put(std::move(news));
    m_newsCame();
}

void RunWorker::reportFailure(const std::string& reason) {
    report(RunFailed{reason});
}

} // namespace app
