// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/saturation.h"
#include "core/analysis/step_shares.h"
#include "core/text/gzip.h"
#include "tests/test_class.h"

#include <QFile>
#include <QTest>
#include <cmath>
#include <map>

namespace {

using namespace std::chrono_literals;
using core::Metric;

/// A run of tests/scripts/record_causes.py.
core::RunResult recorded(const QString& cause) {
    QFile file(QStringLiteral(MILLRACE_SOURCE_DIR "/tests/core/data/causes/%1.json.gz").arg(cause));
    if (!file.open(QIODevice::ReadOnly)) {
        qFatal("cannot read %s", qPrintable(file.fileName()));
    }
    const auto text = core::unpackedGzip(file.readAll().toStdString(), 1U << 24U);
    auto run = core::resultFromJson(text ? *text : std::string(), cause.toStdString());
    if (!run) {
        qFatal("%s", run.error().message.c_str());
    }
    return *std::move(run);
}

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
        sample.processCpu = 0.5;
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
                             "most 1.5 of its 4 cores (0.5 by Millrace), and the backlog was at most 12 events."));
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
                 QStringLiteral("the machine's CPU: From 5 s to 9 s the machine used up to 3.9 of its 4 cores: 0.5 by "
                                "Millrace, 3.4 by others."));
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

    // What a reader would name, of runs whose cause is known.
    void whatChangedBeforeTheRuleBrokeComesFirst_data() {
        QTest::addColumn<QString>("cause");
        QTest::addColumn<QString>("what");
        for (const char* const each :
             {"broker frozen", "store frozen", "filter away", "generator late", "consumer left", "burst", "load rises",
              "rate set", "CPU taken by others", "consumer too small", "store slowed", "broker slowed"}) {
            const std::map<std::string, const char*> names{{"broker frozen", "the broker"},
                                                           {"store frozen", "the store"},
                                                           {"filter away", "the duplicate filter"},
                                                           {"generator late", "the generator"},
                                                           {"consumer left", "the group of consumers"},
                                                           {"burst", "a burst"},
                                                           {"load rises", "the load"},
                                                           {"rate set", "a change of the rate"},
                                                           {"CPU taken by others", "the machine's CPU"},
                                                           {"consumer too small", "the consumer's side"},
                                                           {"store slowed", "the consumer's side"},
                                                           {"broker slowed", "the broker"}};
            QTest::newRow(each) << QString::fromLatin1(each) << QString::fromLatin1(names.at(each));
        }
    }
    void whatChangedBeforeTheRuleBrokeComesFirst() {
        QFETCH(const QString, cause);
        core::RunResult run = quietRun();
        run.verdict.rules.push_back({.status = core::RuleStatus::Failed, .brokeAtSeconds = 12.0});
        const auto slow = [&run](Metric metric, std::size_t from) {
            slowDown(run.samples[0], metric, 2ms); // it was well once
            for (std::size_t i = from; i < 14; ++i) {
                slowDown(run.samples[i], metric, 900ms);
            }
        };
        const auto outage = [&run](std::optional<core::End> end) {
            run.timeline.push_back(
                {.seconds = 8, .kind = core::MarkKind::Outage, .detail = "…", .duration = 5s, .end = end});
        };
        const bool busyAllAlong = cause != u"CPU taken by others" && cause != u"consumer too small";
        for (std::size_t i = 0; busyAllAlong && i < run.samples.size(); ++i) {
            run.samples[i].machineCpu = 3.95; // and by itself no reason
        }
        if (cause == u"broker frozen") {
            outage(core::End::Broker);
            slow(Metric::AckUncorrected, 9);
        } else if (cause == u"store frozen") {
            outage(core::End::Store);
            slow(Metric::Processing, 9);
        } else if (cause == u"filter away") {
            outage(core::End::Filter);
        } else if (cause == u"generator late") {
            outage(std::nullopt);
            slow(Metric::SendDelay, 8);
        } else if (cause == u"consumer left") {
            run.timeline.push_back({.seconds = 8,
                                    .kind = core::MarkKind::Rebalance,
                                    .change = core::PartitionChange::Lost,
                                    .partitions = 3});
            slow(Metric::Processing, 9);
        } else if (cause == u"burst") {
            run.timeline.push_back({.seconds = 8, .kind = core::MarkKind::Burst, .rate = {10'000}, .duration = 4s});
            slow(Metric::Processing, 8);
        } else if (cause == u"load rises") {
            for (std::size_t i = 8; i < 14; ++i) {
                run.samples[i].target = 11'000;
            }
            slow(Metric::Processing, 8);
        } else if (cause == u"rate set") {
            run.timeline.push_back({.seconds = 8, .kind = core::MarkKind::Rate, .rate = {1'400}});
            slow(Metric::Processing, 8);
        } else if (cause == u"CPU taken by others") {
            for (std::size_t i = 8; i < 14; ++i) {
                run.samples[i].machineCpu = 4;
            }
            slow(Metric::Processing, 8);
        } else if (cause == u"consumer too small") {
            for (std::size_t i = 0; i < run.samples.size(); ++i) {
                run.samples[i].backlog = 300 * i;
            }
        } else if (cause == u"store slowed") {
            slow(Metric::Processing, 8);
        } else if (cause == u"broker slowed") {
            slow(Metric::AckUncorrected, 8);
        }
        const auto strains = core::strainsOf(run);
        QVERIFY(!strains.empty());
        QTEST(QString::fromStdString(strains.front().what), "what");
    }

    void aRecordedRunNamesItsCause_data() {
        QTest::addColumn<QString>("named");
        const auto row = [](const char* injected, const char* named) {
            QTest::newRow(injected) << QString::fromLatin1(named);
        };
        row("kafka_frozen", "the broker");
        row("kafka_killed", "the broker");
        row("kafka_slowed", "the broker");
        row("postgres_frozen", "the store");
        row("postgres_killed", "the store");
        row("postgres_slowed", "the consumer's side");
        row("redis_frozen", "the duplicate filter");
        row("redis_killed", "the duplicate filter");
        row("redis_slowed", "the duplicate filter"); // its answers came too late: it was gone around
        row("processors_taken", "the machine's CPU");
        row("burst", "the load");
        row("consumer_too_small", "the consumer's side");
    }

    void aRecordedRunNamesItsCause() {
        const auto strains = core::strainsOf(recorded(QString::fromLatin1(QTest::currentDataTag())));
        QVERIFY(!strains.empty());
        QTEST(QString::fromStdString(strains.front().what), "named");
    }

    void aStepThatIsSlowTakesTheLargestShare_data() {
        QTest::addColumn<core::Step>("step");
        QTest::newRow("kafka_slowed") << core::Step::Broker;
        QTest::newRow("postgres_slowed") << core::Step::Storing;
        QTest::newRow("consumer_too_small") << core::Step::Waiting;
    }

    void aStepThatIsSlowTakesTheLargestShare() {
        QFETCH(core::Step, step);
        const core::RunResult run = recorded(QString::fromLatin1(QTest::currentDataTag()));
        const double from = core::firstBreak(run).value_or(0);
        const auto shares = core::stepShares(run, std::floor(from) - 1, from + 10);
        QVERIFY(shares);
        double sum = 0;
        for (const core::Step each : core::kSteps) {
            QVERIFY(shares->shareOf(each) <= shares->shareOf(step));
            sum += shares->shareOf(each);
        }
        QVERIFY(std::abs(sum - 1) < 1e-9);
    }

    void tooFewEventsHaveNoShares() {
        QVERIFY(!core::stepShares(quietRun(), 0, 1'000)); // it has no end-to-end latencies
    }

    void whatChangedLongBeforeIsNotTheFirst() {
        core::RunResult run = quietRun();
        run.verdict.rules.push_back({.status = core::RuleStatus::Failed, .brokeAtSeconds = 100.0});
        run.timeline = {
            {.seconds = 2, .kind = core::MarkKind::Outage, .detail = "…", .duration = 3s, .end = core::End::Broker},
            {.seconds = 90, .kind = core::MarkKind::Burst, .rate = {10'000}, .duration = 20s}};
        QCOMPARE(core::strainsOf(run).front().what, std::string("a burst"));
    }

    void aChangeOfTheLoadIsNoTroubleByItself() {
        core::RunResult run = quietRun();
        run.timeline.push_back({.seconds = 8, .kind = core::MarkKind::Burst, .rate = {10'000}, .duration = 4s});
        QCOMPARE(told(run), QString());
    }

    void withoutSamplesNothingIsKnown() {
        QCOMPARE(told(core::RunResult()), QString());
        QVERIFY(core::headroomText({}).starts_with("The run left no samples"));
    }
};

TEST_CLASS(TestSaturation)
#include "tst_saturation.moc"
