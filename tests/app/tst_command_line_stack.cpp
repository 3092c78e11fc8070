// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/millraced.h"
#include "tests/test_class.h"

#include <pqxx/pqxx>

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <memory>
#include <random>

namespace {

QString unique(const char* prefix) {
    static std::random_device random;
    return QStringLiteral("%1_%2").arg(QString::fromLatin1(prefix)).arg(random());
}

QString variable(const char* name) {
    return QString::fromLocal8Bit(qgetenv(name));
}

/// Answers the first field of the first row.
QString query(const QString& url, const QString& statement) {
    pqxx::connection connection(url.toStdString());
    pqxx::nontransaction transaction(connection);
    const pqxx::result rows = transaction.exec(statement.toStdString());
    return rows.empty() || rows.columns() == 0 ? QString() : QString::fromUtf8(rows[0][0].c_str());
}

} // namespace

/// The real program against the real servers: a run, and each way in which they refuse one.
class TestCommandLineStack : public QObject {
    Q_OBJECT

    QString m_broker, m_loginBroker, m_store, m_admin, m_dedupe;
    QString m_schema, m_role;
    std::unique_ptr<QTemporaryDir> m_folder;

    QString path(const QString& name) const { return m_folder->filePath(name); }
    QString storeUrl(const QString& user = {}) const {
        QString url = m_store + QStringLiteral("?options=-csearch_path%3D") + m_schema;
        return user.isEmpty() ? url : url.replace(QStringLiteral("//millrace@"), QStringLiteral("//%1@").arg(user));
    }
    void write(const QString& kafka) const {
        QFile file(path(QStringLiteral("scenario.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QStringLiteral("version: 1\nname: small\nstreams:\n  - name: baseline\n    stages:\n"
                                  "      - {duration: 2s, rate: 500/s}\nthresholds: [lost == 0, doubled == 0]\n"
                                  "dedupe: {prefix: '%1:'}\nkafka: {%2, group: %1}\n")
                       .arg(m_schema, kafka)
                       .toUtf8());
    }
    QString topic() const { return QStringLiteral("topic: %1").arg(m_schema); }
    QString login(const char* user, const char* password) const {
        return QStringLiteral("topic: %1, client: {security.protocol: sasl_plaintext, sasl.mechanism: PLAIN, "
                              "sasl.username: %2, sasl.password: '%3'}")
            .arg(m_schema, QString::fromLatin1(user), QString::fromLatin1(password));
    }
    static QStringList runScenario(const QStringList& more) {
        return QStringList{QStringLiteral("run"), QStringLiteral("scenario.yaml"), QStringLiteral("--out"),
                           QStringLiteral("out")} +
               more;
    }
    /// Runs it and wants it refused before the load, with one sentence and nothing left behind.
    void isRefused(Millraced& program, const QStringList& arguments, const QStringList& parts) const {
        QCOMPARE(program.run(runScenario(arguments)), 6);
        QCOMPARE(program.output().trimmed(), QString());
        QVERIFY2(program.complaints().startsWith(QStringLiteral("millraced: ")) &&
                     program.complaints().count(QLatin1Char('\n')) == 1,
                 qPrintable(program.all()));
        for (const QString& part : parts) {
            QVERIFY2(program.complaints().contains(part), qPrintable(program.all()));
        }
        QVERIFY2(!program.complaints().contains(QStringLiteral("marker-")), "a password in a complaint");
        QVERIFY(!QDir(path(QStringLiteral("out"))).exists());
    }

private Q_SLOTS:
    void initTestCase() {
        m_broker = variable("MILLRACE_BROKER");
        m_loginBroker = variable("MILLRACE_STACK_LOGIN_BROKER");
        m_store = variable("MILLRACE_STORE");
        m_admin = variable("MILLRACE_STACK_ADMIN");
        m_dedupe = variable("MILLRACE_DEDUPE");
        if (m_broker.isEmpty() || m_loginBroker.isEmpty() || m_store.isEmpty() || m_admin.isEmpty() ||
            m_dedupe.isEmpty()) {
            QFAIL("start the servers with tests/stack/up");
        }
    }
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_schema = unique("cli_test");
        query(m_store, QStringLiteral("CREATE SCHEMA ") + m_schema);
    }
    void cleanup() {
        query(m_store, QStringLiteral("DROP SCHEMA IF EXISTS %1 CASCADE").arg(m_schema));
        if (!m_role.isEmpty()) {
            query(m_admin, QStringLiteral("DROP ROLE ") + m_role);
        }
        m_role.clear();
    }

    void aMonitorJudgesTheLagThatARunLeft() {
        write(topic());
        Millraced program(m_folder->path());
        QCOMPARE(program.run(runScenario({QStringLiteral("--broker"), m_broker, QStringLiteral("--store"), storeUrl(),
                                          QStringLiteral("--dedupe"), m_dedupe})),
                 0);
        const QStringList watched{QStringLiteral("monitor"),
                                  QStringLiteral("--broker"),
                                  m_broker,
                                  QStringLiteral("--group"),
                                  m_schema,
                                  QStringLiteral("--topic"),
                                  m_schema,
                                  QStringLiteral("--for"),
                                  QStringLiteral("5s")};
        const auto rule = [this](const char* text) {
            return QStringList{QStringLiteral("--rule"), QString::fromLatin1(text).arg(m_schema)};
        };
        Millraced passed(m_folder->path());
        QCOMPARE(passed.run(watched + rule("lag{%1} < 1") + rule("lag_s{%1} max over 2s < 1s") +
                            QStringList{QStringLiteral("--json")}),
                 0);
        const QJsonObject json = QJsonDocument::fromJson(passed.output().toUtf8()).object();
        QCOMPARE(json[QStringLiteral("rules")].toArray().size(), 2);
        const QJsonObject group = json[QStringLiteral("groups")].toArray()[0].toObject();
        QCOMPARE(group[QStringLiteral("lag")].toInt(-1), 0);
        QVERIFY2(json[QStringLiteral("requests_per_s")].toDouble() <= 5, qPrintable(passed.output()));
        Millraced broken(m_folder->path());
        QCOMPARE(broken.run(watched + rule("lag{%1} > 0")), 3);
        QVERIFY2(broken.output().contains(QStringLiteral("✗ lag{%1} > 0: 0 events").arg(m_schema)),
                 qPrintable(broken.all()));
    }

    void runsOnRealServersNamedByTheEnvironment() {
        write(topic());
        Millraced program(m_folder->path());
        program.setVariable("MILLRACE_BROKER", m_broker);
        program.setVariable("MILLRACE_STORE", storeUrl());
        program.setVariable("MILLRACE_DEDUPE", m_dedupe);
        QVERIFY2(program.run(runScenario({})) == 0, qPrintable(program.all()));
        QVERIFY2(program.output().contains(QStringLiteral("Ran on %1").arg(m_broker)), qPrintable(program.output()));
        QCOMPARE(query(storeUrl(), QStringLiteral("SELECT count(*) FROM log_events")), QStringLiteral("1000"));
    }

    void initMakesWhatTheDoctorMisses() {
        write(topic());
        const QStringList target{QStringLiteral("scenario.yaml"),
                                 QStringLiteral("--broker"),
                                 m_broker,
                                 QStringLiteral("--store"),
                                 storeUrl(),
                                 QStringLiteral("--dedupe"),
                                 m_dedupe};
        Millraced before(m_folder->path());
        QCOMPARE(before.run(QStringList{QStringLiteral("doctor")} + target), 0);
        QVERIFY2(before.output().contains(QStringLiteral("Topic %1 does not exist yet").arg(m_schema)),
                 qPrintable(before.output()));
        QVERIFY2(before.output().contains(QStringLiteral("creates what is missing (log_events, ")),
                 qPrintable(before.output()));
        for (int time = 0; time < 2; ++time) { // any number of times
            Millraced made(m_folder->path());
            QVERIFY2(made.run(QStringList{QStringLiteral("init")} + target +
                              QStringList{QStringLiteral("--index"), QStringLiteral("source,level")}) == 0,
                     qPrintable(made.all()));
        }
        Millraced after(m_folder->path());
        QCOMPARE(after.run(QStringList{QStringLiteral("doctor")} + target), 0);
        QVERIFY2(after.output().contains(QStringLiteral("Topic %1 has 6 partitions.").arg(m_schema)),
                 qPrintable(after.output()));
        QVERIFY2(after.output().contains(QStringLiteral("all tables are there.")), qPrintable(after.output()));
        QCOMPARE(
            query(storeUrl(), QStringLiteral("SELECT count(*) FROM pg_indexes WHERE schemaname = '%1' AND indexname "
                                             "IN ('log_events_source', 'log_events_level')")
                                  .arg(m_schema)),
            QStringLiteral("2"));
    }

    void aWrongStorePasswordIsRefused() {
        write(topic());
        m_role = unique("cli_role");
        query(m_admin,
              QStringLiteral("CREATE ROLE %1 LOGIN PASSWORD 'marker-right' IN ROLE password_required").arg(m_role));
        Millraced program(m_folder->path());
        program.setVariable("PGPASSWORD", QStringLiteral("marker-wrong"));
        isRefused(program, {QStringLiteral("--store"), storeUrl(m_role)},
                  {QStringLiteral("password authentication failed for user \"%1\"").arg(m_role)});
    }

    void aStoreWithoutTheRightToMakeTablesIsRefused() {
        write(topic());
        m_role = unique("cli_role");
        query(m_admin, QStringLiteral("CREATE ROLE %1 LOGIN").arg(m_role));
        query(m_store, QStringLiteral("GRANT USAGE ON SCHEMA %1 TO %2").arg(m_schema, m_role));
        Millraced program(m_folder->path());
        isRefused(program, {QStringLiteral("--store"), storeUrl(m_role)}, {QStringLiteral("permission denied")});
        Millraced doctor(m_folder->path());
        QCOMPARE(doctor.run({QStringLiteral("doctor"), QStringLiteral("--store"), storeUrl(m_role)}), 6);
        QVERIFY2(doctor.output().contains(
                     QStringLiteral("%1 may not create them: GRANT CREATE ON SCHEMA %2").arg(m_role, m_schema)),
                 qPrintable(doctor.output()));
        query(m_store, QStringLiteral("REVOKE ALL ON SCHEMA %1 FROM %2").arg(m_schema, m_role));
    }

    void aTableOfAnotherShapeIsRefused() {
        write(topic());
        query(storeUrl(), QStringLiteral("CREATE TABLE log_events (id text PRIMARY KEY, level text)"));
        Millraced program(m_folder->path());
        isRefused(program, {QStringLiteral("--store"), storeUrl()},
                  {QStringLiteral("log_events"), QStringLiteral("rename that table or give another database")});
        Millraced doctor(m_folder->path());
        QCOMPARE(doctor.run({QStringLiteral("doctor"), QStringLiteral("--store"), storeUrl()}), 6);
        QVERIFY2(doctor.output().contains(QStringLiteral("rename that table")), qPrintable(doctor.output()));
    }

    void aWrongBrokerPasswordIsRefused() {
        write(login("writer", "${MARKER}"));
        Millraced program(m_folder->path());
        program.setVariable("MARKER", QStringLiteral("marker-wrong"));
        isRefused(program, {QStringLiteral("--broker"), m_loginBroker},
                  {QStringLiteral("denies access"), QStringLiteral("sasl.username")});
    }

    void aWrongFilterPasswordIsRefused() {
        write(topic());
        Millraced program(m_folder->path());
        program.setVariable("MILLRACE_REDIS_PASSWORD", QStringLiteral("marker-wrong"));
        isRefused(program, {QStringLiteral("--dedupe"), m_dedupe}, {QStringLiteral("Redis at ")});
    }

    void missingTopicRightsAreRefused() {
        write(login("stranger", "${STRANGER}"));
        const QString tool = variable("MILLRACE_STACK_SCRIPTS") + QStringLiteral("/kafka-tool");
        const auto acl = [&](const QStringList& arguments) {
            return QProcess::execute(tool, QStringList{QStringLiteral("AclCommand")} + arguments);
        };
        QCOMPARE(acl({QStringLiteral("--add"), QStringLiteral("--allow-principal"), QStringLiteral("User:writer"),
                      QStringLiteral("--operation"), QStringLiteral("All"), QStringLiteral("--topic"), m_schema}),
                 0);
        Millraced program(m_folder->path());
        program.setVariable("STRANGER", QStringLiteral("stranger-secret"));
        isRefused(program, {QStringLiteral("--broker"), m_loginBroker},
                  {m_schema, QStringLiteral("Grant DESCRIBE on it.")});
    }
};

TEST_CLASS(TestCommandLineStack)
#include "tst_command_line_stack.moc"
