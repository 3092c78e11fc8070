// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/connections/connection_opener.h"

#include <QTimer>

/// A keychain that remembers in the open, and can refuse.
class FakeKeychain : public app::SecretStore {
    Q_OBJECT

public:
    using app::SecretStore::SecretStore;

    QMap<QString, QString> kept;
    QString refusal; ///< not empty: the reason why it refuses everything
    bool lasting = true;

    void read(const QString& key, QObject* context, Take take) override {
        const bool isMissing = !kept.contains(key);
        answer(context, std::move(take), isMissing ? Kind::Missing : Kind::Done, kept.value(key));
    }
    void write(const QString& key, const QString& value, QObject* context, Take take) override {
        if (refusal.isEmpty()) {
            kept.insert(key, value);
        }
        answer(context, std::move(take), Kind::Done);
    }
    void remove(const QString& key, QObject* context, Take take) override {
        kept.remove(key);
        answer(context, std::move(take), Kind::Done);
    }
    bool isLasting() const override { return lasting; }

private:
    using Kind = app::SecretAnswer::Kind;
    void answer(QObject* context, Take take, Kind kind, const QString& value = {}) {
        const app::SecretAnswer given =
            refusal.isEmpty() ? app::SecretAnswer{kind, value, {}} : app::SecretAnswer{Kind::Failed, {}, refusal};
        QTimer::singleShot(0, context, [take = std::move(take), given] { take(given); });
    }
};

/// A user who answers every question alike; nothing: would rather not.
struct FakeUser {
    std::optional<QString> answer;
    QStringList questions;

    app::AskForSecret asked() {
        return [this](const QString& question, QObject*, const auto& take) {
            questions.append(question);
            take(answer);
        };
    }
};

/// Every kind of server, and every kind of secret.
inline app::Connection fullConnection() {
    app::Connection connection = app::newConnection(QStringLiteral("staging"));
    connection.broker = QStringLiteral("kafka-1:9093,kafka-2:9093");
    connection.store = QStringLiteral("postgresql://me@db:5432/logs");
    connection.dedupe = QStringLiteral("redis://cache:6379/2");
    connection.daemons = QStringLiteral("10.0.0.1:8081,dns:consumers.example:8082");
    connection.kafka = {{QStringLiteral("security.protocol"), QStringLiteral("sasl_ssl")},
                        {QStringLiteral("sasl.mechanism"), QStringLiteral("SCRAM-SHA-256")},
                        {QStringLiteral("sasl.username"), QStringLiteral("writer")},
                        {QStringLiteral("socket.timeout.ms"), QStringLiteral("10000")}};
    connection.postgres = {{QStringLiteral("sslmode"), QStringLiteral("verify-full")},
                           {QStringLiteral("sslrootcert"), QStringLiteral("/etc/our ca.pem")}};
    connection.secrets = {app::kSecrets.begin(), app::kSecrets.end()};
    return connection;
}
