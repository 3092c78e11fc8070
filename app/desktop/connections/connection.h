// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "services/target/server_access.h"

#include <QJsonObject>
#include <QMap>
#include <QSet>
#include <QString>
#include <array>

namespace app {

/// What a connection may need and no file may hold.
enum class Secret { KafkaPassword, KafkaKeyPassword, StorePassword, DedupePassword, DaemonToken };
inline constexpr std::array kSecrets{Secret::KafkaPassword, Secret::KafkaKeyPassword, Secret::StorePassword,
                                     Secret::DedupePassword, Secret::DaemonToken};
QString wordOf(Secret secret); ///< in files and keys: "kafka.password" …
QString nameOf(Secret secret); ///< for people

using Secrets = QMap<Secret, QString>;

/// Servers under a name, without any password. An empty address: that part is embedded.
struct Connection {
    QString id; ///< a UUID; names its secrets
    QString name;
    QString broker;                  ///< HOST:PORT, several with commas between them
    QString store;                   ///< postgresql://USER@HOST:PORT/DATABASE or sqlite:FILE
    QString dedupe;                  ///< redis://HOST:PORT
    QString daemons;                 ///< HOST:PORT or dns:NAME:PORT, several with commas between them; empty: none
    QMap<QString, QString> kafka;    ///< librdkafka settings from the allow-list, but for the secret ones
    QMap<QString, QString> postgres; ///< sslmode, sslrootcert, sslcert, sslkey
    QSet<Secret> secrets;            ///< which ones it needs; their values are a SecretStore's

    bool operator==(const Connection&) const = default;
};

Connection newConnection(const QString& name); ///< with an id of its own

/// Where the SecretStore keeps it.
QString secretKey(const Connection& connection, Secret secret);

/// Invalid where a run could not use it, with the field's name; also where an address holds a password.
core::Status check(const Connection& connection);

/// What a run is given. Parts of `secrets` that are missing are left out. The connection has been checked.
services::ServerAccess accessOf(const Connection& connection, const Secrets& secrets);

QJsonObject toJson(const Connection& connection);
/// Invalid: not an object of ours, or it names a Kafka setting that is not allowed.
core::Result<Connection> connectionFromJson(const QJsonObject& json);

} // namespace app
