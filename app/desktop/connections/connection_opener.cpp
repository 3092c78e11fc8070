// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/connections/connection_opener.h"

#include "app/desktop/widgets/tool_tip.h"

#include <QInputDialog>
#include <QPointer>
#include <utility>

namespace app {

AskForSecret askInDialog(QWidget* window) {
    return [window](const QString& question, QObject* context, auto take) {
        auto* dialog = new QInputDialog(window);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setWindowTitle(ConnectionOpener::tr("Password needed"));
        // Its label guesses whether a text is rich: this one is, so that a name's own marks are not read as such.
        dialog->setLabelText(plainToolTip(question));
        dialog->setTextEchoMode(QLineEdit::Password);
        QObject::connect(dialog, &QInputDialog::finished, context, [dialog, take = std::move(take)](int result) {
            take(result == QDialog::Accepted ? std::optional(dialog->textValue()) : std::nullopt);
        });
        dialog->open();
    };
}

ConnectionOpener::ConnectionOpener(SecretStore& secrets, AskForSecret ask, QObject* parent)
    : QObject(parent), m_secrets(secrets), m_ask(std::move(ask)) {}

void ConnectionOpener::open(const Connection& connection, const Secrets& known) {
    ++m_number;
    m_connection = connection;
    m_known = known;
    if (const core::Status checked = check(connection); !checked) {
        fail(QString::fromStdString(checked.error().text()));
        return;
    }
    takeNext(m_number);
}

void ConnectionOpener::cancel() {
    ++m_number;
    m_known.clear();
}

void ConnectionOpener::takeNext(int number) {
    for (const Secret secret : kSecrets) {
        if (!m_connection.secrets.contains(secret) || m_known.contains(secret)) {
            continue;
        }
        m_secrets.read(secretKey(m_connection, secret), this, [this, number, secret](const SecretAnswer& answer) {
            if (number == m_number) {
                takeAnswer(number, secret, answer);
            }
        });
        return;
    }
    const services::ServerAccess access = accessOf(m_connection, std::exchange(m_known, {}));
    Q_EMIT opened(m_connection.id, access);
}

void ConnectionOpener::takeAnswer(int number, Secret secret, const SecretAnswer& answer) {
    switch (answer.kind) {
    case SecretAnswer::Kind::Done:
        m_known.insert(secret, answer.value);
        takeNext(number);
        return;
    case SecretAnswer::Kind::Missing:
    case SecretAnswer::Kind::Failed: // the user knows what the keychain does not give away
        ask(number, secret, answer.reason);
        return;
    }
}

void ConnectionOpener::ask(int number, Secret secret, const QString& refusal) {
    const QString what = tr("%1 of the connection '%2':").arg(nameOf(secret), m_connection.name);
    const QString question = refusal.isEmpty() ? what : refusal + QLatin1Char('\n') + what;
    m_ask(question, this, [this, number, secret](const std::optional<QString>& answer) {
        if (number != m_number) {
            return;
        }
        if (!answer) {
            fail(tr("The connection '%1' cannot be used without its password.").arg(m_connection.name));
            return;
        }
        // Kept where secrets are kept, so that nobody is asked twice; if that fails it is merely asked for again.
        m_secrets.write(secretKey(m_connection, secret), *answer, this, [](const SecretAnswer&) {});
        m_known.insert(secret, *answer);
        takeNext(number);
    });
}

void ConnectionOpener::fail(const QString& reason) {
    m_known.clear();
    Q_EMIT failed(m_connection.id, reason);
}

} // namespace app
