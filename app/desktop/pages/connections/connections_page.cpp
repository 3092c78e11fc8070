// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/connections/connections_page.h"

#include "app/desktop/pages/connections/connection_form.h"
#include "app/desktop/pages/connections/connection_test.h"
#include "app/desktop/widgets/empty_view.h"
#include "app/desktop/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QListView>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace app {

ConnectionsPage::ConnectionsPage(SavedConnections& connections, SecretStore& secrets, AskForSecret ask, QWidget* parent)
    : QWidget(parent), m_connections(connections), m_secrets(secrets) {
    setObjectName(QStringLiteral("connectionsPage"));
    setAccessibleName(tr("Connections"));
    auto* splitter = new QSplitter(this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(listSide());
    m_views = new QStackedWidget(splitter);
    auto* const empty = new EmptyView;
    empty->say(tr("A connection names the servers that a run loads: Kafka, PostgreSQL and Redis, with how to log in. "
                  "Without one, everything runs embedded in Millrace."),
               tr("Add a connection"));
    empty->button()->setObjectName(QStringLiteral("addFirst"));
    connect(empty, &EmptyView::acted, this, &ConnectionsPage::addNew);
    m_views->addWidget(empty);
    m_views->addWidget(editSide(std::move(ask)));
    splitter->addWidget(m_views);
    splitter->setStretchFactor(1, 1);
    m_problem = plainLabel(QStringLiteral("problem"), this);
    m_problem->setAccessibleDescription(tr("What is wrong"));
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_problem);
    column->addWidget(splitter, 1);

    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &ConnectionsPage::showChosen);
    connect(m_form, &ConnectionForm::edited, this, &ConnectionsPage::showEdited);
    connect(&m_secrets, &SecretStore::lastingChanged, this, &ConnectionsPage::showLasting);
    connect(m_test, &ConnectionTest::wanted, this, &ConnectionsPage::test);
    connect(m_test, &ConnectionTest::failed, this, &ConnectionsPage::showProblem);
    showLasting();
    if (!connections.all().isEmpty()) {
        choose(connections.all().first().id);
    }
    showChosen();
    showProblem(connections.problem());
}

QPushButton* ConnectionsPage::button(const QString& objectName, const QString& text, const QString& toolTip,
                                     void (ConnectionsPage::*act)()) {
    auto* created = new QPushButton(text, this);
    created->setObjectName(objectName);
    created->setAccessibleName(QString(text).remove(QLatin1Char('&')));
    created->setToolTip(toolTip);
    connect(created, &QPushButton::clicked, this, act);
    return created;
}

QWidget* ConnectionsPage::listSide() {
    auto* side = new QWidget(this);
    m_list = new QListView(side);
    m_list->setObjectName(QStringLiteral("connections"));
    m_list->setAccessibleName(tr("Saved connections"));
    m_list->setModel(&m_connections);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setTextElideMode(Qt::ElideRight);
    auto* add = button(QStringLiteral("add"), tr("&Add"), tr("Creates a new connection."), &ConnectionsPage::addNew);
    m_copy = button(QStringLiteral("copy"), tr("Cop&y"),
                    tr("Creates a new connection like this one; its passwords are not "
                       "copied."),
                    &ConnectionsPage::copy);
    m_remove = button(QStringLiteral("remove"), tr("Remo&ve"), tr("Removes this connection and its passwords."),
                      &ConnectionsPage::remove);
    auto* buttons = new QHBoxLayout;
    for (QPushButton* each : {add, m_copy, m_remove}) {
        buttons->addWidget(each);
    }
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins({});
    column->addWidget(m_list, 1);
    column->addLayout(buttons);
    return side;
}

QWidget* ConnectionsPage::editSide(AskForSecret ask) {
    auto* side = new QWidget(this);
    m_lasting = plainLabel(QStringLiteral("lasting"), side);
    m_lasting->setAccessibleDescription(tr("Where passwords are kept"));
    m_form = new ConnectionForm(side);
    auto* scroll = new QScrollArea(side);
    scroll->setWidget(m_form);
    scroll->setWidgetResizable(true);
    scroll->setAccessibleName(tr("Fields of the connection"));
    scroll->setFrameShape(QFrame::NoFrame);
    m_save = button(QStringLiteral("save"), tr("&Save"), tr("Keeps what the fields say."), &ConnectionsPage::save);
    m_test = new ConnectionTest(m_secrets, std::move(ask), side);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins({});
    column->addWidget(scroll, 1);
    column->addWidget(m_lasting);
    column->addWidget(m_save, 0, Qt::AlignLeft);
    column->addWidget(m_test);
    return side;
}

const Connection* ConnectionsPage::chosen() const {
    const QModelIndex current = m_list->currentIndex();
    return current.isValid() ? &m_connections.all().at(current.row()) : nullptr;
}

void ConnectionsPage::choose(const QString& id) {
    m_list->setCurrentIndex(m_connections.index(m_connections.indexOf(id)));
}

void ConnectionsPage::showChosen() {
    const Connection* connection = chosen();
    m_copy->setEnabled(connection != nullptr);
    m_remove->setEnabled(connection != nullptr);
    if (connection == nullptr) {
        m_views->setCurrentIndex(0);
        return;
    }
    edit(*connection);
}

void ConnectionsPage::edit(const Connection& connection) {
    if (connection.id != m_edited) { // else it was saved, and the answers are its own
        m_test->clear();
    }
    m_edited = connection.id;
    showProblem({});
    m_form->setConnection(connection);
    showUnkept();
    m_views->setCurrentIndex(1);
    showEdited();
}

void ConnectionsPage::showEdited() {
    m_save->setEnabled(m_form->isChanged() || chosen() == nullptr);
}

void ConnectionsPage::addNew() {
    m_list->clearSelection();
    m_list->setCurrentIndex({});
    edit(newConnection(tr("New connection")));
    m_form->focusName();
}

void ConnectionsPage::copy() {
    const Connection* original = chosen();
    if (original == nullptr) {
        return;
    }
    Connection copied = *original;
    copied.id = newConnection({}).id;
    copied.name = tr("%1 (copy)").arg(original->name);
    m_list->setCurrentIndex({});
    edit(copied);
    m_form->focusName();
}

void ConnectionsPage::remove() {
    const Connection* connection = chosen();
    if (connection == nullptr) {
        return;
    }
    auto* question = new QMessageBox(QMessageBox::Question, tr("Remove the connection?"), {},
                                     QMessageBox::Yes | QMessageBox::Cancel, this);
    question->setTextFormat(Qt::PlainText);
    question->setText(tr("Remove the connection '%1' and the passwords that are kept for it?").arg(connection->name));
    question->setAttribute(Qt::WA_DeleteOnClose);
    connect(question, &QMessageBox::finished, this, [this, removed = *connection](int answer) {
        if (answer == QMessageBox::Yes) {
            removeNow(removed);
        }
    });
    question->open();
}

void ConnectionsPage::removeNow(const Connection& connection) {
    const int row = m_connections.indexOf(connection.id);
    if (const core::Status removed = m_connections.remove(connection.id); !removed) {
        showProblem(QString::fromStdString(removed.error().text()));
        return;
    }
    for (const Secret secret : connection.secrets) {
        m_secrets.remove(secretKey(connection, secret), this,
                         [this](const SecretAnswer& answer) { showProblem(answer.reason); });
    }
    if (const auto left = static_cast<int>(m_connections.all().size()); left > 0) {
        m_list->setCurrentIndex(m_connections.index(std::min(row, left - 1)));
    }
    showChosen();
}

void ConnectionsPage::save() {
    const auto connection = m_form->connection();
    const core::Status saved = connection ? m_connections.save(*connection) : core::Status(connection.error());
    if (!saved) {
        showProblem(QString::fromStdString(saved.error().text()));
        return;
    }
    keepSecrets(*connection);
    choose(connection->id);
    showChosen();
}

/// Before the form is filled anew, for it holds what was typed.
void ConnectionsPage::keepSecrets(const Connection& connection) {
    const auto take = [this](const SecretAnswer& answer) {
        if (answer.kind == SecretAnswer::Kind::Failed) {
            showProblem(answer.reason);
        }
    };
    const Secrets typed = m_form->typedSecrets();
    for (auto it = typed.begin(); it != typed.end(); ++it) {
        const QString key = secretKey(connection, it.key());
        m_unkept.remove(key);
        m_secrets.write(key, it.value(), this, [this, key, take](const SecretAnswer& answer) {
            if (answer.kind == SecretAnswer::Kind::Failed) {
                m_unkept += key;
                showUnkept();
            }
            take(answer);
        });
    }
    for (const Secret secret : m_form->forgottenSecrets()) {
        if (!typed.contains(secret)) {
            m_secrets.remove(secretKey(connection, secret), this, take);
        }
    }
}

/// Without a keychain a password may be gone since the last start; a keychain may have refused it.
void ConnectionsPage::showUnkept() {
    const Connection* const connection = chosen();
    if (connection == nullptr) {
        return;
    }
    for (const Secret secret : connection->secrets) {
        const QString key = secretKey(*connection, secret);
        if (m_unkept.contains(key)) {
            m_form->showUnkept(secret);
        } else if (!m_secrets.isLasting()) {
            m_secrets.read(key, this, [this, id = connection->id, secret](const SecretAnswer& answer) {
                if (answer.kind != SecretAnswer::Kind::Done && id == m_edited) {
                    m_form->showUnkept(secret);
                }
            });
        }
    }
}

void ConnectionsPage::test() {
    const auto connection = m_form->connection();
    if (!connection) {
        showProblem(QString::fromStdString(connection.error().text()));
        return;
    }
    showProblem({});
    m_test->start(*connection, m_form->typedSecrets());
}

void ConnectionsPage::showProblem(const QString& sentence) {
    m_problem->setText(sentence);
    m_problem->setVisible(!sentence.isEmpty());
}

void ConnectionsPage::showLasting() {
    m_lasting->setText(
        tr("This desktop has no keychain: passwords are kept until Millrace ends, and asked for again at the "
           "next start."));
    m_lasting->setVisible(!m_secrets.isLasting());
    showUnkept();
}

} // namespace app
