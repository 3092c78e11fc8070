// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/connections/connection.h"
#include "app/desktop/connections/secret_store.h"

#include <functional>
#include <optional>

class QWidget;

namespace app {

/// Asks the user for a secret; `take` gets nothing if the user would rather not. Not called once `context` has gone.
using AskForSecret = std::function<void(const QString& question, QObject* context,
                                        std::function<void(const std::optional<QString>& answer)> take)>;

/// In a dialog over `window` that holds up nothing.
AskForSecret askInDialog(QWidget* window);

/// Turns a saved connection into what a run, a check or a search is given: its secrets come from the store, and from
/// the user where the store has none. One connection at a time: a newer one takes the place of the one that is on.
class ConnectionOpener : public QObject {
    Q_OBJECT

public:
    ConnectionOpener(SecretStore& secrets, AskForSecret ask, QObject* parent = nullptr);

    /// `known`: secrets that were typed in and need not be looked up.
    void open(const Connection& connection, const Secrets& known = {});
    void cancel(); ///< neither signal comes any more

Q_SIGNALS:
    void opened(const QString& id, const services::ServerAccess& access);
    void failed(const QString& id, const QString& reason);

private:
    void takeNext(int number);
    void takeAnswer(int number, Secret secret, const SecretAnswer& answer);
    void ask(int number, Secret secret, const QString& refusal);
    void fail(const QString& reason);

    SecretStore& m_secrets;
    AskForSecret m_ask;
    int m_number = 0; ///< counts up with each open(); answers to older ones are dropped
    Connection m_connection;
    Secrets m_known;
};

} // namespace app
