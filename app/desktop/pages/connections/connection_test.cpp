// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/connections/connection_test.h"

#include "app/desktop/pages/connections/check_view.h"

#include <QHBoxLayout>
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
    m_answers->hide();
}

} // namespace app
