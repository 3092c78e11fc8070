// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/monitor/monitor_page.h"

#include "app/desktop/pages/monitor/alarm_panel.h"
#include "app/desktop/pages/monitor/cluster_panel.h"
#include "app/desktop/widgets/empty_view.h"
#include "app/desktop/widgets/figures.h"
#include "app/desktop/widgets/plain_label.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace app {

MonitorPage::MonitorPage(OpenCluster open, QWidget* parent) : QWidget(parent), m_session(std::move(open)) {
    setObjectName(QStringLiteral("monitorPage"));
    setAccessibleName(tr("Monitor"));
    m_problem = plainLabel(QStringLiteral("problem"), this);
    m_problem->setAccessibleDescription(tr("What is missing"));
    m_problem->hide();
    m_views = new QStackedWidget(this);
    m_nothing = new EmptyView;
    connect(m_nothing, &EmptyView::acted, this, &MonitorPage::act);
    m_views->addWidget(m_nothing);
    m_panel = new ClusterPanel;
    m_views->addWidget(m_panel);
    auto* column = new QVBoxLayout(this);
    column->addWidget(clusterRow());
    column->addWidget(m_problem);
    column->addWidget(m_views, 1);
    connect(&m_session, &MonitorSession::looked, this, &MonitorPage::takeView);
    connect(&m_session, &MonitorSession::failed, this, &MonitorPage::takeFailure);
    connect(m_panel, &ClusterPanel::groupChosen, &m_session, &MonitorSession::watch);
    connect(m_panel, &ClusterPanel::browseWanted, this,
            [this](const QString& topic) { Q_EMIT browseWanted(m_watched, topic); });
    connect(m_panel, &ClusterPanel::alarmsChanged, this, &MonitorPage::showState);
    connect(m_panel, &ClusterPanel::saved, this, [this](const QString& file) {
        m_state->setText(tr("Saved as %1.").arg(file));
        Q_EMIT saved(file);
    });
    connect(m_panel, &ClusterPanel::failedToSave, this, [this](const QString& reason) {
        m_problem->setText(reason);
        m_problem->show();
    });
    m_ageing.setInterval(std::chrono::seconds(1));
    connect(&m_ageing, &QTimer::timeout, this, &MonitorPage::showState);
    setClusters({});
}

QWidget* MonitorPage::clusterRow() {
    auto* row = new QWidget(this);
    m_cluster = new QComboBox(row);
    m_cluster->setObjectName(QStringLiteral("cluster"));
    m_cluster->setAccessibleName(tr("Cluster to watch"));
    m_cluster->setToolTip(tr("The Kafka of a saved connection. Watching generates no load and changes nothing."));
    m_cluster->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_cluster->setMinimumContentsLength(20);
    auto* label = new QLabel(tr("Cl&uster"), row);
    label->setBuddy(m_cluster);
    m_watch = new QPushButton(tr("&Watch"), row);
    m_watch->setObjectName(QStringLiteral("watch"));
    m_watch->setAccessibleName(m_watch->text().remove(QLatin1Char('&')));
    m_watch->setToolTip(tr("Asks the cluster at most five times per second."));
    m_end = new QPushButton(tr("Sto&p"), row);
    m_end->setObjectName(QStringLiteral("end"));
    m_end->setAccessibleName(tr("Stop watching"));
    m_end->setToolTip(tr("What was seen stays."));
    m_state = plainLabel(QStringLiteral("state"), row);
    m_state->setAccessibleDescription(tr("State of the monitor"));
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins({});
    line->addWidget(label);
    line->addWidget(m_cluster);
    line->addWidget(m_watch);
    line->addWidget(m_end);
    line->addWidget(m_state, 1);
    connect(m_watch, &QPushButton::clicked, this, &MonitorPage::start);
    connect(m_end, &QPushButton::clicked, this, &MonitorPage::stop);
    return row;
}

void MonitorPage::setClusters(const QList<WatchedCluster>& clusters) {
    const QString chosen = m_cluster->currentData().toString();
    m_clusters = clusters;
    m_cluster->clear();
    for (const WatchedCluster& each : clusters) {
        m_cluster->addItem(each.name, each.id);
    }
    m_cluster->setCurrentIndex(std::max(0, m_cluster->findData(chosen)));
    m_cluster->setEnabled(!clusters.isEmpty());
    showState();
    if (m_panel->view() || m_session.isOn()) {
        return;
    }
    if (clusters.isEmpty()) {
        showNothing(
            tr("The topics, consumer groups and lag of a Kafka cluster can be watched here without any load, but "
               "there is no connection to one yet."),
            tr("Go to Connections"));
    } else {
        showNothing(
            tr("The topics, consumer groups and lag of a cluster appear here once you watch it. It generates no load."),
            tr("Watch it now"));
    }
}

void MonitorPage::showNothing(const QString& sentence, const QString& action) {
    m_nothing->say(sentence, action);
    m_views->setCurrentIndex(0);
}

void MonitorPage::act() {
    if (m_clusters.isEmpty()) {
        Q_EMIT connectionsWanted();
    } else {
        start();
    }
}

// --- watching ---------------------------------------------------------------------------------------------------

void MonitorPage::start() {
    const QString id = m_cluster->currentData().toString();
    if (id.isEmpty()) {
        return;
    }
    m_session.stop();
    m_waitsForAccess = id;
    m_failure.clear();
    m_problem->hide();
    showNothing(tr("Connecting to %1…").arg(m_cluster->currentText()), {});
    showState();
    Q_EMIT accessNeeded(id);
}

void MonitorPage::supplyAccess(const QString& id, const services::ClusterAccess& access) {
    if (id != m_waitsForAccess) {
        return;
    }
    m_waitsForAccess.clear();
    m_watched = id;
    m_panel->begin();
    m_session.start(access);
    m_ageing.start();
    showState();
}

void MonitorPage::refuseAccess(const QString& id, const QString& reason) {
    if (id == m_waitsForAccess) {
        m_waitsForAccess.clear();
        showNothing(reason, tr("Watch it now"));
        showState();
    }
}

void MonitorPage::stop() {
    m_waitsForAccess.clear();
    m_session.stop();
    m_ageing.stop();
    if (!m_panel->view()) {
        setClusters(m_clusters);
    }
    showState();
}

void MonitorPage::takeView(const core::ClusterView& view) {
    m_failure.clear();
    m_panel->takeView(view);
    m_views->setCurrentIndex(1);
    showState();
}

void MonitorPage::takeFailure(const QString& reason) {
    m_failure = reason;
    m_panel->alarms().miss(reason);
    if (!m_panel->view()) {
        showNothing(reason, tr("Watch it now"));
    }
    showState();
}

/// Grey and with its age where the cluster does not answer.
void MonitorPage::showState() {
    const bool isOn = m_session.isOn() || !m_waitsForAccess.isEmpty();
    m_watch->setEnabled(!m_clusters.isEmpty() && !isOn);
    m_end->setEnabled(isOn);
    QString state;
    const bool isStale = m_panel->view() && (!m_failure.isEmpty() || !m_session.isOn());
    if (m_panel->view()) {
        const auto age =
            std::chrono::round<std::chrono::seconds>(std::chrono::steady_clock::now() - m_panel->view()->at);
        const int broken = m_panel->alarms().broken();
        state = isStale       ? tr("stale, %1").arg(durationFigure(age))
                : broken == 0 ? tr("watching")
                              : tr("Alarms broken: %1").arg(QLocale().toString(broken));
    } else if (isOn) {
        state = m_failure.isEmpty() ? tr("connecting") : tr("trying again");
    }
    m_state->setText(state);
    m_panel->setStale(isStale);
    m_state->setDisabled(isStale);
    QStringList problems;
    if (m_panel->view() && !m_failure.isEmpty()) {
        problems += m_failure;
    }
    if (m_panel->view()) {
        for (const std::string& each : m_panel->view()->missing) {
            problems += QString::fromStdString(each);
        }
    }
    m_problem->setText(problems.join(QLatin1Char('\n')));
    m_problem->setVisible(!problems.isEmpty());
}

} // namespace app
