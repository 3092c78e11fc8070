// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/connections/connection.h"

#include "core/scenario/client_settings.h"
#include "services/target/target_address.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QUrl>
#include <QUuid>
#include <algorithm>
#include <cstring>

namespace app {

namespace {

struct ConnectionTexts { // the translator's context
    Q_DECLARE_TR_FUNCTIONS(app::Connection)
};

core::Error invalid(const QString& sentence) {
    return core::invalid(sentence.toStdString());
}

bool isServer(const QString& text) {
    const qsizetype colon = text.lastIndexOf(QLatin1Char(':'));
    bool isNumber = false;
    const int port = text.mid(colon + 1).toInt(&isNumber);
    const bool hasOdd = std::any_of(text.begin(), text.end(), [](QChar c) {
        return c.isSpace() || c == QLatin1Char('/') || c == QLatin1Char('@');
    });
    return colon > 0 && isNumber && port > 0 && port <= 65'535 && !hasOdd;
}

bool holdsPassword(const QString& url) {
    const std::string text = url.toStdString();
    return services::withoutPassword(text) != text;
}

bool beginsWith(const QString& text, std::initializer_list<const char*> beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(), [&](const char* beginning) {
        return text.startsWith(QLatin1String(beginning)) &&
               text.size() > static_cast<qsizetype>(std::strlen(beginning)) && !text.contains(QLatin1Char(' '));
    });
}

bool isAllowed(const QString& setting) {
    const auto allowed = core::allowedClientSettings();
    const std::string name = setting.toStdString();
    return std::ranges::find(allowed, std::string_view(name)) != allowed.end() && !core::isSecretClientSetting(name);
}

/// The password goes between the user and the '@'.
QString withPassword(const QString& url, const QString& password) {
    const qsizetype start = url.indexOf(QStringLiteral("://")) + 3;
    const qsizetype slash = url.indexOf(QLatin1Char('/'), start);
    const qsizetype question = url.indexOf(QLatin1Char('?'), start);
    qsizetype end = url.size();
    for (const qsizetype at : {slash, question}) {
        end = at >= 0 ? std::min(end, at) : end;
    }
    const QString authority = url.mid(start, end - start);
    const qsizetype at = authority.lastIndexOf(QLatin1Char('@'));
    const QString user = at < 0 ? QString() : authority.left(at);
    return url.left(start) + user + QLatin1Char(':') + QString::fromLatin1(QUrl::toPercentEncoding(password)) +
           QLatin1Char('@') + authority.mid(at + 1) + url.mid(end);
}

QString withParameters(QString url, const QMap<QString, QString>& parameters) {
    for (auto it = parameters.begin(); it != parameters.end(); ++it) {
        url += url.contains(QLatin1Char('?')) ? QLatin1Char('&') : QLatin1Char('?');
        url += it.key() + QLatin1Char('=') + QString::fromLatin1(QUrl::toPercentEncoding(it.value()));
    }
    return url;
}

QString storeUrl(const Connection& connection, const Secrets& secrets) {
    if (!connection.store.startsWith(QStringLiteral("postgres"))) {
        return connection.store;
    }
    const QString url = withParameters(connection.store, connection.postgres);
    const QString password = secrets.value(Secret::StorePassword);
    return password.isEmpty() ? url : withPassword(url, password);
}

QString dedupeUrl(const Connection& connection, const Secrets& secrets) {
    const QString password = secrets.value(Secret::DedupePassword);
    return password.isEmpty() || connection.dedupe.isEmpty() ? connection.dedupe
                                                             : withPassword(connection.dedupe, password);
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

/// What is wrong with it, in a sentence; empty: nothing.
QString problemOf(const Connection& connection) {
    if (connection.name.trimmed().isEmpty()) {
        return ConnectionTexts::tr("A connection needs a name.");
    }
    const QStringList servers = connection.broker.split(QLatin1Char(','));
    if (!connection.broker.isEmpty() && !std::all_of(servers.begin(), servers.end(), isServer)) {
        return ConnectionTexts::tr(
            "The broker's address should look like HOST:PORT, several with commas between them.");
    }
    for (const QString& url : {connection.store, connection.dedupe}) {
        if (holdsPassword(url)) {
            return ConnectionTexts::tr(
                "An address must not hold a password, for it is kept in a file: write it into the field "
                "for the password.");
        }
    }
    if (!connection.store.isEmpty() && !beginsWith(connection.store, {"postgresql://", "postgres://", "sqlite:"})) {
        return ConnectionTexts::tr(
            "The store's address should look like postgresql://USER@HOST:PORT/DATABASE or sqlite:FILE.");
    }
    if (!connection.dedupe.isEmpty() && !beginsWith(connection.dedupe, {"redis://", "rediss://"})) {
        return ConnectionTexts::tr("The duplicate filter's address should look like redis://HOST:PORT.");
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
    const auto orWord = [](const QString& text, const char* word) {
        return text.isEmpty() ? word : text.toStdString();
    };
    services::ServerAccess access;
    access.target = {orWord(connection.broker, "embedded"), orWord(storeUrl(connection, secrets), "embedded"),
                     orWord(dedupeUrl(connection, secrets), "memory")};
    for (auto it = connection.kafka.begin(); it != connection.kafka.end(); ++it) {
        access.kafkaClient.emplace(it.key().toStdString(), it.value().toStdString());
    }
    const auto add = [&](const char* setting, Secret secret) {
        if (const QString value = secrets.value(secret); !value.isEmpty()) {
            access.kafkaClient.insert_or_assign(setting, value.toStdString());
        }
    };
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
