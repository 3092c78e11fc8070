// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario_files.h"
#include "tests/test_class.h"

#include <chrono>

using namespace std::chrono_literals;

class TestScenarioReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void defaultsAreThoseOfTheFormat();
    void everyKeyArrives();
    void stagesArrive();
    void eventShapeArrives();
    void tiersArrive();
    void keysOfTheSectionMeanTheNormalTier();
    void idempotenceFollowsAcks();
    void environmentIsExpandedOnce();
    void secretsAreNotShown();
    void messageFileIsResolved_data();
    void messageFileIsResolved();
    void passwordInAUrl_data();
    void passwordInAUrl();
    void passwordThatCannotBeCutFromItsUrl_data();
    void passwordThatCannotBeCutFromItsUrl();
    void whoConsumesArrives();
    void rulesAreTakenAsTheyAreWithoutAJudge();
    void problemsAreInFileOrder();
    void theLoadIsKnownWhileSomethingElseIsWrong_data();
    void theLoadIsKnownWhileSomethingElseIsWrong();
};

namespace {

core::ScenarioReading readFile(const QString& name) {
    const QString path = sourceRoot() + QStringLiteral("/tests/core/data/scenarios/good/") + name;
    return core::readScenario(contentOfFile(path).toStdString(), name.toStdString(), testOptions());
}

core::ScenarioReading readMinimalWith(const std::string& more) {
    return core::readScenario("version: 1\nname: n\nstreams: [{name: s, stages: [{duration: 1s, rate: 1/s}]}]\n" + more,
                              "f", testOptions());
}

template <typename T>
T stage(const core::Scenario& scenario, std::size_t index) {
    return std::get<T>(scenario.streams[0].stages[index]);
}

} // namespace

void TestScenarioReader::theLoadIsKnownWhileSomethingElseIsWrong_data() {
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<bool>("isKnown");
    const auto row = [](const char* rule, const char* more, bool isKnown) {
        QTest::newRow(rule) << QByteArray(more) << isKnown;
    };
    row("a rule of the wrong kind", "thresholds: [{}]\n", true);
    row("a setting of Kafka", "kafka: {linger: 5}\n", true);
    row("a key that is none", "treshold: []\n", true);
    row("a variable elsewhere that is not set", "target: {store: \"${NOBODY_SETS_THIS}\"}\n", true);
    row("the warm-up", "warmup: 3\n", false);
    row("a key twice, of which either may be meant", "warmup: 3s\nwarmup: 4s\n", false);
}

void TestScenarioReader::theLoadIsKnownWhileSomethingElseIsWrong() {
    QFETCH(const QByteArray, more);
    QFETCH(const bool, isKnown);
    const auto reading = readMinimalWith(more.toStdString());
    QVERIFY(!reading.scenario && !reading.problems.empty());
    QCOMPARE(reading.load.has_value(), isKnown);
    if (isKnown) {
        QCOMPARE(reading.load->streams[0].name, std::string("s"));
        QCOMPARE(stage<core::ConstantStage>(*reading.load, 0).duration, core::Nanoseconds(1s));
    }
    const auto bad = core::readScenario(
        "version: 1\nname: n\nstreams: [{name: s, stages: [{duration: 1, rate: 1/s}]}]\n", "f", testOptions());
    QVERIFY(!bad.load);
}

void TestScenarioReader::defaultsAreThoseOfTheFormat() {
    const auto reading = readFile(QStringLiteral("minimal.yaml"));
    QCOMPARE(textOf(reading), std::string());
    const core::Scenario& scenario = *reading.scenario;
    QCOMPARE(scenario.seed, std::uint64_t(1));
    QCOMPARE(scenario.warmup, core::Nanoseconds(0s));
    QCOMPARE(scenario.drain, core::Nanoseconds(30s));
    QCOMPARE(scenario.streams[0].tier, core::Tier::Normal);
    QCOMPARE(scenario.streams[0].arrival, core::Arrival::Even);
    QCOMPARE(scenario.streams[0].event.size.min.count, std::uint64_t(285));
    QCOMPARE(scenario.streams[0].event.sources.size(), std::size_t(4));
    QVERIFY(std::holds_alternative<core::KeyById>(scenario.streams[0].event.key));
    QCOMPARE(scenario.kafka.tier(core::Tier::Critical).topic, std::string("log-events-critical"));
    QCOMPARE(scenario.kafka.tier(core::Tier::Normal).topic, std::string("log-events"));
    QCOMPARE(scenario.kafka.tier(core::Tier::Analytics).topic, std::string("log-events-analytics"));
    QCOMPARE(scenario.kafka.tier(core::Tier::Critical).linger, core::Nanoseconds(0ms));
    QCOMPARE(scenario.kafka.tier(core::Tier::Normal).linger, core::Nanoseconds(5ms));
    QCOMPARE(scenario.kafka.tier(core::Tier::Analytics).linger, core::Nanoseconds(50ms));
    QCOMPARE(scenario.kafka.tier(core::Tier::Critical).deadline, core::Nanoseconds(120s));
    QCOMPARE(scenario.kafka.tier(core::Tier::Normal).deadline, core::Nanoseconds(30s));
    QCOMPARE(scenario.kafka.tier(core::Tier::Analytics).deadline, core::Nanoseconds(10s));
    QVERIFY(!scenario.kafka.partitions);
    QVERIFY(scenario.kafka.idempotence && scenario.kafka.acks == core::Acks::All);
    QVERIFY(scenario.target == core::PartialTarget());
}

void TestScenarioReader::everyKeyArrives() {
    const auto reading = readFile(QStringLiteral("full.yaml"));
    QCOMPARE(textOf(reading), std::string());
    const core::Scenario& scenario = *reading.scenario;
    QCOMPARE(scenario.name, std::string("every key"));
    QCOMPARE(scenario.seed, std::uint64_t(18'446'744'073'709'551'615U));
    QCOMPARE(scenario.warmup, core::Nanoseconds(10s));
    QCOMPARE(scenario.drain, core::Nanoseconds(0s));
    QCOMPARE(scenario.streams.size(), std::size_t(3));
    QCOMPARE(scenario.streams[1].start, core::Nanoseconds(20s));
    QCOMPARE(scenario.streams[0].arrival, core::Arrival::Poisson);
    QCOMPARE(scenario.streams[2].tier, core::Tier::Analytics);
    QCOMPARE(scenario.consumer.concurrency, 64);
    QCOMPARE(scenario.consumer.batch, 50'000U);
    QCOMPARE(scenario.consumer.linger, core::Nanoseconds(10s));
    QCOMPARE(scenario.consumer.criticalBatch, 1U);
    QCOMPARE(scenario.consumer.sessionTimeout, core::Nanoseconds(30min));
    QVERIFY(scenario.consumer.deadLetters == core::ConsumerSettings::DeadLetters::Topic);
    QCOMPARE(scenario.consumer.deadLetterTopic, std::string("dead"));
    QCOMPARE(scenario.dedupe.ttl, core::Nanoseconds(1s));
    QCOMPARE(scenario.dedupe.prefix, std::string("p:"));
    QCOMPARE(scenario.thresholds.size(), std::size_t(3));
    QCOMPARE(scenario.thresholds[0].rule, std::string("end_to_end p99 < 45ms"));
    QCOMPARE(scenario.thresholds[1].during, std::string("burst"));
    QCOMPARE(scenario.thresholds[1].abort, true);
    QCOMPARE(scenario.thresholds[2].during, std::string("warmup"));
    QVERIFY(scenario.target.broker == *core::BrokerAddress::create("[::1]:9092,kafka.example:19092"));
    QVERIFY(scenario.target.dedupe == *core::DedupeAddress::create("redis://:p%40ss%2Fword@localhost:6379"));
}

void TestScenarioReader::stagesArrive() {
    const auto reading = readFile(QStringLiteral("full.yaml"));
    const core::Scenario& scenario = *reading.scenario;
    QCOMPARE(stage<core::ConstantStage>(scenario, 0).duration, core::Nanoseconds(90s));
    QCOMPARE(stage<core::ConstantStage>(scenario, 0).rate, core::Rate{1000});
    QCOMPARE(stage<core::RampStage>(scenario, 1).to, core::Rate{10'000});
    QCOMPARE(stage<core::PauseStage>(scenario, 2).duration, core::Nanoseconds(1500ms));
    QCOMPARE(stage<core::SpikeStage>(scenario, 3).duration, core::Nanoseconds(2500ms));
    QCOMPARE(stage<core::StaircaseStage>(scenario, 4).steps, 10);
    QCOMPARE(stage<core::StaircaseStage>(scenario, 4).to, core::Rate{1.5});
    QCOMPARE(stage<core::StaircaseStage>(scenario, 4).hold, core::Nanoseconds(1h));
    QCOMPARE(stage<core::SineStage>(scenario, 5).mean, core::Rate{0.5});
    QCOMPARE(stage<core::SineStage>(scenario, 5).period, core::Nanoseconds(1us));
    QCOMPARE(stage<core::SineStage>(scenario, 5).duration, core::Nanoseconds(3'661'001'001'001));
}

void TestScenarioReader::eventShapeArrives() {
    const auto reading = readFile(QStringLiteral("full.yaml"));
    const core::EventShape& event = reading.scenario->streams[0].event;
    QCOMPARE(event.size.min.count, std::uint64_t(1));
    QCOMPARE(event.size.max.count, std::uint64_t(1'048'576));
    QVERIFY(event.size.distribution == core::SizeDistribution::Normal);
    QCOMPARE(event.levels.size(), std::size_t(6));
    QVERIFY(event.levels[0] == std::pair(core::Level::Trace, 0.5));
    QCOMPARE(event.sources[1], std::string("42"));
    QCOMPARE(std::get<core::ZipfKey>(event.key).keys, std::uint64_t(1'000'000));
    QCOMPARE(event.messageFile, std::string("/folder/logs/app.log"));
    QCOMPARE(event.duplicates.ratio, core::Ratio{0.9});
    QCOMPARE(event.duplicates.within, core::Nanoseconds(10s));
    QCOMPARE(event.unreadable, core::Ratio{1});
    QVERIFY(std::holds_alternative<core::NoKey>(reading.scenario->streams[1].event.key));
    QVERIFY(std::holds_alternative<core::KeyBySource>(reading.scenario->streams[2].event.key));
    QCOMPARE(reading.scenario->streams[1].event.size.max.count, std::uint64_t(285));
    QVERIFY(reading.scenario->streams[1].event.messageFile.empty());
}

void TestScenarioReader::tiersArrive() {
    const auto reading = readFile(QStringLiteral("full.yaml"));
    const core::KafkaSettings& kafka = reading.scenario->kafka;
    const core::TierSettings critical{"critical", 0ns, {1}, core::Compression::None, 1, 1ms};
    const core::TierSettings normal{"a.b_c-D", 15min, {100U << 20U}, core::Compression::Gzip, 10'000'000, 24h};
    const core::TierSettings analytics{"log-events-analytics",    50ms,    {512U << 10U},
                                       core::Compression::Snappy, 100'000, 10s};
    QVERIFY(kafka.tier(core::Tier::Critical) == critical);
    QVERIFY(kafka.tier(core::Tier::Normal) == normal);
    QVERIFY(kafka.tier(core::Tier::Analytics) == analytics);
    QCOMPARE(kafka.partitions.value_or(0), 10'000);
    QCOMPARE(kafka.group, std::string("group"));
    QCOMPARE(kafka.client.size(), std::size_t(7));
    QCOMPARE(kafka.client.at("sasl.password"), std::string("p@ss/word"));
    QCOMPARE(kafka.client.at("socket.timeout.ms"), std::string("6000"));
    QCOMPARE(kafka.client.at("enable.ssl.certificate.verification"), std::string("false"));
}

void TestScenarioReader::keysOfTheSectionMeanTheNormalTier() {
    const auto reading = readMinimalWith("kafka: {compression: zstd, linger: 1ms, queue: 7, critical: {queue: 8}}\n");
    QCOMPARE(textOf(reading), std::string());
    const core::KafkaSettings& kafka = reading.scenario->kafka;
    for (const core::Tier tier : core::kTiers) {
        QVERIFY(kafka.tier(tier).compression == core::Compression::Zstd);
    }
    QCOMPARE(kafka.tier(core::Tier::Normal).linger, core::Nanoseconds(1ms));
    QCOMPARE(kafka.tier(core::Tier::Analytics).linger, core::Nanoseconds(50ms));
    QCOMPARE(kafka.tier(core::Tier::Normal).queue, 7U);
    QCOMPARE(kafka.tier(core::Tier::Critical).queue, 8U);
    QCOMPARE(kafka.tier(core::Tier::Analytics).queue, 100'000U);
}

void TestScenarioReader::idempotenceFollowsAcks() {
    QVERIFY(readMinimalWith("").scenario->kafka.idempotence);
    QVERIFY(!readMinimalWith("kafka: {acks: 1}\n").scenario->kafka.idempotence);
    QVERIFY(!readMinimalWith("kafka: {acks: 0}\n").scenario->kafka.idempotence);
    QVERIFY(!readMinimalWith("kafka: {idempotence: false}\n").scenario->kafka.idempotence);
}

void TestScenarioReader::environmentIsExpandedOnce() {
    core::ReaderOptions options = testOptions();
    options.environment = [](const std::string& name) { return std::optional<std::string>("<${" + name + "}>"); };
    const auto reading = core::readScenario(
        "version: 1\nname: a${X}b${Y_1}c$d\nstreams: [{name: s, stages: [{duration: 1s, rate: 1/s}]}]\n", "f", options);
    QCOMPARE(textOf(reading), std::string());
    QCOMPARE(reading.scenario->name, std::string("a<${X}>b<${Y_1}>c$d"));
    QVERIFY(reading.scenario->text.find("a${X}b${Y_1}c$d") != std::string::npos);
}

void TestScenarioReader::secretsAreNotShown() {
    const auto reading = readMinimalWith(
        "warmup: ${PASSWORD}\n"
        "seed: ${PASSWORD}\n"
        "kafka: {acks: \"${PASSWORD}\", topic: \"${PASSWORD}\", compression: \"${PASSWORD}\"}\n"
        "target: {broker: \"${PASSWORD}\", store: \"mysql://u:p@ss/word@h\", dedupe: \"redis//:p@ss/word@h\"}\n");
    QCOMPARE(reading.problems.size(), std::size_t(8));
    QVERIFY2(textOf(reading).find("p@ss/word") == std::string::npos, textOf(reading).c_str());
}

void TestScenarioReader::messageFileIsResolved_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("resolved");
    QTest::newRow("relative to the folder")
        << QStringLiteral("logs/a.log") << QStringLiteral("/x/y") << QStringLiteral("/x/y/logs/a.log");
    QTest::newRow("with a step up") << QStringLiteral("../a.log") << QStringLiteral("/x/y")
                                    << QStringLiteral("/x/a.log");
    QTest::newRow("absolute stays") << QStringLiteral("/var/log/a.log") << QStringLiteral("/x/y")
                                    << QStringLiteral("/var/log/a.log");
    QTest::newRow("no folder") << QStringLiteral("a.log") << QString() << QStringLiteral("a.log");
}

void TestScenarioReader::messageFileIsResolved() {
    QFETCH(QString, file);
    QFETCH(QString, folder);
    QFETCH(QString, resolved);
    core::ReaderOptions options = testOptions();
    options.folder = folder.toStdString();
    options.overrides = {{"streams[0].event.messages.file", file.toStdString()}};
    const auto reading = core::readScenario(
        "version: 1\nname: n\nstreams: [{name: s, stages: [{duration: 1s, rate: 1/s}]}]\n", "f", options);
    QCOMPARE(QString::fromStdString(reading.scenario->streams[0].event.messageFile), resolved);
}

void TestScenarioReader::passwordInAUrl_data() {
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("isAllowed");
    QTest::newRow("no user") << QStringLiteral("postgresql://h:5432/db") << true;
    QTest::newRow("a user") << QStringLiteral("postgresql://user@h:5432/db") << true;
    QTest::newRow("a password from the environment")
        << QStringLiteral("postgresql://user:${URL_PASSWORD}@h/db") << true;
    QTest::newRow("all from the environment")
        << QStringLiteral("postgresql://${WORD}:${URL_PASSWORD}${WORD}@h/db") << true;
    QTest::newRow("a parameter from the environment")
        << QStringLiteral("postgresql://h/db?password=${URL_PASSWORD}&user=u") << true;
    QTest::newRow("an empty password") << QStringLiteral("postgresql://user:@h/db") << true;
    QTest::newRow("a password written out") << QStringLiteral("postgresql://user:secret@h/db") << false;
    QTest::newRow("a password partly written out")
        << QStringLiteral("postgresql://user:se${URL_PASSWORD}@h/db") << false;
    QTest::newRow("a parameter written out") << QStringLiteral("postgresql://h/db?password=secret") << false;
    QTest::newRow("an address whose beginning comes from the environment")
        << QStringLiteral("${BASE}/db?sslmode=require") << true;
    QTest::newRow("a parameter written out behind such a beginning")
        << QStringLiteral("${BASE}/db?password=secret") << false;
    QTest::newRow("the password of a key written out")
        << QStringLiteral("postgresql://h/db?password=${URL_PASSWORD}&sslpassword=x") << false;
}

void TestScenarioReader::passwordInAUrl() {
    QFETCH(QString, url);
    QFETCH(bool, isAllowed);
    const auto reading = readMinimalWith("target: {store: '" + url.toStdString() + "'}\n");
    QCOMPARE(textOf(reading),
             std::string(isAllowed ? ""
                                   : "f:4:17: target.store: the password must not be written out; write ${NAME} in its "
                                     "place and set that environment variable\n"));
}

void TestScenarioReader::passwordThatCannotBeCutFromItsUrl_data() {
    QTest::addColumn<QString>("target");
    QTest::newRow("a slash in the file") << QStringLiteral("{store: 'postgresql://user:sec/ret@h/db'}");
    QTest::newRow("a slash from the environment") << QStringLiteral("{store: 'postgresql://user:${PASSWORD}@h/db'}");
    QTest::newRow("the filter's") << QStringLiteral("{dedupe: 'redis://:${PASSWORD}@h'}");
}

void TestScenarioReader::passwordThatCannotBeCutFromItsUrl() {
    QFETCH(QString, target);
    const std::string problems = textOf(readMinimalWith("target: " + target.toStdString() + "\n"));
    QVERIFY2(problems.find("write / as %2F, # as %23, ? as %3F, @ as %40 and % as %25") != std::string::npos,
             problems.c_str());
    QVERIFY2(problems.find("ss/word") == std::string::npos && problems.find("sec") == std::string::npos,
             problems.c_str());
}

void TestScenarioReader::whoConsumesArrives() {
    const auto consumerOf = [](const std::string& line) {
        const auto reading = core::readScenario(
            "version: 1\nname: n\nstreams: [{name: a, stages: [{duration: 1s, rate: 1/s}]}]\n" + line, "s.yaml",
            testOptions());
        return reading.scenario ? reading.scenario->consumer : core::ConsumerSettings();
    };
    QVERIFY(consumerOf("").by == core::ConsumedBy::Millrace);
    QVERIFY(consumerOf("consumer: {batch: 7}").by == core::ConsumedBy::Millrace);
    QVERIFY(consumerOf("consumer: none").by == core::ConsumedBy::Nobody);
    const auto outsider = consumerOf("consumer: {audit: {table: app.events, id: event_id, stored_at: at}}");
    QVERIFY(outsider.by == core::ConsumedBy::Outsider);
    QVERIFY(outsider.audit == (core::AuditedTable{"app.events", "event_id", "at"}));
}

void TestScenarioReader::rulesAreTakenAsTheyAreWithoutAJudge() {
    core::ReaderOptions options = testOptions();
    options.overrides = {{"thresholds", "[nonsense]"}};
    const std::string text = "version: 1\nname: n\nstreams: [{name: s, stages: [{duration: 1s, rate: 1/s}]}]\n";
    QVERIFY(!core::readScenario(text, "f", options).scenario);
    options.checkRule = {};
    QCOMPARE(core::readScenario(text, "f", options).scenario->thresholds[0].rule, std::string("nonsense"));
}

void TestScenarioReader::problemsAreInFileOrder() {
    const auto reading = core::readScenario("target: here\nstreams: 5\nname: [x]\nwrong: 1\nversion: 1\nwarmup: *w\n",
                                            "f", testOptions());
    QCOMPARE(textOf(reading),
             std::string("f:1:9: target: expected embedded or {broker: …, store: …, dedupe: …}\n"
                         "f:2:10: streams: expected a list of streams, found a number\n"
                         "f:3:7: name: expected a text, found a list\n"
                         "f:4:1: wrong: unknown key 'wrong'; the keys here are version, name, seed, warmup, "
                         "drain, streams, kafka, consumer, dedupe, thresholds and target\n"
                         "f:6:9: aliases (*name) are not allowed; write the value out\n"));
}

TEST_CLASS(TestScenarioReader)
#include "tst_scenario_reader.moc"
