// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/random.h"
#include "core/load/schedule.h"
#include "tests/test_class.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <vector>

using namespace std::chrono_literals;
using core::Arrival;
using core::ConstantStage;
using core::Nanoseconds;
using core::PauseStage;
using core::RampStage;
using core::Rate;
using core::Schedule;
using core::SineStage;
using core::SpikeStage;
using core::Stage;
using core::StaircaseStage;

namespace {

Schedule even(const std::vector<Stage>& stages, Rate initial = {}, double phase = 0) {
    return Schedule(stages, Arrival::Even, 1, initial, phase);
}

qint64 dueOf(const Schedule& schedule, std::uint64_t n) {
    return schedule.due(n).count();
}

std::vector<Stage> everyStage() {
    return {ConstantStage{2s, {1234.5}},
            RampStage{3s, {20'000}},
            PauseStage{1s},
            SpikeStage{1s, {5000}},
            StaircaseStage{{100}, {777}, 7, 300ms},
            SineStage{5s, {3000}, {3000}, 2s},
            RampStage{2s, {0}}};
}

} // namespace

class TestSchedule : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isExactAtTenThousandASecond() {
        const Schedule schedule = even({ConstantStage{60s, {10'000}}});
        QCOMPARE(schedule.count(), std::uint64_t{600'000});
        for (std::uint64_t n = 0; n < schedule.count(); ++n) {
            QCOMPARE(dueOf(schedule, n), static_cast<qint64>(n) * 100'000);
        }
    }

    void doesNotDriftInADay() {
        const Schedule schedule = even({ConstantStage{24h, {150'000}}});
        QCOMPARE(schedule.count(), std::uint64_t{12'960'000'000});
        QCOMPARE(dueOf(schedule, 3), 20'000);
        QCOMPARE(dueOf(schedule, 12'959'999'997), 86'399'999'980'000);
        QCOMPARE(dueOf(schedule, 12'959'999'998), 86'399'999'986'667);
        QCOMPARE(dueOf(schedule, 12'959'999'999), 86'399'999'993'333);
        QCOMPARE(schedule.countUntil(24h - 20us), std::uint64_t{12'959'999'997});
    }

    void counts_data() {
        QTest::addColumn<std::vector<Stage>>("stages");
        QTest::addColumn<quint64>("count");
        using Stages = std::vector<Stage>;
        QTest::newRow("no stage has no event") << Stages{} << quint64{0};
        QTest::newRow("a pause has none") << Stages{PauseStage{5s}} << quint64{0};
        QTest::newRow("rate times duration") << Stages{ConstantStage{3s, {7}}} << quint64{21};
        QTest::newRow("an area of 599,999.9999999 is 600,000")
            << Stages{ConstantStage{60s, {9999.999999998}}} << quint64{600'000};
        QTest::newRow("a tenth of an event per second for 10 s is one")
            << Stages{ConstantStage{10s, {0.1}}} << quint64{1};
        QTest::newRow("thirty stages of a tenth of an event are three")
            << Stages(30, ConstantStage{1s, {0.1}}) << quint64{3};
        QTest::newRow("half an event is one: it is due at the start") << Stages{ConstantStage{1s, {0.5}}} << quint64{1};
        QTest::newRow("a ramp from 0 is half its rectangle") << Stages{RampStage{2s, {10'000}}} << quint64{10'000};
        QTest::newRow("a ramp goes on from the stage before")
            << Stages{ConstantStage{1s, {100}}, RampStage{2s, {300}}} << quint64{500};
        QTest::newRow("a ramp after a pause rises from 0")
            << Stages{ConstantStage{1s, {100}}, PauseStage{1s}, RampStage{2s, {300}}} << quint64{400};
        QTest::newRow("a spike comes back to the rate before")
            << Stages{ConstantStage{1s, {100}}, SpikeStage{2s, {300}}, RampStage{2s, {0}}} << quint64{100 + 400 + 100};
        QTest::newRow("a staircase holds evenly spaced levels")
            << Stages{StaircaseStage{{100}, {400}, 4, 2s}} << quint64{2000};
        QTest::newRow("a staircase of one step holds 'from'")
            << Stages{StaircaseStage{{100}, {400}, 1, 2s}} << quint64{200};
        QTest::newRow("a sine over whole periods is its mean")
            << Stages{SineStage{60s, {1000}, {500}, 20s}} << quint64{60'000};
        QTest::newRow("half a sine's period adds amplitude × period / π")
            << Stages{SineStage{10s, {1000}, {500}, 20s}} << quint64{13'184}; // 10,000 + 500 × 20 / π = 13,183.0989
    }
    void counts() {
        QFETCH(std::vector<Stage>, stages);
        QFETCH(quint64, count);
        QCOMPARE(even(stages).count(), count);
        QCOMPARE(Schedule(stages, Arrival::Poisson, 5).count(), count);
    }

    void dueTimes_data() {
        QTest::addColumn<std::vector<Stage>>("stages");
        QTest::addColumn<quint64>("n");
        QTest::addColumn<qint64>("due");
        using Stages = std::vector<Stage>;
        const Stages pause{PauseStage{5s}, ConstantStage{1s, {10}}};
        QTest::newRow("event 0 waits for the first instant with a rate")
            << pause << quint64{0} << qint64{5'000'000'000};
        const Stages around{ConstantStage{1s, {10}}, PauseStage{5s}, ConstantStage{1s, {20}}};
        QTest::newRow("the last event before a pause") << around << quint64{9} << qint64{900'000'000};
        QTest::newRow("the first event after a pause is due at its end")
            << around << quint64{10} << qint64{6'000'000'000};
        // 0.35 s × 10/s leave half an event over; at 100/s it takes 5 ms.
        const Stages middle{ConstantStage{350ms, {10}}, ConstantStage{1s, {100}}};
        QTest::newRow("before a change of rate within an interval") << middle << quint64{3} << qint64{300'000'000};
        QTest::newRow("a change of rate within an interval keeps the part gathered")
            << middle << quint64{4} << qint64{355'000'000};
        QTest::newRow("after it the new interval holds") << middle << quint64{5} << qint64{365'000'000};
        const Stages ramp{RampStage{2s, {1000}}}; // area 250 t²
        QTest::newRow("a ramp's first event is due at its start") << ramp << quint64{0} << qint64{0};
        QTest::newRow("a ramp from 0 follows the square root") << ramp << quint64{250} << qint64{1'000'000'000};
        QTest::newRow("a ramp's first quarter event by event") << ramp << quint64{1} << qint64{63'245'553};
        const Stages fall{ConstantStage{1s, {1000}}, RampStage{2s, {0}}}; // 1000 s − 250 s² left at the end
        QTest::newRow("a falling ramp mirrors a rising one") << fall << quint64{1750} << qint64{2'000'000'000};
        QTest::newRow("a falling ramp is exact near its end") << fall << quint64{1999} << qint64{2'936'754'447};
        const Stages spike{SpikeStage{2s, {1000}}};
        QTest::newRow("a spike peaks at its half") << spike << quint64{500} << qint64{1'000'000'000};
        QTest::newRow("a spike's second half mirrors the first") << spike << quint64{875} << qint64{1'500'000'000};
        const Stages stairs{StaircaseStage{{10}, {30}, 3, 1s}};
        QTest::newRow("a staircase's second step") << stairs << quint64{12} << qint64{1'100'000'000};
        QTest::newRow("a staircase's third step") << stairs << quint64{33} << qint64{2'100'000'000};
        const Stages sine{SineStage{40s, {1000}, {500}, 20s}};
        QTest::newRow("a sine after a whole period") << sine << quint64{20'000} << qint64{20'000'000'000};
        const Stages touching{SineStage{40s, {1000}, {1000}, 20s}};
        QTest::newRow("a sine that touches 0, after a whole period")
            << touching << quint64{20'000} << qint64{20'000'000'000};
    }
    void dueTimes() {
        QFETCH(std::vector<Stage>, stages);
        QFETCH(quint64, n);
        QFETCH(qint64, due);
        QCOMPARE(dueOf(even(stages), n), due);
    }

    void phaseMovesTheEvents() {
        const Schedule schedule = even({ConstantStage{1s, {10}}}, {}, 0.25);
        QCOMPARE(schedule.count(), std::uint64_t{10});
        QCOMPARE(dueOf(schedule, 0), 25'000'000);
        QCOMPARE(dueOf(schedule, 9), 925'000'000);
        QCOMPARE(even({ConstantStage{1s, {10}}}, {}, 10.5).count(), std::uint64_t{0});
    }

    void inverseAgreesWithTheAreaToANanosecond_data() {
        QTest::addColumn<std::vector<Stage>>("stages");
        using Stages = std::vector<Stage>;
        QTest::newRow("steep ramp") << Stages{RampStage{1s, {150'000}}};
        QTest::newRow("almost flat ramp") << Stages{ConstantStage{1s, {1000}}, RampStage{1000s, {1000.0001}}};
        QTest::newRow("falling ramp") << Stages{ConstantStage{1s, {150'000}}, RampStage{60s, {0}}};
        QTest::newRow("sine") << Stages{SineStage{30s, {10'000}, {9'000}, 7s}};
        QTest::newRow("sine that touches 0") << Stages{SineStage{30s, {10'000}, {10'000}, 10s}};
        QTest::newRow("sine that begins downwards") << Stages{SineStage{30s, {10'000}, {-10'000}, 10s}};
        QTest::newRow("every kind of stage") << everyStage();
    }
    void inverseAgreesWithTheAreaToANanosecond() {
        QFETCH(std::vector<Stage>, stages);
        const Schedule schedule = even(stages);
        for (std::uint64_t n = 1; n < schedule.count(); n += 7) {
            const Nanoseconds due = schedule.due(n);
            // One nanosecond to each side encloses the area n, within what a double area can tell.
            const auto event = static_cast<double>(n);
            QVERIFY2(schedule.areaUntil(due - 1ns) <= event + 1e-6, qPrintable(QString::number(n)));
            QVERIFY2(schedule.areaUntil(due + 1ns) >= event - 1e-6, qPrintable(QString::number(n)));
        }
    }

    void dueNeverDecreasesAndCountsAgree_data() {
        QTest::addColumn<int>("arrival");
        QTest::newRow("even") << static_cast<int>(Arrival::Even);
        QTest::newRow("Poisson") << static_cast<int>(Arrival::Poisson);
    }
    void dueNeverDecreasesAndCountsAgree() {
        QFETCH(int, arrival);
        const Schedule schedule(everyStage(), static_cast<Arrival>(arrival), 99);
        core::DueReader reader;
        std::vector<Nanoseconds> due;
        for (std::uint64_t n = 0; n < schedule.count(); ++n) {
            due.push_back(reader.due(schedule, n));
        }
        QVERIFY(std::is_sorted(due.begin(), due.end()));
        QVERIFY(due.front() >= 0ns && due.back() <= schedule.duration());
        core::Random random(3);
        const auto countsAgree = [&](Nanoseconds at) {
            const auto before = std::lower_bound(due.begin(), due.end(), at) - due.begin();
            return schedule.countUntil(at) == static_cast<std::uint64_t>(before);
        };
        for (int i = 0; i < 500; ++i) {
            QVERIFY(countsAgree(Nanoseconds(static_cast<std::int64_t>(random.unit() * 17.2e9))));
            const std::size_t n = random.below(static_cast<std::uint32_t>(due.size()));
            QVERIFY(countsAgree(due[n]));
            QVERIFY(countsAgree(due[n] + 1ns));
            QCOMPARE(dueOf(schedule, n), static_cast<qint64>(due[n].count()));
        }
        QCOMPARE(schedule.countUntil(-1s), std::uint64_t{0});
        QCOMPARE(schedule.countUntil(0s), std::uint64_t{0});
        QCOMPARE(schedule.countUntil(1h), schedule.count());
    }

    void poissonIntervalsAreExponential() {
        const Schedule schedule({ConstantStage{1000s, {1000}}}, Arrival::Poisson, 4711);
        core::DueReader reader;
        double sum = 0;
        double squares = 0;
        std::uint64_t longerThanMean = 0;
        Nanoseconds last{};
        for (std::uint64_t n = 0; n < schedule.count(); ++n) {
            const Nanoseconds due = reader.due(schedule, n);
            const double interval = std::chrono::duration<double, std::milli>(due - last).count();
            last = due;
            sum += interval;
            squares += interval * interval;
            longerThanMean += interval > 1 ? 1 : 0;
        }
        const double count = 1e6;
        const double mean = sum / count;
        QVERIFY(std::abs(mean - 1) < 0.001);
        QVERIFY(std::abs(squares / count - mean * mean - 1) < 0.02);                     // variance of an exponential
        QVERIFY(std::abs(static_cast<double>(longerThanMean) / count - 0.3679) < 0.003); // 1 / e
    }

    void poissonKeepsItsCountInEachBlock() {
        const Schedule schedule({ConstantStage{100s, {1024}}}, Arrival::Poisson, 1);
        QCOMPARE(schedule.count(), std::uint64_t{102'400});
        for (int second = 1; second <= 100; ++second) {
            QCOMPARE(schedule.countUntil(std::chrono::seconds(second)), static_cast<std::uint64_t>(second) * 1024);
        }
    }

    void poissonDependsOnTheSeedAlone() {
        const std::vector<Stage> stages{ConstantStage{10s, {500}}};
        const Schedule one(stages, Arrival::Poisson, 1);
        const Schedule same(stages, Arrival::Poisson, 1);
        const Schedule other(stages, Arrival::Poisson, 2);
        int different = 0;
        for (std::uint64_t n = 0; n < one.count(); n += 100) {
            QCOMPARE(dueOf(one, n), dueOf(same, n));
            different += dueOf(one, n) != dueOf(other, n) ? 1 : 0;
        }
        QVERIFY(different > 45);
    }

    void streamsArriveIndependently() {
        const std::vector<Stage> stages{ConstantStage{10s, {500}}};
        const Schedule one(stages, Arrival::Poisson, core::arrivalSeed(42, 0));
        const Schedule other(stages, Arrival::Poisson, core::arrivalSeed(42, 1));
        int different = 0;
        for (std::uint64_t n = 0; n < one.count(); n += 100) {
            different += dueOf(one, n) != dueOf(other, n) ? 1 : 0;
        }
        QVERIFY(different > 45);
    }

    void rates() {
        const Schedule schedule =
            even({ConstantStage{1s, {100}}, RampStage{2s, {300}}, PauseStage{1s}, SineStage{4s, {1000}, {500}, 4s}});
        QCOMPARE(schedule.rateAt(-1ns).perSecond, 0.0);
        QCOMPARE(schedule.rateAt(0s).perSecond, 100.0);
        QCOMPARE(schedule.rateAt(2s).perSecond, 200.0);
        QCOMPARE(schedule.rateBefore(3s).perSecond, 300.0);
        QCOMPARE(schedule.rateAt(3s).perSecond, 0.0);
        QCOMPARE(schedule.rateAt(5s).perSecond, 1500.0);
        QCOMPARE(schedule.rateAt(8s).perSecond, 0.0);
        QCOMPARE(schedule.peakRate().perSecond, 1500.0);
        QCOMPARE(schedule.duration(), Nanoseconds(8s));
        QCOMPARE(schedule.stageSpans().size(), std::size_t{4});
        QCOMPARE(schedule.stageSpans()[1].from, Nanoseconds(1s));
        QCOMPARE(schedule.stageSpans()[1].until, Nanoseconds(3s));
    }

    void aSineThatEndsBeforeItsCrestPeaksAtItsEnd() {
        const Schedule schedule = even({SineStage{1s, {1000}, {500}, 12s}}); // sin 30° = 1/2
        QVERIFY(std::abs(schedule.peakRate().perSecond - 1250) < 1e-9);
    }

    void warmup_data() {
        QTest::addColumn<std::vector<Stage>>("stages");
        QTest::addColumn<qint64>("start");
        QTest::addColumn<double>("rateInWarmup");
        QTest::addColumn<int>("stagesInAll");
        using Stages = std::vector<Stage>;
        QTest::newRow("runs at a constant stage's rate") << Stages{ConstantStage{5s, {100}}} << qint64{0} << 100.0 << 2;
        QTest::newRow("is a pause before a ramp") << Stages{RampStage{5s, {100}}} << qint64{0} << 0.0 << 2;
        QTest::newRow("is a pause before a spike") << Stages{SpikeStage{5s, {100}}} << qint64{0} << 0.0 << 2;
        QTest::newRow("is a pause before a pause") << Stages{PauseStage{5s}} << qint64{0} << 0.0 << 2;
        QTest::newRow("runs at a staircase's first level")
            << Stages{StaircaseStage{{50}, {90}, 3, 1s}} << qint64{0} << 50.0 << 2;
        QTest::newRow("runs at a sine's mean") << Stages{SineStage{5s, {70}, {10}, 1s}} << qint64{0} << 70.0 << 2;
        QTest::newRow("is a pause for a stream that starts later, and so is the time until then")
            << Stages{ConstantStage{5s, {100}}} << qint64{20} << 0.0 << 3;
    }
    void warmup() {
        QFETCH(std::vector<Stage>, stages);
        QFETCH(qint64, start);
        QFETCH(double, rateInWarmup);
        QFETCH(int, stagesInAll);
        core::Stream stream;
        stream.stages = stages;
        stream.start = std::chrono::seconds(start);
        const auto all = core::stagesWithWarmup(stream, 10s);
        QCOMPARE(static_cast<int>(all.size()), stagesInAll);
        const Schedule schedule = even(all);
        QCOMPARE(schedule.rateAt(0s).perSecond, rateInWarmup);
        QCOMPARE(schedule.stageSpans()[0].until, Nanoseconds(10s));
        QCOMPARE(schedule.duration(), 10s + stream.start + even(stages).duration());
        QCOMPARE(core::stagesWithWarmup(stream, 0s).size(), stages.size() + (start > 0 ? 1U : 0U));
    }

    void peakRateSumsTheStreams() {
        core::Scenario scenario;
        scenario.warmup = 10s;
        core::Stream baseline;
        baseline.stages = {ConstantStage{60s, {1000}}};
        core::Stream burst;
        burst.start = 20s;
        burst.stages = {RampStage{2s, {9000}}, SpikeStage{1s, {10'000}}};
        scenario.streams = {baseline, burst};
        QCOMPARE(core::peakRate(scenario).perSecond, 11'000.0);
        burst.start = 70s; // the baseline has ended
        scenario.streams = {baseline, burst};
        QCOMPARE(core::peakRate(scenario).perSecond, 10'000.0);
        core::Stream wave;
        wave.stages = {SineStage{60s, {1000}, {500}, 20s}};
        scenario.streams = {baseline, wave};
        QCOMPARE(core::peakRate(scenario).perSecond, 2500.0);
        scenario.streams.clear();
        QCOMPARE(core::peakRate(scenario).perSecond, 0.0);
    }
};

TEST_CLASS(TestSchedule)
#include "tst_schedule.moc"
