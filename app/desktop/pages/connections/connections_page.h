// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/connections/connection_opener.h"
#include "app/desktop/connections/saved_connections.h"

#include <QWidget>

class QLabel;
class QListView;
class QPushButton;
class QStackedWidget;

namespace app {

class ConnectionForm;
class ConnectionTest;

/// The saved connections: list, edit, test.
class ConnectionsPage : public QWidget {
    Q_OBJECT

public:
    /// `connections` and `secrets` outlive the page.
    ConnectionsPage(SavedConnections& connections, SecretStore& secrets, AskForSecret ask, QWidget* parent = nullptr);

    void choose(const QString& id);

private:
    QWidget* listSide();
    QWidget* editSide(AskForSecret ask);
    QPushButton* button(const QString& objectName, const QString& text, const QString& toolTip,
                        void (ConnectionsPage::*act)());
    void addNew();
    void copy();
    void remove();
    void removeNow(const Connection& connection);
    void save();
    void keepSecrets(const Connection& connection);
    void test();
    void showChosen();
    void showEdited();
    void showProblem(const QString& sentence);
    void showLasting();
    void showUnkept();
    const Connection* chosen() const;
    void edit(const Connection& connection);

    SavedConnections& m_connections;
    SecretStore& m_secrets;
    QListView* m_list = nullptr;
    QStackedWidget* m_views = nullptr;
    ConnectionForm* m_form = nullptr;
    QLabel* m_problem = nullptr;
    QLabel* m_lasting = nullptr;
    QPushButton* m_copy = nullptr;
    QPushButton* m_remove = nullptr;
    QPushButton* m_save = nullptr;
    ConnectionTest* m_test = nullptr;
    QString m_edited;       // the id of the connection in the form
    QSet<QString> m_unkept; // keys of passwords that the keychain has refused
};

} // namespace app
