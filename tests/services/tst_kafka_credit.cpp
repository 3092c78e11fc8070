// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/key_partition.h"
#include "services/kafka/partition_credit.h"
#include "tests/test_class.h"

#include <QTest>
#include <chrono>
#include <thread>

using namespace std::chrono_literals;
using core::Offset;
using core::Partition;

/// The credit that keeps publishers from running further ahead than the embedded broker remembers (K5).
class KafkaCredit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void creditIsTakenUpToTheLimit();
    void aMessageLargerThanTheLimitPassesAlone();
    void storedMessagesGiveTheirBytesBack_data();
    void storedMessagesGiveTheirBytesBack();
    void failedMessagesGiveTheirBytesBackAtOnce();
    void doubtfulMessagesGoWithTheLastKnownOne();
    void acknowledgementsMayComeAfterStoring();
    void offsetsOfNobodysMessagesCostNothing();
    void whoWaitsIsWoken();
    void partitionsFollowThePeakRate_data();
    void partitionsFollowThePeakRate();
    void keysGoWhereKafkasOwnClientsPutThem_data();
    void keysGoWhereKafkasOwnClientsPutThem();
};

void KafkaCredit::creditIsTakenUpToTheLimit() {
    services::TopicCredit credit(2, {1000});
    QVERIFY(credit.acquire(Partition{0}, 600));
    QVERIFY(credit.acquire(Partition{0}, 400));
    QVERIFY(!credit.acquire(Partition{0}, 1));
    QVERIFY(credit.acquire(Partition{1}, 1000)); // each partition has its own
    QCOMPARE(credit.inFlight(Partition{0}), std::uint64_t{1000});
}

void KafkaCredit::aMessageLargerThanTheLimitPassesAlone() {
    services::TopicCredit credit(1, {1000});
    QVERIFY(credit.acquire(Partition{0}, 5000));
    QVERIFY(!credit.acquire(Partition{0}, 1));
    credit.acked(Partition{0}, Offset{0}, 5000);
    credit.stored(Partition{0}, Offset{1});
    QVERIFY(credit.acquire(Partition{0}, 10));
    QVERIFY(!credit.acquire(Partition{0}, 5000));
}

void KafkaCredit::storedMessagesGiveTheirBytesBack_data() {
    QTest::addColumn<int>("next");
    QTest::addColumn<int>("left");
    QTest::newRow("nothing is stored") << 0 << 600;
    QTest::newRow("one is stored") << 1 << 500;
    QTest::newRow("two are stored") << 2 << 300;
    QTest::newRow("all are stored") << 3 << 0;
    QTest::newRow("the position lies beyond what is acknowledged") << 9 << 0;
}

void KafkaCredit::storedMessagesGiveTheirBytesBack() {
    QFETCH(int, next);
    QFETCH(int, left);
    services::TopicCredit credit(1, {1000});
    for (const int bytes : {100, 200, 300}) {
        QVERIFY(credit.acquire(Partition{0}, static_cast<std::uint64_t>(bytes)));
    }
    credit.acked(Partition{0}, Offset{2}, 300); // two publishers' reports cross
    credit.acked(Partition{0}, Offset{0}, 100);
    credit.acked(Partition{0}, Offset{1}, 200);
    credit.stored(Partition{0}, Offset{next});
    QCOMPARE(credit.inFlight(Partition{0}), static_cast<std::uint64_t>(left));
    credit.stored(Partition{0}, Offset{next}); // told twice
    QCOMPARE(credit.inFlight(Partition{0}), static_cast<std::uint64_t>(left));
}

void KafkaCredit::failedMessagesGiveTheirBytesBackAtOnce() {
    services::TopicCredit credit(1, {1000});
    QVERIFY(credit.acquire(Partition{0}, 700));
    credit.failed(Partition{0}, 700);
    QCOMPARE(credit.inFlight(Partition{0}), std::uint64_t{0});
}

void KafkaCredit::doubtfulMessagesGoWithTheLastKnownOne() {
    services::TopicCredit credit(1, {1000});
    QVERIFY(credit.acquire(Partition{0}, 100));
    QVERIFY(credit.acquire(Partition{0}, 200));
    credit.acked(Partition{0}, Offset{0}, 100);
    credit.inDoubt(Partition{0}, 200);
    QCOMPARE(credit.inFlight(Partition{0}), std::uint64_t{300});
    credit.stored(Partition{0}, Offset{1});
    QCOMPARE(credit.inFlight(Partition{0}), std::uint64_t{0});

    QVERIFY(credit.acquire(Partition{0}, 50));
    credit.inDoubt(Partition{0}, 50); // nothing is known to be in the log
    QCOMPARE(credit.inFlight(Partition{0}), std::uint64_t{0});
}

void KafkaCredit::acknowledgementsMayComeAfterStoring() {
    services::TopicCredit credit(1, {1000});
    QVERIFY(credit.acquire(Partition{0}, 100));
    credit.stored(Partition{0}, Offset{1});
    QCOMPARE(credit.inFlight(Partition{0}), std::uint64_t{100});
    credit.acked(Partition{0}, Offset{0}, 100);
    QCOMPARE(credit.inFlight(Partition{0}), std::uint64_t{0});
}

void KafkaCredit::offsetsOfNobodysMessagesCostNothing() {
    services::TopicCredit credit(1, {1000});
    QVERIFY(credit.acquire(Partition{0}, 100));
    credit.acked(Partition{0}, Offset{7}, 100); // doubles and foreign messages before it
    credit.stored(Partition{0}, Offset{7});
    QCOMPARE(credit.inFlight(Partition{0}), std::uint64_t{100});
    credit.stored(Partition{0}, Offset{8});
    QCOMPARE(credit.inFlight(Partition{0}), std::uint64_t{0});

    services::PartitionCredit all({"events"}, 1);
    all.stored({"events", Partition{5}}, Offset{1}); // no such partition: nobody's
    all.stored({"others", Partition{0}}, Offset{1});
    QVERIFY(all.topic("others") == nullptr);
}

void KafkaCredit::whoWaitsIsWoken() {
    services::TopicCredit credit(1, {1000});
    QVERIFY(credit.acquire(Partition{0}, 1000));
    credit.acked(Partition{0}, Offset{0}, 1000);
    const auto seen = credit.returns();
    const auto start = std::chrono::steady_clock::now();
    std::jthread consumer([&] { credit.stored(Partition{0}, Offset{1}); });
    credit.waitForReturn(seen, start + 10s);
    QVERIFY(std::chrono::steady_clock::now() - start < 5s);
    QVERIFY(credit.acquire(Partition{0}, 1000));
    credit.waitForReturn(credit.returns(), std::chrono::steady_clock::now() + 5ms); // and the deadline holds
}

void KafkaCredit::partitionsFollowThePeakRate_data() {
    QTest::addColumn<double>("rate");
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("wanted");
    QTest::addColumn<int>("partitions");
    QTest::addColumn<QString>("error");
    const QString none;
    QTest::newRow("a small load gets six") << 1'000.0 << 285 << 0 << 6 << none;
    QTest::newRow("2 s of 50,000/s") << 50'000.0 << 285 << 0 << 11 << none;
    QTest::newRow("2 s of 150,000/s") << 150'000.0 << 285 << 0 << 32 << none;
    QTest::newRow("48 are the most, while they hold half a second") << 500'000.0 << 285 << 0 << 48 << none;
    QTest::newRow("a wish is followed, while it holds half a second") << 50'000.0 << 285 << 3 << 3 << none;
    QTest::newRow("a wish that holds less is refused with the figure")
        << 50'000.0 << 285 << 1 << 0
        << QStringLiteral(
               "The embedded broker holds 0.19 s of 50000 events per second in 1 partitions, and needs to hold "
               "0.5 s: lower the rate or the event size, leave kafka.partitions out, or give --broker.");
    QTest::newRow("a rate that no 48 partitions hold is refused with the figure")
        << 1'000'000.0 << 1'000 << 0 << 0
        << QStringLiteral(
               "The embedded broker holds 0.16 s of 1000000 events per second in 48 partitions, and needs to "
               "hold 0.5 s: lower the rate or the event size, or give --broker.");
}

void KafkaCredit::partitionsFollowThePeakRate() {
    QFETCH(double, rate);
    QFETCH(int, size);
    QFETCH(int, wanted);
    QFETCH(int, partitions);
    QFETCH(QString, error);
    const auto found = services::partitionsFor({rate}, {static_cast<std::uint64_t>(size)},
                                               wanted > 0 ? std::optional(wanted) : std::nullopt);
    QCOMPARE(found ? *found : 0, partitions);
    QCOMPARE(found ? QString() : QString::fromStdString(found.error().message), error);
}

void KafkaCredit::keysGoWhereKafkasOwnClientsPutThem_data() {
    // Hashes from Kafka's own UtilsTest.java.
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("hash");
    QTest::newRow("two bytes") << QByteArray("21") << -973932308;
    QTest::newRow("three bytes") << QByteArray("abc") << 479470107;
    QTest::newRow("six bytes") << QByteArray("foobar") << -790332482;
    QTest::newRow("a multiple of four") << QByteArray("a-little-bit-long-string") << -985981536;
    QTest::newRow("a multiple of four and two") << QByteArray("a-little-bit-longer-string") << -1486304829;
    QTest::newRow("forty-nine") << QByteArray("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8") << -58897971;
}

void KafkaCredit::keysGoWhereKafkasOwnClientsPutThem() {
    QFETCH(QByteArray, key);
    QFETCH(int, hash);
    const std::string_view text(key.constData(), static_cast<std::size_t>(key.size()));
    QCOMPARE(static_cast<int>(services::murmur2(text)), hash);
    QCOMPARE(services::partitionOfKey(text, 7).id, (hash & 0x7fffffff) % 7);
}

TEST_CLASS(KafkaCredit)
#include "tst_kafka_credit.moc"
