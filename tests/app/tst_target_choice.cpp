// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/connections/connection.h"
#include "app/launch/scenario_file.h"
#include "app/launch/target_choice.h"
#include "services/store/store_address.h"
#include "services/target/target_address.h"
#include "tests/test_class.h"

#include <QTest>
#include <map>

namespace {

core::Result<core::PartialTarget> flagsOf(std::vector<std::string> words) {
    const app::VerbSyntax verb{.name = "run", .options = app::targetOptions()};
    const auto arguments = app::Arguments::parse(verb, words);
    return arguments ? app::targetFlags(*arguments) : core::Result<core::PartialTarget>(arguments.error());
}

app::Environment environmentOf(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

/// What each part says; an empty text: nothing.
core::PartialTarget said(const char* broker, const char* store, const char* dedupe) {
    core::PartialTarget target;
    if (*broker != 0) {
        target.broker = *core::BrokerAddress::create(broker);
    }
    if (*store != 0) {
        target.store = *services::readStoreAddress(store);
    }
    if (*dedupe != 0) {
        target.dedupe = *core::DedupeAddress::create(dedupe);
    }
    return target;
}

core::Target target(const char* broker, const char* store, const char* dedupe) {
    return *services::readTarget({broker, store, dedupe});
}

const core::PartialTarget kNothing;
const core::PartialTarget kFile = said("file:1", "sqlite:file.db", "redis://file");
const std::map<std::string, std::string> kVariables{{"MILLRACE_BROKER", "env:1"},
                                                    {"MILLRACE_STORE", "postgresql://me:secret@env/db"},
                                                    {"MILLRACE_DEDUPE", "redis://:secret@env"}};

} // namespace

Q_DECLARE_METATYPE(core::PartialTarget)
Q_DECLARE_METATYPE(core::Target)

class TestTargetChoice : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void choosesEachPartByItself_data() {
        using Words = std::vector<std::string>;
        QTest::addColumn<std::vector<std::string>>("flags");
        QTest::addColumn<core::PartialTarget>("file");
        QTest::addColumn<bool>("environment");
        QTest::addColumn<core::Target>("expected");
        QTest::newRow("nobody says anything: embedded") << Words{} << kNothing << false << core::Target();
        const core::Target fromEnvironment = target("env:1", "postgresql://me:secret@env/db", "redis://:secret@env");
        QTest::newRow("the environment wins over embedded") << Words{} << kNothing << true << fromEnvironment;
        QTest::newRow("the file wins over the environment")
            << Words{} << kFile << true << target("file:1", "sqlite:file.db", "redis://file");
        QTest::newRow("a flag wins over the file, for its part only")
            << Words{"--store", "sqlite:flag.db"} << kFile << true
            << target("file:1", "sqlite:flag.db", "redis://file");
        QTest::newRow("what the file leaves out comes from the environment")
            << Words{} << said("file:1", "", "") << true
            << target("file:1", "postgresql://me:secret@env/db", "redis://:secret@env");
        QTest::newRow("each part may come from elsewhere")
            << Words{"--dedupe=memory"} << said("", "embedded", "") << true << target("env:1", "embedded", "memory");
        QTest::newRow("--target embedded asks neither the file nor the environment")
            << Words{"--target", "embedded"} << kFile << true << core::Target();
        QTest::newRow("a part's own flag wins over --target embedded")
            << Words{"--target=embedded", "--broker=a:1,b:2"} << kFile << true
            << target("a:1,b:2", "embedded", "memory");
    }
    void choosesEachPartByItself() {
        QFETCH(const std::vector<std::string>, flags);
        QFETCH(const core::PartialTarget, file);
        QFETCH(const bool, environment);
        QFETCH(const core::Target, expected);
        const auto read = flagsOf(flags);
        QVERIFY(read);
        const auto chosen = app::chooseTarget(*read, file, environment ? environmentOf(kVariables) : environmentOf({}));
        QVERIFY(chosen);
        QCOMPARE(chosen->broker.shown(), expected.broker.shown());
        QCOMPARE(chosen->store.shown(), expected.store.shown());
        QCOMPARE(chosen->dedupe.shown(), expected.dedupe.shown());
        QVERIFY(*chosen == expected); // with their secrets
    }

    void refusesFlags_data() {
        QTest::addColumn<std::vector<std::string>>("flags");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const std::vector<std::string>& flags, const char* message) {
            QTest::newRow(name) << flags << QString::fromUtf8(message);
        };
        const char* const store =
            "--store holds a password, and everyone on this machine can read a command line. Leave it out and put it "
            "into PGPASSWORD, into ~/.pgpass, or into the whole URL in MILLRACE_STORE.";
        row("a store's password", {"--store", "postgresql://me:secret@host/db"}, store);
        row("a store's password that cannot be cut from its URL", {"--store", "postgresql://me:p/a?s@host/db"},
            "--store: expected embedded, sqlite:FILE or postgresql://USER@HOST:PORT/DATABASE; in a user, password or "
            "database write / as %2F, # as %23, ? as %3F, @ as %40 and % as %25.");
        row("a key's password as a parameter", {"--store", "postgresql://host/db?sslpassword=secret"}, store);
        row("a store's password as a parameter", {"--store", "postgresql://host/db?user=me&password=secret"}, store);
        row("a filter's password", {"--dedupe", "redis://:secret@host"},
            "--dedupe holds a password, and everyone on this machine can read a command line. Leave it out and put it "
            "into MILLRACE_REDIS_PASSWORD, or the whole URL into MILLRACE_DEDUPE.");
        row("a broker without a port", {"--broker", "host"},
            "--broker: expected embedded or HOST:PORT, several with commas between them.");
        row("a broker with two colons", {"--broker", "a:b:9092"},
            "--broker: expected embedded or HOST:PORT, several with commas between them.");
        row("a broker list with a hole", {"--broker", "a:1,,b:2"},
            "--broker: expected embedded or HOST:PORT, several with commas between them.");
        row("a port out of range", {"--broker", "a:70000"},
            "--broker: expected embedded or HOST:PORT, several with commas between them.");
        row("a store of another kind", {"--store", "mysql://host/db"},
            "--store: expected embedded, sqlite:FILE or postgresql://USER@HOST:PORT/DATABASE.");
        row("a filter of another kind", {"--dedupe", "memcached://host"},
            "--dedupe: expected memory or redis://HOST:PORT.");
        row("another target", {"--target", "kafka"},
            "--target knows the word embedded only; name servers with --broker, --store and --dedupe.");
    }
    void refusesFlags() {
        QFETCH(const std::vector<std::string>, flags);
        QFETCH(const QString, message);
        const auto read = flagsOf(flags);
        QVERIFY(!read);
        QCOMPARE(QString::fromStdString(read.error().message), message);
    }

    void userWithoutPasswordIsWelcome() {
        QVERIFY(flagsOf({"--store=postgresql://me@host:5432/db?sslmode=require", "--dedupe=redis://host:6379/1"}));
    }

    void anIpv6AddressIsWelcome() { QVERIFY(flagsOf({"--broker=[::1]:9092", "--dedupe=redis://[::1]:6379"})); }

    void everyFrontRefusesWhatAnotherRefuses_data() {
        QTest::addColumn<QString>("part");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* part, const char* text) {
            QTest::newRow(text) << QString::fromLatin1(part) << QString::fromLatin1(text);
        };
        row("broker", "a:b:9092");
        row("broker", "a:09092");
        row("store", "postgresql://h:x/db");
        row("store", "postgresql://h/db?nonsense=1");
        row("store", "postgresql://me:ab/cd@127.0.0.1:5999/db");
        row("dedupe", "redis://:pa/ss@host:6379");
        row("dedupe", "redis://:ab/cd+ef=@127.0.0.1:1");
        row("dedupe", "rediss://host");
        row("dedupe", "redis://host?x");
    }
    void everyFrontRefusesWhatAnotherRefuses() {
        QFETCH(const QString, part);
        QFETCH(const QString, text);
        const std::string flag = "--" + part.toStdString();
        QVERIFY(!flagsOf({flag, text.toStdString()}));
        const std::string variable = "MILLRACE_" + part.toUpper().toStdString();
        const auto chosen = app::chooseTarget({}, {}, environmentOf({{variable, text.toStdString()}}));
        QVERIFY(!chosen);
        QVERIFY2(chosen.error().message.starts_with(variable + ": "), chosen.error().message.c_str());
        QVERIFY2(chosen.error().message.find("cd") == std::string::npos, chosen.error().message.c_str());
        const auto reading = app::readScenarioText(
            "version: 1\nname: n\nstreams: [{name: s, stages: [{duration: 1s, rate: 1/s}]}]\ntarget: {" +
                part.toStdString() + ": '" + text.toStdString() + "'}\n",
            "f", {});
        QCOMPARE(reading.problems.size(), std::size_t{1});
        app::Connection connection = app::newConnection(QStringLiteral("saved"));
        const QMap<QString, QString*> fields{{QStringLiteral("broker"), &connection.broker},
                                             {QStringLiteral("store"), &connection.store},
                                             {QStringLiteral("dedupe"), &connection.dedupe}};
        *fields.value(part) = text;
        QVERIFY(!check(connection));
    }

    void nonsenseInTheEnvironmentIsNamed() {
        const auto chosen = app::chooseTarget({}, {}, environmentOf({{"MILLRACE_BROKER", "nonsense"}}));
        QVERIFY(!chosen);
        QCOMPARE(chosen.error().message,
                 std::string("MILLRACE_BROKER: expected embedded or HOST:PORT, several with commas between them."));
    }

    void anEmptyVariableSaysNothing() {
        const auto chosen = app::chooseTarget({}, {}, environmentOf({{"MILLRACE_BROKER", ""}}));
        QVERIFY(chosen);
        QVERIFY(chosen->isEmbedded());
    }

    void overridesAreCutAtTheFirstEqualsSign() {
        const auto found = app::overrides({"seed=7", "thresholds[0]=lost == 0"});
        QVERIFY(found);
        QCOMPARE(*found,
                 (std::vector<std::pair<std::string, std::string>>{{"seed", "7"}, {"thresholds[0]", "lost == 0"}}));
    }

    void overridesRefuse_data() {
        QTest::addColumn<QString>("setting");
        QTest::addColumn<QString>("beginning");
        QTest::newRow("no equals sign") << QStringLiteral("seed")
                                        << QStringLiteral("--set expects PATH=VALUE, as --set "
                                                          "streams[0].stages[0].rate=500/s, not 'seed'.");
        QTest::newRow("a secret setting") << QStringLiteral("kafka.client.sasl.password=x")
                                          << QStringLiteral("--set kafka.client.sasl.password holds a secret, ");
        QTest::newRow("a URL with a password") << QStringLiteral("target.store=postgresql://a:b@c/d")
                                               << QStringLiteral("--set target.store holds a secret, ");
    }
    void overridesRefuse() {
        QFETCH(const QString, setting);
        QFETCH(const QString, beginning);
        const auto found = app::overrides({setting.toStdString()});
        QVERIFY(!found);
        QVERIFY2(QString::fromStdString(found.error().message).startsWith(beginning), found.error().message.c_str());
    }

    void anAddressWithoutAPasswordIsWelcome() {
        QVERIFY(app::overrides({"target.store=postgresql://db:5432/logs?application_name=load%40ci"}));
    }
    void aPasswordThatCannotBeReadIsNotRepeated() {
        const auto found = app::overrides({"target.store=postgresql://me:ab/marker@db/logs"});
        QVERIFY(!found && found.error().text().find("marker") == std::string::npos);
    }
    void aSecretByNameIsWelcome() { QVERIFY(app::overrides({"kafka.client.sasl.password=${KAFKA_PASSWORD}"})); }
};

TEST_CLASS(TestTargetChoice)
#include "tst_target_choice.moc"
