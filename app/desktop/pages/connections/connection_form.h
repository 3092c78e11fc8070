// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/connections/connection.h"

#include <QWidget>
#include <map>

class QComboBox;
class QFormLayout;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace app {

/// The fields of one connection. Passwords that are kept elsewhere are not shown: an empty field leaves them as they
/// are.
class ConnectionForm : public QWidget {
    Q_OBJECT

public:
    explicit ConnectionForm(QWidget* parent = nullptr);

    void setConnection(const Connection& connection);
    /// As the fields say; Invalid where the further Kafka settings cannot be read. Not checked beyond that.
    core::Result<Connection> connection() const;
    Secrets typedSecrets() const;
    QSet<Secret> forgottenSecrets() const { return m_forgotten; } ///< that were kept until now
    bool isChanged() const;
    void focusName();
    void showUnkept(Secret secret); ///< the connection needs it, and nobody has it

Q_SIGNALS:
    void edited();

private:
    QLineEdit* addLine(QFormLayout& form, const QString& objectName, const QString& label, const QString& hint,
                       const QString& toolTip);
    QLineEdit* addFile(QFormLayout& form, const QString& objectName, const QString& label, const QString& toolTip);
    QComboBox* addChoice(QFormLayout& form, const QString& objectName, const QString& label, const QString& standard,
                         const QStringList& choices, const QString& toolTip);
    void addSecret(QFormLayout& form, Secret secret, const QString& label, const QString& toolTip);
    void addHeading(QFormLayout& form, const QString& text);
    void addKafka(QFormLayout& form);
    void addStore(QFormLayout& form);
    void addDedupe(QFormLayout& form);
    void addDaemons(QFormLayout& form);
    void forget(Secret secret);
    void fold();
    void showSecret(Secret secret);

    struct SecretField {
        QLineEdit* edit = nullptr;
        QPushButton* forget = nullptr;
    };
    Connection m_shown;
    QSet<Secret> m_forgotten;
    QLineEdit* m_name;
    QLineEdit* m_broker;
    QLineEdit* m_store;
    QLineEdit* m_dedupe;
    QLineEdit* m_daemons;
    std::map<QString, QLineEdit*> m_kafkaLines; ///< by librdkafka's name
    std::map<QString, QComboBox*> m_kafkaChoices;
    QPlainTextEdit* m_kafkaOthers;
    QComboBox* m_sslMode;
    std::map<QString, QLineEdit*> m_postgresLines; ///< by libpq's name
    std::map<Secret, SecretField> m_secrets;
};

} // namespace app
