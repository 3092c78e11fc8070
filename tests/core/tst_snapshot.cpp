// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/snapshot.h"
#include "tests/test_class.h"

#include <QTest>

using namespace std::chrono_literals;
using core::LatencyHistogram;
using core::Metric;
using core::Snapshot;
using core::Tier;

namespace {

LatencyHistogram of(std::initializer_list<int> micros) {
    LatencyHistogram histogram;
    for (const auto value : micros) {
        histogram.record(std::chrono::microseconds(value));
    }
    return histogram;
}

Snapshot twoStreams() {
    Snapshot snapshot;
    snapshot.at = core::Instant(100s);
    snapshot.streams.resize(2);
    auto& baseline = snapshot.streams[0];
    baseline.name = "baseline";
    baseline.producer = {.planned = 100, .sent = 90, .unsent = 6, .shed = 4, .acked = 80, .failed = 3, .inDoubt = 2};
    core::of(baseline.latency, Metric::EndToEnd) = of({10, 20});
    baseline.wakeDelay = of({1});
    auto& burst = snapshot.streams[1];
    burst.name = "burst";
    burst.tier = Tier::Critical;
    burst.producer = {.planned = 10, .sent = 10, .unsent = 0, .shed = 0, .acked = 10, .failed = 0, .inDoubt = 0};
    core::of(burst.latency, Metric::EndToEnd) = of({30});
    snapshot.consumer = {.polled = 50,
                         .stored = 40,
                         .duplicateFilter = 5,
                         .duplicateBatch = 2,
                         .duplicateStore = 1,
                         .deadLettered = 2,
                         .foreign = 9,
                         .abandoned = 11};
    snapshot.backlog = 40;
    return snapshot;
}

} // namespace

class TestSnapshot : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void addsItsStreamsUp() {
        const auto snapshot = twoStreams();
        const core::ProducerCounts expected{
            .planned = 110, .sent = 100, .unsent = 6, .shed = 4, .acked = 90, .failed = 3, .inDoubt = 2};
        QVERIFY(snapshot.producer() == expected);
        QVERIFY(snapshot.latency(Metric::EndToEnd) == of({10, 20, 30}));
        QVERIFY(snapshot.latency(Metric::EndToEnd, Tier::Critical) == of({30}));
        QVERIFY(snapshot.latency(Metric::EndToEnd, Tier::Normal) == of({10, 20}));
        QCOMPARE(snapshot.latency(Metric::EndToEnd, Tier::Analytics).count(), 0U);
        QCOMPARE(snapshot.latency(Metric::Ack).count(), 0U);
    }

    void aWindowIsADifference() {
        const auto earlier = twoStreams();
        auto later = earlier;
        later.at += 500ms;
        later.streams[0].producer.planned += 50;
        later.streams[0].producer.acked += 7;
        later.streams[1].producer.sent += 25;
        later.streams[1].producer.unsent += 1;
        later.streams[1].producer.shed += 2;
        later.streams[1].producer.failed += 3;
        later.streams[1].producer.inDoubt += 4;
        core::of(later.streams[1].latency, Metric::EndToEnd).record(40us);
        later.streams[0].wakeDelay.record(5us);
        later.consumer += {.polled = 100,
                           .stored = 30,
                           .duplicateFilter = 1,
                           .duplicateBatch = 2,
                           .duplicateStore = 3,
                           .deadLettered = 4,
                           .foreign = 5,
                           .abandoned = 6};
        later.backlog = 3;
        later.streams.emplace_back().producer.planned = 5; // a live burst

        const auto window = core::windowBetween(earlier, later);
        QCOMPARE(window.length, core::Nanoseconds(500ms));
        QVERIFY(window.producer ==
                (core::ProducerCounts{
                    .planned = 55, .sent = 25, .unsent = 1, .shed = 2, .acked = 7, .failed = 3, .inDoubt = 4}));
        QVERIFY(window.consumer == (core::ConsumerCounts{.polled = 100,
                                                         .stored = 30,
                                                         .duplicateFilter = 1,
                                                         .duplicateBatch = 2,
                                                         .duplicateStore = 3,
                                                         .deadLettered = 4,
                                                         .foreign = 5,
                                                         .abandoned = 6}));
        QVERIFY(core::of(window.latency, Metric::EndToEnd) == of({40}));
        QVERIFY(window.wakeDelay == of({5}));
        QCOMPARE(window.target.perSecond, 110.0);
        QCOMPARE(window.rate(window.consumer.stored).perSecond, 60.0);
        QCOMPARE(window.backlog, 3U);
    }

    void aWindowOfNoLengthHasNoRate() {
        const auto snapshot = twoStreams();
        QCOMPARE(core::windowBetween(snapshot, snapshot).rate(5).perSecond, 0.0);
    }

    void tierTotalsAreOneEmptyStreamPerTier() {
        const Snapshot totals = core::tierTotals();
        QCOMPARE(totals.streams.size(), std::size_t{3});
        QCOMPARE(totals.streams[0].name, std::string("critical"));
        QCOMPARE(totals.streams[1].name, std::string("normal"));
        QCOMPARE(totals.streams[2].name, std::string("analytics"));
        QCOMPARE(totals.streams[2].tier, Tier::Analytics);
        QCOMPARE(totals.producer().planned, 0U);
    }

    void streamsAreAddedToTheirTiers() {
        Snapshot sum = core::tierTotals();
        sum.at = core::Instant(7s);
        core::addTo(sum, twoStreams());
        core::addTo(sum, twoStreams());
        QCOMPARE(sum.streams.size(), std::size_t{3});
        QCOMPARE(sum.streams[0].name, std::string("critical"));
        QCOMPARE(sum.streams[0].producer.planned, 20U); // of the burst
        QCOMPARE(sum.streams[1].producer.planned, 200U);
        QCOMPARE(sum.streams[2].producer.planned, 0U);
        QVERIFY(sum.latency(Metric::EndToEnd, Tier::Normal) == of({10, 10, 20, 20}));
        QVERIFY(sum.latency(Metric::EndToEnd, Tier::Critical) == of({30, 30}));
        QVERIFY(sum.streams[1].wakeDelay == of({1, 1}));
        QCOMPARE(sum.at, core::Instant(7s));
    }

    void allCountsAreAdded() {
        Snapshot other = twoStreams();
        other.streams[0].stored = 1;
        other.streams[0].duplicate = 2;
        other.streams[0].deadLettered = 3;
        other.streams[0].target = {250};
        other.measuredPlanned = 4;
        other.measuredDone = 5;
        other.reordered = 6;
        other.filterBypassed = 7;
        other.offsetGap = 8;
        other.negativeLatencies = 9;
        other.host.cores = 4;
        Snapshot sum = core::tierTotals();
        core::addTo(sum, other);
        core::addTo(sum, other);
        QCOMPARE(sum.streams[1].stored, 2U);
        QCOMPARE(sum.streams[1].duplicate, 4U);
        QCOMPARE(sum.streams[1].deadLettered, 6U);
        QCOMPARE(sum.streams[1].target.perSecond, 500.0);
        QCOMPARE(sum.measuredPlanned, 8U);
        QCOMPARE(sum.measuredDone, 10U);
        QCOMPARE(sum.reordered, 12U);
        QCOMPARE(sum.backlog, 80U);
        QCOMPARE(sum.filterBypassed, 14U);
        QCOMPARE(sum.offsetGap, 16U);
        QCOMPARE(sum.negativeLatencies, 18U);
        QVERIFY(sum.consumer == (core::ConsumerCounts{.polled = 100,
                                                      .stored = 80,
                                                      .duplicateFilter = 10,
                                                      .duplicateBatch = 4,
                                                      .duplicateStore = 2,
                                                      .deadLettered = 4,
                                                      .foreign = 18,
                                                      .abandoned = 22}));
        QCOMPARE(sum.host.cores, 0);
    }

    void aStateFollowsAnotherOnlyIfNothingInItIsLess_data() {
        QTest::addColumn<int>("change");
        QTest::addColumn<bool>("follows");
        QTest::newRow("the same") << 0 << true;
        QTest::newRow("more of everything") << 1 << true;
        QTest::newRow("less of a producer's count") << 2 << false;
        QTest::newRow("less of a consumer's count") << 3 << false;
        QTest::newRow("less in one bucket, though more in all") << 4 << false;
        QTest::newRow("less of a total") << 5 << false;
        QTest::newRow("a shorter time") << 6 << false;
        QTest::newRow("a smaller backlog, which is no count") << 7 << true;
        QTest::newRow("a lower target, which is no count") << 8 << true;
    }
    void aStateFollowsAnotherOnlyIfNothingInItIsLess() {
        QFETCH(int, change);
        Snapshot earlier = core::tierTotals();
        core::addTo(earlier, twoStreams());
        earlier.sinceStart = 10s;
        earlier.offsetGap = 5;
        earlier.streams[1].target = {100};
        Snapshot later = earlier;
        switch (change) {
        case 1:
            core::addTo(later, twoStreams());
            later.sinceStart = 11s;
            break;
        case 2:
            later.streams[1].producer.acked -= 1;
            break;
        case 3:
            later.consumer.stored -= 1;
            break;
        case 4:
            core::of(later.streams[1].latency, Metric::EndToEnd) = of({10, 30, 40, 50});
            break;
        case 5:
            later.offsetGap = 4;
            break;
        case 6:
            later.sinceStart = 9s;
            break;
        case 7:
            later.backlog = 0;
            break;
        case 8:
            later.streams[1].target = {};
            break;
        default:
            break;
        }
        QTEST(core::follows(later, earlier), "follows");
    }

    void metricsHaveTheNamesOfTheFile_data() {
        QTest::addColumn<QString>("name");
        for (const auto* const name :
             {"send_delay", "ack", "ack_uncorrected", "processing", "end_to_end", "end_to_end_uncorrected"}) {
            QTest::newRow(name) << QString::fromLatin1(name);
        }
    }

    void metricsHaveTheNamesOfTheFile() {
        QFETCH(QString, name);
        QCOMPARE(std::ranges::count_if(core::kMetrics,
                                       [&name](Metric metric) { return core::nameOf(metric) == name.toStdString(); }),
                 1);
    }
};

TEST_CLASS(TestSnapshot)
#include "tst_snapshot.moc"
