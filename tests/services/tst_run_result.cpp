// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/run_result.h"
#include "tests/test_class.h"

#include <QtTest>

using namespace std::chrono_literals;

class TestRunResult : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ratesAreThoseOfWhatWasDueInTheMeasuredPart() {
        core::Snapshot snapshot;
        snapshot.streams.resize(2);
        snapshot.streams[0].producer.planned = 1'000;
        of(snapshot.streams[0].latency, core::Metric::SendDelay).record(1ms, 580);
        of(snapshot.streams[0].latency, core::Metric::Ack).record(5ms, 560);
        snapshot.measuredPlanned = 601;
        snapshot.measuredAsked = 600;
        snapshot.measuredDone = 500;
        snapshot.measuredLength = 2s;
        core::RunResult result;
        services::addFigures(result, snapshot);
        QCOMPARE(result.seconds, 2.0);
        QCOMPARE(result.targetRate, 300.0); // as asked for, not as many as happened to be due
        QCOMPARE(result.sentRate, 290.0);
        QCOMPARE(result.ackedRate, 280.0);
        QCOMPARE(result.storedRate, 250.0);
        QCOMPARE(result.streams.size(), 1U); // there was no live burst
        snapshot.measuredOverrun = 3s;       // a pipeline that fell behind is divided by the time it took
        services::addFigures(result, snapshot);
        QCOMPARE(result.storedRate, 100.0);
    }

    void aRunThatNeverCameToItsMeasuredPartHasNoRates() {
        core::Snapshot snapshot;
        snapshot.streams.resize(2);
        snapshot.streams[1].producer.planned = 5;
        core::RunResult result;
        services::addFigures(result, snapshot);
        QCOMPARE(result.targetRate, 0.0);
        QCOMPARE(result.storedRate, 0.0);
        QCOMPARE(result.streams.size(), 2U);
    }

    void noSentenceHasAPercentileOfTooFewValues() {
        core::RunResult result;
        of(result.latency, core::Metric::EndToEnd).record(13ms, 999);
        QVERIFY(!services::withFigures({}, result).endToEndP99Ms);
        of(result.latency, core::Metric::EndToEnd).record(13ms);
        QVERIFY(services::withFigures({}, result).endToEndP99Ms);
    }

    void undrainedEventsAreNotLost_data() {
        QTest::addColumn<quint64>("inLog");
        QTest::addColumn<quint64>("inDoubt"); // one of them is stored
        QTest::addColumn<quint64>("undrained");
        QTest::addColumn<quint64>("lost");
        QTest::newRow("all are drained") << quint64{0} << quint64{1} << quint64{0} << quint64{5};
        QTest::newRow("some were still in the log") << quint64{3} << quint64{1} << quint64{3} << quint64{2};
        QTest::newRow("more messages than events: the rest is others'")
            << quint64{9} << quint64{1} << quint64{5} << quint64{0};
        QTest::newRow("events in doubt may be among them") << quint64{9} << quint64{3} << quint64{7} << quint64{0};
    }
    void undrainedEventsAreNotLost() {
        QFETCH(quint64, inLog);
        QFETCH(quint64, inDoubt);
        core::Ledger ledger;
        ledger.producer.inDoubt = inDoubt;
        ledger.ids.reordered = 4;
        services::closeLedger(ledger, {.lost = 5, .doubled = 1, .recovered = 1}, inLog);
        QTEST(quint64{ledger.ids.lost}, "lost");
        QTEST(quint64{ledger.ids.undrained}, "undrained");
        QCOMPARE(ledger.ids.doubled, 1U);
        QCOMPARE(ledger.ids.reordered, 4U);
    }

    void aGapIsOursAsFarAsEventsAreMissing() {
        core::RunResult result;
        result.offsetGap = 30'000;
        QCOMPARE(quint64{services::ownGap(result)}, quint64{0});
        result.ledger.ids = {.lost = 4, .undrained = 2};
        result.ledger.producer.inDoubt = 1;
        QCOMPARE(quint64{services::ownGap(result)}, quint64{7});
        result.offsetGap = 3;
        QCOMPARE(quint64{services::ownGap(result)}, quint64{3});
    }

    void theAccountIsHeldAgainstTheStores_data() {
        QTest::addColumn<quint64>("storesDuplicates");
        QTest::addColumn<QString>("difference");
        QTest::newRow("they agree") << quint64{2} << QString();
        QTest::newRow("duplicates are compared by their sum")
            << quint64{3} << QStringLiteral("the consumers counted 2 duplicates, the store 3 (table run_counts)");
    }
    void theAccountIsHeldAgainstTheStores() {
        QFETCH(quint64, storesDuplicates);
        const core::ConsumerCounts ours{.polled = 10, .stored = 8, .duplicateFilter = 1, .duplicateStore = 1};
        const core::ConsumerCounts stored{.polled = 10, .stored = 8, .duplicateBatch = storesDuplicates};
        QTEST(QString::fromStdString(services::difference(ours, stored).value_or("")), "difference");
    }
};

TEST_CLASS(TestRunResult)
#include "tst_run_result.moc"
