// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/connections/connection_opener.h"
#include "app/desktop/connections/saved_connections.h"
#include "app/desktop/shell/connection_targets.h"
#include "tests/app/connection_fakes.h"
#include "tests/test_class.h"

#include <QAbstractItemModelTester>
#include <QDirIterator>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using app::Connection;
using app::Secret;

namespace {

app::Secrets allSecrets() {
    return {{Secret::KafkaPassword, QStringLiteral("marker-kafka")},
            {Secret::KafkaKeyPassword, QStringLiteral("marker-key")},
            {Secret::StorePassword, QStringLiteral("marker p@ss/w?rd:1")},
            {Secret::DedupePassword, QStringLiteral("marker-redis")},
            {Secret::DaemonToken, QStringLiteral("marker-token")}};
}

std::string valueOf(const services::ServerAccess& access, const char* setting) {
    const auto found = access.kafkaClient.find(setting);
    return found == access.kafkaClient.end() ? std::string("(none)") : found->second;
}

} // namespace

/// Saved connections: what a run is given, and that no file holds a secret.
class ConnectionsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aRunIsGivenAddressesWithPasswords() {
        const services::ServerAccess access = accessOf(fullConnection(), allSecrets());
        const core::ShownTarget shown = access.target.shown();
        QCOMPARE(shown.broker, std::string("kafka-1:9093,kafka-2:9093"));
        QCOMPARE(shown.store,
                 std::string("postgresql://me@db:5432/logs?sslmode=verify-full&sslrootcert=%2Fetc%2Four%20ca.pem"));
        QCOMPARE(shown.dedupe, std::string("redis://cache:6379/2"));
        QVERIFY(access.target.store.secrets() == std::vector{core::Secret("marker p@ss/w?rd:1")});
        QVERIFY(access.target.dedupe.secrets() == std::vector{core::Secret("marker-redis")});
        QCOMPARE(valueOf(access, "sasl.password"), std::string("marker-kafka"));
        QCOMPARE(valueOf(access, "ssl.key.password"), std::string("marker-key"));
        QCOMPARE(valueOf(access, "socket.timeout.ms"), std::string("10000"));
        QCOMPARE(access.daemons, (std::vector<std::string>{"10.0.0.1:8081", "dns:consumers.example:8082"}));
        QVERIFY(access.daemonToken == core::Secret("marker-token"));
    }

    void aTokenGoesToDaemonsOnly() {
        Connection connection = fullConnection();
        connection.daemons.clear();
        const services::ServerAccess access = accessOf(connection, allSecrets());
        QVERIFY(access.daemons.empty());
        QVERIFY(access.daemonToken.empty());
    }

    void daemonsAndTokenSurviveJson() {
        const QJsonObject json = toJson(fullConnection());
        QCOMPARE(json.value(QStringLiteral("daemons")).toString(),
                 QStringLiteral("10.0.0.1:8081,dns:consumers.example:8082"));
        QVERIFY(json.value(QStringLiteral("secrets")).toArray().contains(QStringLiteral("daemons.token")));
        const auto read = app::connectionFromJson(json);
        QVERIFY2(read, read ? "" : read.error().text().c_str());
        Connection expected = fullConnection();
        expected.id = read->id;
        QCOMPARE(*read, expected);
        QJsonObject older = json; // of a version that knew of none
        older.remove(QStringLiteral("daemons"));
        const auto without = app::connectionFromJson(older);
        QVERIFY(without && without->daemons.isEmpty());
    }

    void whatIsNotNamedIsEmbedded() {
        const services::ServerAccess access = accessOf(app::newConnection(QStringLiteral("nothing")), {});
        QVERIFY(access.target.isEmbedded());
        QVERIFY(access.kafkaClient.empty());
    }

    void aRunsScenarioKeepsItsText() {
        core::Scenario scenario;
        scenario.text = "kafka: {client: {client.id: mine, sasl.username: other}}";
        scenario.kafka.client = {{"client.id", "mine"}, {"sasl.username", "other"}};
        core::Target target;
        services::apply(accessOf(fullConnection(), allSecrets()), scenario, target);
        QCOMPARE(scenario.text, std::string("kafka: {client: {client.id: mine, sasl.username: other}}"));
        QCOMPARE(scenario.kafka.client.at("client.id"), std::string("mine"));
        QCOMPARE(scenario.kafka.client.at("sasl.username"), std::string("writer"));
        QCOMPARE(scenario.kafka.client.at("sasl.password"), std::string("marker-kafka"));
        QVERIFY(target.dedupe.secrets() == std::vector{core::Secret("marker-redis")});
    }

    void refusesWhatNoRunCouldUse_data() {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* rule, const char* field, const char* value, const char* reason) {
            QTest::newRow(rule) << QString::fromLatin1(field) << QString::fromLatin1(value)
                                << QString::fromLatin1(reason);
        };
        row("a name is needed", "name", " ", "needs a name");
        row("a broker has a port", "broker", "kafka", "HOST:PORT");
        row("every broker of a list has one", "broker", "kafka:9092,other", "HOST:PORT");
        row("a store has a scheme we know", "store", "mysql://me@db/logs", "postgresql://USER@HOST");
        row("a store's address holds no password", "store", "postgresql://me:secret@db/logs",
            "must not hold a password");
        row("not as a parameter either", "store", "postgresql://me@db/logs?password=secret",
            "must not hold a password");
        row("nor as a setting of the form", "postgres", "password", "must not hold a password");
        row("a filter has a scheme we know", "dedupe", "memcached://cache", "redis://HOST:PORT");
        row("a filter's address holds no password", "dedupe", "redis://:secret@cache", "must not hold a password");
        row("a daemon has a port", "daemons", "a:1,b", "HOST:PORT or dns:NAME:PORT");
        row("a daemon is no URL", "daemons", "http://a:1", "HOST:PORT or dns:NAME:PORT");
        row("daemons need a broker", "broker", "", "Daemons meet at real servers");
        row("daemons need a store", "store", "", "Daemons meet at real servers");
        row("a file is no store for daemons", "store", "sqlite:file.db", "Daemons meet at real servers");
        row("a setting that loads code is refused", "kafka", "plugin.library.paths",
            "plugin.library.paths is not allowed");
        row("a password is no setting", "kafka", "sasl.password", "sasl.password is not allowed");
    }
    void refusesWhatNoRunCouldUse() {
        QFETCH(QString, field);
        QFETCH(QString, value);
        QFETCH(QString, reason);
        Connection connection = fullConnection();
        const QMap<QString, QString*> texts{{QStringLiteral("name"), &connection.name},
                                            {QStringLiteral("broker"), &connection.broker},
                                            {QStringLiteral("store"), &connection.store},
                                            {QStringLiteral("dedupe"), &connection.dedupe},
                                            {QStringLiteral("daemons"), &connection.daemons}};
        if (texts.contains(field)) {
            *texts.value(field) = value;
        } else {
            (field == QStringLiteral("kafka") ? connection.kafka : connection.postgres)
                .insert(value, QStringLiteral("secret"));
        }
        const core::Status checked = check(connection);
        QVERIFY(!checked);
        const QString message = QString::fromStdString(checked.error().message);
        QVERIFY2(message.contains(reason), qPrintable(message));
        QVERIFY2(!message.contains(QStringLiteral("secret@")), qPrintable(message));
    }

    void whatWasSavedIsKept() {
        app::SavedConnections connections(file());
        const QAbstractItemModelTester tester(&connections, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const Connection connection = fullConnection();
        Connection other = app::newConnection(QStringLiteral("another"));
        QVERIFY(connections.save(connection));
        QVERIFY(connections.save(other));
        QCOMPARE(connections.index(0).data().toString(), QStringLiteral("another"));
        other.name = QStringLiteral("zebra");
        QVERIFY(connections.save(other));
        const app::SavedConnections again(file());
        QVERIFY(again.problem().isEmpty());
        QCOMPARE(again.all(), (QList<Connection>{connection, other}));
        QVERIFY(connections.remove(connection.id));
        QCOMPARE(app::SavedConnections(file()).all(), QList<Connection>{other});
    }

    void theirFileIsTheOwnersAlone() {
        app::SavedConnections connections(file());
        QVERIFY(connections.save(fullConnection()));
        const QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
        QVERIFY((QFile::permissions(file()) & others) == QFile::Permissions());
    }

    void aTargetLeadsToItsConnection() {
        app::SavedConnections connections(file());
        QVERIFY(connections.save(fullConnection()));
        const app::ConnectionTargets targets(connections);
        const core::Target saved = targets.target(0);
        QVERIFY(targets.connectionOf(saved) != nullptr);
        QCOMPARE(targets.connectionOf(saved.shown()), targets.connectionOf(saved));
        core::Target elsewhere = saved;
        elsewhere.broker = {};
        QVERIFY(targets.connectionOf(elsewhere) == nullptr);
        core::Target withItsOwnPassword = saved;
        withItsOwnPassword.store = saved.store.withPassword(core::Secret("of the environment"));
        QVERIFY(targets.connectionOf(withItsOwnPassword) == nullptr);
    }

    void ofSeveralThatLeadThereTheOneThatWasChosenIsMeant() {
        app::SavedConnections connections(file());
        Connection alone = fullConnection();
        alone.name = QStringLiteral("alone");
        alone.daemons.clear();
        const Connection withDaemons = fullConnection();
        QVERIFY(connections.save(alone));
        QVERIFY(connections.save(withDaemons));
        const app::ConnectionTargets targets(connections);
        const core::Target there = targets.target(0);
        QVERIFY(there == targets.target(1));
        QCOMPARE(targets.connectionOf(there, withDaemons.name)->id, withDaemons.id);
        QCOMPARE(targets.connectionOf(there, alone.name)->id, alone.id);
        QCOMPARE(targets.connectionOf(there)->id, alone.id); // the first
        QCOMPARE(targets.connectionOf(there, QStringLiteral("renamed since"))->id, alone.id);
    }

    void aDamagedFileIsToldAndKept() {
        write("{ \"connections\": [");
        app::SavedConnections connections(file());
        QVERIFY(connections.problem().contains(QStringLiteral("is damaged")));
        QVERIFY(connections.save(fullConnection()));
        QFile damaged(file() + QStringLiteral(".damaged"));
        QVERIFY(damaged.open(QIODevice::ReadOnly));
        QCOMPARE(damaged.readAll(), QByteArray("{ \"connections\": ["));
    }

    void aForbiddenSettingInTheFileLeavesTheConnectionOut() {
        QJsonObject connection = toJson(fullConnection());
        connection.insert(QStringLiteral("kafka"),
                          QJsonObject{{QStringLiteral("plugin.library.paths"), QStringLiteral("x.so")}});
        write(QJsonDocument(QJsonObject{{QStringLiteral("connections"), QJsonArray{connection}}}).toJson());
        const app::SavedConnections connections(file());
        QVERIFY(connections.all().isEmpty());
        QVERIFY(connections.problem().contains(QStringLiteral("plugin.library.paths is not allowed")));
    }

    void aFolderThatCannotBeMadeIsASentence() {
        app::SavedConnections connections(QStringLiteral("/proc/nowhere/connections.json"));
        const core::Status saved = connections.save(fullConnection());
        QVERIFY(!saved);
        QVERIFY(connections.all().isEmpty());
    }

    void secretsComeFromTheKeychain() {
        const Connection connection = fullConnection();
        FakeKeychain keychain;
        FakeUser user;
        const app::Secrets secrets = allSecrets();
        for (auto it = secrets.begin(); it != secrets.end(); ++it) {
            keychain.kept.insert(secretKey(connection, it.key()), it.value());
        }
        QCOMPARE(valueOf(opened(connection, keychain, user), "sasl.password"), std::string("marker-kafka"));
        QVERIFY(user.questions.isEmpty());
    }

    void whatTheKeychainHasNotIsAskedForOnce() {
        Connection connection = fullConnection();
        connection.secrets = {Secret::KafkaPassword};
        FakeKeychain keychain;
        FakeUser user{QStringLiteral("typed"), {}};
        QCOMPARE(valueOf(opened(connection, keychain, user), "sasl.password"), std::string("typed"));
        QCOMPARE(user.questions, QStringList{QStringLiteral("Password for Kafka of the connection 'staging':")});
        QCOMPARE(valueOf(opened(connection, keychain, user), "sasl.password"), std::string("typed"));
        QCOMPARE(user.questions.size(), 1);
    }

    void withoutAnAnswerTheConnectionIsOfNoUse() {
        FakeKeychain keychain;
        FakeUser user;
        QCOMPARE(refused(fullConnection(), keychain, user),
                 QStringLiteral("The connection 'staging' cannot be used without its password."));
    }

    void whereTheKeychainRefusesTheUserIsAskedAndToldWhy() {
        FakeKeychain keychain;
        keychain.refusal = QStringLiteral("The desktop's keychain refuses: locked");
        FakeUser user;
        QCOMPARE(refused(fullConnection(), keychain, user),
                 QStringLiteral("The connection 'staging' cannot be used without its password."));
        QCOMPARE(user.questions.size(), 1);
        QVERIFY2(user.questions.first().startsWith(keychain.refusal + QLatin1Char('\n')),
                 qPrintable(user.questions.first()));
    }

    void withoutAKeychainSecretsLastForTheSession() {
        app::SessionSecretStore session;
        QVERIFY(!session.isLasting());
        Connection connection = fullConnection();
        connection.secrets = {Secret::StorePassword};
        FakeUser user{QStringLiteral("typed"), {}};
        opened(connection, session, user);
        opened(connection, session, user);
        QCOMPARE(user.questions.size(), 1);
        app::SessionSecretStore nextSession;
        opened(connection, nextSession, user);
        QCOMPARE(user.questions.size(), 2);
    }

    void noFileHoldsASecret() {
        app::SavedConnections connections(file());
        const Connection connection = fullConnection();
        QVERIFY(connections.save(connection));
        app::SessionSecretStore session;
        FakeUser user{QStringLiteral("marker-typed"), {}};
        opened(connection, session, user);
        QVERIFY(connections.save(connection));
        int files = 0;
        for (QDirIterator walk(m_folder->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
             walk.hasNext();) {
            QFile found(walk.next());
            QVERIFY(found.open(QIODevice::ReadOnly));
            QVERIFY2(!found.readAll().contains("marker"), qPrintable(found.fileName()));
            ++files;
        }
        QCOMPARE(files, 1);
    }

private:
    QString file() const { return m_folder->filePath(QStringLiteral("connections.json")); }
    void write(const QByteArray& content) const {
        QFile out(file());
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(content);
    }
    static services::ServerAccess opened(const Connection& connection, app::SecretStore& secrets, FakeUser& user) {
        app::ConnectionOpener opener(secrets, user.asked());
        QSignalSpy heard(&opener, &app::ConnectionOpener::opened);
        opener.open(connection);
        if (heard.isEmpty() && !heard.wait(kPatienceMs)) {
            return {};
        }
        return heard.at(0).at(1).value<services::ServerAccess>();
    }
    static QString refused(const Connection& connection, app::SecretStore& secrets, FakeUser& user) {
        app::ConnectionOpener opener(secrets, user.asked());
        QSignalSpy heard(&opener, &app::ConnectionOpener::failed);
        opener.open(connection);
        return heard.isEmpty() && !heard.wait(kPatienceMs) ? QString() : heard.at(0).at(1).toString();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

TEST_CLASS(ConnectionsTest)
#include "tst_connections.moc"
