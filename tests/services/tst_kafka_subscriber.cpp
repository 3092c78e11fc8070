// SPDX-License-Identifier: GPL-3.0-or-later
#include "kafka_fixtures.h"
#include "services/kafka/embedded_broker.h"
#include "services/kafka/partition_credit.h"
#include "services/kafka/subscriber_positions.h"
#include "tests/test_class.h"

#include <QTest>
#include <memory>
#include <set>

using namespace kafka_test;
using services::EmbeddedBroker;
using services::KafkaPublisher;
using services::KafkaSubscriber;
using Verdict = services::SubscriberPositions::Verdict;

/// The group member: positions come from the listener, nothing is handed out twice or out of place, gaps are counted.
class KafkaSubscriberTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void onlyTheNextMessageOfAnAssignedPartitionIsHandedOut();
    void readingStartsWhereTheListenerSays();
    void pausingYieldsNothingAndLosesNothing();
    void seekingReadsAgainFromThere();
    void withCreditNothingIsForgotten();
    void aGapAtTheStartIsCountedAndReadingGoesOn();
    void aGapInTheMiddleIsCountedToTheMessage();
    void aPositionBeyondTheEndIsRefused();
    void anErrorOfTheListenerEndsTheSubscription();
    void twoMembersShareThePartitions();
    void aBrokerThatIsAwayIsANoticeAndClosingIsBounded();
    void missingRightsAreRefused();

private:
    struct Line {
        std::unique_ptr<EmbeddedBroker> broker;
        std::unique_ptr<CountingSink> sink = std::make_unique<CountingSink>();
        std::unique_ptr<PlacedListener> listener = std::make_unique<PlacedListener>();
        std::unique_ptr<KafkaPublisher> publisher;
        std::unique_ptr<KafkaSubscriber> subscriber;

        void publish(int count, std::size_t size = 10) {
            for (int i = 0; i < count; ++i) {
                std::string payload = std::to_string(sent++);
                while (payload.size() < size) { // does not compress to nothing
                    payload += std::to_string(std::hash<std::string>{}(payload));
                }
                sendPatiently(*publisher, {"", payload, "", static_cast<std::uint64_t>(sent)});
            }
            publisher->finish(20s);
        }
        void subscribe() { subscriber = std::move(*KafkaSubscriber::create(options(), *listener)); }
        services::SubscriberOptions options() const { return subscriberOptions(broker->bootstrap(), "events"); }
        /// Offsets of the next `count` messages, or fewer after a minute.
        std::vector<std::int64_t> read(std::size_t count) {
            std::vector<std::int64_t> offsets;
            pollUntil(
                [&] {
                    auto message = subscriber->poll(100ms);
                    if (message && *message) {
                        offsets.push_back((*message)->offset().value);
                    }
                    return offsets.size() >= count;
                },
                60s);
            return offsets;
        }
        int sent = 0;
    };
    static Line line(int partitions = 1);
    static std::vector<std::int64_t> range(std::int64_t from, std::int64_t to);
};

KafkaSubscriberTest::Line KafkaSubscriberTest::line(int partitions) {
    Line line;
    line.broker = std::move(*EmbeddedBroker::create(partitions, {"events"}));
    auto options = publisherOptions(line.broker->bootstrap(), "events");
    options.tier.compression = core::Compression::None;
    line.publisher = std::move(*KafkaPublisher::create(options, *line.sink));
    return line;
}

std::vector<std::int64_t> KafkaSubscriberTest::range(std::int64_t from, std::int64_t to) {
    std::vector<std::int64_t> offsets;
    for (auto i = from; i < to; ++i) {
        offsets.push_back(i);
    }
    return offsets;
}

void KafkaSubscriberTest::onlyTheNextMessageOfAnAssignedPartitionIsHandedOut() {
    services::SubscriberPositions positions;
    const int handle = 0;
    const auto admit = [&](std::int32_t partition, std::int64_t offset) {
        return positions.admit(&handle, "events", {partition}, {offset});
    };
    QCOMPARE(admit(0, 0).verdict, Verdict::Stale); // nothing is assigned
    positions.assign({{"events", {0}}, {"events", {1}}}, {{5}, {0}});
    QCOMPARE(admit(0, 4).verdict, Verdict::Stale);
    QCOMPARE(admit(0, 5).verdict, Verdict::Next);
    QCOMPARE(admit(0, 5).verdict, Verdict::Stale); // twice
    QCOMPARE(admit(0, 9).skipped, std::uint64_t{3});
    QCOMPARE(admit(1, 0).verdict, Verdict::Next);
    QCOMPARE(admit(2, 0).verdict, Verdict::Stale);
    positions.find("events", {0})->next = {7}; // sought
    QCOMPARE(admit(0, 7).skipped, std::uint64_t{0});
    positions.remove({{"events", {0}}});
    QCOMPARE(admit(0, 8).verdict, Verdict::Stale);
    QCOMPARE(admit(1, 1).verdict, Verdict::Next);
}

void KafkaSubscriberTest::readingStartsWhereTheListenerSays() {
    auto way = line();
    way.publish(100);
    way.listener->starts_at[{"events", {0}}] = {40};
    way.subscribe();
    QCOMPARE(way.read(60), range(40, 100));
    way.subscriber->mirror({{{"events", {0}}, {100}}});
    QVERIFY(!way.subscriber->popNotice());
    QCOMPARE(way.subscriber->offsetGap(), std::uint64_t{0});
}

void KafkaSubscriberTest::pausingYieldsNothingAndLosesNothing() {
    auto way = line(2);
    way.publish(1'000);
    way.subscribe();
    std::size_t polled = way.read(100).size();
    for (int round = 0; round < 20; ++round) {
        way.subscriber->pause();
        way.subscriber->pause();
        const auto message = way.subscriber->poll(20ms);
        QVERIFY(message && !*message);
        way.publish(5);
        way.subscriber->resume();
        way.subscriber->resume();
        polled += way.read(30).size();
    }
    polled += way.read(1'100 - polled).size();
    QCOMPARE(polled, std::size_t{1'100});
    QCOMPARE(way.subscriber->offsetGap(), std::uint64_t{0});
    const auto nothing = way.subscriber->poll(50ms);
    QVERIFY(nothing && !*nothing);
}

void KafkaSubscriberTest::seekingReadsAgainFromThere() {
    auto way = line();
    way.publish(200);
    way.subscribe();
    QCOMPARE(way.read(150), range(0, 150));
    way.subscriber->seek({"events", {0}}, {20});
    QCOMPARE(way.read(10), range(20, 30));
    way.subscriber->pause();
    way.subscriber->seek({"events", {0}}, {0}); // while paused
    const auto nothing = way.subscriber->poll(30ms);
    QVERIFY(nothing && !*nothing);
    way.subscriber->resume();
    QCOMPARE(way.read(200), range(0, 200));
    QCOMPARE(way.subscriber->offsetGap(), std::uint64_t{0});
}

void KafkaSubscriberTest::withCreditNothingIsForgotten() { // T17
    services::PartitionCredit credit({"events"}, 2);
    Line way;
    way.broker = std::move(*EmbeddedBroker::create(2, {"events"}));
    auto options = publisherOptions(way.broker->bootstrap(), "events");
    options.tier.compression = core::Compression::None;
    options.credit = credit.topic("events");
    way.publisher = std::move(*KafkaPublisher::create(options, *way.sink));
    const std::string payload(300, 'x');
    std::uint64_t sent = 0;
    while (way.publisher->send({"", payload, "", sent}) == core::SendOutcome::Accepted) {
        ++sent;
    }
    QCOMPARE(sent, std::uint64_t{2 * (3'670'016 / 370)});
    way.publisher->finish(20s);

    way.subscribe();
    std::uint64_t polled = 0;
    QVERIFY(pollUntil(
        [&] {
            auto message = way.subscriber->poll(100ms);
            if (message && *message) {
                ++polled;
                credit.stored({"events", (*message)->partition()}, {(*message)->offset().value + 1});
                if (sent < 60'000 && way.publisher->send({"", payload, "", sent}) == core::SendOutcome::Accepted) {
                    ++sent;
                }
            }
            return polled == 60'000;
        },
        120s));
    way.publisher->finish(20s);
    QCOMPARE(way.subscriber->offsetGap(), std::uint64_t{0});
    QCOMPARE(credit.topic("events")->inFlight({0}) + credit.topic("events")->inFlight({1}), std::uint64_t{0});
}

void KafkaSubscriberTest::aGapAtTheStartIsCountedAndReadingGoesOn() { // T17 without the credit
    auto way = line();
    way.publish(12'000, 1'000); // 12 MB; the broker keeps the last 5 MiB
    way.subscribe();
    std::int64_t first = -1;
    std::uint64_t polled = 0;
    QVERIFY(pollUntil([&] {
        auto message = way.subscriber->poll(100ms);
        if (message && *message) {
            first = first < 0 ? (*message)->offset().value : first;
            ++polled;
        }
        return message && *message && (*message)->offset().value == 11'999;
    }));
    QVERIFY(first > 0);
    QCOMPARE(way.subscriber->offsetGap(), static_cast<std::uint64_t>(first));
    QCOMPARE(polled + way.subscriber->offsetGap(), std::uint64_t{12'000});
    const auto notice = way.subscriber->popNotice().value_or("none");
    QCOMPARE(QString::fromStdString(notice),
             QStringLiteral("The broker had forgotten %1 messages of events/0 before they were read.").arg(first));
}

void KafkaSubscriberTest::aGapInTheMiddleIsCountedToTheMessage() {
    auto way = line();
    way.publish(10);
    way.subscribe();
    QCOMPARE(way.read(10), range(0, 10));
    way.subscriber->pause();
    way.publish(12'000, 1'000);
    way.subscriber->resume();
    std::uint64_t polled = 10;
    QVERIFY(pollUntil([&] {
        auto message = way.subscriber->poll(100ms);
        polled += message && *message;
        return message && *message && (*message)->offset().value == 12'009;
    }));
    QVERIFY(way.subscriber->offsetGap() > 0);
    QCOMPARE(polled + way.subscriber->offsetGap(), std::uint64_t{12'010});
}

void KafkaSubscriberTest::aPositionBeyondTheEndIsRefused() {
    auto way = line();
    way.publish(10);
    way.listener->starts_at[{"events", {0}}] = {500};
    way.subscribe();
    std::optional<core::Error> error;
    QVERIFY(pollUntil([&] {
        auto message = way.subscriber->poll(100ms);
        if (!message) {
            error = message.error();
        }
        return error.has_value();
    }));
    QCOMPARE(error->kind, core::ErrorKind::Refused);
    QCOMPARE(
        QString::fromStdString(error->text()),
        QStringLiteral("The position 500 of events/0 lies beyond the end of its log, 10: the topic was created anew or "
                       "has lost its end. Start again with --reset-offsets."));
}

void KafkaSubscriberTest::anErrorOfTheListenerEndsTheSubscription() {
    auto way = line();
    way.listener->refusal = core::fatal("The store is of another shape.");
    way.subscribe();
    std::optional<core::Error> error;
    QVERIFY(pollUntil([&] {
        auto message = way.subscriber->poll(100ms);
        if (!message) {
            error = message.error();
        }
        return error.has_value();
    }));
    QCOMPARE(*error, core::fatal("The store is of another shape."));
    QVERIFY(!way.subscriber->poll(0ns)); // from now on always
}

void KafkaSubscriberTest::twoMembersShareThePartitions() {
    auto way = line(4);
    way.subscribe();
    PlacedListener otherListener;
    auto other = KafkaSubscriber::create(way.options(), otherListener);
    QVERIFY(other);
    std::set<std::string> seen;
    const auto pollBoth = [&] {
        for (auto* subscriber : {way.subscriber.get(), other->get()}) {
            auto message = subscriber->poll(5ms);
            if (message && *message) {
                seen.emplace((*message)->payload());
            }
        }
    };
    QVERIFY(pollUntil(
        [&] {
            pollBoth();
            return way.listener->owned.size() == 2 && otherListener.owned.size() == 2;
        },
        60s));
    way.publish(200);
    QVERIFY(pollUntil([&] {
        pollBoth();
        return seen.size() == 200;
    }));
    const int rebalanced = otherListener.revocations; // whoever joins first may own all four for a moment
    (*other)->close();
    QCOMPARE(otherListener.revocations, rebalanced + 1);
    QVERIFY(!otherListener.lostLast);
    QVERIFY(pollUntil(
        [&] {
            const auto message = way.subscriber->poll(5ms);
            return message && way.listener->owned.size() == 4;
        },
        60s));
}

void KafkaSubscriberTest::aBrokerThatIsAwayIsANoticeAndClosingIsBounded() {
    auto way = line();
    way.publish(10);
    way.subscribe();
    QCOMPARE(way.read(10), range(0, 10));
    way.broker->down();
    std::optional<std::string> notice;
    QVERIFY(pollUntil([&] {
        const auto message = way.subscriber->poll(20ms);
        return message && !*message && (notice = way.subscriber->popNotice());
    }));
    QVERIFY2(notice->starts_with("The consumer of group test-group has trouble with Kafka: "), notice->c_str());
    const auto start = std::chrono::steady_clock::now();
    way.subscriber->close();
    way.subscriber.reset();
    QVERIFY(std::chrono::steady_clock::now() - start < 10s); // R6
    QCOMPARE(way.listener->revocations, 1);
}

void KafkaSubscriberTest::missingRightsAreRefused() {
    auto way = line();
    way.broker->fail(EmbeddedBroker::Request::JoinGroup, EmbeddedBroker::Fault::GroupAuthorizationFailed, 1);
    way.subscribe();
    std::optional<core::Error> error;
    QVERIFY(pollUntil([&] {
        auto message = way.subscriber->poll(100ms);
        if (!message) {
            error = message.error();
        }
        return error.has_value();
    }));
    QCOMPARE(error->kind, core::ErrorKind::Refused);
    QVERIFY2(error->message.starts_with("Kafka refuses group test-group to read its topics: "), error->message.c_str());
}

TEST_CLASS(KafkaSubscriberTest)
#include "tst_kafka_subscriber.moc"
