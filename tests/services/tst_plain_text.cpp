// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/store_address.h"
#include "services/target/plain_text.h"
#include "tests/test_class.h"

#include <QTest>

class TestPlainText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        for (const char* const variable : {"PGSSLMODE", "PGHOST", "PGHOSTADDR"}) {
            qunsetenv(variable);
        }
    }

    void kafka_data() {
        QTest::addColumn<QString>("servers");
        QTest::addColumn<QString>("protocol");
        QTest::addColumn<bool>("warns");
        const auto row = [](const char* name, const char* servers, const char* protocol, bool warns) {
            QTest::newRow(name) << QString::fromLatin1(servers) << QString::fromLatin1(protocol) << warns;
        };
        row("the embedded one", "embedded", "", false);
        row("this host", "localhost:9092,127.0.0.2:9092,[::1]:9092", "", false);
        row("another host", "localhost:9092,kafka:9092", "", true);
        row("a name that only begins like an address of this host", "127.0.0.1.example.org:9092", "", true);
        row("a login without TLS", "kafka:9092", "sasl_plaintext", true);
        row("TLS", "kafka:9092", "ssl", false);
        row("TLS and a login", "kafka:9092", "sasl_ssl", false);
        row("in capitals, as many write it", "kafka:9092", "SASL_SSL", false);
    }
    void kafka() {
        QFETCH(const QString, servers);
        QFETCH(const QString, protocol);
        core::KafkaSettings settings;
        if (!protocol.isEmpty()) {
            settings.client["security.protocol"] = protocol.toStdString();
        }
        const auto warning = services::plainTextWarning(*core::BrokerAddress::create(servers.toStdString()), settings);
        QTEST(warning.has_value(), "warns");
        QVERIFY(!warning || warning->starts_with("Kafka at " + servers.toStdString() + " "));
    }

    void postgres_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QByteArray>("variable");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("warns");
        const auto row = [](const char* name, const char* url, bool warns, const char* variable = "",
                            const char* value = "") {
            QTest::newRow(name) << QString::fromLatin1(url) << QByteArray(variable) << QByteArray(value) << warns;
        };
        row("the embedded one", "embedded", false);
        row("a file", "sqlite:events.sqlite", false);
        row("this host", "postgresql://me@localhost/logs", false);
        row("a socket", "postgresql:///logs?host=/run/postgresql", false);
        row("another host, where libpq accepts what the server offers", "postgresql://me@db/logs", true);
        row("prefer is such", "postgresql://me@db/logs?sslmode=prefer", true);
        row("one of several", "postgresql://me@localhost,db/logs", true);
        row("the address counts, not the name", "postgresql://me@db/logs?hostaddr=127.0.0.1", false);
        row("encrypted, whoever answers", "postgresql://me@db/logs?sslmode=require", false);
        row("encrypted and known", "postgresql://me@db/logs?sslmode=verify-full", false);
        row("the environment says so", "postgresql://me@db/logs", false, "PGSSLMODE", "verify-ca");
        row("the URL wins over the environment", "postgresql://me@db/logs?sslmode=disable", true, "PGSSLMODE",
            "require");
        row("the environment names another host", "postgresql:///logs", true, "PGHOST", "db");
        row("or its address", "postgresql://me@localhost/logs", true, "PGHOSTADDR", "192.0.2.1");
    }
    void postgres() {
        QFETCH(const QString, url);
        QFETCH(const QByteArray, variable);
        QFETCH(const QByteArray, value);
        if (!variable.isEmpty()) {
            qputenv(variable.constData(), value);
        }
        const auto store = services::readStoreAddress(url.toStdString());
        QVERIFY(store);
        QTEST(services::plainTextWarning(*store).has_value(), "warns");
    }

    void redis_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<bool>("warns");
        QTest::newRow("memory") << QStringLiteral("memory") << false;
        QTest::newRow("this host") << QStringLiteral("redis://127.0.0.1:6379") << false;
        QTest::newRow("another host") << QStringLiteral("redis://:secret@cache:6379") << true;
    }
    void redis() {
        QFETCH(const QString, url);
        const auto warning = services::plainTextWarning(*core::DedupeAddress::create(url.toStdString()));
        QTEST(warning.has_value(), "warns");
        QVERIFY(!warning || warning->find("secret") == std::string::npos);
    }
};

TEST_CLASS(TestPlainText)
#include "tst_plain_text.moc"
