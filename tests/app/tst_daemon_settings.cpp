// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/daemon/daemon_settings.h"
#include "tests/test_class.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

class TestDaemonSettings : public QObject {
    Q_OBJECT

    using Variables = std::map<std::string, std::string>;

    static app::Environment environmentOf(Variables variables) {
        return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        };
    }
    static core::Result<app::SettingValues> valuesOf(const QStringList& words, const Variables& variables = {}) {
        std::vector<std::string> list;
        for (const QString& word : words) {
            list.push_back(word.toStdString());
        }
        const auto arguments = app::Arguments::parse({.name = "serve", .options = app::serveOptions()}, list);
        return arguments ? app::readSettingValues(*arguments, environmentOf(variables))
                         : core::Result<app::SettingValues>(arguments.error());
    }
    static core::Result<app::DaemonSettings> settingsOf(const QStringList& words, const Variables& variables = {}) {
        const auto values = valuesOf(words, variables);
        return values ? app::readDaemonSettings(*values, environmentOf(variables))
                      : core::Result<app::DaemonSettings>(values.error());
    }
    template <typename T>
    static QString errorOf(const core::Result<T>& result) {
        return result ? QString() : QString::fromStdString(result.error().text());
    }
    /// A file of that content in the folder of the test, which only its owner can read.
    QString fileOf(const QByteArray& content, QFile::Permissions more = {}) const {
        QFile file(m_folder.filePath(QStringLiteral("serve.yaml")));
        if (file.open(QIODevice::WriteOnly | QIODevice::Truncate)) {
            file.write(content);
            file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | more);
        }
        return file.fileName();
    }

    QTemporaryDir m_folder;

private Q_SLOTS:
    void thePlacesWinInRisingOrder_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<bool>("variable");
        QTest::addColumn<bool>("option");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("origin"); // %1: the file
        const QByteArray none("role: gateway\n");
        const QByteArray listed("role: gateway\nproducers: file:1\n");
        QTest::newRow("the default, where nobody says anything")
            << none << false << false << QStringLiteral("127.0.0.1:8081") << QStringLiteral("default");
        QTest::newRow("the file over the default")
            << listed << false << false << QStringLiteral("file:1") << QStringLiteral("%1:2");
        QTest::newRow("the environment over the file")
            << listed << true << false << QStringLiteral("variable:1") << QStringLiteral("MILLRACE_PRODUCERS");
        QTest::newRow("the command line over all")
            << listed << true << true << QStringLiteral("option:1") << QStringLiteral("--producers");
        QTest::newRow("the command line over the default")
            << none << false << true << QStringLiteral("option:1") << QStringLiteral("--producers");
    }
    void thePlacesWinInRisingOrder() {
        QFETCH(const QByteArray, file);
        QFETCH(const bool, variable);
        QFETCH(const bool, option);
        QFETCH(const QString, origin);
        const QString path = fileOf(file);
        QStringList words{QStringLiteral("--config"), path};
        if (option) {
            words << QStringLiteral("--producers=option:1");
        }
        const auto values = valuesOf(words, variable ? Variables{{"MILLRACE_PRODUCERS", "variable:1"}} : Variables());
        QVERIFY2(values, qPrintable(errorOf(values)));
        const app::SettingValue& value = values->find("producers")->second;
        QTEST(QString::fromStdString(value.text), "text");
        QCOMPARE(QString::fromStdString(value.origin), origin.contains(QLatin1Char('%')) ? origin.arg(path) : origin);
    }

    void theFileMayBeNamedByTheEnvironment() {
        const QString path = fileOf("log: json\n");
        const auto values = valuesOf({}, {{"MILLRACE_CONFIG", path.toStdString()}});
        QVERIFY2(values, qPrintable(errorOf(values)));
        QCOMPARE(values->find("log")->second.text, std::string("json"));
        QCOMPARE(values->find("config")->second.origin, std::string("MILLRACE_CONFIG"));
    }

    void anEmptyVariableSaysNothing() {
        const auto values = valuesOf({}, {{"MILLRACE_LOG", ""}});
        QCOMPARE(values->find("log")->second.origin, std::string("default"));
    }

    void aFileIsRefusedWithItsPlace_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("error"); // %1: the file
        QTest::newRow("an unknown key, with a guess")
            << QByteArray("role: gateway\nlisen: 127.0.0.1:1\n")
            << QStringLiteral("%1:2: there is no setting 'lisen'. Did you mean listen?");
        QTest::newRow("an unknown key that resembles none")
            << QByteArray("colour: blue\n") << QStringLiteral("%1:1: there is no setting 'colour'.");
        QTest::newRow("a token, which stands in a file of its own")
            << QByteArray("role: gateway\ntoken: abc\n")
            << QStringLiteral("%1:2: there is no setting 'token'. Did you mean token_file?");
        QTest::newRow("a list that is not written with commas")
            << QByteArray("\nproducers:\n  - a:1\n  - b:2\n")
            << QStringLiteral("%1:2: producers takes one text; write a list with commas.");
        QTest::newRow("no settings at all")
            << QByteArray("just words\n") << QStringLiteral("%1: expected lines such as 'listen: 127.0.0.1:8081'");
    }
    void aFileIsRefusedWithItsPlace() {
        QFETCH(const QByteArray, content);
        QFETCH(const QString, error);
        const QString path = fileOf(content);
        QCOMPARE(errorOf(valuesOf({QStringLiteral("--config"), path})), error.arg(path));
    }

    void aRepeatedKeyIsRefused() {
        const QString path = fileOf("role: gateway\nrole: producer\n");
        const QString error = errorOf(valuesOf({QStringLiteral("--config"), path}));
        QVERIFY2(error.startsWith(path + QStringLiteral(":2:")), qPrintable(error));
    }

    void aFileThatDoesNotExistIsNamed() {
        const QString path = m_folder.filePath(QStringLiteral("missing.yaml"));
        QCOMPARE(errorOf(valuesOf({QStringLiteral("--config"), path})),
                 QStringLiteral("The configuration file '%1' cannot be opened.").arg(path));
    }

    void rolesHaveTheirPorts_data() {
        QTest::addColumn<QString>("role");
        QTest::addColumn<QStringList>("names");
        QTest::addColumn<QString>("listen");
        QTest::newRow("a gateway") << QStringLiteral("gateway") << QStringList{QStringLiteral("gateway")}
                                   << QStringLiteral("127.0.0.1:8080");
        QTest::newRow("a producer") << QStringLiteral("producer") << QStringList{QStringLiteral("producer")}
                                    << QStringLiteral("127.0.0.1:8081");
        QTest::newRow("a consumer") << QStringLiteral("consumer") << QStringList{QStringLiteral("consumer")}
                                    << QStringLiteral("127.0.0.1:8082");
        QTest::newRow("all of them, from the gateway's on")
            << QStringLiteral("all")
            << QStringList{QStringLiteral("gateway"), QStringLiteral("producer"), QStringLiteral("consumer")}
            << QStringLiteral("127.0.0.1:8080");
    }
    void rolesHaveTheirPorts() {
        QFETCH(const QString, role);
        const auto settings =
            settingsOf({QStringLiteral("--role"), role},
                       {{"MILLRACE_BROKER", "kafka:9092"}, {"MILLRACE_STORE", "postgresql://me@db/logs"}});
        QVERIFY2(settings, qPrintable(errorOf(settings)));
        QStringList names;
        for (const app::DaemonRole each : settings->roles) {
            names << QString::fromStdString(std::string(nameOf(each)));
        }
        QTEST(names, "names");
        QTEST(QString::fromStdString(settings->server.listen.shown()), "listen");
    }

    void listsAreCutAtCommas() {
        const auto settings =
            settingsOf({QStringLiteral("--role=gateway"), QStringLiteral("--listen=[::1]:9000"),
                        QStringLiteral("--producers=a:1, b:2 ,,dns:c.example:3"), QStringLiteral("--consumers=[::1]:4"),
                        QStringLiteral("--hosts=one,two"), QStringLiteral("--log=json")});
        QVERIFY2(settings, qPrintable(errorOf(settings)));
        QCOMPARE(settings->parts.producers, (std::vector<std::string>{"a:1", "b:2", "dns:c.example:3"}));
        QCOMPARE(settings->parts.consumers, std::vector<std::string>{"[::1]:4"});
        QCOMPARE(settings->server.hosts, (std::vector<std::string>{"one", "two"}));
        QCOMPARE(settings->server.listen.shown(), std::string("[::1]:9000"));
        QVERIFY(settings->jsonLog);
        QVERIFY(!settings->server.token && !settings->server.tls);
    }

    void aWrongTextIsRefusedWithItsOrigin_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("error");
        const auto row = [](const char* name, const char* words, const char* error) {
            QTest::newRow(name) << QString::fromUtf8(words).split(QLatin1Char(' '), Qt::SkipEmptyParts)
                                << QString::fromUtf8(error);
        };
        row("no role", "", "--role is missing: producer, consumer, gateway or all.");
        row("a role that does not exist", "--role=king",
            "--role: there is no role 'king'; it is producer, consumer, gateway or all.");
        row("an address without a port", "--role=gateway --listen=127.0.0.1",
            "--listen: '127.0.0.1' is no ADDRESS:PORT, such as 127.0.0.1:8081 or [::1]:8081.");
        row("a port that does not exist", "--role=gateway --listen=127.0.0.1:70000",
            "--listen: '127.0.0.1:70000' is no ADDRESS:PORT, such as 127.0.0.1:8081 or [::1]:8081.");
        row("a log of another form", "--role=gateway --log=xml", "--log: 'xml' is neither text nor json.");
        row("a choice that is none", "--role=gateway --reset-offsets=maybe",
            "--reset-offsets: 'maybe' is neither no nor yes.");
        row("a part without a port", "--role=gateway --producers=a:1,b",
            "--producers: 'b' is neither HOST:PORT nor dns:NAME:PORT.");
        row("a name without a port", "--role=gateway --consumers=dns:b",
            "--consumers: 'dns:b' is neither HOST:PORT nor dns:NAME:PORT.");
        row("a certificate without its key", "--role=gateway --tls-certificate=c.pem",
            "tls_certificate and tls_key belong together: name both or none.");
        row("a key without its certificate", "--role=gateway --tls-key=k.pem",
            "tls_certificate and tls_key belong together: name both or none.");
        for (const char* const share : {"3/3", "1", "-1/3", "1/0", "1/3x", "1/", "/3"}) {
            const QByteArray words = QByteArray("--role=gateway --share=") + share;
            const QByteArray error =
                QByteArray("--share: '") + share + "' is no INDEX/COUNT with INDEX from 0 to COUNT - 1, such as 0/3.";
            row(("a share of " + QByteArray(share)).constData(), words.constData(), error.constData());
        }
        row("a producer without a broker", "--role=producer",
            "A producer or a consumer needs a Kafka: --broker HOST:PORT or MILLRACE_BROKER.");
        row("a consumer without a broker", "--role=consumer --store=postgresql://me@db/logs",
            "A producer or a consumer needs a Kafka: --broker HOST:PORT or MILLRACE_BROKER.");
        row("a consumer without a store", "--role=consumer --broker=kafka:9092",
            "A consumer needs a store: --store postgresql://USER@HOST/DATABASE or MILLRACE_STORE.");
    }
    void aWrongTextIsRefusedWithItsOrigin() {
        QFETCH(const QStringList, words);
        QTEST(errorOf(settingsOf(words)), "error");
    }

    void theFilesOfTlsBelongTogether() {
        const auto settings = settingsOf({QStringLiteral("--role=gateway"), QStringLiteral("--tls-certificate=c.pem"),
                                          QStringLiteral("--tls-key=k.pem")});
        QVERIFY2(settings, qPrintable(errorOf(settings)));
        QVERIFY(settings->server.tls);
        QCOMPARE(settings->server.tls->certificate.string(), std::string("c.pem"));
        QCOMPARE(settings->server.tls->key.string(), std::string("k.pem"));
    }

    void aShareDividesTheRatesAndMovesTheSeed() {
        const QString scenario = m_folder.filePath(QStringLiteral("baseline.yaml"));
        QFile file(scenario);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("version: 1\nname: shared\nseed: 40\nstreams:\n  - name: baseline\n    tier: normal\n    stages:\n"
                   "      - {duration: 10s, rate: 900/s}\n      - {ramp: 10s, to: 300/s}\n");
        file.close();
        const auto settings = settingsOf({QStringLiteral("--role=producer"), QStringLiteral("--broker=kafka:9092"),
                                          QStringLiteral("--share=2/3"), QStringLiteral("--scenario"), scenario});
        QVERIFY2(settings, qPrintable(errorOf(settings)));
        QCOMPARE(settings->scenario.seed, std::uint64_t{42});
        const auto& stages = settings->scenario.streams.at(0).stages;
        QCOMPARE(std::get<core::ConstantStage>(stages.at(0)).rate.perSecond, 300.0);
        QCOMPARE(std::get<core::RampStage>(stages.at(1)).to.perSecond, 100.0);
    }

    void aTokenComesFromTheEnvironmentOrAFile_data() {
        QTest::addColumn<QByteArray>("variable");
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<bool>("readable"); // by others
        QTest::addColumn<QString>("error"); // %1: the file
        const QByteArray good(64, 'a');
        QTest::newRow("the environment") << good << QByteArray() << false << QString();
        QTest::newRow("a file of its owner") << QByteArray() << good + '\n' << false << QString();
        QTest::newRow("a short one in the environment")
            << QByteArray("MARKER") << QByteArray() << false
            << QStringLiteral("MILLRACE_TOKEN: a token has at least 43 characters of base64 or hexadecimal digits, and "
                              "this one does not. Create one with: openssl rand -hex 32");
        QTest::newRow("a file that others can read")
            << QByteArray() << good << true
            << QStringLiteral("--token-file: the token file %1 can be read by others. Fix it with: chmod 600 %1");
    }
    void aTokenComesFromTheEnvironmentOrAFile() {
        QFETCH(const QByteArray, variable);
        QFETCH(const QByteArray, file);
        QFETCH(const bool, readable);
        QFETCH(const QString, error);
        QStringList words{QStringLiteral("--role=gateway")};
        QString path;
        if (!file.isEmpty()) {
            path = fileOf(file, readable ? QFile::ReadOther : QFile::Permissions());
            words << QStringLiteral("--token-file") << path;
        }
        const auto settings = settingsOf(words, {{"MILLRACE_TOKEN", variable.toStdString()}});
        QCOMPARE(errorOf(settings), error.contains(QLatin1Char('%')) ? error.arg(path) : error);
        if (settings) {
            QVERIFY(settings->server.token && settings->server.token->equals(std::string(64, 'a')));
        }
    }

    void aPasswordStandsWhereOthersCannotReadIt_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<bool>("readable"); // by others
        QTest::addColumn<bool>("variable"); // the environment names the store, with a password
        QTest::addColumn<QString>("error"); // %1: the file
        const QByteArray plain("role: consumer\nbroker: kafka:9092\nstore: postgresql://me@db/logs\n");
        const QByteArray secret("role: consumer\nbroker: kafka:9092\nstore: postgresql://me:MARKER@db/logs\n");
        const auto refused = QStringLiteral(
            "%1 holds a password and can be read by others. chmod 600, or put the password into the environment");
        QTest::newRow("none: the file may be read") << plain << true << false << QString();
        QTest::newRow("in a file of its owner") << secret << false << false << QString();
        QTest::newRow("in a file that others can read") << secret << true << false << refused;
        QTest::newRow("of the filter, in a file that others can read") << plain + "dedupe: redis://:MARKER@cache\n"
                                                                       << true << false << refused;
        QTest::newRow("in the environment, beside a file that others can read") << plain << true << true << QString();
    }
    void aPasswordStandsWhereOthersCannotReadIt() {
        QFETCH(const QByteArray, file);
        QFETCH(const bool, readable);
        QFETCH(const bool, variable);
        QFETCH(const QString, error);
        const QString path = fileOf(file, readable ? QFile::ReadOther : QFile::Permissions());
        const auto settings =
            settingsOf({QStringLiteral("--config"), path},
                       variable ? Variables{{"MILLRACE_STORE", "postgresql://me:MARKER@db/logs"}} : Variables());
        QCOMPARE(errorOf(settings), error.contains(QLatin1Char('%')) ? error.arg(path) : error);
    }

    void aPasswordOnTheCommandLineIsRefusedAndNotRepeated_data() {
        QTest::addColumn<QString>("option");
        QTest::newRow("the store's") << QStringLiteral("--store=postgresql://me:MARKER@db/logs");
        QTest::newRow("the filter's") << QStringLiteral("--dedupe=redis://:MARKER@cache");
    }
    void aPasswordOnTheCommandLineIsRefusedAndNotRepeated() {
        QFETCH(const QString, option);
        const QString error = errorOf(settingsOf({QStringLiteral("--role=consumer"), option}));
        QVERIFY2(error.contains(QStringLiteral("everyone on this machine can read a command line")), qPrintable(error));
        QVERIFY(!error.contains(QStringLiteral("MARKER")));
    }

    void shownSettingsHoldNoSecret_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        const auto row = [](const char* name, const char* variable, const char* value) {
            QTest::newRow(name) << QString::fromLatin1(variable) << QString::fromLatin1(value);
        };
        row("the store's password", "MILLRACE_STORE", "postgresql://me:MARKER@db/logs");
        row("as a parameter", "MILLRACE_STORE", "postgresql://me@db/logs?password=MARKER");
        row("of an address that cannot be read", "MILLRACE_STORE", "postgresql://me:MARKER@db:port/logs");
        row("of an address of another kind", "MILLRACE_STORE", "mysql://me:MARKER@db/logs");
        row("the filter's password", "MILLRACE_DEDUPE", "redis://:MARKER@cache");
        row("in the wrong setting", "MILLRACE_LISTEN", "redis://:MARKER@cache");
        row("in a list", "MILLRACE_PRODUCERS", "http://me:MARKER@producer:8081");
        row("a broker's login", "MILLRACE_BROKER", "kafka://me:MARKER@kafka:9092");
        row("the token", "MILLRACE_TOKEN", "MARKERMARKERMARKERMARKERMARKERMARKERMARKERMARKER");
    }
    void shownSettingsHoldNoSecret() {
        QFETCH(const QString, name);
        QFETCH(const QString, value);
        const Variables variables{{name.toStdString(), value.toStdString()}, {"MILLRACE_ROLE", "gateway"}};
        const auto values = valuesOf({}, variables);
        QVERIFY2(values, qPrintable(errorOf(values)));
        const QString shown = QString::fromStdString(app::settingsText(*values));
        QVERIFY2(!shown.contains(QStringLiteral("MARKER")), qPrintable(shown));
        const QString error = errorOf(app::readDaemonSettings(*values, environmentOf(variables)));
        QVERIFY2(!error.contains(QStringLiteral("MARKER")), qPrintable(error));
    }

    void shownSettingsSayWhereTheyComeFrom() {
        const auto values = valuesOf({QStringLiteral("--role=consumer")},
                                     {{"MILLRACE_STORE", "postgresql://me@db/logs"}, {"MILLRACE_TOKEN", "any"}});
        QStringList lines;
        for (const QString& line : QString::fromStdString(app::settingsText(*values)).split(QLatin1Char('\n'))) {
            lines.append(line.simplified());
        }
        for (const char* const line : {"role consumer --role", "store postgresql://me@db/logs MILLRACE_STORE",
                                       "log text default", "broker -", "token (not shown) MILLRACE_TOKEN"}) {
            QVERIFY2(lines.contains(QString::fromLatin1(line)), line);
        }
    }
};

TEST_CLASS(TestDaemonSettings)
#include "tst_daemon_settings.moc"
