// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/daemon/daemon.h"
#include "app/desktop/bridge/mailbox.h"
#include "app/desktop/bridge/run_news.h"
#include "app/desktop/bridge/run_preparation.h"
#include "core/ports/control.h"
#include "services/run/run_opening.h"

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <variant>

namespace app {

struct UpdateRate {
    int timesASecond = 5;
};
using RunOrder = std::variant<RunRequest, core::Command, UpdateRate>;

/// What goes to and fro between RunSession and its worker.
struct RunMail {
    Mailbox<RunOrder> orders;
    Mailbox<RunNews> news;
};

/// Holds the run for RunSession, in RunSession's thread.
class RunWorker {
public:
    /// `newsCame` is called after each piece of news that was put into `mail`.
    RunWorker(RunPreparation prepare, RunMail& mail, std::function<void()> newsCame);

    void work(const std::stop_token& stop); ///< until it is stopped; a run that is on then is aborted on destruction

private:
    using Clock = std::chrono::steady_clock;

    void apply(const RunRequest& request);
    void apply(const core::Command& command);
    void apply(const UpdateRate& rate);
    void poll(); // at the opening, or at the run: its state, or its end
    bool isAtWork() const { return m_opening || m_run; }
    void begin();
    void serve(const std::string& name);
    void finishRun();
    void reportProgress();
    void report(RunNews news);
    void reportFailure(const std::string& reason);

    RunPreparation m_prepare;
    RunMail& m_mail;
    std::function<void()> m_newsCame;
    Clock::duration m_interval{}; // of looking, at the least
    Clock::time_point m_nextPoll{};
    std::optional<PreparedRun> m_prepared; // while the run is being started
    std::unique_ptr<services::RunOpening> m_opening;
    bool m_givenUp = false;
    std::filesystem::path m_folder;
    std::optional<std::string> m_serve; // where the run is to answer
    std::unique_ptr<core::RunControl> m_run;
    std::unique_ptr<ServedRole> m_served; // of the run; destroyed first
};

} // namespace app
