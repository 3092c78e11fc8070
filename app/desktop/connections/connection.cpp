// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/connections/connection.h"

#include "core/scenario/client_settings.h"
#include "core/target/daemon_list.h"
#include "core/target/url_parts.h"
#include "services/store/store_address.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QUuid>
#include <algorithm>
#include <array>
#include <string_view>

namespace app {

namespace {

struct ConnectionTexts { // the translator's context
    Q_DECLARE_TR_FUNCTIONS(app::Connection)
};

core::Error invalid(const QString& sentence) {
    return core::invalid(sentence.toStdString());
}

bool isAllowed(const QString& setting) {
    const auto allowed = core::allowedClientSettings();
    const std::string name = setting.toStdString();
    return std::ranges::find(allowed, std::string_view(name)) != allowed.end() && !core::isSecretClientSetting(name);
}

/// The store's address with the settings that the form has fields for.
std::string storeText(const Connection& connection) {
    std::string text = connection.store.toStdString();
    if (!text.starts_with("postgres")) {
        return text;
    }
    for (auto it = connection.postgres.begin(); it != connection.postgres.end(); ++it) {
        text += text.find('?') == std::string::npos ? '?' : '&';
        text += it.key().toStdString() + "=" + core::percentEncoded(it.value().toStdString());
    }
    return text;
}

/// The address of a part; an empty one is embedded.
core::Result<core::BrokerAddress> brokerOf(const Connection& connection) {
    return connection.broker.isEmpty() ? core::BrokerAddress()
                                       : core::BrokerAddress::create(connection.broker.toStdString());
}

core::Result<core::StoreAddress> storeOf(const Connection& connection) {
    return connection.store.isEmpty() ? core::StoreAddress() : services::readStoreAddress(storeText(connection));
}

core::Result<core::DedupeAddress> dedupeOf(const Connection& connection) {
    return connection.dedupe.isEmpty() ? core::DedupeAddress()
                                       : core::DedupeAddress::create(connection.dedupe.toStdString());
}

QJsonObject objectOf(const QMap<QString, QString>& texts) {
    QJsonObject object;
    for (auto it = texts.begin(); it != texts.end(); ++it) {
        object.insert(it.key(), it.value());
    }
    return object;
}

QMap<QString, QString> textsOf(const QJsonValue& value) {
    QMap<QString, QString> texts;
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        texts.insert(it.key(), it.value().toString());
    }
    return texts;
}

/// What is wrong with a part, in a sentence; empty: nothing. `form`: what its address should look like.
template <typename Address>
QString problemOf(const core::Result<Address>& address, const QString& form) {
    if (!address) {
        return form;
    }
    return address->secrets().empty()
               ? QString()
               : ConnectionTexts::tr("An address must not hold a password, for it is kept in a file: write it into the "
                                     "field for the password.");
}

QString problemOfDaemons(const Connection& connection) {
    if (connection.daemons.isEmpty()) {
        return {};
    }
    if (!core::readDaemons(connection.daemons.toStdString())) {
        return ConnectionTexts::tr("The daemons' addresses should look like HOST:PORT or dns:NAME:PORT, several with "
                                   "commas between them.");
    }
    if (connection.broker.isEmpty() || !connection.store.startsWith(QLatin1String("postgres"))) {
        return ConnectionTexts::tr(
            "Daemons meet at real servers: the connection needs the broker's address and that of "
            "a PostgreSQL as well.");
    }
    return {};
}

/// What is wrong with it, in a sentence; empty: nothing.
QString problemOf(const Connection& connection) {
    if (connection.name.trimmed().isEmpty()) {
        return ConnectionTexts::tr("A connection needs a name.");
    }
    const std::array parts{
        problemOf(
            brokerOf(connection),
            ConnectionTexts::tr("The broker's address should look like HOST:PORT, several with commas between them.")),
        problemOf(storeOf(connection),
                  ConnectionTexts::tr(
                      "The store's address should look like postgresql://USER@HOST:PORT/DATABASE or sqlite:FILE.")),
        problemOf(dedupeOf(connection),
                  ConnectionTexts::tr("The duplicate filter's address should look like redis://HOST:PORT."))};
    for (const QString& problem : parts) {
        if (!problem.isEmpty()) {
            return problem;
        }
    }
    if (const QString daemons = problemOfDaemons(connection); !daemons.isEmpty()) {
        return daemons;
    }
    for (const QString& setting : connection.kafka.keys()) {
        if (!isAllowed(setting)) {
            return ConnectionTexts::tr("The Kafka setting %1 is not allowed here.").arg(setting);
        }
    }
    return {};
}

} // namespace

QString wordOf(Secret secret) {
    switch (secret) {
    case Secret::KafkaPassword:
        return QStringLiteral("kafka.password");
    case Secret::KafkaKeyPassword:
        return QStringLiteral("kafka.key-password");
    case Secret::StorePassword:
        return QStringLiteral("store.password");
    case Secret::DedupePassword:
        return QStringLiteral("dedupe.password");
    case Secret::DaemonToken:
        return QStringLiteral("daemons.token");
    }
    Q_UNREACHABLE();
}

QString nameOf(Secret secret) {
    switch (secret) {
    case Secret::KafkaPassword:
        return ConnectionTexts::tr("Password for Kafka");
    case Secret::KafkaKeyPassword:
        return ConnectionTexts::tr("Password of the Kafka key file");
    case Secret::StorePassword:
        return ConnectionTexts::tr("Password for PostgreSQL");
    case Secret::DedupePassword:
        return ConnectionTexts::tr("Password for Redis");
    case Secret::DaemonToken:
        return ConnectionTexts::tr("Token of the daemons");
    }
    Q_UNREACHABLE();
}

Connection newConnection(const QString& name) {
    Connection connection;
    connection.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    connection.name = name;
    return connection;
}

QString secretKey(const Connection& connection, Secret secret) {
    return connection.id + QLatin1Char('/') + wordOf(secret);
}

core::Status check(const Connection& connection) {
    const QString problem = problemOf(connection);
    return problem.isEmpty() ? core::Status() : invalid(problem);
}

services::ServerAccess accessOf(const Connection& connection, const Secrets& secrets) {
    const auto secretOf = [&secrets](Secret secret) { return core::Secret(secrets.value(secret).toStdString()); };
    services::ServerAccess access;
    access.target = {*brokerOf(connection), storeOf(connection)->withPassword(secretOf(Secret::StorePassword)),
                     dedupeOf(connection)->withPassword(secretOf(Secret::DedupePassword))};
    for (auto it = connection.kafka.begin(); it != connection.kafka.end(); ++it) {
        access.kafkaClient.emplace(it.key().toStdString(), it.value().toStdString());
    }
    const auto add = [&](const char* setting, Secret secret) {
        if (const QString value = secrets.value(secret); !value.isEmpty()) {
            access.kafkaClient.insert_or_assign(setting, value.toStdString());
        }
    };
    if (!connection.daemons.isEmpty()) {
        access.daemons = *core::readDaemons(connection.daemons.toStdString());
        access.daemonToken = secretOf(Secret::DaemonToken);
    }
    add("sasl.password", Secret::KafkaPassword);
    add("ssl.key.password", Secret::KafkaKeyPassword);
    return access;
}

QJsonObject toJson(const Connection& connection) {
    QJsonArray secrets;
    for (const Secret secret : kSecrets) {
        if (connection.secrets.contains(secret)) {
            secrets.append(wordOf(secret));
        }
    }
    return {{QStringLiteral("id"), connection.id},
            {QStringLiteral("name"), connection.name},
            {QStringLiteral("broker"), connection.broker},
            {QStringLiteral("store"), connection.store},
            {QStringLiteral("dedupe"), connection.dedupe},
            {QStringLiteral("daemons"), connection.daemons},
            {QStringLiteral("kafka"), objectOf(connection.kafka)},
            {QStringLiteral("postgres"), objectOf(connection.postgres)},
            {QStringLiteral("secrets"), secrets}};
}

core::Result<Connection> connectionFromJson(const QJsonObject& json) {
    const auto text = [&](const char* key) { return json.value(QLatin1String(key)).toString(); };
    Connection connection;
    connection.id = text("id");
    connection.name = text("name");
    connection.broker = text("broker");
    connection.store = text("store");
    connection.dedupe = text("dedupe");
    connection.daemons = text("daemons");
    connection.kafka = textsOf(json.value(QStringLiteral("kafka")));
    connection.postgres = textsOf(json.value(QStringLiteral("postgres")));
    const QJsonArray secrets = json.value(QStringLiteral("secrets")).toArray();
    for (const Secret secret : kSecrets) {
        if (secrets.contains(wordOf(secret))) {
            connection.secrets.insert(secret);
        }
    }
    if (connection.id.isEmpty()) {
        return invalid(ConnectionTexts::tr("A connection has no id."));
    }
    if (const core::Status checked = check(connection); !checked) {
        return checked.error();
    }
    return connection;
}

} // namespace app
