// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/run_preparation.h"
#include "app/desktop/connections/saved_connections.h"
#include "services/archive/result_folder.h"
#include "tests/app/millraced.h"
#include "tests/files.h"
#include "tests/services/redis_fixture.h"
#include "tests/test_class.h"

#include <QDirIterator>
#include <QTest>
#include <random>

namespace {

// The first is what tests/stack/up gives the broker's user 'writer'; the stack's PostgreSQL lets us in with any.
constexpr const char* kKafkaPassword = "writer-secret";
constexpr const char* kStorePassword = "Zm4rk-store/#?@%:Qx7w";
constexpr const char* kRedisPassword = "Zm4rk-redis/#?@%:Qx7w";

QString encoded(const char* password) {
    return QString::fromLatin1(QUrl::toPercentEncoding(QString::fromLatin1(password)));
}

bool holdsPassword(const QByteArray& text) {
    return text.contains(kKafkaPassword) || text.contains("Zm4rk") || text.contains("Qx7w");
}

QStringList filesWithPasswords(const QString& folder) {
    QStringList found;
    for (QDirIterator walk(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); walk.hasNext();) {
        const QString file = walk.next();
        if (holdsPassword(contentOfFile(file))) {
            found += file;
        }
    }
    return found;
}

/// The command lines of all processes, as everybody on this machine can read them.
QByteArray processList() {
    QByteArray list;
    const QStringList processes = QDir(QStringLiteral("/proc")).entryList({QStringLiteral("[0-9]*")}, QDir::Dirs);
    for (const QString& process : processes) {
        list += contentOfFile(QStringLiteral("/proc/%1/cmdline").arg(process)) + '\n';
    }
    return list;
}

} // namespace

/// Runs that log in everywhere, with passwords full of signs that a URL gives a meaning of its own: they work, and no
/// file, output, log, report or process list holds one.
class SecretsStackTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<RedisFixture> m_redis;
    QString m_name;

    QString path(const QString& name) const { return m_folder->filePath(name); }
    void write(const QString& client, const QString& dedupe) const {
        QFile file(path(QStringLiteral("tiny.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QStringLiteral("version: 1\nname: tiny\nstreams:\n  - name: a\n    stages: [{duration: 3s, rate: "
                                  "100/s}]\nthresholds: [lost == 0]\nkafka: {topic: %1, group: %1%2}\n%3")
                       .arg(m_name, client, dedupe)
                       .toUtf8());
    }

private Q_SLOTS:
    void init() {
        if (qEnvironmentVariableIsEmpty("MILLRACE_STACK_LOGIN_BROKER") ||
            qEnvironmentVariableIsEmpty("MILLRACE_STORE")) {
            QFAIL("start the servers with tests/stack/up");
        }
        m_folder = std::make_unique<QTemporaryDir>();
        m_name = QStringLiteral("secrets_%1").arg(std::random_device()());
        m_redis = RedisFixture::create();
        QVERIFY(m_redis);
        m_redis->ask({"CONFIG", "SET", "requirepass", kRedisPassword});
    }

    void fromTheEnvironmentAndTheFile() {
        const QString redis = QString::fromStdString(m_redis->url()).mid(8);
        write(QStringLiteral(", client: {security.protocol: sasl_plaintext, sasl.mechanism: PLAIN, sasl.username: "
                             "writer, sasl.password: '${KAFKA_PASSWORD}'}"),
              QStringLiteral("target: {dedupe: 'redis://:${REDIS_PASSWORD}@%1'}\n").arg(redis));
        QString store = qEnvironmentVariable("MILLRACE_STORE");
        store.insert(store.indexOf(QLatin1Char('@')), QLatin1Char(':') + encoded(kStorePassword));
        Millraced program(m_folder->path());
        const auto prepare = [&](Millraced& each) {
            each.setVariable("MILLRACE_BROKER", qEnvironmentVariable("MILLRACE_STACK_LOGIN_BROKER"));
            each.setVariable("MILLRACE_STORE", store);
            each.setVariable("KAFKA_PASSWORD", QString::fromLatin1(kKafkaPassword));
            each.setVariable("REDIS_PASSWORD", encoded(kRedisPassword));
            each.setVariable("SPDLOG_LEVEL", QStringLiteral("trace"));
        };
        prepare(program);
        QVERIFY(program.start(
            {QStringLiteral("run"), QStringLiteral("tiny.yaml"), QStringLiteral("--out"), QStringLiteral("out")}));
        QVERIFY2(program.says(QStringLiteral("phase: stages")), qPrintable(program.all()));
        QVERIFY(!holdsPassword(processList()));
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path(QStringLiteral("out/run.journal"))), kPatienceMs);
        QCOMPARE(filesWithPasswords(m_folder->path()), QStringList());
        QVERIFY2(program.finish() == 0, qPrintable(program.all()));
        QVERIFY2(!holdsPassword(program.all().toUtf8()), qPrintable(program.all()));
        QVERIFY(!m_redis->ask({"RANDOMKEY"}, kRedisPassword).empty());

        Millraced report(m_folder->path());
        QVERIFY2(report.run({QStringLiteral("report"), QStringLiteral("out")}) == 0, qPrintable(report.all()));
        QVERIFY2(!holdsPassword(report.all().toUtf8()), qPrintable(report.all()));
        Millraced doctor(m_folder->path());
        prepare(doctor);
        QVERIFY2(doctor.run({QStringLiteral("doctor"), QStringLiteral("tiny.yaml")}) == 0, qPrintable(doctor.all()));
        QVERIFY2(!holdsPassword(doctor.all().toUtf8()), qPrintable(doctor.all()));
        QCOMPARE(filesWithPasswords(m_folder->path()), QStringList());
    }

    /// As the window does it, in this process.
    void fromASavedConnection() {
        write({}, {});
        app::Connection connection = app::newConnection(QStringLiteral("staging"));
        connection.broker = qEnvironmentVariable("MILLRACE_STACK_LOGIN_BROKER");
        connection.store = qEnvironmentVariable("MILLRACE_STORE");
        connection.dedupe = QString::fromStdString(m_redis->url());
        connection.kafka = {{QStringLiteral("security.protocol"), QStringLiteral("sasl_plaintext")},
                            {QStringLiteral("sasl.mechanism"), QStringLiteral("PLAIN")},
                            {QStringLiteral("sasl.username"), QStringLiteral("writer")}};
        connection.secrets = {app::kSecrets.begin(), app::kSecrets.end()};
        app::SavedConnections connections(path(QStringLiteral("connections.json")));
        QVERIFY(connections.save(connection));
        const app::Secrets secrets{{app::Secret::KafkaPassword, QString::fromLatin1(kKafkaPassword)},
                                   {app::Secret::StorePassword, QString::fromLatin1(kStorePassword)},
                                   {app::Secret::DedupePassword, QString::fromLatin1(kRedisPassword)}};
        auto prepared = app::prepareRun({.file = path(QStringLiteral("tiny.yaml")).toStdString(),
                                         .access = accessOf(connection, secrets),
                                         .results = m_folder->path().toStdString()});
        QVERIFY2(prepared, prepared ? "" : prepared.error().message.c_str());
        prepared->folder.keep();
        auto run = services::Run::start(std::move(prepared->options));
        QVERIFY2(run, run ? "" : run.error().message.c_str());
        const core::RunResult result = (*run)->wait();
        QCOMPARE(result.verdict.status, core::VerdictStatus::Passed);
        QVERIFY(services::writeResult(result, prepared->folder.path()));
        QCOMPARE(filesWithPasswords(m_folder->path()), QStringList());
        QVERIFY(contentOfFile(path(QStringLiteral("connections.json"))).contains("sasl.username"));
    }
};

TEST_CLASS(SecretsStackTest)
#include "tst_secrets_stack.moc"
