// SPDX-License-Identifier: GPL-3.0-or-later
#include "consumer_bench.h"
#include "services/consumer/key_order.h"
#include "tests/test_class.h"

#include <QTest>

using Bench = ConsumerBench;
using fakes::milliseconds;

class TestConsumerAccount : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void accountsForEveryMessage_data() {
        QTest::addColumn<QString>("counts"); // polled, stored, filter, batch, store, dead-lettered, foreign, abandoned
        QTest::addColumn<QString>("fates");
        QTest::addColumn<int>("which");

        QTest::newRow("an event of the run is stored")
            << QStringLiteral("1 1 0 0 0 0 0 0") << QStringLiteral("0/7 stored") << 0;
        QTest::newRow("an event of somebody else is stored and foreign")
            << QStringLiteral("1 1 0 0 0 0 1 0") << QString() << 1;
        QTest::newRow("what comes twice in a batch is stored once")
            << QStringLiteral("2 1 0 1 0 0 0 0") << QStringLiteral("0/7 duplicate | 0/7 stored") << 2;
        QTest::newRow("what the filter knows is not stored again")
            << QStringLiteral("1 0 1 0 0 0 0 0") << QStringLiteral("0/7 duplicate") << 3;
        QTest::newRow("what only the primary key knows is found by the store")
            << QStringLiteral("1 0 0 0 1 0 0 0") << QStringLiteral("0/7 duplicate") << 4;
        QTest::newRow("what cannot be read is dead-lettered under the id in its header")
            << QStringLiteral("1 0 0 0 0 1 0 0") << QStringLiteral("0/7 dead-lettered") << 5;
        QTest::newRow("what cannot be read and has no id is foreign")
            << QStringLiteral("1 0 0 0 0 1 1 0") << QString() << 6;
        QTest::newRow("a foreign event that comes twice is foreign twice")
            << QStringLiteral("2 1 0 1 0 0 2 0") << QString() << 7;
        QTest::newRow("a foreign event that the filter knows is foreign once")
            << QStringLiteral("1 0 1 0 0 0 1 0") << QString() << 8;
    }
    void accountsForEveryMessage() {
        QFETCH(QString, counts);
        QFETCH(QString, fates);
        QFETCH(int, which);
        Bench bench;
        const core::EventId own = Bench::ownId(7);
        const core::EventId foreign = Bench::foreignId(1);
        if (which == 3) {
            bench.filter.known = {own};
        }
        if (which == 4) {
            bench.store.ids = {own};
        }
        if (which == 8) {
            bench.filter.known = {foreign};
        }
        const std::vector<std::vector<Bench::Step>> loads{
            {Bench::event(100, own)},
            {Bench::event(100, foreign)},
            {Bench::event(100, own), Bench::event(101, own)},
            {Bench::event(100, own)},
            {Bench::event(100, own)},
            {Bench::message(0, 100, "{\"id\":", {}, own.text())},
            {Bench::message(0, 100, "{\"id\":")},
            {Bench::event(100, foreign), Bench::event(101, foreign)},
            {Bench::event(100, foreign)},
        };
        std::vector<Bench::Step> steps = loads[static_cast<std::size_t>(which)];
        steps.insert(steps.begin(), bench.assign({0}));
        QVERIFY(bench.play(steps));
        QCOMPARE(countsOf(bench.lane), counts);
        QCOMPARE(joined(bench.account.fates), fates);
        QCOMPARE(bench.lane.measuredDone.value(), static_cast<std::uint64_t>(bench.account.fates.size()));
    }

    void keepsTheOriginalBytesOfADeadLetter() {
        Bench bench;
        QVERIFY(
            bench.play({bench.assign({0}), Bench::message(0, 100, "not json"), Bench::event(101, Bench::ownId(1))}));
        QCOMPARE(bench.store.deadLetters.size(), std::size_t{1});
        QVERIFY(bench.store.deadLetters.front().starts_with("not json: "));
        QCOMPARE(joined(bench.store.messages),
                 QStringLiteral("message of %1").arg(QString::fromStdString(Bench::ownId(1).text())));
    }

    void countsWhatAFilterThatIsDownWasNotAsked() {
        Bench bench;
        bench.filter.down = true;
        QVERIFY(
            bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::event(101, Bench::ownId(1))}));
        QCOMPARE(bench.lane.filterBypassed.value(), std::uint64_t{2});
        QCOMPARE(countsOf(bench.lane), QStringLiteral("2 2 0 0 0 0 0 0"));
    }

    void measuresFromTheDueTime() {
        Bench bench;
        bench.options.settings.linger = milliseconds(5);
        bench.account.delay = milliseconds(30);
        // Due 10 ms before the start; polled at the start, 5 ms of linger and 1 ms in the store: stored 6 ms after it.
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0, 1, -milliseconds(40)))}));
        const core::WorkerStreamLane& lane = *bench.lane.streams[1];
        QCOMPARE(read(lane.processing).max(), std::optional<std::uint64_t>(6'003)); // bucket of 4 µs
        QCOMPARE(read(lane.endToEnd).count(), std::uint64_t{1});
        QVERIFY(*read(lane.endToEnd).max() >= 46'000 && *read(lane.endToEnd).max() <= 46'032);
        QVERIFY(*read(lane.endToEndUncorrected).max() >= 16'000 && *read(lane.endToEndUncorrected).max() <= 16'016);
        QCOMPARE(lane.stored.value(), std::uint64_t{1});
        QCOMPARE(bench.lane.streams[0]->stored.value(), std::uint64_t{0});
    }

    void measuresWhatIsDueInTheMeasuredPart_data() {
        QTest::addColumn<int>("from"); // ms from the start
        QTest::addColumn<int>("until");
        QTest::addColumn<quint64>("latencies");
        QTest::addColumn<quint64>("done");
        QTest::newRow("due and stored in the measured part") << -1'000 << 1'000 << quint64{1} << quint64{1};
        QTest::newRow("due before, stored within: it belongs to the warm-up") << 1 << 1'000 << quint64{0} << quint64{0};
        QTest::newRow("due within, stored after: it counts all the same") << -1'000 << 2 << quint64{1} << quint64{1};
    }
    void measuresWhatIsDueInTheMeasuredPart() {
        QFETCH(int, from);
        QFETCH(int, until);
        QFETCH(quint64, latencies);
        QFETCH(quint64, done);
        Bench bench;
        bench.times.setMeasured(fakes::kStart + milliseconds(from), fakes::kStart + milliseconds(until));
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0))}));
        QCOMPARE(read(bench.lane.streams[0]->endToEnd).count(), std::uint64_t{latencies});
        QCOMPARE(bench.lane.measuredDone.value(), std::uint64_t{done});
    }

    void countsTheSpansThatRulesName() {
        Bench bench;
        bench.times.setMeasured(fakes::kStart, fakes::kStart); // spans need not lie in the measured part
        bench.times.setSpan(0, fakes::kStart, fakes::kStart + milliseconds(100));
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0, 0, milliseconds(-1))),
                            Bench::event(101, Bench::ownId(1, 0, milliseconds(0)))}));
        QCOMPARE(read(*bench.lane.spanEndToEnd[0]).count(), std::uint64_t{1});
        QCOMPARE(bench.lane.spanStored[0]->value(), std::uint64_t{1});
    }

    void recordsNoLatencyOfWhatWasStoredBefore() {
        Bench bench;
        bench.store.ids = {Bench::ownId(0)};
        QVERIFY(
            bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::event(101, Bench::ownId(1))}));
        QCOMPARE(read(bench.lane.streams[0]->endToEnd).count(), std::uint64_t{1});
        QCOMPARE(bench.lane.streams[0]->duplicate.value(), std::uint64_t{1});
        QCOMPARE(bench.filter.known.size(), std::size_t{2}); // both are in the store, and the filter learns it
    }

    void noticesReordering_data() {
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("second");
        QTest::addColumn<quint64>("reordered");
        QTest::newRow("a later event of the same key was stored before")
            << QStringLiteral("alpha") << QStringLiteral("alpha") << quint64{1};
        QTest::newRow("of another key: no matter") << QStringLiteral("alpha") << QStringLiteral("beta") << quint64{0};
        QTest::newRow("without a key: no matter") << QString() << QString() << quint64{0};
    }
    void noticesReordering() {
        QFETCH(QString, first);
        QFETCH(QString, second);
        QFETCH(quint64, reordered);
        Bench bench;
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(9), first.toStdString()),
                            Bench::event(101, Bench::ownId(8), second.toStdString())}));
        QCOMPARE(bench.lane.reordered.value(), std::uint64_t{reordered});
    }

    void withoutARunEveryMessageCounts_data() {
        QTest::addColumn<int>("which");
        QTest::addColumn<QString>("counts"); // polled, stored, filter, batch, store, dead-lettered, foreign, abandoned
        QTest::addColumn<quint64>("stored"); // of the tier's stream
        QTest::addColumn<quint64>("deadLettered");
        QTest::addColumn<int>("endToEndMs"); // 0: none
        QTest::newRow("an id of version 7, of whatever run, from its due time")
            << 0 << QStringLiteral("1 1 0 0 0 0 0 0") << quint64{1} << quint64{0} << 41;
        QTest::newRow("an id of version 4 from its record's timestamp")
            << 1 << QStringLiteral("1 1 0 0 0 0 0 0") << quint64{1} << quint64{0} << 21;
        QTest::newRow("neither due time nor timestamp: stored, but of no tier and without a latency")
            << 2 << QStringLiteral("1 1 0 0 0 0 1 0") << quint64{0} << quint64{0} << 0;
        QTest::newRow("what cannot be read is a dead letter of its topic's tier")
            << 3 << QStringLiteral("1 0 0 0 0 1 0 0") << quint64{0} << quint64{1} << 0;
        QTest::newRow("what the store refuses is a dead letter of its topic's tier")
            << 4 << QStringLiteral("1 0 0 0 0 1 0 0") << quint64{0} << quint64{1} << 0;
    }
    void withoutARunEveryMessageCounts() {
        QFETCH(int, which);
        QFETCH(QString, counts);
        QFETCH(quint64, stored);
        QFETCH(quint64, deadLettered);
        QFETCH(int, endToEndMs);
        Bench bench;
        bench.options.run = {};
        bench.options.run.everyEventAs = 1;
        const auto written = [](const std::string& payload) {
            return Bench::Step{[=](fakes::Subscriber&) -> Bench::Polled {
                                   auto made = std::make_unique<fakes::Message>();
                                   made->from = fakes::partition(0);
                                   made->at = core::Offset{100};
                                   made->text = payload;
                                   made->written = fakes::kWall - milliseconds(20);
                                   return std::unique_ptr<core::PolledMessage>(std::move(made));
                               },
                               true};
        };
        bench.options.settings.linger = milliseconds(0);
        if (which == 4) {
            core::CommitOutcome refusal;
            refusal.kind = core::CommitOutcome::Kind::BadRows;
            refusal.badRows = {{0, "too long"}};
            bench.answer(refusal);
        }
        const std::vector<Bench::Step> loads{
            Bench::event(100, core::EventId::compose({fakes::kWall - milliseconds(40), 99, 7, 5})),
            written(Bench::payloadOf(Bench::foreignId(1))), Bench::event(100, Bench::foreignId(1)), written("not json"),
            written(Bench::payloadOf(Bench::foreignId(1)))};
        QVERIFY(bench.play({bench.assign({0}), loads[static_cast<std::size_t>(which)]}));
        const core::WorkerStreamLane& lane = *bench.lane.streams[1];
        QCOMPARE(countsOf(bench.lane), counts);
        QCOMPARE(lane.stored.value(), std::uint64_t{stored});
        QCOMPARE(lane.deadLettered.value(), std::uint64_t{deadLettered});
        QCOMPARE(read(lane.endToEnd).count(), std::uint64_t{endToEndMs > 0 ? 1U : 0U});
        if (endToEndMs > 0) { // half a millisecond: the width of a bucket and the rounding of an id
            const auto millis = static_cast<double>(*read(lane.endToEnd).max()) / 1'000;
            QVERIFY2(std::abs(millis - endToEndMs) < 0.5, QByteArray::number(millis).constData());
        }
    }

    void withoutARunNoReorderingIsReported() {
        Bench bench;
        bench.options.run = {};
        bench.options.run.everyEventAs = 1;
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(9), "alpha"),
                            Bench::event(101, Bench::ownId(8), "alpha")}));
        QCOMPARE(bench.lane.reordered.value(), std::uint64_t{0});
        QCOMPARE(bench.lane.streams[1]->stored.value(), std::uint64_t{2});
    }

    void takesAnIdAsKeyForNoOrder() {
        const core::EventId id = Bench::ownId(5);
        QCOMPARE(services::KeyOrder::hashOf(id.text(), id), std::uint64_t{0});
        QVERIFY(services::KeyOrder::hashOf(Bench::ownId(6).text(), id) != 0);
    }
};

TEST_CLASS(TestConsumerAccount)
#include "tst_consumer_account.moc"
