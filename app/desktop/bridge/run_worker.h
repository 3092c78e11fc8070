#pragma once

#include "app/desktop/bridge/mailbox.h"
#include "app/desktop/bridge/run_news.h"
#include "app/desktop/bridge/run_preparation.h"
#include "services/run/run_opening.h"

#include <QObject>
#include <QTimer>
#include <chrono>
#include <optional>
#include <variant>

namespace app {

struct UpdateRate {
    int timesASecond = 5;
};
using RunOrder = std::variant<RunRequest, services::Command, UpdateRate>;

/// What goes to and fro between RunSession and its worker.
struct RunMail {
    Mailbox<RunOrder> orders;
    Mailbox<RunNews> news;
};

/// Holds the run for RunSession, in RunSession's thread. Its slots are only called by queued connections.
class RunWorker : public QObject {
    Q_OBJECT

public:
    RunWorker(RunPreparation prepare, RunMail& mail);

    void read(); ///< the orders

Q_SIGNALS:
    void mailed(); ///< there is news

private:
    void obey(const RunRequest& request);
    void obey(const services::Command& command);
    void obey(const UpdateRate& rate);
    void look(); // at the opening, or at the run: its state, or its end
    void begin();
    void conclude();
    void tellProgress();
    void tell(RunNews news);
    void tellFailure(const std::string& reason);

    RunPreparation m_prepare;
    RunMail& m_mail;
    QTimer m_timer{this};
    std::optional<PreparedRun> m_prepared; // while the run is being started
    std::unique_ptr<services::RunOpening> m_opening;
    bool m_givenUp = false;
    std::filesystem::path m_folder;
    std::unique_ptr<services::Run> m_run;
    std::chrono::steady_clock::time_point m_nextLook{}; // at its state
};

} // namespace app
