// SPDX-License-Identifier: GPL-3.0-or-later
#include "kafka_fixtures.h"
#include "services/kafka/cluster_admin.h"
#include "services/kafka/embedded_broker.h"
#include "services/kafka/key_partition.h"
#include "tests/test_class.h"

#include <fmt/format.h>

#include <QTest>
#include <ctime>
#include <optional>
#include <set>

using namespace kafka_test;
using core::Delivery;
using core::SendOutcome;
using services::EmbeddedBroker;
using services::KafkaPublisher;

/// The publisher while the broker fails in every way. In each case every accepted event has one delivery.
class KafkaPublisherTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aFullQueueIsBackPressure();
    void waitingForRoomEndsWhenThereIsSome();
    void noReportComesBeforeItsPlaceIsFree();
    void tooLargeEventsAreRefused();
    void anEventOfTheLargestSizeIsTaken();
    void whatTheBrokerRefusesIsNamedOnce();
    void aKeyThatComesOnceIsNoReasonForARequestOfItsOwn();
    void aKeyThatRepeatsKeepsItsPartition();
    void waitingForTheBrokerCostsNoCore();
    void retriableErrorsAreSurvived_data();
    void retriableErrorsAreSurvived();
    void aBrokerThatIsAwayAndComesBackGetsEverything();
    void finishPurgesWhatABrokerThatIsAwayDoesNotTake();
    void aFlushUnderWayCanBeCutShort();
    void destroyingReportsEverything();
    void eventsWithoutAnswerAreInDoubt();
    void anAcknowledgementWithoutAnOffsetProvesNothing();
    void aDelayOverTheSocketTimeOutMakesDoubles();
    void aFatalErrorMakesANewClient();
    void acksZeroAndOneAreReported_data();
    void acksZeroAndOneAreReported();
    void creditIsBackPressure();
    void secretsAreNoSettings();
    void badSettingsAreRefusedWithASentence_data();
    void badSettingsAreRefusedWithASentence();

private:
    std::unique_ptr<KafkaPublisher> publisher(services::PublisherOptions options);
    std::uint64_t send(KafkaPublisher& publisher, std::uint64_t count, std::uint64_t first = 0);
    services::PublisherOptions options(EmbeddedBroker& broker) const {
        return publisherOptions(broker.bootstrap(), "events");
    }

    std::unique_ptr<EmbeddedBroker> m_broker;
    std::optional<CountingSink> m_sink;
};

void KafkaPublisherTest::initTestCase() {
    auto broker = EmbeddedBroker::create(2, {"events"});
    QVERIFY(broker);
    m_broker = std::move(*broker);
}

std::unique_ptr<KafkaPublisher> KafkaPublisherTest::publisher(services::PublisherOptions options) {
    m_sink.emplace();
    auto made = KafkaPublisher::create(std::move(options), *m_sink);
    return made ? std::move(*made) : nullptr;
}

std::uint64_t KafkaPublisherTest::send(KafkaPublisher& publisher, std::uint64_t count, std::uint64_t first) {
    std::uint64_t accepted = 0;
    for (std::uint64_t token = first; token < first + count; ++token) {
        accepted += publisher.send({"", "payload", "", token}) == SendOutcome::Accepted;
    }
    return accepted;
}

void KafkaPublisherTest::aFullQueueIsBackPressure() { // T16
    auto broker = EmbeddedBroker::create(2, {"events"});
    QVERIFY(broker);
    (*broker)->roundTrip(2s);
    auto wanted = options(**broker);
    wanted.tier.queue = 1'000;
    auto sender = publisher(wanted);
    QVERIFY(sender);
    const auto start = std::chrono::steady_clock::now();
    QCOMPARE(send(*sender, 5'000), std::uint64_t{1'000});
    QVERIFY(std::chrono::steady_clock::now() - start < 1s); // send() never blocks
    const auto before = std::chrono::steady_clock::now();
    sender->waitForRoom(before + 20ms);
    QVERIFY(std::chrono::steady_clock::now() - before < 1s);
    sender->finish(20s);
    QCOMPARE(m_sink->count(Delivery::Acked), std::size_t{1'000});
    QVERIFY(m_sink->onceEach());
}

void KafkaPublisherTest::waitingForRoomEndsWhenThereIsSome() {
    auto wanted = options(*m_broker);
    wanted.tier.queue = 10;
    auto sender = publisher(wanted);
    QVERIFY(sender);
    for (std::uint64_t token = 0; token < 200; ++token) {
        QVERIFY(sendPatiently(*sender, {"", "payload", "", token}));
    }
    sender->finish(10s);
    QCOMPARE(m_sink->count(Delivery::Acked), std::size_t{200});
    QVERIFY(m_sink->onceEach());
}

void KafkaPublisherTest::noReportComesBeforeItsPlaceIsFree() {
    auto wanted = options(*m_broker);
    wanted.tier.queue = 1;
    wanted.tier.linger = 0ms;
    auto sender = publisher(wanted);
    QVERIFY(sender);
    QVERIFY(sendPatiently(*sender, {"", "payload", "", 0}));
    sender->finish(10s); // connected
    int missed = 0;
    for (std::uint64_t token = 1; token <= 200; ++token) {
        while (sender->send({"", "payload", "", token}) == SendOutcome::Full) {
            const auto begin = std::chrono::steady_clock::now();
            sender->waitForRoom(begin + 10s); // looks again after 100 ms by itself
            missed += std::chrono::steady_clock::now() - begin > 90ms ? 1 : 0;
        }
    }
    QVERIFY2(missed <= 2, qPrintable(QString::number(missed))); // this machine may stand still for once
}

void KafkaPublisherTest::tooLargeEventsAreRefused() {
    auto sender = publisher(options(*m_broker));
    QVERIFY(sender);
    const std::string large(2'000'000, 'x');
    QCOMPARE(sender->send({"", large, "", 1}), SendOutcome::Refused);
    QCOMPARE(sender->send({"", large, "id", 2}), SendOutcome::Refused);
    sender->finish(5s);
    QCOMPARE(m_sink->tokens(), std::size_t{0});
    QCOMPARE(
        QString::fromStdString(sender->popNotice().value_or("none")),
        QStringLiteral("The Kafka client does not take an event of 2000000 bytes for topic events: Broker: Message "
                       "size too large (MSG_SIZE_TOO_LARGE). Its limit, message.max.bytes in kafka.client, is "
                       "1114112; the topic's, max.message.bytes, is not known."));
    QVERIFY(!sender->popNotice()); // the second one is of the same kind
}

void KafkaPublisherTest::anEventOfTheLargestSizeIsTaken() {
    auto sender = publisher(options(*m_broker));
    QVERIFY(sender);
    const std::string largest(1U << 20U, 'x'); // what a scenario may ask for
    QCOMPARE(sender->send({"a key of thirty-six bytes, as an id is", largest, "id", 1}), SendOutcome::Accepted);
    sender->finish(10s);
    QCOMPARE(m_sink->count(Delivery::Acked), std::size_t{1});
}

void KafkaPublisherTest::whatTheBrokerRefusesIsNamedOnce() {
    auto broker = EmbeddedBroker::create(1, {"events"});
    QVERIFY(broker);
    auto wanted = options(**broker);
    wanted.topicLimit = 16'384;
    auto sender = publisher(wanted);
    QVERIFY(sender);
    (*broker)->fail(EmbeddedBroker::Request::Produce, EmbeddedBroker::Fault::MessageTooLarge, 100);
    QCOMPARE(send(*sender, 10), std::uint64_t{10});
    sender->finish(10s);
    QCOMPARE(send(*sender, 10, 10), std::uint64_t{10});
    sender->finish(10s);
    QCOMPARE(m_sink->count(Delivery::Failed), std::size_t{20});
    QCOMPARE(
        QString::fromStdString(sender->popNotice().value_or("none")),
        QStringLiteral("Events for topic events fail: Broker: Message size too large (MSG_SIZE_TOO_LARGE). The "
                       "topic's max.message.bytes is 16384, and it counts for a whole batch; batches are collected "
                       "up to 524288 bytes before they are compressed (kafka.batch)."));
    QVERIFY(!sender->popNotice());
}

void KafkaPublisherTest::aKeyThatComesOnceIsNoReasonForARequestOfItsOwn() {
    constexpr int kPartitions = 6;
    auto broker = EmbeddedBroker::create(kPartitions, {"events"});
    QVERIFY(broker);
    auto wanted = options(**broker);
    wanted.keysRepeat = false;
    auto sender = publisher(wanted);
    QVERIFY(sender);
    // Sixty lingers of ten events each.
    for (std::uint64_t token = 0; token < 600; ++token) {
        const std::string key = fmt::format("id {}", token);
        QCOMPARE(sender->send({key, key, "", token}), SendOutcome::Accepted);
        if (token % 10 == 9) {
            std::this_thread::sleep_for(11ms);
        }
    }
    sender->finish(10s);
    QCOMPARE(m_sink->count(Delivery::Acked), std::size_t{600});

    PlacedListener listener;
    auto subscriber = services::KafkaSubscriber::create(subscriberOptions((*broker)->bootstrap(), "events"), listener);
    QVERIFY(subscriber);
    std::map<std::int32_t, std::set<int>> turns;
    int polled = 0;
    QVERIFY(pollUntil([&] {
        auto message = (*subscriber)->poll(100ms);
        if (message && *message) {
            const auto& got = **message;
            ++polled;
            turns[got.partition().id].insert(std::stoi(std::string(got.payload().substr(3))) / 10);
            return got.key() == got.payload() ? polled == 600 : polled > 1'000'000; // the key travels along
        }
        return false;
    }));
    QCOMPARE(turns.size(), std::size_t{kPartitions}); // over time to all of them
    std::size_t shares = 0;                           // of a linger: one, unless this machine stood still within it
    for (const auto& [partition, lingers] : turns) {
        shares += lingers.size();
        QVERIFY2(lingers.size() >= 5, qPrintable(QString::number(lingers.size())));
    }
    QVERIFY2(shares < 90, qPrintable(QString::number(shares))); // by the key's hash it were some 300
}

void KafkaPublisherTest::aKeyThatRepeatsKeepsItsPartition() {
    constexpr int kPartitions = 6;
    auto broker = EmbeddedBroker::create(kPartitions, {"events"});
    QVERIFY(broker);
    auto sender = publisher(options(**broker));
    QVERIFY(sender);
    for (std::uint64_t token = 0; token < 100; ++token) {
        const std::string key = fmt::format("source {}", token % 10);
        QCOMPARE(sender->send({key, "payload", "", token}), SendOutcome::Accepted);
    }
    sender->finish(10s);
    PlacedListener listener;
    auto subscriber = services::KafkaSubscriber::create(subscriberOptions((*broker)->bootstrap(), "events"), listener);
    QVERIFY(subscriber);
    int polled = 0;
    int elsewhere = 0;
    QVERIFY(pollUntil([&] {
        auto message = (*subscriber)->poll(100ms);
        if (message && *message) {
            ++polled;
            elsewhere +=
                (*message)->partition().id == services::partitionOfKey((*message)->key(), kPartitions).id ? 0 : 1;
        }
        return polled == 100;
    }));
    QCOMPARE(elsewhere, 0);
}

void KafkaPublisherTest::waitingForTheBrokerCostsNoCore() {
    constexpr int kPartitions = 4;
    auto broker = EmbeddedBroker::create(kPartitions, {"events"});
    QVERIFY(broker);
    auto wanted = options(**broker);
    wanted.keysRepeat = false;
    wanted.partitionsPerBroker = kPartitions;
    auto sender = publisher(wanted);
    QVERIFY(sender);
    (*broker)->roundTrip(500ms);
    std::uint64_t token = 0;
    const auto sendFor = [&](core::Nanoseconds length) {
        for (const auto until = std::chrono::steady_clock::now() + length; std::chrono::steady_clock::now() < until;
             std::this_thread::sleep_for(5ms)) {
            for (int i = 0; i < 10; ++i, ++token) {
                const std::string key = fmt::format("id {}", token);
                (void)sender->send({key, key, "", token});
            }
        }
    };
    sendFor(1s); // a request is on the way for each partition, and events wait behind them
    const std::clock_t before = std::clock();
    sendFor(2s);
    const double cores = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC / 2;
    QVERIFY2(cores < 0.2, qPrintable(QString::number(cores))); // with 5 requests on the way it is half a core and more
    (*broker)->roundTrip({});
    sender->finish(20s);
    QVERIFY(m_sink->onceEach());
}

void KafkaPublisherTest::retriableErrorsAreSurvived_data() { // T13
    QTest::addColumn<int>("fault");
    const auto row = [](const char* name, EmbeddedBroker::Fault fault) {
        QTest::newRow(name) << static_cast<int>(fault);
    };
    row("the connection is cut", EmbeddedBroker::Fault::Disconnect);
    row("another broker leads", EmbeddedBroker::Fault::NotLeader);
    row("the request timed out", EmbeddedBroker::Fault::RequestTimedOut);
    row("too few replicas", EmbeddedBroker::Fault::NotEnoughReplicas);
    row("too few replicas after it was written", EmbeddedBroker::Fault::NotEnoughReplicasAfterAppend);
}

void KafkaPublisherTest::retriableErrorsAreSurvived() {
    QFETCH(int, fault);
    auto sender = publisher(options(*m_broker));
    QVERIFY(sender);
    m_broker->fail(EmbeddedBroker::Request::Produce, static_cast<EmbeddedBroker::Fault>(fault), 3);
    QCOMPARE(send(*sender, 100), std::uint64_t{100});
    sender->finish(20s);
    QCOMPARE(m_sink->count(Delivery::Acked), std::size_t{100});
    QVERIFY(m_sink->onceEach());
}

void KafkaPublisherTest::aBrokerThatIsAwayAndComesBackGetsEverything() {
    auto broker = EmbeddedBroker::create(2, {"events"});
    QVERIFY(broker);
    auto sender = publisher(options(**broker));
    QVERIFY(sender);
    QCOMPARE(send(*sender, 100), std::uint64_t{100});
    sender->finish(5s);
    (*broker)->down();
    QCOMPARE(send(*sender, 100, 100), std::uint64_t{100});
    std::optional<std::string> notice;
    QVERIFY(waitUntil([&] { return (notice = sender->popNotice()).has_value(); }));
    QVERIFY2(notice->starts_with("Kafka does not take events for topic events: "), notice->c_str());
    (*broker)->up();
    const auto start = std::chrono::steady_clock::now();
    sender->finish(10s);
    QVERIFY(std::chrono::steady_clock::now() - start < 3s); // K7
    QCOMPARE(m_sink->count(Delivery::Acked), std::size_t{200});
    QVERIFY(m_sink->onceEach());
}

void KafkaPublisherTest::finishPurgesWhatABrokerThatIsAwayDoesNotTake() { // T19
    auto broker = EmbeddedBroker::create(2, {"events"});
    QVERIFY(broker);
    (*broker)->down();
    auto sender = publisher(options(**broker));
    QVERIFY(sender);
    QCOMPARE(send(*sender, 10'000), std::uint64_t{10'000});
    const auto start = std::chrono::steady_clock::now();
    sender->finish(300ms);
    QCOMPARE(m_sink->count(Delivery::Failed), std::size_t{10'000}); // none of them can be in the log
    sender->finish(300ms);                                          // twice is safe
    sender.reset();
    QVERIFY(std::chrono::steady_clock::now() - start < 5s);
    QVERIFY(m_sink->onceEach());
}

void KafkaPublisherTest::aFlushUnderWayCanBeCutShort() { // K6: a second Ctrl-C
    auto broker = EmbeddedBroker::create(2, {"events"});
    QVERIFY(broker);
    auto sender = publisher(options(**broker));
    QVERIFY(sender);
    QCOMPARE(send(*sender, 1), std::uint64_t{1});
    sender->finish(5s);
    (*broker)->roundTrip(60s); // as one that is frozen: it takes requests and never answers
    QCOMPARE(send(*sender, 1'000, 1), std::uint64_t{1'000});
    const auto start = std::chrono::steady_clock::now();
    const std::jthread impatient([&] {
        std::this_thread::sleep_for(300ms);
        sender->finishBy(std::chrono::steady_clock::now());
    });
    sender->finish(30s);
    const auto took = std::chrono::steady_clock::now() - start;
    QVERIFY2(took >= 300ms && took < 2s, qPrintable(QString::number(took / 1ms)));
    QCOMPARE(m_sink->count(Delivery::Failed) + m_sink->count(Delivery::InDoubt), std::size_t{1'000});
    QVERIFY(m_sink->onceEach());
}

void KafkaPublisherTest::destroyingReportsEverything() {
    auto wanted = options(*m_broker);
    wanted.tier.linger = 10s;
    auto sender = publisher(wanted);
    QVERIFY(sender);
    QCOMPARE(send(*sender, 1'000), std::uint64_t{1'000});
    sender.reset();
    QCOMPARE(m_sink->tokens(), std::size_t{1'000});
    QVERIFY(m_sink->onceEach());
}

void KafkaPublisherTest::eventsWithoutAnswerAreInDoubt() {
    auto broker = EmbeddedBroker::create(1, {"events"});
    QVERIFY(broker);
    auto sender = publisher(options(**broker));
    QVERIFY(sender);
    QCOMPARE(send(*sender, 1), std::uint64_t{1});
    sender->finish(5s);
    (*broker)->roundTrip(20s);
    QCOMPARE(send(*sender, 1, 1), std::uint64_t{1});
    sender->finish(500ms); // it is on its way by then
    QCOMPARE(m_sink->count(Delivery::Acked), std::size_t{1});
    QCOMPARE(m_sink->count(Delivery::InDoubt), std::size_t{1});
    QVERIFY(m_sink->onceEach());
}

void KafkaPublisherTest::anAcknowledgementWithoutAnOffsetProvesNothing() {
    auto broker = EmbeddedBroker::create(1, {"events"});
    QVERIFY(broker);
    auto wanted = options(**broker);
    wanted.tier.batch = {1}; // each event is a request of its own
    auto sender = publisher(wanted);
    QVERIFY(sender);
    QCOMPARE(send(*sender, 1), std::uint64_t{1});
    sender->finish(5s); // connected
    // If the one behind it succeeds first, the first, which waits for its next try, counts as acknowledged by the
    // client.
    std::size_t sent = 1;
    for (int round = 0; round < 30 && m_sink->count(Delivery::InDoubt) == 0; ++round) {
        (*broker)->fail(EmbeddedBroker::Request::Produce, EmbeddedBroker::Fault::NotEnoughReplicas, 1);
        QCOMPARE(send(*sender, 10, sent), std::uint64_t{10});
        sender->finish(10s);
        sent += 10;
    }
    QVERIFY(m_sink->onceEach());
    QVERIFY(m_sink->count(Delivery::InDoubt) > 0);
    QCOMPARE(m_sink->count(Delivery::Acked) + m_sink->count(Delivery::InDoubt), sent);
    auto admin = services::ClusterAdmin::create({(*broker)->bootstrap(), {}});
    QVERIFY(admin);
    const auto marks = (*admin)->watermarks({"events", {0}});
    QVERIFY(marks);
    QCOMPARE(static_cast<std::size_t>(marks->second.value), m_sink->count(Delivery::Acked));
}

void KafkaPublisherTest::aDelayOverTheSocketTimeOutMakesDoubles() { // T14
    auto broker = EmbeddedBroker::create(1, {"events"});
    QVERIFY(broker);
    auto wanted = options(**broker);
    wanted.cluster.client["socket.timeout.ms"] = "500";
    auto sender = publisher(wanted);
    QVERIFY(sender);
    QCOMPARE(send(*sender, 1), std::uint64_t{1});
    sender->finish(5s);
    (*broker)->delay(EmbeddedBroker::Request::Produce, 1500ms, 1);
    QCOMPARE(send(*sender, 10, 1), std::uint64_t{10});
    sender->finish(20s);
    QCOMPARE(m_sink->count(Delivery::Acked), std::size_t{11});
    QVERIFY(m_sink->onceEach());

    PlacedListener listener;
    auto subscriber = services::KafkaSubscriber::create(subscriberOptions((*broker)->bootstrap(), "events"), listener);
    QVERIFY(subscriber);
    int polled = 0;
    QVERIFY(pollUntil([&] {
        auto message = (*subscriber)->poll(100ms);
        polled += message && *message;
        return polled == 21; // the first, and ten twice
    }));
    QCOMPARE((*subscriber)->offsetGap(), std::uint64_t{0});
}

void KafkaPublisherTest::aFatalErrorMakesANewClient() { // T15
    auto broker = EmbeddedBroker::create(1, {"events"});
    QVERIFY(broker);
    auto sender = publisher(options(**broker));
    QVERIFY(sender);
    QCOMPARE(send(*sender, 10), std::uint64_t{10});
    sender->finish(5s);
    (*broker)->fail(EmbeddedBroker::Request::Produce, EmbeddedBroker::Fault::OutOfOrderSequence, 1);
    const auto start = std::chrono::steady_clock::now();
    QVERIFY(sendPatiently(*sender, {"", "payload", "", 10}));
    std::uint64_t token = 11;
    QVERIFY(waitUntil([&] {
        if (sendPatiently(*sender, {"", "payload", "", token})) {
            ++token;
        }
        return sender->replacements() == 1;
    }));
    QVERIFY(std::chrono::steady_clock::now() - start < 2s);
    QCOMPARE(send(*sender, 10, token), std::uint64_t{10});
    sender->finish(10s);
    QCOMPARE(m_sink->tokens(), static_cast<std::size_t>(token) + 10);
    QVERIFY(m_sink->onceEach());
    QVERIFY(m_sink->count(Delivery::Acked) >= std::size_t{20});
    const auto notice = sender->popNotice().value_or("none");
    QVERIFY2(notice.starts_with("The Kafka producer of stream test met a fatal error and is replaced: "),
             notice.c_str());
}

void KafkaPublisherTest::acksZeroAndOneAreReported_data() {
    QTest::addColumn<int>("acks");
    QTest::newRow("acks=0 counts what was written to the socket") << static_cast<int>(core::Acks::None);
    QTest::newRow("acks=1 counts what the leader has") << static_cast<int>(core::Acks::Leader);
}

void KafkaPublisherTest::acksZeroAndOneAreReported() {
    QFETCH(int, acks);
    services::TopicCredit credit(2, services::kPartitionCredit);
    auto wanted = options(*m_broker);
    wanted.acks = static_cast<core::Acks>(acks);
    wanted.credit = &credit;
    auto sender = publisher(wanted);
    QVERIFY(sender);
    QCOMPARE(send(*sender, 100), std::uint64_t{100});
    sender->finish(10s);
    QCOMPARE(m_sink->count(Delivery::Acked), std::size_t{100});
    QCOMPARE(credit.inFlight({0}) + credit.inFlight({1}), std::uint64_t{100 * (7 + 70)});
}

void KafkaPublisherTest::creditIsBackPressure() {
    services::TopicCredit credit(2, {1'000});
    auto wanted = options(*m_broker);
    wanted.credit = &credit;
    auto sender = publisher(wanted);
    QVERIFY(sender);
    // 77 bytes each: 12 fit into either partition; without a key the other one is tried.
    QCOMPARE(send(*sender, 100), std::uint64_t{24});
    QCOMPARE(sender->send({"a key has its partition", "payload", "", 1'000}), SendOutcome::Full);
    sender->finish(5s);
    const auto start = std::chrono::steady_clock::now();
    sender->waitForRoom(start + 30ms);
    QVERIFY(std::chrono::steady_clock::now() - start >= 30ms);
    for (const int partition : {0, 1}) {
        credit.stored({partition}, {1'000'000});
    }
    QCOMPARE(credit.inFlight({0}) + credit.inFlight({1}), std::uint64_t{0});
    QCOMPARE(send(*sender, 100, 2'000), std::uint64_t{24});
}

void KafkaPublisherTest::secretsAreNoSettings() {
    auto wanted = options(*m_broker);
    wanted.cluster.client = {{"sasl.username", "marker-user"},
                             {"sasl.password", "marker-secret"},
                             {"ssl.key.password", "marker-key"},
                             {"socket.timeout.ms", "5000"}};
    auto sender = publisher(wanted);
    QVERIFY(sender);
    const auto& settings = sender->settings();
    QCOMPARE(settings.at("socket.timeout.ms"), std::string("5000"));
    QCOMPARE(settings.at("enable.idempotence"), std::string("true"));
    for (const auto& [name, value] : settings) {
        QVERIFY2(value.find("marker") == std::string::npos, name.c_str());
    }
}

void KafkaPublisherTest::badSettingsAreRefusedWithASentence_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("error");
    QTest::newRow("code cannot be loaded")
        << QStringLiteral("plugin.library.paths") << QStringLiteral("evil.so")
        << QStringLiteral("The Kafka client setting plugin.library.paths is not allowed: it would run foreign code.");
    QTest::newRow("a value out of range")
        << QStringLiteral("socket.timeout.ms") << QStringLiteral("1")
        << QStringLiteral("The Kafka client refuses socket.timeout.ms=1: Configuration "
                          "property \"socket.timeout.ms\" value 1 is outside allowed "
                          "range 10..300000\n.");
}

void KafkaPublisherTest::badSettingsAreRefusedWithASentence() {
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(QString, error);
    auto wanted = options(*m_broker);
    wanted.cluster.client[name.toStdString()] = value.toStdString();
    CountingSink sink;
    const auto made = KafkaPublisher::create(wanted, sink);
    QVERIFY(!made);
    QCOMPARE(made.error().kind, core::ErrorKind::Invalid);
    QCOMPARE(QString::fromStdString(made.error().message), error);
}

TEST_CLASS(KafkaPublisherTest)
#include "tst_kafka_publisher.moc"
