// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/run_clock.h"
#include "tests/test_class.h"

#include <QtTest>

using namespace std::chrono_literals;
using core::Instant;
using core::Nanoseconds;
using core::Phase;
using core::RunClock;

namespace {

constexpr Instant kOrigin{100s};

using Pauses = QList<std::pair<int, int>>; ///< from, until: milliseconds since the origin

/// A warm-up of 2 s and stages of 4 s, and the pauses that are over by then.
RunClock clockAfter(const Pauses& pauses) {
    RunClock clock(2s, 6s);
    clock.begin(kOrigin);
    for (const auto& [from, until] : pauses) {
        clock.pause(kOrigin + std::chrono::milliseconds(from));
        clock.resume(kOrigin + std::chrono::milliseconds(until));
    }
    return clock;
}

qint64 millisecondsAt(Instant at) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(at - kOrigin).count();
}

qint64 milliseconds(Nanoseconds length) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(length).count();
}

} // namespace

class TestRunClock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPauseMovesWhatIsStillToCome_data() {
        QTest::addColumn<Pauses>("pauses");
        QTest::addColumn<qint64>("measuredFrom");
        QTest::addColumn<qint64>("measuredUntil");
        QTest::addColumn<qint64>("spanFrom");
        QTest::addColumn<qint64>("spanUntil");
        const auto row = [](const char* name, const Pauses& pauses, qint64 from, qint64 until, qint64 spanFrom,
                            qint64 spanUntil) {
            QTest::newRow(name) << pauses << from << until << spanFrom << spanUntil;
        };
        row("none", {}, 2'000, 6'000, 3'000, 5'000);
        row("in the warm-up", {{1'000, 3'000}}, 4'000, 8'000, 5'000, 7'000);
        row("in the stages, before the span", {{2'500, 3'500}}, 2'000, 7'000, 4'000, 6'000);
        row("in the span", {{4'000, 5'000}}, 2'000, 7'000, 3'000, 6'000);
        row("behind the span", {{5'500, 6'500}}, 2'000, 7'000, 3'000, 5'000);
        row("in the warm-up and in the stages", {{1'000, 3'000}, {6'000, 6'500}}, 4'000, 8'500, 5'000, 7'500);
        row("where the warm-up ends: the stages' first event stays", {{2'000, 3'000}}, 2'000, 7'000, 4'000, 6'000);
        row("before the origin: from there on", {{-50, 1'000}}, 3'000, 7'000, 4'000, 6'000);
        row("over before the origin", {{-50, -20}}, 2'000, 6'000, 3'000, 5'000);
    }

    void aPauseMovesWhatIsStillToCome() {
        QFETCH(Pauses, pauses);
        const RunClock clock = clockAfter(pauses);
        const Instant late = kOrigin + 60s;
        const auto measured = clock.periodOf(clock.measured(), late);
        QTEST(millisecondsAt(measured.from), "measuredFrom");
        QTEST(millisecondsAt(measured.until), "measuredUntil");
        const auto span = clock.periodOf({3s, 5s}, late);
        QTEST(millisecondsAt(span.from), "spanFrom");
        QTEST(millisecondsAt(span.until), "spanUntil");
        QCOMPARE(milliseconds(clock.lengthOf(clock.measured(), late)), 4'000);
        QCOMPARE(milliseconds(clock.lengthOf({3s, 5s}, late)), 2'000);
    }

    void phaseAndProgressFollowThePlan_data() {
        QTest::addColumn<qint64>("at");
        QTest::addColumn<Phase>("phase");
        QTest::addColumn<double>("progress");
        QTest::addColumn<qint64>("left");
        QTest::addColumn<qint64>("measured");
        const auto row = [](const char* name, qint64 at, Phase phase, double progress, qint64 left, qint64 measured) {
            QTest::newRow(name) << at << phase << progress << left << measured;
        };
        row("before the origin", -100, Phase::Warmup, 0.0, 6'100, 0);
        row("in the warm-up", 900, Phase::Warmup, 0.15, 5'100, 0);
        row("in the pause", 2'500, Phase::Warmup, 1.0 / 6, 5'000, 0);
        row("in the warm-up's rest", 3'999, Phase::Warmup, 1.999 / 6, 4'001, 0);
        row("in the stages", 5'000, Phase::Stages, 0.5, 3'000, 1'000);
        row("behind the plan's end", 9'000, Phase::Stages, 1.0, 0, 4'000);
    }

    void phaseAndProgressFollowThePlan() {
        QFETCH(qint64, at);
        const Instant now = kOrigin + std::chrono::milliseconds(at);
        RunClock clock(2s, 6s);
        QCOMPARE(clock.phase(now), Phase::Preparing);
        QCOMPARE(clock.progress(now), 0.0);
        QCOMPARE(milliseconds(clock.lengthOf({{}, 6s}, now)), 0);
        clock.begin(kOrigin);
        if (at > 1'000) {
            clock.pause(kOrigin + 1s);
        }
        if (at > 3'000) {
            clock.resume(kOrigin + 3s);
        }
        QTEST(clock.phase(now), "phase");
        QTEST(clock.progress(now), "progress");
        QTEST(milliseconds(clock.left(now)), "left");
        QTEST(milliseconds(clock.lengthOf(clock.measured(), now)), "measured");
    }

    void withoutAWarmupTheStagesComeFirst() {
        RunClock clock({}, 4s);
        clock.begin(kOrigin);
        QCOMPARE(clock.phase(kOrigin - 100ms), Phase::Stages);
    }

    void whileItIsPausedThePartsMoveOn() {
        RunClock clock = clockAfter({});
        clock.pause(kOrigin + 3s);
        const auto measured = clock.periodOf(clock.measured(), kOrigin + 4s);
        QCOMPARE(millisecondsAt(measured.from), 2'000);
        QCOMPARE(millisecondsAt(measured.until), 7'000);
        QCOMPARE(milliseconds(clock.lengthOf(clock.measured(), kOrigin + 4s)), 1'000);
        clock.pause(kOrigin + 5s); // it is paused already
        clock.resume(kOrigin + 5s);
        clock.resume(kOrigin + 6s);
        QCOMPARE(milliseconds(clock.played(kOrigin + 6s)), 4'000);
    }

    void whatIsStoppedHasNoMoreParts() {
        RunClock clock = clockAfter({{2'500, 3'500}});
        clock.endLoad(kOrigin + 5s);
        clock.endLoad(kOrigin + 5'500ms);
        const Instant late = kOrigin + 60s;
        QCOMPARE(clock.phase(late), Phase::Drain);
        QCOMPARE(millisecondsAt(clock.periodOf(clock.measured(), late).until), 5'000);
        QCOMPARE(milliseconds(clock.lengthOf(clock.measured(), late)), 2'000);
        QCOMPARE(milliseconds(clock.lengthOf({3s, 5s}, late)), 1'000);
        QCOMPARE(milliseconds(clock.lengthOf({5s, 6s}, late)), 0);
    }

    void whatIsStoppedInThePauseHasBeenPausedUntilThen() {
        RunClock clock = clockAfter({});
        clock.pause(kOrigin + 3s);
        clock.endLoad(kOrigin + 5s);
        QCOMPARE(milliseconds(clock.lengthOf(clock.measured(), kOrigin + 60s)), 1'000);
    }

    void aBurstBehindTheStagesMakesThemLonger() {
        RunClock clock = clockAfter({{1'000, 3'000}});
        clock.extend(kOrigin + 7s); // the plan lasts longer
        QCOMPARE(clock.measured(), (RunClock::Part{2s, 6s}));
        clock.extend(kOrigin + 10s);
        QCOMPARE(clock.measured(), (RunClock::Part{2s, 8s}));
        QCOMPARE(millisecondsAt(clock.periodOf(clock.measured(), kOrigin + 7s).until), 10'000);
    }
};

TEST_CLASS(TestRunClock)
#include "tst_run_clock.moc"
