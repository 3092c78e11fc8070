// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/run_lanes.h"
#include "tests/test_class.h"

#include <QTest>

using namespace std::chrono_literals;
using core::Instant;
using core::Nanoseconds;

namespace {

std::uint64_t countOf(Instant instant) {
    return static_cast<std::uint64_t>(instant.time_since_epoch().count());
}

constexpr Instant kUntil(100s);
constexpr Instant kNever = Instant::max();

} // namespace

class TestRunLanes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countsFromTheFirstDueTime() {
        core::RunLanes lanes({{"one"}}, 1, {});
        QCOMPARE(lanes.snapshot(Instant(200s)).sinceStart, Nanoseconds(0)); // it waits for its consumers, say
        lanes.times().setOrigin(Instant(210s));
        QCOMPARE(lanes.snapshot(Instant(200s)).sinceStart, Nanoseconds(-10s));
        QCOMPARE(lanes.snapshot(Instant(215s)).sinceStart, Nanoseconds(5s));
    }

    void tellsHowLongCommitsGoOnAfterTheirPart_data() {
        QTest::addColumn<Instant>("until");
        QTest::addColumn<Instant>("done");
        QTest::addColumn<Nanoseconds>("overrun");
        QTest::newRow("nothing was stored") << kUntil << Instant() << Nanoseconds(0);
        QTest::newRow("stored within the part") << kUntil << Instant(99s) << Nanoseconds(0);
        QTest::newRow("a second is allowed") << kUntil << Instant(101s) << Nanoseconds(0);
        QTest::newRow("and as long as the fastest event took") << kUntil << Instant(101s + 20ms) << Nanoseconds(0);
        QTest::newRow("the rest counts") << kUntil << Instant(104s + 20ms) << Nanoseconds(3s);
        QTest::newRow("a service measures without end: nothing was stored") << kNever << Instant() << Nanoseconds(0);
        QTest::newRow("a service measures without end: stored") << kNever << Instant(100s) << Nanoseconds(0);
    }

    void tellsHowLongCommitsGoOnAfterTheirPart() {
        QFETCH(Instant, until);
        QFETCH(Instant, done);
        QFETCH(Nanoseconds, overrun);
        core::RunLanes lanes({{"one"}}, 2, {"part"});
        lanes.times().setMeasured(Instant(), until);
        lanes.times().setSpan(0, Instant(), until);
        lanes.worker(0).streams[0]->endToEnd.record(20ms);
        lanes.worker(1).measuredDoneUntil.set(countOf(done));
        lanes.worker(1).spanStoredUntil[0]->set(countOf(done));
        const core::Snapshot snapshot = lanes.snapshot(Instant(200s));
        QCOMPARE(snapshot.measuredOverrun, overrun);
        QCOMPARE(snapshot.spans[0].overrun, overrun);
    }
};

TEST_CLASS(TestRunLanes)
#include "tst_run_lanes.moc"
