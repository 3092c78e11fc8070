// SPDX-License-Identifier: GPL-3.0-or-later
#include "kafka_fixtures.h"
#include "services/consumer/dead_letter_topic.h"
#include "services/kafka/cluster_admin.h"
#include "services/kafka/cluster_probe.h"
#include "services/kafka/key_partition.h"
#include "services/target/broker_end.h"
#include "tests/test_class.h"

#include <QProcess>
#include <QTemporaryFile>
#include <QTest>
#include <QUuid>
#include <algorithm>
#include <memory>
#include <set>

using namespace kafka_test;
using core::ErrorKind;
using services::ClusterAccess;
using services::ClusterAdmin;
using services::KafkaPublisher;
using services::probeCluster;

/// Against a real Kafka: topics, facts, the way there and back, and what is said when it refuses or is absent.
class KafkaStack : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void missingTopicsAreMadeOnce();
    void askingForATopicDoesNotMakeIt();
    void impossibleTopicsAreRefused();
    void factsAreTold();
    void whatIsAckedIsRead_data();
    void whatIsAckedIsRead();
    void aPositionBeyondTheEndIsRefused();
    void whatTheLogHasForgottenIsCounted();
    void twoMembersTakeOverFromEachOther();
    void probingSaysWhatIsWrong_data();
    void probingSaysWhatIsWrong();
    void aGoodClusterAnswersTheProbe();
    void partitionsThatAreAddedGetTheirShare();
    void aTopicsLimitIsNamedWithTheRefusal();
    void aQuotaIsTold();
    void aQuotaOfConsumersIsTold();
    void aDeadLetterOfTwoMebibytesIsTakenOrAnswered();
    void theQuestionForEndsHasItsLimit();
    void missingRightsAreSaid();

private:
    static std::string unique(const char* what);
    static void runTool(const QStringList& arguments);
    static ClusterAccess login(const std::string& user, const std::string& password);

    ClusterAccess m_cluster;
    std::unique_ptr<ClusterAdmin> m_admin;
};

std::string KafkaStack::unique(const char* what) {
    return std::string(what) + "-" + QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
}

ClusterAccess KafkaStack::login(const std::string& user, const std::string& password) {
    return {qEnvironmentVariable("MILLRACE_STACK_LOGIN_BROKER").toStdString(),
            {{"security.protocol", "sasl_plaintext"},
             {"sasl.mechanism", "PLAIN"},
             {"sasl.username", user},
             {"sasl.password", password}}};
}

void KafkaStack::runTool(const QStringList& arguments) {
    QProcess tool;
    tool.start(qEnvironmentVariable("MILLRACE_STACK_SCRIPTS") + QStringLiteral("/kafka-tool"), arguments);
    QVERIFY(tool.waitForFinished(60'000));
    QVERIFY2(tool.exitCode() == 0, (tool.readAllStandardOutput() + tool.readAllStandardError()).constData());
}

void KafkaStack::initTestCase() {
    m_cluster.bootstrap = qEnvironmentVariable("MILLRACE_BROKER").toStdString();
    if (m_cluster.bootstrap.empty() || qEnvironmentVariableIsEmpty("MILLRACE_STACK_LOGIN_BROKER")) {
        QFAIL("start the servers with tests/stack/up");
    }
    auto admin = ClusterAdmin::create(m_cluster);
    QVERIFY(admin);
    m_admin = std::move(*admin);
}

void KafkaStack::missingTopicsAreMadeOnce() {
    const auto first = unique("made");
    const auto second = unique("made");
    auto made = m_admin->ensureTopics({{first, 4}});
    QVERIFY2(made, made ? "" : made.error().message.c_str());
    QCOMPARE(*made, (std::map<std::string, int>{{first, 4}}));
    auto again = m_admin->ensureTopics({{first, 9}, {second, 2}}); // what exists is left alone
    QVERIFY2(again, again ? "" : again.error().message.c_str());
    QCOMPARE(*again, (std::map<std::string, int>{{first, 4}, {second, 2}}));
    const auto sentences = ClusterAdmin::shortages({{"few", 2}, {"enough", 3}}, 3);
    QCOMPARE(sentences.size(), std::size_t{1});
    QCOMPARE(QString::fromStdString(sentences.front()),
             QStringLiteral("Topic few has 2 partitions for 3 consumers: 1 will idle. Add partitions or lower "
                            "consumer.concurrency."));
}

void KafkaStack::askingForATopicDoesNotMakeIt() {
    const auto topic = unique("absent");
    for (int i = 0; i < 2; ++i) {
        auto count = m_admin->partitionCount(topic);
        QVERIFY2(count, count ? "" : count.error().message.c_str());
        QCOMPARE(*count, 0);
    }
    const auto facts = m_admin->topicFacts(topic);
    QVERIFY(!facts);
    QCOMPARE(facts.error().kind, ErrorKind::Invalid);
}

void KafkaStack::impossibleTopicsAreRefused() {
    const auto refused = m_admin->ensureTopics({{"not a name!", 1}});
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Invalid);
    QVERIFY2(refused.error().message.find("not a name!") != std::string::npos, refused.error().message.c_str());
}

void KafkaStack::factsAreTold() {
    const auto topic = unique("facts");
    QVERIFY(m_admin->ensureTopics({{topic, 3}}));
    auto broker = m_admin->brokerFacts();
    QVERIFY(broker);
    QCOMPARE(broker->brokers, 1);
    QVERIFY(broker->clusterId.size() > 10);
    const bool isFour = qEnvironmentVariable("MILLRACE_STACK_KAFKA_VERSION").startsWith(QLatin1Char('4'));
    QVERIFY2(isFour ? broker->version == "4.3 or newer" : broker->version.starts_with("3.9"), broker->version.c_str());
    auto facts = m_admin->topicFacts(topic);
    QVERIFY(facts);
    QCOMPARE(facts->partitions, 3);
    QCOMPARE(facts->replication, 1);
    QCOMPARE(facts->minInsyncReplicas, std::string("1"));
    QCOMPARE(facts->maxMessageBytes, std::optional<std::uint64_t>(4'194'304)); // the broker's, in tests/stack
    auto ends = m_admin->endOffsets({topic});
    QVERIFY(ends);
    QCOMPARE(ends->size(), std::size_t{3});
    QCOMPARE(ends->front().second, core::Offset{0});
}

void KafkaStack::whatIsAckedIsRead_data() {
    QTest::addColumn<int>("acks");
    QTest::addColumn<int>("compression");
    const auto row = [](const char* name, core::Acks acks, core::Compression compression) {
        QTest::newRow(name) << static_cast<int>(acks) << static_cast<int>(compression);
    };
    row("acks=all, lz4", core::Acks::All, core::Compression::Lz4);
    row("acks=all, zstd", core::Acks::All, core::Compression::Zstd);
    row("acks=all, gzip", core::Acks::All, core::Compression::Gzip);
    row("acks=all, snappy", core::Acks::All, core::Compression::Snappy);
    row("acks=1, none", core::Acks::Leader, core::Compression::None);
    row("acks=0, lz4", core::Acks::None, core::Compression::Lz4);
}

void KafkaStack::whatIsAckedIsRead() {
    QFETCH(int, acks);
    QFETCH(int, compression);
    constexpr int kPartitions = 3;
    constexpr std::uint64_t kEvents = 2'000;
    const auto topic = unique("events");
    QVERIFY(m_admin->ensureTopics({{topic, kPartitions}}));
    QVERIFY(m_admin->endOffsets({topic})); // waits for the leaders, without which acks=0 loses events lawfully
    CountingSink sink;
    auto options = publisherOptions(m_cluster.bootstrap, topic);
    options.acks = static_cast<core::Acks>(acks);
    options.tier.compression = static_cast<core::Compression>(compression);
    auto publisher = services::KafkaPublisher::create(options, sink);
    QVERIFY(publisher);
    for (std::uint64_t i = 0; i < kEvents; ++i) {
        QVERIFY(sendPatiently(**publisher, {std::to_string(i), "payload " + std::to_string(i), i == 7 ? "id" : "", i}));
    }
    (*publisher)->finish(20s);
    QCOMPARE(sink.count(core::Delivery::Acked), std::size_t{kEvents});
    QVERIFY(sink.onceEach());

    PlacedListener listener;
    auto wanted = subscriberOptions(m_cluster.bootstrap, topic);
    wanted.embedded = false;
    wanted.sessionTimeout = 6s;
    wanted.group = unique("group");
    auto subscriber = services::KafkaSubscriber::create(wanted, listener);
    QVERIFY(subscriber);
    std::set<std::string> seen;
    int headers = 0;
    int misplaced = 0;
    QVERIFY(pollUntil(
        [&] {
            auto message = (*subscriber)->poll(100ms);
            if (message && *message) {
                seen.emplace((*message)->payload());
                headers += (*message)->header("millrace-id") == "id";
                misplaced += (*message)->partition() != services::partitionOfKey((*message)->key(), kPartitions);
            }
            return seen.size() == kEvents;
        },
        30s));
    QCOMPARE(headers, 1);
    QCOMPARE(misplaced, 0); // librdkafka's partitioner and ours agree
    std::vector<std::pair<core::TopicPartition, core::Offset>> ends = *m_admin->endOffsets({topic});
    (*subscriber)->mirror(ends);
    (*subscriber)->close();
    QVERIFY(!(*subscriber)->popNotice());
    QCOMPARE((*subscriber)->offsetGap(), std::uint64_t{0});
}

void KafkaStack::aPositionBeyondTheEndIsRefused() {
    const auto topic = unique("short");
    QVERIFY(m_admin->ensureTopics({{topic, 1}}));
    PlacedListener listener;
    listener.starts_at[{topic, {0}}] = {5};
    auto wanted = subscriberOptions(m_cluster.bootstrap, topic);
    wanted.embedded = false;
    wanted.sessionTimeout = 6s;
    wanted.group = unique("group");
    auto subscriber = services::KafkaSubscriber::create(wanted, listener);
    QVERIFY(subscriber);
    std::optional<core::Error> error;
    QVERIFY(pollUntil(
        [&] {
            auto message = (*subscriber)->poll(100ms);
            if (!message) {
                error = message.error();
            }
            return error.has_value();
        },
        20s));
    QCOMPARE(error->kind, ErrorKind::Refused);
    QVERIFY2(error->hint.find("--reset-offsets") != std::string::npos, error->text().c_str());
}

void KafkaStack::whatTheLogHasForgottenIsCounted() {
    const auto topic = unique("forgotten");
    QVERIFY(m_admin->ensureTopics({{topic, 1}}));
    CountingSink sink;
    auto publisher = services::KafkaPublisher::create(publisherOptions(m_cluster.bootstrap, topic), sink);
    QVERIFY(publisher);
    for (std::uint64_t i = 0; i < 100; ++i) {
        QVERIFY(sendPatiently(**publisher, {"", "payload", "", i}));
    }
    (*publisher)->finish(10s);
    QTemporaryFile upTo;
    QVERIFY(upTo.open());
    upTo.write(R"({"version": 1, "partitions": [{"topic": ")" + QByteArray::fromStdString(topic) +
               R"(", "partition": 0, "offset": 60}]})");
    upTo.close();
    runTool({QStringLiteral("DeleteRecordsCommand"), QStringLiteral("--offset-json-file"), upTo.fileName()});
    QCOMPARE((*m_admin->watermarks({topic, {0}})), (std::pair(core::Offset{60}, core::Offset{100})));

    PlacedListener listener;
    listener.starts_at[{topic, {0}}] = {10};
    auto wanted = subscriberOptions(m_cluster.bootstrap, topic);
    wanted.embedded = false;
    wanted.sessionTimeout = 6s;
    wanted.group = unique("group");
    auto subscriber = services::KafkaSubscriber::create(wanted, listener);
    QVERIFY(subscriber);
    std::vector<std::int64_t> offsets;
    QVERIFY(pollUntil(
        [&] {
            auto message = (*subscriber)->poll(100ms);
            if (message && *message) {
                offsets.push_back((*message)->offset().value);
            }
            return offsets.size() == 40;
        },
        20s));
    QCOMPARE(offsets.front(), std::int64_t{60});
    QCOMPARE((*subscriber)->offsetGap(), std::uint64_t{50});
}

void KafkaStack::twoMembersTakeOverFromEachOther() {
    const auto topic = unique("shared");
    QVERIFY(m_admin->ensureTopics({{topic, 4}}));
    auto wanted = subscriberOptions(m_cluster.bootstrap, topic);
    wanted.embedded = false;
    wanted.sessionTimeout = 6s;
    wanted.group = unique("group");
    PlacedListener first;
    PlacedListener second;
    auto one = services::KafkaSubscriber::create(wanted, first);
    auto two = services::KafkaSubscriber::create(wanted, second);
    QVERIFY(one && two);
    const auto polled = [](core::Subscriber& subscriber) { return bool(subscriber.poll(5ms)); };
    QVERIFY(pollUntil(
        [&] { return polled(**one) && polled(**two) && first.owned.size() == 2 && second.owned.size() == 2; }, 20s));
    (*one)->close();
    QVERIFY(first.owned.empty());
    QVERIFY(pollUntil([&] { return polled(**two) && second.owned.size() == 4; }, 20s));
}

void KafkaStack::probingSaysWhatIsWrong_data() {
    QTest::addColumn<QString>("bootstrap");
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QString>("password");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("hint");
    const auto row = [](const char* name, const char* bootstrap, const char* protocol, const char* password,
                        ErrorKind kind, const char* hint) {
        QTest::newRow(name) << QString::fromLatin1(bootstrap) << QString::fromLatin1(protocol)
                            << QString::fromLatin1(password) << static_cast<int>(kind) << QString::fromLatin1(hint);
    };
    row("nobody listens", "127.0.0.1:1", "plaintext", "", ErrorKind::Transient,
        "Check the address, and that Kafka is running there.");
    row("the name is unknown", "no-such-host.invalid:9092", "plaintext", "", ErrorKind::Transient,
        "Check the address.");
    row("the password is wrong", "login", "sasl_plaintext", "wrong", ErrorKind::Refused,
        "Check sasl.mechanism, sasl.username and the password in the scenario's kafka.client.");
    row("the port speaks no TLS", "plain", "ssl", "", ErrorKind::Refused,
        "Check that the port speaks TLS (security.protocol) and ssl.ca.location.");
    row("the port wants a login", "login", "plaintext", "", ErrorKind::Transient,
        "Check the port and security.protocol.");
    row("the port wants no login", "plain", "sasl_plaintext", "writer-secret", ErrorKind::Refused,
        "Check sasl.mechanism, sasl.username and the password in the scenario's kafka.client.");
}

void KafkaStack::probingSaysWhatIsWrong() {
    QFETCH(QString, bootstrap);
    QFETCH(QString, protocol);
    QFETCH(QString, password);
    QFETCH(int, kind);
    QFETCH(QString, hint);
    auto access = login("writer", password.toStdString());
    access.client["security.protocol"] = protocol.toStdString();
    if (bootstrap == QStringLiteral("plain")) {
        access.bootstrap = m_cluster.bootstrap;
    } else if (bootstrap != QStringLiteral("login")) {
        access.bootstrap = bootstrap.toStdString();
    }
    const auto start = std::chrono::steady_clock::now();
    const auto probe = probeCluster(access, 3s);
    QVERIFY(std::chrono::steady_clock::now() - start < 8s);
    QVERIFY(!probe);
    const auto message = QString::fromStdString(probe.error().text());
    QCOMPARE(QString::fromStdString(probe.error().hint), hint);
    QCOMPARE(static_cast<int>(probe.error().kind), kind);
    QVERIFY2(!message.contains(QStringLiteral("secret")), qPrintable(message));
}

void KafkaStack::aGoodClusterAnswersTheProbe() {
    for (const auto& access : {m_cluster, login("writer", "writer-secret")}) {
        const auto probe = probeCluster(access, 5s);
        QVERIFY2(probe, probe ? "" : probe.error().message.c_str());
        QVERIFY2(probe->sentence.starts_with("Kafka at " + access.bootstrap + " answers: 1 broker, in "),
                 probe->sentence.c_str());
        QVERIFY(probe->roundTrip > 0ns && probe->roundTrip < 1s);
    }
}

void KafkaStack::missingRightsAreSaid() {
    const auto topic = unique("guarded");
    QVERIFY(m_admin->ensureTopics({{topic, 1}}));
    runTool({QStringLiteral("AclCommand"), QStringLiteral("--add"), QStringLiteral("--allow-principal"),
             QStringLiteral("User:writer"), QStringLiteral("--operation"), QStringLiteral("All"),
             QStringLiteral("--topic"), QString::fromStdString(topic)});

    const auto access = login("stranger", "stranger-secret");
    auto admin = ClusterAdmin::create(access);
    QVERIFY(admin);
    const auto refused = (*admin)->ensureTopics({{topic, 1}});
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Refused);
    QCOMPARE(refused.error().hint, std::string("Grant DESCRIBE on it."));

    CountingSink sink;
    auto options = publisherOptions({}, topic);
    options.cluster = access;
    options.tier.deadline = 2s;
    auto publisher = services::KafkaPublisher::create(options, sink);
    QVERIFY(publisher);
    const auto outcome = (*publisher)->send({"", "payload", "", 1});
    (*publisher)->finish(5s);
    QVERIFY(outcome == core::SendOutcome::Refused || sink.count(core::Delivery::Failed) == 1);
    for (const auto& [name, value] : (*publisher)->settings()) {
        QVERIFY2(value.find("secret") == std::string::npos, name.c_str());
    }

    PlacedListener listener;
    auto wanted = subscriberOptions({}, topic);
    wanted.cluster = access;
    wanted.embedded = false;
    wanted.group = unique("group");
    wanted.sessionTimeout = 6s;
    auto subscriber = services::KafkaSubscriber::create(wanted, listener);
    QVERIFY(subscriber);
    std::optional<core::Error> error;
    QVERIFY(pollUntil(
        [&] {
            auto message = (*subscriber)->poll(100ms);
            if (!message) {
                error = message.error();
            }
            return error.has_value();
        },
        20s));
    QCOMPARE(error->kind, ErrorKind::Refused);
    QVERIFY2(error->message.starts_with("Kafka refuses group "), error->message.c_str());
}

void KafkaStack::partitionsThatAreAddedGetTheirShare() {
    const auto topic = unique("grows");
    QVERIFY(m_admin->ensureTopics({{topic, 1}}));
    CountingSink sink;
    auto options = publisherOptions(m_cluster.bootstrap, topic);
    options.keysRepeat = false;
    options.cluster.client["metadata.max.age.ms"] = "1000";
    options.cluster.client["topic.metadata.refresh.interval.ms"] = "500";
    auto made = KafkaPublisher::create(options, sink);
    QVERIFY(made);
    QVERIFY(sendPatiently(**made, {"first", "payload", "", 0}));
    runTool({QStringLiteral("TopicCommand"), QStringLiteral("--alter"), QStringLiteral("--topic"),
             QString::fromStdString(topic), QStringLiteral("--partitions"), QStringLiteral("4")});
    std::uint64_t token = 1;
    const auto usedPartitions = [&] {
        const auto ends = m_admin->endOffsets({topic});
        return ends ? std::ranges::count_if(*ends, [](const auto& end) { return end.second.value > 0; }) : 0;
    };
    QVERIFY(waitUntil([&] {
        for (int i = 0; i < 5; ++i) {
            const std::string key = std::to_string(token);
            if (!sendPatiently(**made, {key, "payload", "", token++})) {
                return false;
            }
        }
        return token % 100 == 1 && usedPartitions() == 4;
    }));
    (*made)->finish(10s);
    QCOMPARE(sink.count(core::Delivery::Acked), static_cast<std::size_t>(token));
}

void KafkaStack::aTopicsLimitIsNamedWithTheRefusal() { // case 16
    const auto topic = unique("tight");
    runTool({QStringLiteral("TopicCommand"), QStringLiteral("--create"), QStringLiteral("--topic"),
             QString::fromStdString(topic), QStringLiteral("--partitions"), QStringLiteral("1"),
             QStringLiteral("--replication-factor"), QStringLiteral("1"), QStringLiteral("--config"),
             QStringLiteral("max.message.bytes=16384")});
    const auto facts = m_admin->topicFacts(topic);
    QVERIFY(facts);
    QCOMPARE(facts->maxMessageBytes, std::optional<std::uint64_t>(16'384));
    CountingSink sink;
    auto options = publisherOptions(m_cluster.bootstrap, topic);
    options.tier.linger = 500ms;
    options.tier.compression = core::Compression::None;
    options.topicLimit = facts->maxMessageBytes;
    auto made = KafkaPublisher::create(options, sink);
    QVERIFY(made);
    const std::string payload(285, 'x');
    for (std::uint64_t token = 0; token < 1'000; ++token) {
        QVERIFY(sendPatiently(**made, {"", payload, "", token}));
    }
    (*made)->finish(10s);
    QCOMPARE(sink.count(core::Delivery::Failed), std::size_t{1'000});
    const auto notice = (*made)->popNotice().value_or("none");
    QVERIFY2(notice.find("MSG_SIZE_TOO_LARGE") != std::string::npos, notice.c_str());
    QVERIFY2(notice.find("max.message.bytes is 16384") != std::string::npos, notice.c_str());
    QVERIFY2(notice.find("524288 bytes") != std::string::npos, notice.c_str());
}

void KafkaStack::aQuotaIsTold() {
    const auto topic = unique("quota");
    const auto name = unique("held");
    QVERIFY(m_admin->ensureTopics({{topic, 1}}));
    runTool({QStringLiteral("ConfigCommand"), QStringLiteral("--alter"), QStringLiteral("--add-config"),
             QStringLiteral("producer_byte_rate=20000"), QStringLiteral("--entity-type"), QStringLiteral("clients"),
             QStringLiteral("--entity-name"), QString::fromStdString("millrace-" + name)});
    CountingSink sink;
    auto options = publisherOptions(m_cluster.bootstrap, topic);
    options.stream = name;
    options.tier.compression = core::Compression::None;
    auto made = KafkaPublisher::create(options, sink);
    QVERIFY(made);
    const std::string payload(1'000, 'x');
    std::optional<std::string> notice;
    std::uint64_t token = 0;
    QVERIFY(waitUntil([&] {
        for (int i = 0; i < 20; ++i) {
            if (!sendPatiently(**made, {"", payload, "", token++})) {
                return false;
            }
        }
        return (notice = (*made)->popNotice()).has_value();
    }));
    QVERIFY2(notice->starts_with("Kafka holds the producer for topic " + topic + " back by a quota: by "),
             notice->c_str());
    (*made)->finish(1s);
    notice = (*made)->popNotice();
    QVERIFY(notice);
    QVERIFY2(notice->starts_with("In all, Kafka's quotas held the producer of stream " + name + " back for "),
             notice->c_str());
}

void KafkaStack::aQuotaOfConsumersIsTold() {
    const auto topic = unique("quota");
    const auto name = unique("reader");
    QVERIFY(m_admin->ensureTopics({{topic, 1}}));
    runTool({QStringLiteral("ConfigCommand"), QStringLiteral("--alter"), QStringLiteral("--add-config"),
             QStringLiteral("consumer_byte_rate=20000"), QStringLiteral("--entity-type"), QStringLiteral("clients"),
             QStringLiteral("--entity-name"), QString::fromStdString(name)});
    CountingSink sink;
    auto producer = publisherOptions(m_cluster.bootstrap, topic);
    producer.tier.compression = core::Compression::None;
    auto made = KafkaPublisher::create(producer, sink);
    QVERIFY(made);
    const std::string payload(1'000, 'x');
    for (std::uint64_t token = 0; token < 500; ++token) {
        QVERIFY(sendPatiently(**made, {"", payload, "", token}));
    }
    (*made)->finish(10s);
    PlacedListener listener;
    auto options = subscriberOptions(m_cluster.bootstrap, topic);
    options.embedded = false;
    options.group = unique("group");
    options.clientId = name;
    options.cluster.client["fetch.message.max.bytes"] = "20000";
    auto subscriber = services::KafkaSubscriber::create(options, listener);
    QVERIFY(subscriber);
    std::optional<std::string> notice;
    QVERIFY(pollUntil([&] {
        static_cast<void>((*subscriber)->poll(100ms));
        return (notice = (*subscriber)->popNotice()).has_value();
    }));
    QVERIFY2(notice->starts_with("Kafka holds the consumers of group " + options.group + " back by a quota: by "),
             notice->c_str());
    (*subscriber)->close();
    notice = (*subscriber)->popNotice();
    QVERIFY(notice);
    QVERIFY2(notice->starts_with("In all, Kafka's quotas held this consumer of group "), notice->c_str());
}

void KafkaStack::aDeadLetterOfTwoMebibytesIsTakenOrAnswered() { // T12
    core::Scenario scenario;
    scenario.streams.resize(1);
    scenario.kafka.tiers[static_cast<std::size_t>(core::Tier::Normal)].topic = unique("events");
    scenario.consumer.deadLetters = core::ConsumerSettings::DeadLetters::Topic;
    scenario.consumer.deadLetterTopic = unique("letters");
    services::BrokerEnd::Options options{.scenario = scenario,
                                         .broker = *core::BrokerAddress::create(m_cluster.bootstrap),
                                         .runId = "r",
                                         .resuming = true};
    auto end = services::BrokerEnd::open(options, [](const core::Mark&) {});
    QVERIFY2(end, end ? "" : end.error().message.c_str());
    services::DeadLetterTopic topic(
        [&](core::DeliverySink& sink, bool oneByOne) { return (*end)->deadLetterPublisher("w", sink, oneByOne); });
    const std::string large(2U << 20U, 'x'); // the broker takes up to 4 MiB
    const std::string tooLarge(5U << 20U, 'x');
    std::vector<core::DeadLetter> letters;
    for (const std::string_view payload : {std::string_view("small"), std::string_view(large),
                                           std::string_view(tooLarge), std::string_view("small too")}) {
        letters.push_back({{"t", {0}}, {static_cast<std::int64_t>(letters.size())}, payload, "", "too long", {}});
    }
    const auto refused = topic.send(letters);
    QVERIFY2(refused, refused ? "" : refused.error().message.c_str());
    QCOMPARE(refused->size(), std::size_t{1});
    QCOMPARE(refused->front().index, std::size_t{2});
    QCOMPARE(refused->front().reason, std::string("Broker: Message size too large"));
    const auto ends = m_admin->endOffsets({scenario.consumer.deadLetterTopic});
    QVERIFY(ends);
    QVERIFY2(ends->front().second.value >= 3, qPrintable(QString::number(ends->front().second.value)));
}

void KafkaStack::theQuestionForEndsHasItsLimit() {
    const ClusterAccess deaf{"127.0.0.1:1", {}};
    auto admin = ClusterAdmin::create(deaf);
    QVERIFY(admin);
    const auto begin = std::chrono::steady_clock::now();
    const auto ends = (*admin)->logBounds({"any"}, 300ms);
    QVERIFY(!ends);
    QCOMPARE(ends.error().kind, ErrorKind::Transient);
    QVERIFY(std::chrono::steady_clock::now() - begin < 2s);
}

TEST_CLASS(KafkaStack)
#include "tst_kafka_stack.moc"
