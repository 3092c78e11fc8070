// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/connections/connection_form.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <algorithm>

namespace app {

namespace {

const QString kSslMode = QStringLiteral("sslmode");

void setChoice(QComboBox& choice, const QString& value) {
    if (choice.findData(value) < 0) {
        choice.addItem(value, value); // whatever the file says stays
    }
    choice.setCurrentIndex(choice.findData(value));
}

bool isOneOf(const QComboBox& choice, std::initializer_list<const char*> values) {
    return std::ranges::any_of(
        values, [now = choice.currentData().toString()](const char* value) { return now == QLatin1String(value); });
}

void insertUnlessEmpty(QMap<QString, QString>& into, const QString& name, const QString& value) {
    if (!value.isEmpty()) {
        into.insert(name, value);
    }
}

} // namespace

ConnectionForm::ConnectionForm(QWidget* parent) : QWidget(parent) {
    auto* form = new QFormLayout(this);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    m_name = addLine(*form, QStringLiteral("name"), tr("&Name"), {}, tr("As it appears wherever a target is chosen."));
    addKafka(*form);
    addStore(*form);
    addDedupe(*form);
    addDaemons(*form);
    form->addItem(new QSpacerItem(0, 0, QSizePolicy::Minimum, QSizePolicy::Expanding));
}

QLineEdit* ConnectionForm::addLine(QFormLayout& form, const QString& objectName, const QString& label,
                                   const QString& hint, const QString& toolTip) {
    auto* edit = new QLineEdit(this);
    edit->setObjectName(objectName);
    edit->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    edit->setPlaceholderText(hint);
    edit->setToolTip(toolTip);
    form.addRow(label, edit);
    connect(edit, &QLineEdit::textEdited, this, &ConnectionForm::edited);
    return edit;
}

QComboBox* ConnectionForm::addChoice(QFormLayout& form, const QString& objectName, const QString& label,
                                     const QString& standard, const QStringList& choices, const QString& toolTip) {
    auto* choice = new QComboBox(this);
    choice->setObjectName(objectName);
    choice->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    choice->addItem(tr("%1 (default)").arg(standard), QString());
    for (const QString& value : choices) {
        choice->addItem(value, value);
    }
    choice->setToolTip(toolTip);
    form.addRow(label, choice);
    connect(choice, &QComboBox::activated, this, &ConnectionForm::edited);
    connect(choice, &QComboBox::currentIndexChanged, this, &ConnectionForm::fold);
    return choice;
}

QLineEdit* ConnectionForm::addFile(QFormLayout& form, const QString& objectName, const QString& label,
                                   const QString& toolTip) {
    auto* edit = new QLineEdit(this);
    edit->setObjectName(objectName);
    edit->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    edit->setToolTip(toolTip);
    auto* browse = new QPushButton(tr("Browse…"), this);
    browse->setObjectName(QStringLiteral("browse.") + objectName);
    browse->setAccessibleName(tr("Browse: %1").arg(edit->accessibleName()));
    browse->setToolTip(tr("Chooses the file."));
    auto* row = new QHBoxLayout;
    row->addWidget(edit, 1);
    row->addWidget(browse);
    form.addRow(label, row);
    qobject_cast<QLabel*>(form.labelForField(row))->setBuddy(edit);
    connect(edit, &QLineEdit::textEdited, this, &ConnectionForm::edited);
    connect(browse, &QPushButton::clicked, this, [this, edit] {
        const QString file = QFileDialog::getOpenFileName(this, edit->accessibleName(), QFileInfo(edit->text()).path(),
                                                          tr("PEM files (*.pem *.crt *.cer *.key);;All files (*)"));
        if (!file.isEmpty()) {
            edit->setText(file);
            Q_EMIT edited();
        }
    });
    return edit;
}

void ConnectionForm::addSecret(QFormLayout& form, Secret secret, const QString& label, const QString& toolTip) {
    auto* edit = new QLineEdit(this);
    edit->setObjectName(wordOf(secret));
    edit->setAccessibleName(nameOf(secret));
    edit->setEchoMode(QLineEdit::Password);
    edit->setToolTip(toolTip);
    auto* button = new QPushButton(tr("Forget"), this);
    button->setObjectName(QStringLiteral("forget.") + wordOf(secret));
    button->setAccessibleName(tr("Forget: %1").arg(nameOf(secret)));
    button->setToolTip(tr("Forgets the stored password when the connection is saved."));
    auto* line = new QHBoxLayout;
    line->addWidget(edit, 1);
    line->addWidget(button);
    form.addRow(label, line);
    qobject_cast<QLabel*>(form.labelForField(line))->setBuddy(edit);
    m_secrets[secret] = {edit, button};
    connect(edit, &QLineEdit::textEdited, this, &ConnectionForm::edited);
    connect(button, &QPushButton::clicked, this, [this, secret] { forget(secret); });
}

void ConnectionForm::addHeading(QFormLayout& form, const QString& text) {
    auto* heading = new QLabel(text, this);
    QFont font = heading->font();
    font.setBold(true);
    heading->setFont(font);
    heading->setContentsMargins(0, 10, 0, 0);
    heading->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); // what is folded leaves its room at the end
    form.addRow(heading);
}

void ConnectionForm::addKafka(QFormLayout& form) {
    addHeading(form, tr("Broker (Kafka)"));
    m_broker = addLine(form, QStringLiteral("broker"), tr("&Broker address"), tr("embedded, or HOST:PORT,…"),
                       tr("HOST:PORT, several with commas between them. Empty: each run brings its own broker."));
    const QStringList protocols{QStringLiteral("plaintext"), QStringLiteral("ssl"), QStringLiteral("sasl_plaintext"),
                                QStringLiteral("sasl_ssl")};
    const QStringList mechanisms{QStringLiteral("PLAIN"), QStringLiteral("SCRAM-SHA-256"),
                                 QStringLiteral("SCRAM-SHA-512")};
    const auto choice = [&](const char* setting, const QString& label, const QString& standard,
                            const QStringList& choices, const QString& tip) {
        const QString name = QLatin1String(setting);
        m_kafkaChoices[name] = addChoice(form, name, label, standard, choices, tip);
    };
    const auto line = [&](const char* setting, const QString& label, const QString& tip) {
        const QString name = QLatin1String(setting);
        m_kafkaLines[name] = addLine(form, name, label, {}, tip);
    };
    const auto file = [&](const char* setting, const QString& label, const QString& tip) {
        const QString name = QLatin1String(setting);
        m_kafkaLines[name] = addFile(form, name, label, tip);
    };
    choice("security.protocol", tr("Security &protocol"), QStringLiteral("plaintext"), protocols,
           tr("How to speak to the broker: in the clear or by TLS (ssl), with or without a login (sasl)."));
    choice("sasl.mechanism", tr("SASL &mechanism"), QStringLiteral("GSSAPI"), mechanisms,
           tr("How the login is proved."));
    line("sasl.username", tr("SASL &user"), tr("The name to log in with."));
    addSecret(form, Secret::KafkaPassword, tr("SASL pass&word"),
              tr("Kept in the desktop's keychain, never in a file."));
    file("ssl.ca.location", tr("&CA certificates"), tr("A PEM file with those who may vouch for the broker."));
    file("ssl.certificate.location", tr("Client certificate"),
         tr("A PEM file, where the broker wants to know us by TLS."));
    file("ssl.key.location", tr("Client &key"), tr("The certificate's key, a PEM file."));
    addSecret(form, Secret::KafkaKeyPassword, tr("Passw&ord of the key"),
              tr("Kept in the desktop's keychain, never in a file."));
    m_kafkaOthers = new QPlainTextEdit(this);
    m_kafkaOthers->setObjectName(QStringLiteral("kafkaOthers"));
    m_kafkaOthers->setAccessibleName(tr("Further Kafka settings"));
    m_kafkaOthers->setToolTip(tr("Settings of librdkafka that a scenario may name as well, a line each."));
    m_kafkaOthers->setPlaceholderText(QStringLiteral("socket.timeout.ms=10000"));
    m_kafkaOthers->setTabChangesFocus(true);
    m_kafkaOthers->setFixedHeight(m_kafkaOthers->fontMetrics().lineSpacing() * 3 + 12);
    form.addRow(tr("Further settin&gs"), m_kafkaOthers);
    connect(m_kafkaOthers, &QPlainTextEdit::textChanged, this, &ConnectionForm::edited);
}

void ConnectionForm::addStore(QFormLayout& form) {
    addHeading(form, tr("Store (PostgreSQL)"));
    m_store = addLine(form, QStringLiteral("storeUrl"), tr("S&tore address"),
                      tr("embedded, or postgresql://USER@HOST:PORT/DATABASE"),
                      tr("Without a password. sqlite:FILE is possible too. Empty: each run creates its own file."));
    addSecret(
        form, Secret::StorePassword, tr("Password"),
        tr("Kept in the desktop's keychain, never in a file. Empty: PGPASSWORD or ~/.pgpass, if they are there."));
    const QStringList modes{QStringLiteral("disable"), QStringLiteral("prefer"), QStringLiteral("require"),
                            QStringLiteral("verify-ca"), QStringLiteral("verify-full")};
    m_sslMode = addChoice(form, kSslMode, tr("TLS (sslmode)"), QStringLiteral("prefer"), modes,
                          tr("verify-full is the only one that is safe from somebody in between. Empty: TLS where "
                             "the server offers it (prefer)."));
    const auto file = [&](const char* setting, const QString& label, const QString& tip) {
        const QString name = QLatin1String(setting);
        m_postgresLines[name] = addFile(form, name, label, tip);
    };
    file("sslrootcert", tr("CA certificates"), tr("A PEM file with those who may vouch for the server."));
    file("sslcert", tr("Client certificate"), tr("A PEM file, where the server wants to know us by TLS."));
    file("sslkey", tr("Client key"), tr("The certificate's key, a PEM file without a password."));
}

void ConnectionForm::addDedupe(QFormLayout& form) {
    addHeading(form, tr("Duplicate filter (Redis)"));
    m_dedupe = addLine(form, QStringLiteral("dedupeUrl"), tr("&Duplicate filter's address"),
                       tr("in memory, or redis://HOST:PORT"), tr("Without a password. Empty: in memory."));
    addSecret(form, Secret::DedupePassword, tr("Password"), tr("Kept in the desktop's keychain, never in a file."));
}

void ConnectionForm::addDaemons(QFormLayout& form) {
    addHeading(form, tr("Daemons"));
    m_daemons = addLine(form, QStringLiteral("daemons"), tr("Addresses of daemons"), tr("none, or HOST:PORT,…"),
                        tr("Producers and consumers that send and store instead of this process: HOST:PORT, several "
                           "with commas between them, or dns:NAME:PORT for every address of a name. Empty: none."));
    addSecret(form, Secret::DaemonToken, tr("Token"), tr("Kept in the desktop's keychain, never in a file."));
}

void ConnectionForm::setConnection(const Connection& connection) {
    m_shown = connection;
    m_forgotten.clear();
    m_name->setText(connection.name);
    m_broker->setText(connection.broker);
    m_store->setText(connection.store);
    m_dedupe->setText(connection.dedupe);
    m_daemons->setText(connection.daemons);
    QMap<QString, QString> others = connection.kafka;
    for (const auto& [name, edit] : m_kafkaLines) {
        edit->setText(others.take(name));
    }
    for (const auto& [name, choice] : m_kafkaChoices) {
        setChoice(*choice, others.take(name));
    }
    QStringList lines;
    for (auto it = others.begin(); it != others.end(); ++it) {
        lines += it.key() + QLatin1Char('=') + it.value();
    }
    {
        const QSignalBlocker quiet(m_kafkaOthers);
        m_kafkaOthers->setPlainText(lines.join(QLatin1Char('\n')));
    }
    setChoice(*m_sslMode, connection.postgres.value(kSslMode));
    for (const auto& [name, edit] : m_postgresLines) {
        edit->setText(connection.postgres.value(name));
    }
    for (const Secret secret : kSecrets) {
        showSecret(secret);
    }
    fold();
}

/// Fields of TLS and of a login are shown where these are in use, or where something is in them.
void ConnectionForm::fold() {
    if (m_secrets.size() < kSecrets.size()) {
        return; // not all fields are there yet
    }
    auto* form = qobject_cast<QFormLayout*>(layout());
    const auto show = [form](QLineEdit* edit, bool isUsed) {
        int row = 0;
        for (; row < form->rowCount(); ++row) {
            const QLayoutItem* label = form->itemAt(row, QFormLayout::LabelRole);
            if (label != nullptr && qobject_cast<QLabel*>(label->widget())->buddy() == edit) {
                break;
            }
        }
        form->setRowVisible(row, isUsed || !edit->text().isEmpty());
    };
    const auto showSecretField = [&](Secret secret, bool isUsed) {
        show(m_secrets.at(secret).edit, isUsed || m_shown.secrets.contains(secret));
    };
    const QComboBox& protocol = *m_kafkaChoices.at(QStringLiteral("security.protocol"));
    QComboBox* mechanism = m_kafkaChoices.at(QStringLiteral("sasl.mechanism"));
    const bool hasLogin = isOneOf(protocol, {"sasl_plaintext", "sasl_ssl"});
    const bool hasTls = isOneOf(protocol, {"ssl", "sasl_ssl"});
    form->setRowVisible(mechanism, hasLogin || !mechanism->currentData().toString().isEmpty());
    show(m_kafkaLines.at(QStringLiteral("sasl.username")), hasLogin);
    showSecretField(Secret::KafkaPassword, hasLogin);
    for (const char* const file : {"ssl.ca.location", "ssl.certificate.location", "ssl.key.location"}) {
        show(m_kafkaLines.at(QLatin1String(file)), hasTls);
    }
    showSecretField(Secret::KafkaKeyPassword, hasTls);
    for (const auto& [name, edit] : m_postgresLines) {
        show(edit, isOneOf(*m_sslMode, {"require", "verify-ca", "verify-full"}));
    }
}

void ConnectionForm::showSecret(Secret secret) {
    const bool isKept = m_shown.secrets.contains(secret) && !m_forgotten.contains(secret);
    const SecretField& field = m_secrets.at(secret);
    field.edit->clear();
    field.edit->setPlaceholderText(isKept ? tr("kept; type to change it") : tr("none"));
    field.forget->setEnabled(isKept);
}

void ConnectionForm::showUnkept(Secret secret) {
    const SecretField& field = m_secrets.at(secret);
    field.edit->setPlaceholderText(tr("not kept; asked for when it is needed"));
    field.forget->setEnabled(false);
}

void ConnectionForm::forget(Secret secret) {
    m_forgotten.insert(secret);
    m_secrets.at(secret).edit->setFocus();
    showSecret(secret);
    Q_EMIT edited();
}

core::Result<Connection> ConnectionForm::connection() const {
    Connection connection = m_shown;
    connection.name = m_name->text().trimmed();
    connection.broker = m_broker->text().trimmed();
    connection.store = m_store->text().trimmed();
    connection.dedupe = m_dedupe->text().trimmed();
    connection.daemons = m_daemons->text().trimmed();
    connection.kafka.clear();
    for (const QString& line : m_kafkaOthers->toPlainText().split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const qsizetype equals = line.indexOf(QLatin1Char('='));
        if (equals < 1) {
            return core::invalid(
                tr("Further Kafka settings are lines of the form NAME=VALUE, which this one is not: %1")
                    .arg(line)
                    .toStdString());
        }
        connection.kafka.insert(line.left(equals).trimmed(), line.mid(equals + 1).trimmed());
    }
    for (const auto& [name, edit] : m_kafkaLines) {
        insertUnlessEmpty(connection.kafka, name, edit->text().trimmed());
    }
    for (const auto& [name, choice] : m_kafkaChoices) {
        insertUnlessEmpty(connection.kafka, name, choice->currentData().toString());
    }
    connection.postgres.clear();
    insertUnlessEmpty(connection.postgres, kSslMode, m_sslMode->currentData().toString());
    for (const auto& [name, edit] : m_postgresLines) {
        insertUnlessEmpty(connection.postgres, name, edit->text().trimmed());
    }
    connection.secrets.subtract(m_forgotten);
    for (const Secret secret : typedSecrets().keys()) {
        connection.secrets.insert(secret);
    }
    return connection;
}

Secrets ConnectionForm::typedSecrets() const {
    Secrets typed;
    for (const auto& [secret, field] : m_secrets) {
        if (!field.edit->text().isEmpty()) {
            typed.insert(secret, field.edit->text());
        }
    }
    return typed;
}

bool ConnectionForm::isChanged() const {
    const auto now = connection();
    return !now || *now != m_shown || !typedSecrets().isEmpty() || !m_forgotten.isEmpty();
}

void ConnectionForm::focusName() {
    m_name->setFocus();
    m_name->selectAll();
}

} // namespace app
