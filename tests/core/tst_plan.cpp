// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/plan.h"
#include "core/load/random.h"
#include "tests/test_class.h"

#include <QTest>
#include <vector>

using namespace std::chrono_literals;
using core::Arrival;
using core::ConstantStage;
using core::Nanoseconds;
using core::PauseStage;
using core::Plan;
using core::RampStage;
using core::Rate;
using core::Schedule;
using core::Stage;

namespace {

Plan tenASecond(Nanoseconds duration = 10s) {
    return Plan(Schedule({ConstantStage{duration, {10}}}, Arrival::Even, 1));
}

/// Takes all events due up to `until`; answers their due times in milliseconds.
std::vector<qint64> takeUntil(Plan& plan, Nanoseconds until) {
    std::vector<qint64> due;
    while (plan.nextDue() && *plan.nextDue() <= until) {
        due.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(*plan.nextDue()).count());
        plan.pop();
    }
    return due;
}

} // namespace

class TestPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void withoutCommandsFollowsTheSchedule() {
        Plan plan = tenASecond(1s);
        QCOMPARE(plan.planned(-1ns), std::uint64_t{0});
        QCOMPARE(plan.planned(0s), std::uint64_t{1}); // up to and including
        QCOMPARE(plan.planned(100ms), std::uint64_t{2});
        QCOMPARE(plan.planned(1h), std::uint64_t{10});
        QCOMPARE(plan.end(), Nanoseconds(1s));
        QCOMPARE(plan.rateAt(500ms).perSecond, 10.0);
        QCOMPARE(plan.rateAt(1s).perSecond, 0.0);
        QVERIFY(!plan.finished());
        const std::vector<qint64> expected{0, 100, 200, 300, 400, 500, 600, 700, 800, 900};
        QVERIFY(takeUntil(plan, 1h) == expected);
        QVERIFY(plan.finished());
        QVERIFY(!plan.nextDue());
        QCOMPARE(plan.taken(), std::uint64_t{10});
    }

    void aPauseMovesWhatIsLater() {
        Plan plan = tenASecond(1s);
        takeUntil(plan, 450ms);
        plan.pause(450ms);
        QVERIFY(plan.paused());
        QVERIFY(!plan.finished());
        QVERIFY(!plan.nextDue());
        QCOMPARE(plan.rateAt(500ms).perSecond, 0.0);
        QCOMPARE(plan.rateAt(400ms).perSecond, 10.0);
        QCOMPARE(plan.planned(1h), std::uint64_t{5});
        QCOMPARE(plan.end(), Nanoseconds(1s));
        plan.resume(2450ms);
        QVERIFY(!plan.paused());
        QCOMPARE(plan.end(), Nanoseconds(3s));
        QCOMPARE(plan.rateAt(2450ms).perSecond, 10.0);
        QCOMPARE(plan.planned(2499ms), std::uint64_t{5});
        QCOMPARE(plan.planned(2500ms), std::uint64_t{6});
        QCOMPARE(plan.planned(200ms), std::uint64_t{3}); // what was planned stays
        const std::vector<qint64> expected{2500, 2600, 2700, 2800, 2900};
        QVERIFY(takeUntil(plan, 1h) == expected);
        QVERIFY(plan.finished());
    }

    void anEventDueAtTheInstantOfThePauseStays() {
        Plan plan = tenASecond(1s);
        plan.pause(500ms);
        QCOMPARE(plan.planned(1h), std::uint64_t{6});
        plan.resume(10s);
        QCOMPARE(plan.planned(10s), std::uint64_t{6});
        QCOMPARE(plan.planned(10'100ms), std::uint64_t{7});
    }

    void whatWasDueBeforeThePauseIsStillHandedOut() {
        Plan plan = tenASecond(1s);
        takeUntil(plan, 250ms); // 0, 100, 200: then the thread fell behind
        plan.pause(450ms);
        const std::vector<qint64> expected{300, 400};
        QVERIFY(takeUntil(plan, 1h) == expected);
        QVERIFY(!plan.nextDue());
        QVERIFY(!plan.finished());
        plan.resume(1450ms);
        QCOMPARE(*plan.nextDue(), Nanoseconds(1500ms));
    }

    void setRateReplacesWhatIsLeft() {
        Plan plan = tenASecond(1s);
        takeUntil(plan, 400ms);
        plan.setRate(450ms, {100}); // half an event gathered; the other half takes 5 ms now
        QCOMPARE(plan.end(), Nanoseconds(1s));
        QCOMPARE(plan.rateAt(700ms).perSecond, 100.0);
        QCOMPARE(plan.rateAt(449ms).perSecond, 10.0);
        QCOMPARE(*plan.nextDue(), Nanoseconds(455ms));
        QCOMPARE(plan.planned(454ms), std::uint64_t{5});
        QCOMPARE(plan.planned(465ms), std::uint64_t{7});
        QCOMPARE(plan.planned(1s), std::uint64_t{5 + 55});
        const auto due = takeUntil(plan, 1h);
        QCOMPARE(due.size(), std::size_t{55});
        QCOMPARE(due.back(), qint64{995});
    }

    void setRateKeepsUntakenEvents() {
        Plan plan = tenASecond(1s);
        takeUntil(plan, 100ms);
        plan.setRate(450ms, {1});
        const std::vector<qint64> expected{200, 300, 400, 950};
        QVERIFY(takeUntil(plan, 1h) == expected);
        QVERIFY(plan.finished());
    }

    void setRateReplacesRampsAndPauses() {
        Plan plan(Schedule({RampStage{10s, {100}}, PauseStage{10s}}, Arrival::Even, 1));
        const auto before = plan.planned(10s);
        QCOMPARE(before, std::uint64_t{500});
        plan.setRate(15s, {20});
        QCOMPARE(plan.planned(15s), before);
        QCOMPARE(plan.planned(20s), before + 100);
        QCOMPARE(plan.end(), Nanoseconds(20s));
    }

    void setRateWhilePausedHoldsFromTheResumption() {
        Plan plan = tenASecond(1s);
        takeUntil(plan, 450ms);
        plan.pause(450ms);
        plan.setRate(700ms, {100});
        QVERIFY(plan.paused());
        QVERIFY(!plan.nextDue());
        QCOMPARE(plan.rateAt(800ms).perSecond, 0.0);
        plan.resume(1450ms);
        QCOMPARE(plan.end(), Nanoseconds(2s));
        QCOMPARE(plan.rateAt(1450ms).perSecond, 100.0);
        QCOMPARE(*plan.nextDue(), Nanoseconds(1455ms));
        QCOMPARE(plan.planned(2s), std::uint64_t{60});
    }

    void aRateOfZeroMayBeRaisedAgain() {
        Plan plan = tenASecond(10s);
        plan.setRate(1s, {0});
        QCOMPARE(plan.planned(1h), std::uint64_t{11});
        plan.setRate(5s, {10});
        QCOMPARE(plan.planned(5s), std::uint64_t{11});
        QCOMPARE(plan.planned(1h), std::uint64_t{11 + 49}); // at 5.1 s … 9.9 s
        QCOMPARE(plan.end(), Nanoseconds(10s));
    }

    void stopEndsThePlan() {
        Plan plan = tenASecond(10s);
        takeUntil(plan, 200ms);
        plan.stop(450ms);
        QCOMPARE(plan.planned(1h), std::uint64_t{5});
        QCOMPARE(plan.end(), Nanoseconds(450ms));
        QVERIFY(!plan.finished());
        const std::vector<qint64> expected{300, 400};
        QVERIFY(takeUntil(plan, 1h) == expected);
        QVERIFY(plan.finished());
        plan.setRate(1s, {1000});
        plan.resume(2s);
        QCOMPARE(plan.planned(1h), std::uint64_t{5});
        QVERIFY(plan.finished());
    }

    void stopWhilePausedEndsThePlan() {
        Plan plan = tenASecond(10s);
        takeUntil(plan, 450ms);
        plan.pause(450ms);
        plan.stop(2s);
        QVERIFY(!plan.paused());
        QVERIFY(plan.finished());
        QCOMPARE(plan.planned(1h), std::uint64_t{5});
        plan.resume(3s);
        QVERIFY(plan.finished());
    }

    void commandsTwiceDoNothingMore() {
        Plan plan = tenASecond(1s);
        plan.resume(100ms);
        plan.pause(450ms);
        plan.pause(600ms);
        plan.resume(1450ms);
        plan.resume(1500ms);
        QCOMPARE(plan.end(), Nanoseconds(2s));
        QCOMPARE(plan.planned(1500ms), std::uint64_t{6});
    }

    void aPauseAfterTheEndDoesNotMoveIt() {
        Plan plan = tenASecond(1s);
        plan.pause(2s);
        plan.resume(3s);
        plan.setRate(4s, {100});
        QCOMPARE(plan.end(), Nanoseconds(1s));
        QCOMPARE(plan.planned(1h), std::uint64_t{10});
    }

    void anEventTakenAheadOfItsTimeIsNotPlannedTwice() {
        Plan plan = tenASecond(1s);
        plan.pop();
        plan.pop(); // due at 100 ms
        plan.setRate(50ms, {20});
        QCOMPARE(plan.taken(), std::uint64_t{2});
        QCOMPARE(plan.planned(1h),
                 std::uint64_t{2 + 18}); // 1.5 gathered less 2 taken: 0.05 s + 0.5 / 20 … from 75 + 50
        QCOMPARE(*plan.nextDue(), Nanoseconds(125ms));
    }

    /// Many commands in any order, against the rules of the contract.
    void anyOrderOfCommandsKeepsTheRules_data() {
        QTest::addColumn<int>("arrival");
        QTest::newRow("even") << static_cast<int>(Arrival::Even);
        QTest::newRow("Poisson") << static_cast<int>(Arrival::Poisson);
    }
    void anyOrderOfCommandsKeepsTheRules() {
        QFETCH(int, arrival);
        for (std::uint64_t seed = 0; seed < 100; ++seed) {
            core::Random random(seed);
            Plan plan(Schedule(
                {ConstantStage{500ms, {317.7}}, RampStage{1s, {2000}}, PauseStage{200ms}, ConstantStage{1s, {100}}},
                static_cast<Arrival>(arrival), seed));
            if (!keepsTheRules(plan, random)) {
                QFAIL(qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(m_broken)));
            }
        }
    }

private:
    bool keepsTheRules(Plan& plan, core::Random& random) {
        Nanoseconds at{};
        Nanoseconds last{-1};
        std::vector<Nanoseconds> due; // of all events taken
        for (int step = 0; step < 40; ++step) {
            at += Nanoseconds(random.below(200'000'000));
            const std::uint64_t planned = plan.planned(at);
            switch (random.below(step > 35 ? 5 : 4)) {
            case 0:
                plan.pause(at);
                break;
            case 1:
                plan.resume(at);
                break;
            case 2:
                plan.setRate(at, {random.unit() * 3000});
                break;
            case 3:
                break;
            default:
                plan.stop(at);
                break;
            }
            if (plan.planned(at) != planned) {
                return broken("a command changed what was planned");
            }
            const Nanoseconds until = at - Nanoseconds(random.below(100'000'000)); // the thread may be behind
            while (plan.nextDue() && *plan.nextDue() <= until) {
                if (*plan.nextDue() < last) {
                    return broken("due times decrease");
                }
                last = *plan.nextDue();
                due.push_back(last);
                plan.pop();
            }
            if (plan.taken() != due.size() || plan.planned(until) > plan.taken()) {
                return broken("an event due was not handed out");
            }
        }
        plan.resume(at);
        while (plan.nextDue()) {
            due.push_back(*plan.nextDue());
            plan.pop();
        }
        if (!plan.finished() || plan.planned(1h) != due.size() || !std::is_sorted(due.begin(), due.end())) {
            return broken("the end does not add up");
        }
        for (int i = 0; i < 200; ++i) {
            const Nanoseconds instant{static_cast<std::int64_t>(random.unit() * 1e10)};
            const auto count = std::upper_bound(due.begin(), due.end(), instant) - due.begin();
            if (plan.planned(instant) != static_cast<std::uint64_t>(count)) {
                return broken("planned() and nextDue() disagree");
            }
        }
        return true;
    }
    bool broken(const char* rule) {
        m_broken = QString::fromUtf8(rule);
        return false;
    }

    QString m_broken;
};

TEST_CLASS(TestPlan)
#include "tst_plan.moc"
