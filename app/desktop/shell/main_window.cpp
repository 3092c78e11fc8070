// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/shell/main_window.h"

#include "app/desktop/charts/load_curve_chart.h"
#include "app/desktop/pages/connections/connections_page.h"
#include "app/desktop/pages/history/history_page.h"
#include "app/desktop/pages/live/live_page.h"
#include "app/desktop/pages/live/run_controls.h"
#include "app/desktop/pages/live/status_strip.h"
#include "app/desktop/pages/logs/logs_page.h"
#include "app/desktop/pages/messages/messages_page.h"
#include "app/desktop/pages/monitor/cluster_panel.h"
#include "app/desktop/pages/monitor/monitor_page.h"
#include "app/desktop/pages/report/report_page.h"
#include "app/desktop/pages/scenario/scenario_files.h"
#include "app/desktop/pages/scenario/scenario_page.h"
#include "app/desktop/pages/scenario/target_chooser.h"
#include "app/desktop/pages/settings/settings_page.h"
#include "app/desktop/settings/settings.h"
#include "app/desktop/shell/desktop_notice.h"
#include "app/desktop/shell/side_bar.h"
#include "app/desktop/widgets/figures.h"
#include "app/desktop/widgets/notice_bar.h"
#include "app/desktop/widgets/target_text.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QDropEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMessageBox>
#include <QMimeData>
#include <QStackedWidget>

namespace app {

namespace {

constexpr double kLongRun = 30; // s; its end is told outside the window too
const QString kGeometry = QStringLiteral("window");
const QString kLive = QStringLiteral("live");
const QString kLogs = QStringLiteral("logs");
const QString kMonitor = QStringLiteral("monitor");
const QString kMessages = QStringLiteral("messages");
const QString kHistory = QStringLiteral("history");

bool isScenario(const QString& file) {
    return file.endsWith(QStringLiteral(".yaml")) || file.endsWith(QStringLiteral(".yml"));
}

} // namespace

MainWindow::MainWindow(Parts parts, QWidget* parent)
    : QMainWindow(parent),
      m_settings(parts.settings),
      m_connections(parts.connections),
      m_session(parts.prepare),
      m_model(m_session),
      m_targets(parts.connections),
      m_runOpener(parts.secrets, askInDialog(this)),
      m_storeOpener(parts.secrets, askInDialog(this)),
      m_testOpener(parts.secrets, askInDialog(this)),
      m_killedOpener(parts.secrets, askInDialog(this)),
      m_runsOpener(parts.secrets, askInDialog(this)),
      m_monitorOpener(parts.secrets, askInDialog(this)),
      m_messageOpener(parts.secrets, askInDialog(this)),
      m_auditOpener(parts.secrets, askInDialog(this)) {
    resize(1280, 800);
    setDefaultByteUnits(m_settings.byteUnits());
    setAcceptDrops(true);
    createPages(parts);
    layOut();
    connectPages();
    addMenus();
    connect(&m_model, &RunModel::stateChanged, this, &MainWindow::runChanged);
    connect(&m_model, &RunModel::progressed, this, &MainWindow::showTitle);
    connect(&m_settings, &Settings::updatesPerSecondChanged, &m_session, &RunSession::setUpdateRate);
    m_session.setUpdateRate(m_settings.updatesPerSecond());
    connect(m_scenario->document(), &ScenarioDocument::nameChanged, this, &MainWindow::showTitle);
    connect(&m_scenario->target(), &TargetChooser::changed, this, &MainWindow::showTarget);
    connect(&m_settings, &Settings::byteUnitsChanged, this, &MainWindow::rewriteSizes);
    restoreLayout();
    showTarget();
    m_history->reload();
}

MainWindow::~MainWindow() {
    m_giveUpFinishing.request_stop(); // what is not finished is offered again at the next start
}

void MainWindow::createPages(const Parts& parts) {
    m_scenario = new ScenarioPage(m_settings, parts.recoveryFile);
    m_scenario->setSavedTargets(&m_targets);
    auto* const curve = new LoadCurveChart;
    m_scenario->setLoadCurve(curve, [curve](const std::optional<core::Scenario>& scenario) {
        if (scenario) {
            curve->setScenario(*scenario);
        } else {
            curve->clear();
        }
    });
    m_live = new LivePage(m_session, m_model);
    m_report = new ReportPage(m_jobs, parts.pictures);
    m_history = new HistoryPage(m_jobs, runsIn(m_settings.resultsFolder().toStdString()));
    m_logs = new LogsPage;
    m_monitor = new MonitorPage;
    m_messages = new MessagesPage;
    m_connectionsPage = new ConnectionsPage(parts.connections, parts.secrets, askInDialog(this));
    m_settingsPage = new SettingsPage(m_settings);
}

void MainWindow::layOut() {
    auto* const body = new QWidget(this);
    m_pages = new QStackedWidget;
    m_sideBar = new SideBar(*m_pages);
    m_strip = new StatusStrip(m_model);
    auto* const right = new QVBoxLayout;
    m_notice = new NoticeBar;
    right->addWidget(m_strip);
    right->addWidget(m_notice);
    right->addWidget(m_pages, 1);
    auto* const row = new QHBoxLayout(body);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_sideBar);
    row->addLayout(right, 1);
    setCentralWidget(body);
    m_sideBar->addPage(m_scenario, tr("Scenario"), QStringLiteral("scenario"));
    m_sideBar->addPage(m_live, tr("Live"), QStringLiteral("live"));
    m_sideBar->addPage(m_report, tr("Report"), QStringLiteral("report"));
    m_sideBar->addPage(m_history, tr("History"), QStringLiteral("history"));
    m_sideBar->addPage(m_monitor, tr("Monitor"), QStringLiteral("monitor"));
    m_sideBar->addPage(m_logs, tr("Logs"), QStringLiteral("logs"));
    m_sideBar->addPage(m_messages, tr("Messages"), QStringLiteral("messages"));
    m_sideBar->addPage(m_connectionsPage, tr("Connections"), QStringLiteral("connections"));
    m_sideBar->addPage(m_settingsPage, tr("Settings"), QStringLiteral("settings"));
    m_sideBar->show(m_scenario);
}

void MainWindow::connectPages() {
    const auto toScenario = [this] { m_sideBar->show(m_scenario); };
    connect(m_live, &LivePage::scenarioWanted, this, toScenario);
    connect(m_live, &LivePage::startWanted, m_scenario->startAction(), &QAction::trigger);
    connect(m_live, &LivePage::secondChosen, this, &MainWindow::showEvents);
    connect(m_report, &ReportPage::scenarioWanted, this, toScenario);
    connect(m_history, &HistoryPage::scenarioWanted, this, toScenario);
    connect(m_strip, &StatusStrip::chosen, this, [this](StatusStrip::Figure figure) {
        m_sideBar->show(m_live);
        m_live->lead(figure);
    });
    connect(m_report, &ReportPage::compareWanted, this, [this] {
        m_sideBar->show(m_history);
        m_history->compare(m_report->folder());
    });
    connect(m_history, &HistoryPage::openWanted, this, &MainWindow::open);
    connect(m_history, &HistoryPage::baselineChanged, m_report, &ReportPage::reread);
    connect(m_history, &HistoryPage::loaded, this, &MainWindow::listStores);
    connect(m_history, &HistoryPage::loaded, this, &MainWindow::offerKilledRuns);
    connect(m_history, &HistoryPage::finishWanted, this, &MainWindow::askToFinish);
    connect(&m_killedOpener, &ConnectionOpener::opened, this,
            [this](const QString&, const services::ServerAccess& access) {
                finishKilled(*std::exchange(m_killed, std::nullopt), access);
            });
    connect(&m_killedOpener, &ConnectionOpener::failed, this, [this](const QString&, const QString& reason) {
        killedFinished(*std::exchange(m_killed, std::nullopt), core::invalid(reason.toStdString()));
    });
    connect(m_history, &HistoryPage::storeNeeded, this, [this](const QString& id) { openStore(id, m_runsOpener); });
    connect(&m_runsOpener, &ConnectionOpener::opened, this,
            [this](const QString& id, const services::ServerAccess& access) {
                m_history->supplyStore(id, access.target.store);
            });
    connect(&m_runsOpener, &ConnectionOpener::failed, m_history, &HistoryPage::refuseStore);
    connect(m_monitor, &MonitorPage::connectionsWanted, this, [this] { m_sideBar->show(m_connectionsPage); });
    connect(m_monitor, &MonitorPage::accessNeeded, this, [this](const QString& id) { openStore(id, m_monitorOpener); });
    connect(&m_monitorOpener, &ConnectionOpener::opened, this,
            [this](const QString& id, const services::ServerAccess& access) {
                m_monitor->supplyAccess(id, {access.target.broker.shown(), access.kafkaClient});
            });
    connect(&m_monitorOpener, &ConnectionOpener::failed, m_monitor, &MonitorPage::refuseAccess);
    connect(m_logs, &LogsPage::connectionsWanted, this, [this] { m_sideBar->show(m_connectionsPage); });
    connect(m_logs, &LogsPage::addressNeeded, this, [this](const QString& id) { openStore(id, m_storeOpener); });
    connect(m_monitor, &MonitorPage::browseWanted, this, [this](const QString& cluster, const QString& topic) {
        if (m_messages->chooseCluster(cluster)) {
            m_sideBar->show(m_messages);
            m_messages->browse(topic);
        }
    });
    connect(m_messages, &MessagesPage::connectionsWanted, this, [this] { m_sideBar->show(m_connectionsPage); });
    connect(m_messages, &MessagesPage::accessNeeded, this,
            [this](const QString& id) { openStore(id, m_messageOpener); });
    connect(&m_messageOpener, &ConnectionOpener::opened, this,
            [this](const QString& id, const services::ServerAccess& access) {
                m_messages->supplyAccess(id, {access.target.broker.shown(), access.kafkaClient});
            });
    connect(&m_messageOpener, &ConnectionOpener::failed, m_messages, &MessagesPage::refuseAccess);
    connect(m_scenario, &ScenarioPage::startRequested, this, &MainWindow::start);
    connect(m_scenario, &ScenarioPage::testTargetRequested, this, &MainWindow::testTarget);
    connect(&m_settings, &Settings::resultsFolderChanged, this,
            [this](const QString& folder) { m_history->setResults(runsIn(folder.toStdString())); });
    connect(&m_runOpener, &ConnectionOpener::opened, this,
            [this](const QString&, const services::ServerAccess& access) {
                RunRequest request = *std::exchange(m_waiting, std::nullopt);
                request.access = access;
                load(request);
            });
    connect(&m_runOpener, &ConnectionOpener::failed, this, [this](const QString&, const QString& reason) {
        m_waiting.reset();
        m_model.fail(reason);
    });
    connect(m_live->controls().stopAction(), &QAction::triggered, this, &MainWindow::stopWaiting);
    connect(&m_storeOpener, &ConnectionOpener::opened, this,
            [this](const QString& id, const services::ServerAccess& access) {
                m_logs->supplyAddress(id, access.target.store);
            });
    connect(&m_storeOpener, &ConnectionOpener::failed, m_logs, &LogsPage::refuseAddress);
    connect(&m_testOpener, &ConnectionOpener::opened, this,
            [this](const QString&, const services::ServerAccess& access) { examine(access); });
    connect(&m_testOpener, &ConnectionOpener::failed, this, &MainWindow::refuseTest);
    connect(&m_check, &TargetCheck::found, this, &MainWindow::takeAnswer);
    for (const auto changed : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved}) {
        connect(&m_connections, changed, this, &MainWindow::listStores);
    }
    connect(&m_connections, &QAbstractItemModel::dataChanged, this, &MainWindow::listStores);
    connect(&m_connections, &QAbstractItemModel::modelReset, this, &MainWindow::listStores);
}

void MainWindow::open(const QString& file) {
    if (isScenario(file)) {
        m_sideBar->show(m_scenario);
        m_scenario->open(file);
    } else {
        m_sideBar->show(m_report);
        m_report->open(file);
    }
}

void MainWindow::begin() {
    const QStringList recent = m_settings.recentFiles();
    if (recent.isEmpty()) {
        m_scenario->files()->openReadyMade(QStringLiteral("quickstart"));
    } else if (QFileInfo::exists(recent.front())) {
        m_scenario->open(recent.front());
    }
    m_startButton->setFocus();
    setAttribute(Qt::WA_KeyboardFocusChange); // styles draw the focus only where the keyboard is in use
}

/// A saved connection's passwords are fetched first, which may ask the user.
void MainWindow::start(const RunRequest& request) {
    if (m_conclusions.isBusy() || m_killed) { // its load would count against this run
        m_notice->show(tr("A killed run is being finished. Start this one when that is over."), {{tr("Close"), {}}});
        return;
    }
    if (const auto target = m_scenario->target().target(); target && !mayLoad(*target)) {
        return;
    }
    const Connection* const connection =
        request.target ? m_targets.connectionOf(*request.target, m_scenario->target().saved()) : nullptr;
    m_model.starting(m_scenario->document()->title());
    if (connection == nullptr) {
        load(request);
        return;
    }
    m_waiting = request;
    m_runOpener.open(*connection);
}

/// A run that still waits for its connection's passwords is given up.
void MainWindow::stopWaiting() {
    if (std::exchange(m_waiting, std::nullopt)) {
        m_runOpener.cancel();
        m_model.fail({});
    }
}

void MainWindow::load(RunRequest request) {
    request.results = m_settings.resultsFolder().toStdString();
    if (m_settings.servesRuns()) {
        request.serve = m_settings.serveAddress().toStdString();
    }
    m_session.start(request);
}

void MainWindow::runChanged() {
    using State = RunModel::State;
    const State state = m_model.state();
    const bool on = state == State::Starting || state == State::Running;
    m_scenario->setRunning(on);
    showTitle();
    if (state == State::Starting) {
        m_sideBar->show(m_live);
    } else if (state == State::Running) {
        listStores();
    } else if (state == State::Ended) {
        showEnd();
    }
    if (m_closing && !on) {
        close();
    }
}

/// The report comes to the front, unless the user is busy elsewhere; a window in the background asks for attention.
void MainWindow::showEnd() {
    const RunEnded& ended = *m_model.result();
    m_report->show(ended.result, ended.folder);
    m_scenario->setLastRun(ended.result);
    if (!ended.notKept.empty()) {
        m_report->complain(QString::fromStdString(ended.notKept));
    }
    m_history->reload();
    if (m_pages->currentWidget() == m_live) {
        m_sideBar->show(m_report);
    }
    if (!isActiveWindow()) {
        QApplication::alert(this);
        if (ended.result->seconds >= kLongRun) {
            showDesktopNotice(windowTitle(), QString::fromStdString(ended.result->verdict.summary));
        }
    }
}

/// The file, whether it is saved, and where a run of it goes; of a run that is on its progress too, for the taskbar.
void MainWindow::showTitle() {
    const ScenarioDocument& document = *m_scenario->document();
    if (m_model.state() == RunModel::State::Running && m_model.status().progress < 1) {
        setWindowTitle(tr("%1 % – %2 on %3 – Millrace")
                           .arg(static_cast<int>(100 * m_model.status().progress))
                           .arg(m_model.name(), targetText(m_model.run()->target)));
    } else {
        setWindowTitle(tr("%1%2 on %3 – Millrace")
                           .arg(document.title(), document.isModified() ? QStringLiteral("*") : QString(),
                                m_scenario->target().text()));
    }
}

/// A run that is on is ended first, without holding up the window; the window closes when its ledger is closed.
void MainWindow::closeEvent(QCloseEvent* event) {
    event->ignore();
    if (!m_closing && !m_scenario->mayDiscard()) {
        return;
    }
    if (m_session.isOn()) {
        if (!m_closing && mayClose()) {
            m_closing = true;
            m_session.stop();
        } else if (!m_closing) {
            m_scenario->document()->keepForRecovery(); // the window stays after all
        }
        return;
    }
    saveLayout();
    event->accept();
}

bool MainWindow::mayClose() {
    const auto answer =
        QMessageBox::question(this, tr("A run is on"),
                              tr("Stop the run, store what was sent, and close the window when the ledger is closed?"),
                              QMessageBox::Yes | QMessageBox::Cancel, QMessageBox::Cancel);
    return answer == QMessageBox::Yes;
}

void MainWindow::rewriteSizes(ByteUnits units) {
    setDefaultByteUnits(units);
    m_history->reload();
    m_scenario->document()->reread();
}

void MainWindow::restoreLayout() {
    restoreGeometry(m_settings.layout(kGeometry));
    m_live->restoreLayout(m_settings.layout(kLive));
    m_logs->restoreLayoutState(m_settings.layout(kLogs));
    m_monitor->panel().restoreLayoutState(m_settings.layout(kMonitor));
    m_messages->restoreLayoutState(m_settings.layout(kMessages));
    m_history->restoreLayoutState(m_settings.layout(kHistory));
}

void MainWindow::saveLayout() {
    m_settings.setLayout(kGeometry, saveGeometry());
    m_settings.setLayout(kLive, m_live->saveLayout());
    m_settings.setLayout(kLogs, m_logs->layoutState());
    m_settings.setLayout(kMonitor, m_monitor->panel().layoutState());
    m_settings.setLayout(kMessages, m_messages->layoutState());
    m_settings.setLayout(kHistory, m_history->layoutState());
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().front().isLocalFile()) {
        event->acceptProposedAction();
    }
}

void MainWindow::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    open(event->mimeData()->urls().front().toLocalFile());
}

} // namespace app
