// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/message_sizes.h"
#include "tests/test_class.h"

#include <QtTest>

class TestMessageSizes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatATopicWillNotTakeIsSaidBeforehand_data() {
        QTest::addColumn<quint64>("size");
        QTest::addColumn<quint64>("batch");
        QTest::addColumn<core::Compression>("compression");
        QTest::addColumn<quint64>("limit");
        QTest::addColumn<QString>("warning");
        constexpr quint64 kUsual = 1'048'588; // Kafka's own
        constexpr quint64 kBatch = 512 * 1024;
        const auto lz4 = core::Compression::Lz4;
        QTest::newRow("the defaults fit") << quint64{285} << kBatch << lz4 << kUsual << "";
        QTest::newRow("a large event that fits") << quint64{1'000'000} << kBatch << lz4 << kUsual << "";
        QTest::newRow("the largest event does not")
            << quint64{1'048'576} << kBatch << lz4 << kUsual
            << "Topic log-events takes messages up to 1048588 bytes (max.message.bytes), and events of up to 1048576 "
               "bytes "
               "are to be sent: Kafka may refuse the largest. Raise it, or lower the events' size.";
        QTest::newRow("small events make large batches")
            << quint64{285} << kBatch << core::Compression::None << quint64{16'384}
            << "Topic log-events takes batches up to 16384 bytes (max.message.bytes), and up to 524288 bytes are "
               "collected "
               "before they are compressed (they are not): Kafka may refuse full ones. Raise it, or lower kafka.batch.";
        QTest::newRow("batches of the limit's size fit")
            << quint64{285} << quint64{16'384} << core::Compression::None << quint64{16'384} << "";
    }
    void whatATopicWillNotTakeIsSaidBeforehand() {
        QFETCH(quint64, size);
        QFETCH(quint64, batch);
        QFETCH(core::Compression, compression);
        QFETCH(quint64, limit);
        QFETCH(QString, warning);
        core::Scenario scenario;
        scenario.streams.resize(1);
        scenario.streams[0].event.size = {{size}, {size}};
        scenario.kafka.tiers[static_cast<std::size_t>(core::Tier::Normal)].batch = {batch};
        scenario.kafka.tiers[static_cast<std::size_t>(core::Tier::Normal)].compression = compression;
        const auto sentences = services::sizeWarnings(scenario, {{"log-events", limit}, {"somebody else's", 1}});
        QCOMPARE(sentences.size(), warning.isEmpty() ? std::size_t{0} : std::size_t{1});
        if (!sentences.empty()) {
            QCOMPARE(QString::fromStdString(sentences.front()), warning);
        }
    }

    void aLimitThatIsNotKnownWarnsOfNothing() {
        core::Scenario scenario;
        scenario.streams.resize(1);
        QVERIFY(services::sizeWarnings(scenario, {}).empty());
    }
};

TEST_CLASS(TestMessageSizes)
#include "tst_message_sizes.moc"
