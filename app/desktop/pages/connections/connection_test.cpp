// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/connections/connection_test.h"

#include "app/desktop/pages/connections/check_view.h"
#include "app/desktop/widgets/figure_table.h"
#include "app/desktop/widgets/fleet_rows.h"
#include "app/launch/fleet_choice.h"

#include <QHBoxLayout>
#include <QHideEvent>
#include <QPushButton>
#include <QVBoxLayout>

namespace app {

ConnectionTest::ConnectionTest(SecretStore& secrets, AskForSecret ask, QWidget* parent)
    : QWidget(parent), m_opener(secrets, std::move(ask)) {
    m_start = new QPushButton(tr("Test connect&ion"), this);
    m_start->setObjectName(QStringLiteral("test"));
    m_start->setAccessibleName(tr("Test the connection"));
    m_start->setToolTip(tr("Asks each server with what the fields say, saved or not, and changes nothing on them."));
    m_stop = new QPushButton(tr("Stop"), this);
    m_stop->setObjectName(QStringLiteral("stopTest"));
    m_stop->setAccessibleName(tr("Stop the test"));
    m_stop->setToolTip(tr("Waits for no more answers."));
    m_answers = new CheckView(this);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_start);
    buttons->addWidget(m_stop);
    buttons->addStretch();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addLayout(buttons);
    column->addWidget(m_answers, 1);
    m_fleet = new FigureTable(tr("Daemons of the connection"), fleetColumns(), this);
    m_fleet->setObjectName(QStringLiteral("fleet"));
    m_fleet->setFigureColumns({false, false, false, true, true, true, false, false});
    for (const int ofRuns : {FleetColumn::Sent, FleetColumn::Stored}) { // there is none
        m_fleet->setColumnHidden(ofRuns, true);
    }
    m_fleet->setStretched(FleetColumn::Trouble);
    m_fleet->setFrameShape(QFrame::StyledPanel);                       // as the answers above
    m_fleet->setFixedHeight(m_fleet->fontMetrics().lineSpacing() * 8); // more of them scroll; the fields need room
    column->addWidget(m_fleet);
    connect(&m_fleetWatch, &FleetWatch::changed, this, &ConnectionTest::showFleet);
    clear();

    connect(m_start, &QPushButton::clicked, this, &ConnectionTest::wanted);
    connect(m_stop, &QPushButton::clicked, this, &ConnectionTest::stop);
    connect(&m_opener, &ConnectionOpener::opened, this,
            [this](const QString&, const services::ServerAccess& access) { this->ask(access); });
    connect(&m_opener, &ConnectionOpener::failed, this, [this](const QString&, const QString& reason) {
        stop();
        Q_EMIT failed(reason);
    });
    connect(&m_check, &TargetCheck::found, m_answers, &CheckView::add);
    connect(&m_check, &TargetCheck::finished, this, &ConnectionTest::stop);
}

void ConnectionTest::start(const Connection& connection, const Secrets& typed) {
    m_answers->begin();
    m_answers->show();
    m_start->setEnabled(false);
    m_stop->setEnabled(true);
    m_opener.open(connection, typed);
}

void ConnectionTest::ask(const services::ServerAccess& access) {
    services::Examination examination;
    services::apply(access, examination.scenario, examination.target);
    m_check.start(examination);
    watchFleet(access);
}

void ConnectionTest::watchFleet(const services::ServerAccess& access) {
    stopWatching();
    if (access.daemons.empty()) {
        return;
    }
    auto options = optionsOfFleet(access.daemons, access.daemonToken);
    if (!options) {
        Q_EMIT failed(QString::fromStdString(options.error().text()));
        return;
    }
    m_fleet->setRows({});
    m_fleet->show();
    m_fleetWatch.start(*std::move(options));
}

void ConnectionTest::showFleet(const std::vector<core::FleetMember>& members) {
    std::vector<core::FleetMember> here = members;
    for (core::FleetMember& each : here) {
        each.words = remedyInTheForm(QString::fromStdString(each.words)).toStdString();
    }
    m_fleet->setRows(fleetRows(here));
}

void ConnectionTest::stopWatching() {
    m_fleetWatch.stop();
    m_fleet->hide();
}

/// Daemons are asked as long as somebody looks; a window that is minimized will be looked at again.
void ConnectionTest::hideEvent(QHideEvent* event) {
    if (!event->spontaneous()) {
        stopWatching();
    }
    QWidget::hideEvent(event);
}

/// Also where all have answered.
void ConnectionTest::stop() {
    m_opener.cancel();
    m_check.cancel();
    m_answers->cancel();
    m_start->setEnabled(true);
    m_stop->setEnabled(false);
}

void ConnectionTest::clear() {
    stop();
    stopWatching();
    m_answers->hide();
}

} // namespace app
