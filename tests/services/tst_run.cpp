// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/scenario_reader.h"
#include "services/run/run.h"
#include "tests/test_class.h"

#include <QTemporaryDir>
#include <QtTest>
#include <thread>

using namespace std::chrono_literals;

namespace {

core::Scenario scenarioOf(const std::string& streams, const std::string& more = "") {
    const std::string text = "version: 1\nname: t\nseed: 7\ndrain: 20s\n" + more + "streams:\n" + streams;
    core::ScenarioReading reading = core::readScenario(text, "t.yaml", {});
    for (const core::Problem& problem : reading.problems) {
        qWarning("%s", problem.text().c_str());
    }
    return reading.scenario.value_or(core::Scenario{});
}

/// A run on the embedded defaults in a folder of its own.
struct EmbeddedRun {
    explicit EmbeddedRun(core::Scenario scenario) {
        auto started =
            services::Run::start({std::move(scenario), core::Target(), directory.path().toStdString(), {}, false});
        if (started) {
            run = std::move(*started);
        } else {
            qWarning("%s", started.error().message.c_str());
        }
    }
    /// Waits until a phase is reached, at most half a minute.
    bool reaches(core::Phase phase) const {
        const auto limit = std::chrono::steady_clock::now() + 30s;
        while (run->status().phase < phase) {
            if (std::chrono::steady_clock::now() > limit) {
                return false;
            }
            std::this_thread::sleep_for(5ms);
        }
        return true;
    }

    QTemporaryDir directory;
    std::unique_ptr<services::Run> run;
};

void show(const core::RunResult& result) {
    qInfo("%s", result.verdict.summary.c_str());
    for (const core::Mark& mark : result.timeline) {
        qInfo("  %.3f s %s: %s", mark.seconds, std::string(nameOf(mark.kind)).c_str(), textOf(mark).c_str());
    }
}

bool hasMark(const core::RunResult& result, core::MarkKind kind) {
    return std::ranges::any_of(result.timeline, [&](const core::Mark& mark) { return mark.kind == kind; });
}

/// A busy machine may wake the generator late, which is no fault of what is tested here.
bool endedWell(const core::RunResult& result) {
    return result.verdict.exit == core::ExitCode::Passed || result.verdict.exit == core::ExitCode::GeneratorSaturated;
}

} // namespace

class TestRun : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyEventIsStoredOnceAndTheLedgerCloses() {
        EmbeddedRun embedded(scenarioOf("  - name: a\n    stages: [{duration: 2s, rate: 1000/s}]\n",
                                        "warmup: 1s\nthresholds: [lost == 0, doubled == 0]\n"));
        QVERIFY(embedded.run);
        const core::RunResult result = embedded.run->wait();
        show(result);
        QVERIFY(endedWell(result));
        QCOMPARE(result.ledger.producer.planned, 3000U);
        QCOMPARE(result.ledger.producer.acked, 3000U);
        QCOMPARE(result.ledger.consumer.stored, 3000U);
        QCOMPARE(result.ledger.ids, core::IdCounts{});
        QCOMPARE(of(result.latency, core::Metric::EndToEnd).count(), 2000U);
        QCOMPARE(of(result.latency, core::Metric::EndToEndUncorrected).count(), 2000U);
        QVERIFY2(QFileInfo::exists(embedded.directory.filePath(QStringLiteral("run.journal"))),
                 "the journal went before a result could take its place");
    }

    void duplicatesAndUnreadableEventsAreAllAccountedFor() {
        EmbeddedRun embedded(scenarioOf("  - name: a\n    stages: [{duration: 4s, rate: 2500/s}]\n"
                                        "    event: {duplicates: {ratio: 5%, within: 500ms}, unreadable: 1%}\n"));
        QVERIFY(embedded.run);
        const core::RunResult result = embedded.run->wait();
        show(result);
        QVERIFY(endedWell(result));
        const core::ConsumerCounts& counts = result.ledger.consumer;
        QCOMPARE(counts.polled, 10'000U);
        QCOMPARE(counts.stored + counts.duplicate() + counts.deadLettered, 10'000U);
        QVERIFY(counts.duplicate() > 300 && counts.duplicate() < 700);
        QVERIFY(counts.deadLettered > 50 && counts.deadLettered < 200);
        QCOMPARE(result.ledger.ids.lost, 0U);
    }

    void underPressureOnlyAnalyticsIsShed() {
        // 50 events in flight at most, each for 50 ms: a tenth of what comes due.
        EmbeddedRun embedded(scenarioOf("  - {name: clicks, tier: analytics, stages: [{duration: 3s, rate: 10000/s}]}\n"
                                        "  - {name: payments, tier: critical, stages: [{duration: 3s, rate: 100/s}]}\n"
                                        "  - {name: logs, stages: [{duration: 3s, rate: 100/s}]}\n",
                                        "kafka: {analytics: {queue: 50, linger: 50ms}}\nthresholds: [shed == 0]\n"));
        QVERIFY(embedded.run);
        const core::RunResult result = embedded.run->wait();
        show(result);
        const core::ProducerCounts& counts = result.ledger.producer;
        QCOMPARE(counts.planned, 30'600U);
        QVERIFY2(counts.shed > 15'000 && counts.shed < 30'000, qPrintable(QString::number(counts.shed)));
        QCOMPARE(counts.sent + counts.shed, 30'600U);
        QCOMPARE(counts.acked, counts.sent);
        QCOMPARE(result.ledger.consumer.stored, counts.acked);
        QCOMPARE(result.streams[0].producer.shed, counts.shed);
        for (const std::size_t other : {1U, 2U}) {
            QCOMPARE(result.streams[other].producer.shed, 0U);
            QCOMPARE(result.streams[other].producer.acked, 300U);
        }
        QCOMPARE(result.verdict.rules.front().status, core::RuleStatus::Failed);
        // Half a second of waiting shows as send delay, and grows no further.
        QVERIFY(*of(result.streams[0].latency, core::Metric::SendDelay).percentile(50) < 1'000'000);
    }

    void commandsLandOnTheTimeLineAndStatisticsGoOn() {
        EmbeddedRun embedded(scenarioOf("  - name: a\n    stages: [{duration: 4s, rate: 1000/s}]\n"));
        QVERIFY(embedded.run);
        QVERIFY2(!embedded.run->command(core::PauseCommand{}), "a pause before the load was accepted");
        QVERIFY(embedded.reaches(core::Phase::Stages));
        QVERIFY(bool(embedded.run->command(core::BurstCommand{{5000}, 1s})));
        QTRY_VERIFY(embedded.run->status().snapshot.streams.back().producer.sent == 5000);
        QVERIFY(bool(embedded.run->command(core::PauseCommand{})));
        QTRY_VERIFY(embedded.run->status().paused);
        QVERIFY2(!embedded.run->command(core::PauseCommand{}), "a second pause was accepted");
        std::this_thread::sleep_for(1s); // the pause itself
        QVERIFY(bool(embedded.run->command(core::ResumeCommand{})));
        QVERIFY(bool(embedded.run->command(core::RateCommand{"a", {2000}})));
        const core::RunResult result = embedded.run->wait();
        show(result);
        using enum core::MarkKind;
        for (const core::MarkKind kind : {Burst, Pause, Resume, Rate, Phase}) {
            QVERIFY2(hasMark(result, kind), std::string(nameOf(kind)).c_str());
        }
        const auto burst = std::ranges::find(result.timeline, Burst, &core::Mark::kind);
        QCOMPARE(textOf(*burst), std::string("5,000/s for 1 s"));
        QCOMPARE(result.streams.size(), 2U);
        QCOMPARE(result.streams[1].producer.acked, 5000U);
        QCOMPARE(result.ledger.producer.acked, result.ledger.consumer.stored);
        QVERIFY(result.streams[0].producer.planned > 4500);
        QVERIFY2(*of(result.latency, core::Metric::SendDelay).percentile(99) < 500'000,
                 "the pause was counted as send delay");
    }

    void pausesAreNoLoad() {
        EmbeddedRun embedded(scenarioOf("  - name: a\n    stages: [{duration: 2s, rate: 1000/s}]\n",
                                        "warmup: 1s\nthresholds: [{rule: throughput >= 900/s, during: a}]\n"));
        QVERIFY(embedded.run);
        QVERIFY(embedded.reaches(core::Phase::Warmup));
        for (const auto& runningFor : {600ms, 1'400ms}) { // into the warm-up, and into the stages
            std::this_thread::sleep_for(runningFor);
            QVERIFY(bool(embedded.run->command(core::PauseCommand{})));
            QTRY_VERIFY(embedded.run->status().paused);
            std::this_thread::sleep_for(1s);
            QCOMPARE(embedded.run->status().phase, runningFor == 600ms ? core::Phase::Warmup : core::Phase::Stages);
            QVERIFY(bool(embedded.run->command(core::ResumeCommand{})));
        }
        const core::RunResult result = embedded.run->wait();
        show(result);
        QVERIFY(endedWell(result));
        QCOMPARE(result.verdict.rules.front().status, core::RuleStatus::Passed);
        QCOMPARE(result.ledger.producer.planned, 3000U);
        QCOMPARE(of(result.latency, core::Metric::EndToEnd).count(), 2000U);
        QCOMPARE(result.seconds, 2.0);
        QCOMPARE(result.targetRate, 1000.0);
        QVERIFY2(std::abs(result.sentRate - 1000) < 50, qPrintable(QString::number(result.sentRate)));
        QCOMPARE(result.spans.front().planned, 2000U);
        QCOMPARE(result.spans.front().length, core::Nanoseconds(2s));
    }

    void aStopDrainsAndClosesTheLedger() {
        EmbeddedRun embedded(scenarioOf("  - name: a\n    stages: [{duration: 60s, rate: 1000/s}]\n"));
        QVERIFY(embedded.run);
        QVERIFY(embedded.reaches(core::Phase::Stages));
        QTRY_VERIFY(embedded.run->status().snapshot.consumer.stored > 500);
        QCOMPARE(embedded.run->status().snapshot.streams.front().target.perSecond, 1000.0);
        QVERIFY(bool(embedded.run->command(core::StopCommand{true})));
        const core::RunResult result = embedded.run->wait();
        QCOMPARE(result.verdict.exit, core::ExitCode::Interrupted);
        QCOMPARE(result.ledger.producer.acked, result.ledger.consumer.stored);
        QVERIFY(!result.ledger.violation(true));
    }

    void aBrokenRuleWithAbortEndsTheRun() {
        EmbeddedRun embedded(scenarioOf("  - name: a\n    stages: [{duration: 60s, rate: 2000/s}]\n",
                                        "thresholds: [{rule: end_to_end p50 over 2s < 1us, abort: true}]\n"));
        QVERIFY(embedded.run);
        const core::RunResult result = embedded.run->wait();
        QCOMPARE(result.verdict.exit, core::ExitCode::ThresholdMissed);
        QVERIFY(result.seconds < 30);
        const auto broken = std::ranges::find(result.timeline, core::MarkKind::Rule, &core::Mark::kind);
        QVERIFY(broken != result.timeline.end());
        QCOMPARE(broken->name, std::string("end_to_end p50 over 2s < 1us"));
        const auto stop = std::ranges::find(result.timeline, core::MarkKind::Stop, &core::Mark::kind);
        QVERIFY(stop != result.timeline.end() && stop->cause == core::StopCause::RuleBroken);
    }

    void destroyingARunAbortsIt() {
        const auto before = std::chrono::steady_clock::now();
        {
            EmbeddedRun embedded(scenarioOf("  - name: a\n    stages: [{duration: 60s, rate: 1000/s}]\n"));
            QVERIFY(embedded.run);
            QVERIFY(embedded.reaches(core::Phase::Stages));
        }
        QVERIFY(std::chrono::steady_clock::now() - before < 40s);
    }

    void moreThanTheEmbeddedBrokerHoldsIsRefusedWithTheFigure() {
        core::Scenario scenario = scenarioOf("  - name: a\n    stages: [{duration: 1s, rate: 2000000/s}]\n"
                                             "    event: {size: 4KiB}\n");
        QTemporaryDir directory;
        const auto started =
            services::Run::start({scenario, core::Target(), directory.path().toStdString(), {}, false});
        QVERIFY(!started);
        QCOMPARE(started.error().kind, core::ErrorKind::Invalid);
    }
};

TEST_CLASS(TestRun)
#include "tst_run.moc"
