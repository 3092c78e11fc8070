// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario_files.h"
#include "tests/test_class.h"

class TestScenarioOverrides : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void overrideChangesTheScenario_data();
    void overrideChangesTheScenario();
    void laterOverrideWins();
    void textStaysAsItIs();
    void problem_data();
    void problem();
    void problemsOfOverridesComeLast();
};

namespace {

constexpr std::string_view kText = "version: 1\n"
                                   "name: base\n"
                                   "streams:\n"
                                   "  - name: baseline\n"
                                   "    stages:\n"
                                   "      - {duration: 60s, rate: 1000/s}\n"
                                   "      - {pause: 5s}\n"
                                   "  - name: a.b\n"
                                   "    stages: [{duration: 1s, rate: 1/s}]\n";

core::ScenarioReading readWith(const std::vector<std::pair<std::string, std::string>>& overrides) {
    core::ReaderOptions options = testOptions();
    options.overrides = overrides;
    return core::readScenario(kText, "file.yaml", options);
}

/// What the rows look at.
std::string valueOf(const core::Scenario& scenario, const QString& what) {
    const core::Stream& stream = scenario.streams[0];
    if (what == u"rate") {
        return std::to_string(int(std::get<core::ConstantStage>(stream.stages[0]).rate.perSecond));
    }
    if (what == u"rate of a.b") {
        return std::to_string(int(std::get<core::ConstantStage>(scenario.streams[1].stages[0]).rate.perSecond));
    }
    if (what == u"stages") {
        return std::to_string(stream.stages.size());
    }
    if (what == u"topic") {
        return scenario.kafka.tier(core::Tier::Critical).topic;
    }
    if (what == u"protocol") {
        return scenario.kafka.client.at("security.protocol");
    }
    if (what == u"batch") {
        return std::to_string(scenario.consumer.batch);
    }
    if (what == u"rules") {
        return std::to_string(scenario.thresholds.size());
    }
    return scenario.name;
}

} // namespace

void TestScenarioOverrides::overrideChangesTheScenario_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* path, const char* value, const char* what, const char* expected) {
        QTest::newRow(name) << QString::fromLatin1(path) << QString::fromLatin1(value) << QString::fromLatin1(what)
                            << QString::fromLatin1(expected);
    };
    row("a key of the top level", "name", "other", "name", "other");
    row("a place in a list", "streams[0].stages[0].rate", "5/s", "rate", "5");
    row("a stream by its name", "streams.baseline.stages[0].rate", "7/s", "rate", "7");
    row("a stream whose name holds a dot", "streams.a.b.stages[0].rate", "9/s", "rate of a.b", "9");
    row("a whole list", "streams.baseline.stages", "[{duration: 1s, rate: 1/s}]", "stages", "1");
    row("a key that does not exist", "consumer", "{batch: 7}", "batch", "7");
    row("a key whose parent does not exist", "consumer.batch", "8", "batch", "8");
    row("a key of a tier", "kafka.critical.topic", "mine", "topic", "mine");
    row("a setting of the client, with dots", "kafka.client.security.protocol", "ssl", "protocol", "ssl");
    row("rules", "thresholds", "[lost == 0, doubled == 0]", "rules", "2");
    row("a value from the environment", "name", "${WORD}", "name", "word");
    row("a quoted value", "name", "'1: 2'", "name", "1: 2");
}

void TestScenarioOverrides::overrideChangesTheScenario() {
    QFETCH(QString, path);
    QFETCH(QString, value);
    QFETCH(QString, what);
    QFETCH(QString, expected);
    const core::ScenarioReading reading = readWith({{path.toStdString(), value.toStdString()}});
    QCOMPARE(textOf(reading), std::string());
    QCOMPARE(QString::fromStdString(valueOf(*reading.scenario, what)), expected);
}

void TestScenarioOverrides::laterOverrideWins() {
    const core::ScenarioReading reading =
        readWith({{"name", "first"}, {"consumer", "{batch: 1}"}, {"name", "second"}, {"consumer.batch", "2"}});
    QCOMPARE(textOf(reading), std::string());
    QCOMPARE(reading.scenario->name, std::string("second"));
    QCOMPARE(reading.scenario->consumer.batch, 2U);
}

void TestScenarioOverrides::textStaysAsItIs() {
    QCOMPARE(readWith({{"name", "other"}}).scenario->text, std::string(kText));
}

void TestScenarioOverrides::problem_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char* name, const char* path, const char* value, const char* problem) {
        QTest::newRow(name) << QString::fromUtf8(path) << QString::fromUtf8(value)
                            << QString::fromUtf8(problem) + u'\n';
    };
    row("a bad value", "streams[0].stages[0].rate", "1000",
        "--set streams[0].stages[0].rate: '1000' has no unit; add a unit: /s, /m or /h, as in 1000/s");
    row("a bad value by a stream's name", "streams.baseline.stages[0].rate", "fast",
        "--set streams.baseline.stages[0].rate: streams[0].stages[0].rate: 'fast' is not a rate; write events per "
        "second, minute or hour, for example 1000/s, 10k/s, 90/m or 1/h");
    row("an unknown key", "sead", "1", "--set sead: unknown key 'sead'; did you mean 'seed'?");
    row("an unknown key inside of the value", "consumer", "{bach: 1}",
        "--set consumer: consumer.bach: unknown key 'bach'; did you mean 'batch'?");
    row("an unknown key on the way", "consumr.batch", "1",
        "--set consumr.batch: consumr: unknown key 'consumr'; did you mean 'consumer'?");
    row("a missing key inside of the value", "streams[0]", "{name: x}", "--set streams[0]: missing key 'stages'");
    row("a place beyond the list", "streams[2].name", "x",
        "--set streams[2].name: leads nowhere: 'streams' has 2 items, counted from 0");
    row("a stream that does not exist", "streams.burst.start", "1s",
        "--set streams.burst.start: leads nowhere: nothing in 'streams' has the name 'burst'");
    row("a place in what is no list", "name[0]", "x", "--set name[0]: leads nowhere: 'name' is not a list");
    row("a key in what is no mapping", "name.x", "x", "--set name.x: leads nowhere: 'name' holds no keys");
    row("a place in what does not exist", "thresholds[0]", "x",
        "--set thresholds[0]: leads nowhere: 'thresholds' does not exist");
    row("an empty path", "", "x", "--set : is not a path; write it as streams[0].stages[1].rate");
    row("a path that ends in a dot", "name.", "x", "--set name.: is not a path; write it as streams[0].stages[1].rate");
    row("a place that is no number", "streams[x]", "x",
        "--set streams[x]: is not a path; a place in a list is a number in brackets, as streams[0]");
    row("a place without an end", "streams[0", "x",
        "--set streams[0: is not a path; a place in a list is a number in brackets, as streams[0]");
    row("text behind a place", "streams[0]name", "x",
        "--set streams[0]name: is not a path; write it as streams[0].stages[1].rate");
    row("a value that is no YAML", "name", "[a",
        "--set name: not YAML: did not find expected ',' or ']' while parsing a flow sequence, which begins in line 1");
    row("a value with an anchor", "name", "&a b", "--set name: anchors (&name) are not allowed");
    row("no value", "name", "", "--set name: must not be empty");
    row("a variable that is not set", "name", "${NOT_SET}",
        "--set name: the environment variable 'NOT_SET' is not set");
    row("a password written out", "target", "{store: 'postgresql://u:secret@h/d'}",
        "--set target: target.store: the password must not be written out; write ${NAME} in its place and set that "
        "environment variable");
}

void TestScenarioOverrides::problem() {
    QFETCH(QString, path);
    QFETCH(QString, value);
    QFETCH(QString, problem);
    const core::ScenarioReading reading = readWith({{path.toStdString(), value.toStdString()}});
    QCOMPARE(QString::fromStdString(textOf(reading)), problem);
    QCOMPARE(reading.problems[0].line, 0);
}

void TestScenarioOverrides::problemsOfOverridesComeLast() {
    core::ReaderOptions options = testOptions();
    options.overrides = {{"seed", "x"}};
    const core::ScenarioReading reading =
        core::readScenario("version: 1\nseed: 1\nname: 1\nstreams: []\n", "f", options);
    QCOMPARE(textOf(reading), std::string("f:3:7: name: expected a text; put 1 in quotes\n"
                                          "f:4:10: streams: the list is empty\n"
                                          "--set seed: 'x' is not a whole number\n"));
}

TEST_CLASS(TestScenarioOverrides)
#include "tst_scenario_overrides.moc"
