// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/saturation.h"
#include "tests/test_class.h"

#include <QTest>

namespace {

using namespace std::chrono_literals;
using core::Metric;

/// 20 quiet seconds at 1,000/s on 4 cores.
core::RunResult quietRun() {
    core::RunResult run;
    run.host["cores"] = "4";
    for (int second = 0; second < 20; ++second) {
        core::Sample sample;
        sample.from = second;
        sample.until = second + 1;
        sample.target = 1'000;
        sample.machineCpu = 1.5;
        sample.backlog = 12;
        core::MetricHistograms latency;
        of(latency, Metric::Processing).record(2ms, 1'000);
        sample.latency = core::PackedHistograms(latency);
        run.samples.push_back(sample);
    }
    return run;
}

void slowDown(core::Sample& sample, Metric metric, std::chrono::microseconds value, std::uint64_t times = 1'000) {
    core::MetricHistograms latency;
    of(latency, metric).record(value, times);
    sample.latency = core::PackedHistograms(latency);
}

QString told(const core::RunResult& run) {
    QStringList all;
    for (const core::Strain& strain : core::strainsOf(run)) {
        all += QString::fromStdString(strain.what + ": " + strain.evidence);
    }
    return all.join(QLatin1Char('\n'));
}

} // namespace

class TestSaturation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aQuietRunHasNone() {
        QCOMPARE(told(quietRun()), QString());
        QCOMPARE(core::headroomText(quietRun()),
                 std::string("Nothing in the samples came to its limit for 3 intervals in a row: the machine used at "
                             "most 1.5 of its 4 cores, and the backlog was at most 12 events."));
    }

    void aTargetThatIsSlowFromItsFirstSecondIsNamed_data() {
        QTest::addColumn<int>("ms");
        QTest::addColumn<QString>("strains");
        QTest::newRow("half a second and more")
            << 800
            << QStringLiteral("the broker: From 0 s to 20 s the ack p99, from sending, was up to 800 ms; its "
                              "lowest in the run was 800 ms.");
        QTest::newRow("less is no limit by itself") << 400 << QString();
    }
    void aTargetThatIsSlowFromItsFirstSecondIsNamed() {
        QFETCH(int, ms);
        core::RunResult run = quietRun();
        for (core::Sample& sample : run.samples) {
            slowDown(sample, Metric::AckUncorrected, std::chrono::milliseconds(ms));
        }
        QTEST(told(run), "strains");
    }

    void aBusyMachineIsNamedWithItsCores() {
        core::RunResult run = quietRun();
        for (std::size_t i = 5; i < 9; ++i) {
            run.samples[i].machineCpu = 3.9;
        }
        QCOMPARE(told(run),
                 QStringLiteral("the machine's CPU: From 5 s to 9 s the machine used up to 3.9 of its 4 cores."));
    }

    void twoBusyIntervalsAreNotEnough() {
        core::RunResult run = quietRun();
        run.samples[5].machineCpu = run.samples[6].machineCpu = 4;
        QCOMPARE(told(run), QString());
    }

    void withoutTheNumberOfCoresNothingIsSaidOfTheCpu() {
        core::RunResult run = quietRun();
        run.host.clear();
        for (core::Sample& sample : run.samples) {
            sample.machineCpu = 4;
        }
        QCOMPARE(told(run), QString());
    }

    void aSlowStoreIsSeenInProcessing() {
        core::RunResult run = quietRun();
        for (std::size_t i = 8; i < 12; ++i) {
            slowDown(run.samples[i], Metric::Processing, 250ms);
        }
        QVERIFY(told(run).startsWith(QStringLiteral("the consumer's side: From 8 s to 12 s the processing p99, from "
                                                    "polled to stored, rose up to 250 ms")));
    }

    void tooFewValuesSayNothing() {
        core::RunResult run = quietRun();
        for (std::size_t i = 8; i < 12; ++i) {
            slowDown(run.samples[i], Metric::Processing, 250ms, 999);
        }
        QCOMPARE(told(run), QString());
    }

    void alwaysSlowIsNotARise() {
        core::RunResult run = quietRun();
        for (core::Sample& sample : run.samples) {
            slowDown(sample, Metric::AckUncorrected, 250ms);
        }
        QCOMPARE(told(run), QString());
    }

    void aBacklogThatGrowsBeyondASecondOfTheTargetIsNamed() {
        core::RunResult run = quietRun();
        for (std::size_t i = 5; i < 10; ++i) {
            run.samples[i].backlog = 12 + 500 * (i - 4);
        }
        QCOMPARE(told(run), QStringLiteral("the consumer's side: From 5 s to 10 s the backlog grew from 12 to 2,512 "
                                           "events, by 500/s: less was stored than was acked."));
    }

    void theFirstComesFirst() {
        core::RunResult run = quietRun();
        for (std::size_t i = 5; i < 10; ++i) {
            run.samples[i].backlog = 12 + 500 * (i - 4);
        }
        for (std::size_t i = 3; i < 9; ++i) {
            slowDown(run.samples[i], Metric::SendDelay, 200ms);
        }
        run.samples[0].latency = run.samples[19].latency;
        slowDown(run.samples[0], Metric::SendDelay, 80us);
        const auto strains = core::strainsOf(run);
        QCOMPARE(strains.size(), std::size_t{2});
        QCOMPARE(strains[0].what, std::string("handing events over"));
        QCOMPARE(strains[0].fromSeconds, 3.0);
        QCOMPARE(strains[1].fromSeconds, 5.0);
    }

    void withoutSamplesNothingIsKnown() {
        QCOMPARE(told(core::RunResult()), QString());
        QVERIFY(core::headroomText({}).starts_with("The run left no samples"));
    }
};

TEST_CLASS(TestSaturation)
#include "tst_saturation.moc"
