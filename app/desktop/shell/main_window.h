// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/job_thread.h"
#include "app/desktop/bridge/run_session.h"
#include "app/desktop/bridge/target_check.h"
#include "app/desktop/connections/connection_opener.h"
#include "app/desktop/pages/live/run_model.h"
#include "app/desktop/shell/connection_targets.h"
#include "app/desktop/widgets/figures.h"
#include "services/archive/report_export.h"
#include "services/archive/result_catalogue.h"

#include <QMainWindow>
#include <optional>
#include <stop_token>

class QMenu;
class QStackedWidget;
class QToolBar;
class QToolButton;

namespace app {

class AuditDialog;
class HelpWindow;
class HistoryPage;
class NoticeBar;
class LivePage;
class LogsPage;
class MessagesPage;
class MonitorPage;
class ReportPage;
class ScenarioPage;
class Settings;
class SideBar;
class StatusStrip;

/// The window: pages in a side bar, the status strip above them while a run is on, and menus. Knows which page follows
/// which; what a page shows is its own affair.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    /// What the window works with; all of it outlives the window.
    struct Parts {
        Settings& settings;
        SavedConnections& connections;
        SecretStore& secrets;
        RunPreparation prepare;
        services::PictureExporter pictures;
        QString recoveryFile; ///< of the scenario being edited
    };

    explicit MainWindow(Parts parts, QWidget* parent = nullptr);
    ~MainWindow() override;

    void open(const QString& file); ///< a scenario, or a result or its folder
    void begin();                   ///< without a file: at the very first start the quickstart, with Start in focus

    ScenarioPage& scenarioPage() { return *m_scenario; }
    LivePage& livePage() { return *m_live; }
    ReportPage& reportPage() { return *m_report; }
    HistoryPage& historyPage() { return *m_history; }
    NoticeBar& notice() { return *m_notice; }
    LogsPage& logsPage() { return *m_logs; }
    MonitorPage& monitorPage() { return *m_monitor; }
    MessagesPage& messagesPage() { return *m_messages; }
    const RunModel& model() const { return m_model; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void createPages(const Parts& parts);
    void layOut();
    void connectPages();
    void addMenus();
    void addFileMenu();
    void addRunMenu();
    void addToolBar();
    void addHelpMenu();
    void showHelp();
    void showAudit();
    void start(const RunRequest& request);
    bool mayLoad(const core::Target& target);
    void addTargetButton(QToolBar& bar);
    void showTarget();
    void stopWaiting();
    void load(RunRequest request);
    void testTarget(const core::Target& target);
    void showEvents(qint64 utcMicros);
    void examine(const services::ServerAccess& access);
    void takeAnswer(const services::Finding& finding);
    void refuseTest(const QString& connection, const QString& reason);
    void runChanged();
    void showTitle();
    void showEnd();
    void listStores();
    void listClusters();
    void openStore(const QString& id, ConnectionOpener& opener);
    void offerKilledRuns();
    void askToFinish(const services::CatalogueEntry& run);
    void finishKilled(const services::CatalogueEntry& run, const std::optional<services::ServerAccess>& access);
    void killedFinished(const services::CatalogueEntry& run, const core::Status& status);
    bool mayClose();
    void rewriteSizes(ByteUnits units);
    void restoreLayout();
    void saveLayout();

    Settings& m_settings;
    SavedConnections& m_connections;
    RunSession m_session;
    RunModel m_model;
    JobThread m_jobs;
    TargetCheck m_check;
    ConnectionTargets m_targets;
    ConnectionOpener m_runOpener, m_storeOpener, m_testOpener, m_killedOpener, m_runsOpener, m_monitorOpener,
        m_messageOpener, m_auditOpener;
    QList<TargetAnswer> m_answers;                    // of the servers that are being asked
    std::optional<RunRequest> m_waiting;              // for its connection's passwords
    JobThread m_conclusions;                          // of killed runs; each may take minutes
    std::stop_source m_giveUpFinishing;               // when the window goes
    std::optional<services::CatalogueEntry> m_killed; // waits for its connection's passwords
    bool m_offered = false;                           // the runs that were killed before the window opened
    NoticeBar* m_notice = nullptr;
    HelpWindow* m_help = nullptr;   // once it was asked for
    AuditDialog* m_audit = nullptr; // likewise
    QStackedWidget* m_pages = nullptr;
    SideBar* m_sideBar = nullptr;
    QWidget* m_startButton = nullptr;
    QToolButton* m_targetButton = nullptr;
    StatusStrip* m_strip = nullptr;
    ScenarioPage* m_scenario = nullptr;
    LivePage* m_live = nullptr;
    ReportPage* m_report = nullptr;
    HistoryPage* m_history = nullptr;
    LogsPage* m_logs = nullptr;
    MonitorPage* m_monitor = nullptr;
    MessagesPage* m_messages = nullptr;
    QWidget *m_connectionsPage = nullptr, *m_settingsPage = nullptr;
    bool m_closing = false; // as soon as the run is over
};

} // namespace app
