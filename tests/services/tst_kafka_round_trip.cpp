// SPDX-License-Identifier: GPL-3.0-or-later
#include "kafka_fixtures.h"
#include "services/kafka/cluster_admin.h"
#include "services/kafka/embedded_broker.h"
#include "tests/test_class.h"

#include <fmt/format.h>

#include <QTest>

using namespace kafka_test;

/// From a publisher over the embedded broker to a subscriber.
class KafkaRoundTrip : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void messagesArriveAsSent();
    void everyEventHasOneDelivery();
};

void KafkaRoundTrip::messagesArriveAsSent() {
    auto broker = services::EmbeddedBroker::create(3, {"events"});
    QVERIFY2(broker, broker ? "" : broker.error().message.c_str());
    CountingSink sink;
    auto publisher = services::KafkaPublisher::create(publisherOptions((*broker)->bootstrap(), "events"), sink);
    QVERIFY(publisher);
    QCOMPARE((*publisher)->send({"key", "with header", "id-1", 1}), core::SendOutcome::Accepted);
    QCOMPARE((*publisher)->send({"", "without key", "", 2}), core::SendOutcome::Accepted);
    (*publisher)->finish(5s);
    QCOMPARE(sink.count(core::Delivery::Acked), std::size_t{2});

    PlacedListener listener;
    auto subscriber = services::KafkaSubscriber::create(subscriberOptions((*broker)->bootstrap(), "events"), listener);
    QVERIFY(subscriber);
    std::map<std::string, std::pair<std::string, std::string>> seen;
    QVERIFY(pollUntil([&] {
        auto message = (*subscriber)->poll(100ms);
        if (message && *message) {
            seen[std::string((*message)->payload())] = {std::string((*message)->key()),
                                                        std::string((*message)->header("millrace-id"))};
        }
        return seen.size() == 2;
    }));
    QCOMPARE(listener.owned.size(), std::size_t{3});
    QCOMPARE(seen["with header"].first, std::string("key"));
    QCOMPARE(seen["with header"].second, std::string("id-1"));
    QCOMPARE(seen["without key"].first, std::string());
    QCOMPARE(seen["without key"].second, std::string());
    (*subscriber)->close();
    QCOMPARE(listener.revocations, 1);
    QCOMPARE((*subscriber)->offsetGap(), std::uint64_t{0});
}

void KafkaRoundTrip::everyEventHasOneDelivery() {
    constexpr std::uint64_t kEvents = 200'000;
    auto broker = services::EmbeddedBroker::create(6, {"events"});
    QVERIFY(broker);
    CountingSink sink;
    auto publisher = services::KafkaPublisher::create(publisherOptions((*broker)->bootstrap(), "events"), sink);
    QVERIFY(publisher);
    const std::string payload(285, 'x');
    for (std::uint64_t i = 0; i < kEvents; ++i) {
        QVERIFY(sendPatiently(**publisher, {"", payload, "", i}));
    }
    (*publisher)->finish(20s);
    QCOMPARE(sink.tokens(), std::size_t{kEvents});
    QCOMPARE(sink.count(core::Delivery::Acked), std::size_t{kEvents});
    QVERIFY(sink.onceEach());
}

TEST_CLASS(KafkaRoundTrip)
#include "tst_kafka_round_trip.moc"
