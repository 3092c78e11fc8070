// SPDX-License-Identifier: GPL-3.0-or-later
// What the window asks of servers on behalf of its pages: a target that is tried, and stores whose events are searched.
#include "app/desktop/pages/audit/audit_dialog.h"
#include "app/desktop/pages/history/history_page.h"
#include "app/desktop/pages/logs/logs_page.h"
#include "app/desktop/pages/messages/messages_page.h"
#include "app/desktop/pages/monitor/monitor_page.h"
#include "app/desktop/pages/scenario/scenario_page.h"
#include "app/desktop/pages/scenario/target_chooser.h"
#include "app/desktop/settings/settings.h"
#include "app/desktop/shell/main_window.h"
#include "app/desktop/shell/side_bar.h"
#include "services/target/plain_text.h"

#include <QMessageBox>
#include <QPushButton>
#include <algorithm>

namespace app {

namespace {

QString partName(services::ServerPart part) {
    switch (part) {
    case services::ServerPart::Broker:
        return MainWindow::tr("broker");
    case services::ServerPart::Store:
        return MainWindow::tr("store");
    case services::ServerPart::Dedupe:
        return MainWindow::tr("duplicate filter");
    }
    Q_UNREACHABLE();
}

const QString kStoreOfRun = QStringLiteral("store of this run"); // among the ids of connections, which are UUIDs

const QString kClusterOfRun = QStringLiteral("broker of this run");

TargetAnswer answerOf(const services::Finding& finding) {
    std::optional<double> roundTrip;
    if (finding.roundTrip) {
        roundTrip = std::chrono::duration<double, std::milli>(*finding.roundTrip).count();
    }
    return {partName(finding.part), finding.health != services::Health::Fail, QString::fromStdString(finding.sentence),
            roundTrip};
}

/// What is searched of a run with an embedded store.
std::optional<LogStore> storeIn(const std::filesystem::path& run) {
    const std::filesystem::path file = run / "events.sqlite";
    std::error_code failed;
    if (!std::filesystem::exists(file, failed)) {
        return std::nullopt;
    }
    const QString folder = QString::fromStdString(run.filename().string());
    return LogStore{QString::fromStdString(file.string()), MainWindow::tr("Run %1").arg(folder),
                    core::StoreAddress::ofFile(file.string())};
}

} // namespace

/// Answers go to the scenario page one by one, the list growing.
void MainWindow::testTarget(const core::Target& target) {
    const Connection* const connection = m_targets.connectionOf(target, m_scenario->target().saved());
    m_answers.clear();
    m_scenario->showAnswers({});
    if (connection != nullptr) {
        m_testOpener.open(*connection);
    } else {
        examine({.target = target, .kafkaClient = {}});
    }
}

void MainWindow::examine(const services::ServerAccess& access) {
    services::Examination examination;
    examination.scenario = m_scenario->document()->scenario().value_or(core::Scenario());
    services::apply(access, examination.scenario, examination.target);
    m_check.start(examination);
}

void MainWindow::takeAnswer(const services::Finding& finding) {
    m_answers += answerOf(finding);
    m_scenario->showAnswers(m_answers);
}

/// The passwords of a connection to be tested are not to be had.
void MainWindow::refuseTest(const QString& connection, const QString& reason) {
    const Connection* const found = m_connections.find(connection);
    m_answers += TargetAnswer{found != nullptr ? found->name : tr("connection"), false, reason, std::nullopt};
    m_scenario->showAnswers(m_answers);
}

/// The stores of the run that is on, of the runs in the results folder, and of the saved connections; their clusters.
void MainWindow::listStores() {
    std::vector<std::filesystem::path> folders;
    std::ranges::transform(m_history->runs(), std::back_inserter(folders), &services::CatalogueEntry::folder);
    if (m_model.run()) { // History lists it from its first journal on, and not where the results' folder has changed
        std::erase(folders, m_model.run()->folder);
        folders.insert(folders.begin(), m_model.run()->folder);
    }
    QList<LogStore> stores;
    for (const std::filesystem::path& folder : folders) {
        if (const auto store = storeIn(folder)) {
            stores += *store;
        }
    }
    if (m_model.run() && !m_model.run()->target.store.isEmbedded()) {
        stores.prepend({kStoreOfRun, tr("Store of this run"), m_model.run()->target.store});
    }
    QList<RunStore> servers;
    QList<WatchedCluster> clusters;
    for (const Connection& connection : m_connections.all()) {
        if (!connection.broker.isEmpty()) {
            clusters += WatchedCluster{connection.id, connection.name};
        }
        if (!connection.store.isEmpty()) {
            stores += LogStore{connection.id, connection.name, {}}; // its password is fetched when it is needed
            servers += RunStore{connection.id, connection.name};
        }
    }
    m_logs->setStores(stores);
    m_monitor->setClusters(clusters);
    m_history->setStores(servers);
    if (m_audit != nullptr) {
        m_audit->setStores(stores);
    }
    listClusters();
}

/// The Kafka clusters of the run that is on or was last, and of the saved connections.
void MainWindow::listClusters() {
    QList<MessageCluster> clusters;
    if (m_model.run() && !m_model.run()->target.broker.isEmbedded()) {
        clusters += MessageCluster{
            kClusterOfRun, tr("Broker of this run"),
            services::ClusterAccess{m_model.run()->target.broker.shown(), m_model.run()->scenario.kafka.client}};
    }
    for (const Connection& connection : m_connections.all()) {
        if (!connection.broker.isEmpty()) {
            clusters += MessageCluster{connection.id, connection.name, {}}; // its password is fetched when it is needed
        }
    }
    m_messages->setClusters(clusters);
}

void MainWindow::showAudit() {
    if (m_audit == nullptr) {
        m_audit = new AuditDialog(this);
        connect(m_audit, &AuditDialog::addressNeeded, this,
                [this](const QString& id) { openStore(id, m_auditOpener); });
        connect(m_audit, &AuditDialog::connectionsWanted, this, [this] { m_sideBar->show(m_connectionsPage); });
        connect(&m_auditOpener, &ConnectionOpener::opened, m_audit,
                [this](const QString& id, const services::ServerAccess& access) {
                    m_audit->supplyAddress(id, access.target.store);
                });
        connect(&m_auditOpener, &ConnectionOpener::failed, m_audit, &AuditDialog::refuseAddress);
        listStores();
    }
    m_audit->show();
    m_audit->raise();
    m_audit->activateWindow();
}

/// Those of a second of the window's run, where they were stored.
void MainWindow::showEvents(qint64 utcMicros) {
    if (!m_model.run()) {
        return;
    }
    const auto file = storeIn(m_model.run()->folder);
    m_sideBar->show(m_logs);
    if (m_logs->chooseStore(file ? file->id : kStoreOfRun)) { // else it has been deleted since
        m_logs->showSecond(utcMicros);
    }
}

void MainWindow::openStore(const QString& id, ConnectionOpener& opener) {
    if (const Connection* const connection = m_connections.find(id)) {
        opener.open(*connection);
    }
}

/// Load on another host is asked about once per target.
bool MainWindow::mayLoad(const core::Target& target) {
    const std::vector<std::string> elsewhere = services::serversElsewhere(target);
    if (elsewhere.empty()) {
        return true;
    }
    QStringList servers;
    for (const std::string& each : elsewhere) {
        servers += QString::fromStdString(each);
    }
    const QString key = servers.join(QStringLiteral(", "));
    if (m_settings.agreedTargets().contains(key)) {
        return true;
    }
    QMessageBox question(QMessageBox::Question, tr("Load on other hosts"),
                         tr("This run sends its load to %1. Start it?").arg(key), QMessageBox::Cancel, this);
    question.setTextFormat(Qt::PlainText);
    question.setInformativeText(tr("This is asked once for these servers."));
    QAbstractButton* const yes = question.addButton(tr("&Start the run"), QMessageBox::AcceptRole);
    question.setDefaultButton(QMessageBox::Cancel);
    question.exec();
    if (question.clickedButton() != yes) {
        return false;
    }
    m_settings.addAgreedTarget(key);
    return true;
}

} // namespace app
