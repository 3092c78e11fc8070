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
        QTest::addColumn<quint64>("undrained");
        QTest::addColumn<quint64>("lost");
        QTest::newRow("all are drained") << quint64{0} << quint64{5};
        QTest::newRow("some were still in the log") << quint64{3} << quint64{2};
        QTest::newRow("more messages than events: some were duplicates") << quint64{9} << quint64{0};
    }
    void undrainedEventsAreNotLost() {
        QFETCH(quint64, undrained);
        core::Ledger ledger;
        ledger.ids.reordered = 4;
        services::closeLedger(ledger, {.lost = 5, .doubled = 1}, undrained);
        QTEST(quint64{ledger.ids.lost}, "lost");
        QCOMPARE(quint64{ledger.ids.undrained}, undrained);
        QCOMPARE(ledger.ids.doubled, 1U);
        QCOMPARE(ledger.ids.reordered, 4U);
    }

    void theAccountIsHeldAgainstTheStores_data() {
        QTest::addColumn<quint64>("storesDuplicates");
        QTest::addColumn<quint64>("sent");
        QTest::addColumn<QString>("violation");
        QTest::newRow("they agree") << quint64{2} << quint64{8} << QString();
        QTest::newRow("duplicates are compared by their sum")
            << quint64{3} << quint64{8}
            << QStringLiteral("the consumers counted 2 duplicates, the store 3 (table run_counts)");
        QTest::newRow("an identity that does not hold comes first")
            << quint64{3} << quint64{9}
            << QStringLiteral(
                   "the ledger does not close: planned 8, but sent 9 + unsent 0 + shed 0 make 9: 1 too many");
    }
    void theAccountIsHeldAgainstTheStores() {
        QFETCH(quint64, storesDuplicates);
        QFETCH(quint64, sent);
        core::Ledger ledger;
        ledger.producer = {.planned = 8, .sent = sent, .acked = sent};
        ledger.consumer = {.polled = 10, .stored = 8, .duplicateFilter = 1, .duplicateStore = 1};
        const core::ConsumerCounts stored{.polled = 10, .stored = 8, .duplicateBatch = storesDuplicates};
        QTEST(QString::fromStdString(services::violation(ledger, stored).value_or("")), "violation");
    }
};

TEST_CLASS(TestRunResult)
#include "tst_run_result.moc"
