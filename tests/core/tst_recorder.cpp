// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/recorder.h"
#include "tests/test_class.h"

#include <QTest>
#include <thread>

using namespace std::chrono_literals;
using core::Counter;
using core::Instant;
using core::RunTimes;

class TestRecorder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aCounterNeverSeemsToFall() {
        Counter counter;
        std::jthread writer([&counter] {
            for (int i = 0; i < 200'000; ++i) {
                counter.add();
            }
        });
        std::uint64_t seen = 0;
        while (seen < 200'000) {
            const auto now = counter.value();
            QVERIFY(now >= seen);
            seen = now;
        }
        counter.add(5);
        QCOMPARE(counter.value(), 200'005U);
        counter.set(3);
        QCOMPARE(counter.value(), 3U);
    }

    void anExemplarIsTheNewestOfItsOctave() {
        const auto exemplar = [](int micros, int second) {
            core::EventId id;
            id.bytes.front() = static_cast<std::uint8_t>(second);
            return core::Exemplar{id, std::chrono::microseconds(micros), core::WallTime(std::chrono::seconds(second))};
        };
        core::ExemplarLane lane;
        std::vector<core::Exemplar> all;
        lane.addTo(all);
        QVERIFY(all.empty());
        lane.record(exemplar(7'813, 1)); // 1/128 s to 1/64 s
        lane.record(exemplar(15'625, 2));
        lane.record(exemplar(15'626, 3)); // 1/64 s to 1/32 s
        lane.record(exemplar(-1, 4));
        lane.addTo(all);
        QCOMPARE(all, (std::vector{exemplar(15'625, 2), exemplar(15'626, 3)}));
        keepNewest(all, {exemplar(8'000, 1), exemplar(16'000, 5), exemplar(0, 6), exemplar(1, 7)});
        QCOMPARE(all, (std::vector{exemplar(15'625, 2), exemplar(16'000, 5), exemplar(0, 6), exemplar(1, 7)}));
    }

    void anExemplarIsReadWholeWhileOthersAreWritten() {
        core::ExemplarLane lane;
        std::jthread writer([&lane](const std::stop_token& stop) {
            for (std::uint8_t i = 1; !stop.stop_requested(); i = static_cast<std::uint8_t>(i % 100 + 1)) {
                core::EventId id;
                id.bytes.fill(i);
                lane.record({id, std::chrono::microseconds(8'000 + i), core::WallTime(std::chrono::seconds(i))});
                std::this_thread::yield();
            }
        });
        for (int seen = 0; seen < 10'000;) {
            std::vector<core::Exemplar> all;
            lane.addTo(all);
            for (const core::Exemplar& one : all) {
                core::EventId whole;
                whole.bytes.fill(one.id.bytes.front());
                QCOMPARE(one.id, whole);
                QCOMPARE(one.value.count(), 8'000 + one.id.bytes.front());
                QCOMPARE(one.at, core::WallTime(std::chrono::seconds(one.id.bytes.front())));
                ++seen;
            }
        }
    }

    void nothingIsMeasuredBeforeThePartIsKnown() {
        const RunTimes times({});
        QVERIFY(!times.measured(Instant(1s)));
        QVERIFY(!times.measured(Instant{}));
        QCOMPARE(times.spans(), 0U);
    }

    void partsAreHalfOpen_data() {
        QTest::addColumn<qint64>("milliseconds");
        QTest::addColumn<bool>("measured");
        QTest::addColumn<bool>("inSpan");
        QTest::newRow("before all") << qint64{9'999} << false << false;
        QTest::newRow("the first instant of the measured part") << qint64{10'000} << true << false;
        QTest::newRow("the first instant of the span") << qint64{12'000} << true << true;
        QTest::newRow("the span's end lies outside it") << qint64{15'000} << true << false;
        QTest::newRow("the measured part's end lies outside it") << qint64{20'000} << false << false;
    }

    void partsAreHalfOpen() {
        QFETCH(qint64, milliseconds);
        RunTimes times({"warmup", "burst"});
        times.setOrigin(Instant(5s));
        times.setMeasured(Instant(10s), Instant(20s));
        times.setSpan(1, Instant(12s), Instant(15s));
        const Instant due{std::chrono::milliseconds(milliseconds)};
        QTEST(times.measured(due), "measured");
        QTEST(times.inSpan(1, due), "inSpan");
        QVERIFY(!times.inSpan(0, due));
    }

    void timesAreKeptToTheNanosecond() {
        RunTimes times({"warmup", "burst"});
        times.setOrigin(Instant(123'456'789'012ns));
        times.setMeasured(Instant(1ns), Instant(2ns));
        times.setSpan(0, Instant(3ns), Instant(4ns));
        QCOMPARE(times.origin().time_since_epoch().count(), 123'456'789'012);
        QCOMPARE(times.measuredFrom().time_since_epoch().count(), 1);
        QCOMPARE(times.measuredUntil().time_since_epoch().count(), 2);
        QCOMPARE(times.spanFrom(0).time_since_epoch().count(), 3);
        QCOMPARE(times.spanUntil(0).time_since_epoch().count(), 4);
        QCOMPARE(times.spanName(1), std::string("burst"));
        QCOMPARE(times.spans(), 2U);
    }
};

TEST_CLASS(TestRecorder)
#include "tst_recorder.moc"
