// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/fleet_choice.h"
#include "services/target/target_address.h"
#include "tests/test_class.h"

#include <QTemporaryDir>
#include <QtTest>
#include <map>

namespace {

using Words = std::vector<std::string>;
using Variables = std::map<std::string, std::string>;

const std::string kToken(43, 'a');

core::Target realServers() {
    return *services::readTarget({"k:9092", "postgresql://me@db/logs", "memory"});
}

core::Result<std::shared_ptr<services::RemoteFleet>> fleetOf(const Words& words, const core::Target& target,
                                                             const Words& ofScenario, const Variables& variables) {
    const app::VerbSyntax verb{.name = "run", .options = app::fleetOptions()};
    const auto arguments = app::Arguments::parse(verb, words);
    if (!arguments) {
        return arguments.error();
    }
    return app::chooseFleet(*arguments, ofScenario, target, [&](const std::string& name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
}

} // namespace

Q_DECLARE_METATYPE(core::Target)

/// Which daemons take part in a run, by flags, scenario and environment.
class FleetChoiceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void daemonsAreChosenOrNot_data() {
        QTest::addColumn<Words>("flags");
        QTest::addColumn<Words>("ofScenario");
        QTest::addColumn<bool>("chosen");
        QTest::newRow("nobody names any") << Words{} << Words{} << false;
        QTest::newRow("the flag does") << Words{"--daemons", "a:1,dns:b:2"} << Words{} << true;
        QTest::newRow("the scenario does") << Words{} << Words{"a:1"} << true;
        QTest::newRow("with what is to happen without us")
            << Words{"--daemons=a:1", "--on-controller-loss", "stop"} << Words{} << true;
        QTest::newRow("by HTTPS") << Words{"--daemons=a:1", "--daemons-ca", "ca.pem"} << Words{} << true;
    }
    void daemonsAreChosenOrNot() {
        QFETCH(const Words, flags);
        QFETCH(const Words, ofScenario);
        QFETCH(const bool, chosen);
        const auto fleet = fleetOf(flags, realServers(), ofScenario, {{"MILLRACE_TOKEN", kToken}});
        QVERIFY2(fleet, fleet ? "" : fleet.error().text().c_str());
        QCOMPARE(*fleet != nullptr, chosen);
    }

    void whatCannotBeIsASentence_data() {
        QTest::addColumn<Words>("flags");
        QTest::addColumn<core::Target>("target");
        QTest::addColumn<Variables>("variables");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const Words& flags, const core::Target& target,
                            const Variables& variables, const char* message) {
            QTest::newRow(name) << flags << target << variables << QString::fromUtf8(message);
        };
        const core::Target real = realServers();
        row("an address without a port", {"--daemons", "a:1,b"}, real, {},
            "--daemons: 'b' is neither HOST:PORT nor dns:NAME:PORT.");
        row("a name without a port", {"--daemons", "dns:b"}, real, {},
            "--daemons: 'dns:b' is neither HOST:PORT nor dns:NAME:PORT.");
        row("no address at all", {"--daemons", ","}, real, {}, "--daemons: It names no daemon.");
        const char* const meet = "Daemons meet at real servers: name Kafka as the broker and PostgreSQL as the store, "
                                 "as the daemons know them.";
        row("an embedded target", {"--daemons", "a:1"}, core::Target(), {}, meet);
        row("an embedded broker", {"--daemons", "a:1"},
            *services::readTarget({"embedded", "postgresql://me@db/logs", "memory"}), {}, meet);
        row("an embedded store", {"--daemons", "a:1"}, *services::readTarget({"k:9092", "embedded", "memory"}), {},
            meet);
        row("a store of one machine", {"--daemons", "a:1"},
            *services::readTarget({"k:9092", "sqlite:file.db", "memory"}), {}, meet);
        row("another word for what daemons do without us", {"--daemons", "a:1", "--on-controller-loss", "wait"}, real,
            {}, "--on-controller-loss is finish or stop, not 'wait'.");
        row("an authority without daemons", {"--daemons-ca", "ca.pem"}, real, {},
            "--daemons-ca is about daemons; name them with --daemons.");
        row("a loss without daemons", {"--on-controller-loss", "stop"}, real, {},
            "--on-controller-loss is about daemons; name them with --daemons.");
        row("a run without daemons", {"--attach", "id"}, real, {},
            "--attach is about daemons; name them with --daemons.");
        row("a token that is too short", {"--daemons", "a:1"}, real, {{"MILLRACE_TOKEN", "marker"}},
            "MILLRACE_TOKEN: a token has at least 43 characters of base64 or hexadecimal digits, and this one does "
            "not. Create one with: openssl rand -hex 32");
        row("a file of a token that does not exist", {"--daemons", "a:1"}, real,
            {{"MILLRACE_TOKEN_FILE", "/nowhere/token"}},
            "MILLRACE_TOKEN_FILE: the token file /nowhere/token cannot be read");
    }
    void whatCannotBeIsASentence() {
        QFETCH(const Words, flags);
        QFETCH(const core::Target, target);
        QFETCH(const Variables, variables);
        QFETCH(const QString, message);
        const auto fleet = fleetOf(flags, target, {}, variables);
        QVERIFY(!fleet);
        QVERIFY(fleet.error().kind == core::ErrorKind::Invalid);
        const QString said = QString::fromStdString(fleet.error().text());
        QVERIFY2(said.startsWith(message), qPrintable(said));
        QVERIFY(!said.contains(QStringLiteral("marker")));
    }

    void aTypedTokenWinsOverThatOfTheEnvironment() {
        qputenv("MILLRACE_TOKEN", "marker"); // too short, but nobody asks it
        const auto typed = app::optionsOfFleet({"a:1"}, core::Secret(kToken));
        const auto known = app::optionsOfFleet({"a:1"}, {});
        qunsetenv("MILLRACE_TOKEN");
        QVERIFY(typed && typed->access.token);
        QVERIFY(!known && known.error().text().starts_with("MILLRACE_TOKEN: "));
        const auto none = app::optionsOfFleet({"a:1"}, {});
        QVERIFY(none && !none->access.token);
        QCOMPARE(none->daemons, (Words{"a:1"}));
    }

    void aTypedTokenThatIsTooShortIsNotRepeated() {
        const auto typed = app::optionsOfFleet({"a:1"}, core::Secret("marker"));
        QVERIFY(!typed);
        QCOMPARE(QString::fromStdString(typed.error().text()),
                 QStringLiteral("The token of the daemons: a token has at least 43 characters of base64 or hexadecimal "
                                "digits, and this one does not. Create one with: openssl rand -hex 32"));
    }
};

TEST_CLASS(FleetChoiceTest)
#include "tst_fleet_choice.moc"
