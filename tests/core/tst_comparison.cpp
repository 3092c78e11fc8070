// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/comparison.h"
#include "tests/test_class.h"

#include <QTest>
#include <algorithm>
#include <cmath>

namespace {

using namespace std::chrono_literals;
using core::Change;
using core::Metric;

/// 30 s; each second `events` events, of which `slow` take 20 ms and the others 5 ms.
core::RunResult runOf(std::uint64_t events, std::uint64_t slow) {
    core::RunResult run;
    run.verdict.status = core::VerdictStatus::Passed;
    run.targetRate = run.sentRate = run.ackedRate = run.storedRate = static_cast<double>(events);
    run.timeline = {{.seconds = 0, .kind = core::MarkKind::Phase, .phase = core::Phase::Stages},
                    {.seconds = 30, .kind = core::MarkKind::Phase, .phase = core::Phase::Drain}};
    for (int second = 0; second < 30; ++second) {
        core::Sample sample;
        sample.from = second;
        sample.until = second + 1;
        sample.producer.planned = sample.producer.sent = sample.producer.acked = sample.consumer.stored = events;
        core::MetricHistograms latency;
        of(latency, Metric::EndToEnd).record(5ms, events - slow);
        of(latency, Metric::EndToEnd).record(20ms, slow);
        of(run.latency, Metric::EndToEnd).add(of(latency, Metric::EndToEnd));
        sample.latency = core::PackedHistograms(latency);
        run.samples.push_back(sample);
    }
    return run;
}

const core::ComparisonRow& row(const core::Comparison& comparison, const std::string& figure) {
    const auto found = std::ranges::find(comparison.rows, figure, &core::ComparisonRow::figure);
    if (found == comparison.rows.end()) {
        qFatal("no such figure: %s", figure.c_str());
    }
    return *found;
}

core::Comparison compared(const std::vector<core::RunResult>& runs) {
    const auto comparison = core::compare(runs);
    return comparison ? *comparison : core::Comparison();
}

} // namespace

Q_DECLARE_METATYPE(core::RunResult)

class TestComparison : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theSameRunIsTheSame() {
        const auto comparison = compared({runOf(1'000, 5), runOf(1'000, 5)});
        QVERIFY(comparison.warnings.empty());
        for (const core::ComparisonRow& each : comparison.rows) {
            QVERIFY2(each.values[1].change == Change::Same || each.values[1].change == Change::NotComparable,
                     each.figure.c_str());
        }
        QCOMPARE(comparison.worst(), 0.0);
    }

    void aSlowerRunIsWorseByTheDifference() {
        const auto comparison = compared({runOf(1'000, 5), runOf(1'000, 50)});
        const auto p99 = row(comparison, "end-to-end p99");
        QVERIFY(p99.values[0].change == Change::First);
        QVERIFY(p99.values[1].change == Change::Worse);
        QCOMPARE(p99.values[1].difference, std::optional(20'015.0 - 5'003.0));
        QVERIFY(std::abs(comparison.worst() - 3.0) < 0.01);
        QVERIFY(row(comparison, "end-to-end p50").values[1].change == Change::Same);
    }

    void aFasterRunIsBetter() {
        const auto comparison = compared({runOf(1'000, 50), runOf(1'000, 5)});
        QVERIFY(row(comparison, "end-to-end p99").values[1].change == Change::Better);
        QCOMPARE(comparison.worst(), 0.0);
    }

    void whatVariesWithinTheRunsIsNoDifference() {
        core::RunResult first = runOf(1'000, 5), second = first;
        for (std::size_t i = 0; i < first.samples.size(); ++i) {
            first.samples[i].consumer.stored = second.samples[i].consumer.stored = i % 6 < 3 ? 900 : 1'100;
        }
        second.storedRate = 1'010;
        const auto comparison = compared({first, second});
        const auto stored = row(comparison, "stored rate");
        // Ten stretches with 900 and 1,100 by turns: mean 1,000, standard deviation 105.4, standard error 33.3.
        QVERIFY(std::abs(*stored.values[0].uncertainty - 75.4) < 0.1);
        QVERIFY(stored.values[1].change == Change::Same);
        second.storedRate = 1'200;
        QVERIFY(row(compared({first, second}), "stored rate").values[1].change == Change::Better);
    }

    void lostEventsAreWorseWhateverThePercentage() {
        core::RunResult second = runOf(1'000, 5);
        second.ledger.ids.lost = 3;
        const auto comparison = compared({runOf(1'000, 5), second});
        QVERIFY(row(comparison, "lost").values[1].change == Change::Worse);
        QCOMPARE(row(comparison, "lost").values[1].share, std::optional<double>());
        QVERIFY(std::isinf(comparison.worst()));
    }

    void aMaximumDoesNotCount() {
        core::RunResult second = runOf(1'000, 5);
        of(second.latency, Metric::EndToEnd).record(2s);
        const auto comparison = compared({runOf(1'000, 5), second});
        QVERIFY(row(comparison, "end-to-end max").values[1].change == Change::Worse);
        QCOMPARE(comparison.worst(), 0.0);
    }

    void tooFewValuesAreNotComparable() {
        const auto comparison = compared({runOf(1'000, 5), runOf(10, 0)});
        const auto p999 = row(comparison, "end-to-end p99.9");
        QVERIFY(!p999.values[1].value);
        QVERIFY(p999.values[1].change == Change::NotComparable);
    }

    void ratesAtOtherTargetsAreNotComparable() {
        const auto comparison = compared({runOf(1'000, 5), runOf(2'000, 5)});
        QVERIFY(row(comparison, "stored rate").values[1].change == Change::NotComparable);
        QVERIFY(row(comparison, "end-to-end p50").values[1].change == Change::Same);
    }

    void fewIntervalsGiveNoUncertainty() {
        core::RunResult brief = runOf(1'000, 5);
        brief.samples.resize(9);
        QCOMPARE(row(compared({brief, brief}), "stored rate").values[0].uncertainty, std::optional<double>());
    }

    void theWarmUpIsLeftOut() {
        core::RunResult run = runOf(1'000, 5);
        run.timeline[0].seconds = 10;
        for (std::size_t i = 0; i < 10; ++i) {
            run.samples[i].consumer.stored = 0;
        }
        QCOMPARE(row(compared({run, run}), "stored rate").values[0].uncertainty, std::optional(0.0));
    }

    void saysWhyRunsMayNotBeComparable() {
        core::RunResult first = runOf(1'000, 5), second = first;
        first.scenario = "a";
        second.scenario = "b";
        first.target["broker"] = "embedded";
        second.target["broker"] = "localhost:9092";
        first.target["store"] = "SQLite file a/events.sqlite";
        second.target["store"] = "SQLite file b/events.sqlite";
        second.host["cores"] = "8";
        second.verdict.status = core::VerdictStatus::Interrupted;
        const std::vector<std::string> expected{
            "Run 2 ran another scenario text than run 1.",
            "Run 2 differs from run 1 in its broker: localhost:9092 instead of embedded.",
            "Run 2 differs from run 1 in its machine's cores: 8 instead of unknown.",
            "Run 2 is interrupted, so its figures say little of the target."};
        QCOMPARE(compared({first, second}).warnings, expected);
    }

    void aShareIsWrittenSoThatItCanBeRead_data() {
        QTest::addColumn<double>("share");
        QTest::addColumn<QString>("text");
        QTest::newRow("more") << 0.098 << QStringLiteral("+9.8 %");
        QTest::newRow("less") << -0.5 << QStringLiteral("-50 %");
        QTest::newRow("nearly ten times as much") << 8.9 << QStringLiteral("+890 %");
        QTest::newRow("many times as much, in three digits") << 1'100.87 << QStringLiteral("×1,100");
        QTest::newRow("ten times as much") << 9.0 << QStringLiteral("×10");
    }

    void aShareIsWrittenSoThatItCanBeRead() {
        QFETCH(double, share);
        QTEST(QString::fromStdString(core::shareText(share)), "text");
    }

    void aRunIsToldAgainstItsBaselineInOneLine_data() {
        QTest::addColumn<core::RunResult>("run");
        QTest::addColumn<QString>("line");
        const auto row = [](const char* rule, const core::RunResult& run, const char* line) {
            QTest::newRow(rule) << run
                                << QStringLiteral("Against the baseline of 2026-01-02T03:04:05Z: ") +
                                       QString::fromUtf8(line);
        };
        row("as slow as the baseline", runOf(1'000, 5), "end-to-end p99 0 % (within variation).");
        row("a slower run", runOf(1'000, 50), "end-to-end p99 +300 % (worse: 20 ms instead of 5 ms).");
        core::RunResult varies = runOf(1'000, 5);
        of(varies.latency, Metric::EndToEnd) = {};
        of(varies.latency, Metric::EndToEnd).record(5'400us, 30'000);
        for (std::size_t i = 0; i < varies.samples.size(); ++i) {
            core::MetricHistograms latency;
            of(latency, Metric::EndToEnd).record(i % 6 < 3 ? 4'000us : 6'500us, 1'000);
            varies.samples[i].latency = core::PackedHistograms(latency);
        }
        row("one that varies by more than the difference", varies, "end-to-end p99 +8 % (within variation).");
        row("one with too few events", runOf(10, 0),
            "not comparable: one of the two has too few values for an end-to-end p99 (and 1 more).");
        core::RunResult other = runOf(1'000, 50);
        other.target["broker"] = "embedded";
        other.seed = 2;
        row("one that ran elsewhere", other,
            "end-to-end p99 (embedded broker) +300 % (worse: 20 ms instead of 5 ms); perhaps not comparable: this run "
            "differs from the baseline in its seed: 2 instead of 0 (and 1 more).");
    }

    void aRunIsToldAgainstItsBaselineInOneLine() {
        QFETCH(core::RunResult, run);
        core::RunResult baseline = runOf(1'000, 5);
        baseline.started = "2026-01-02T03:04:05Z";
        QTEST(QString::fromStdString(core::againstBaseline(baseline, run)), "line");
    }

    void twoToFiveRunsCanBeCompared() {
        const std::vector<core::RunResult> six(6);
        QVERIFY(!core::compare(std::span(six).first(1)));
        QCOMPARE(core::compare(six).error().message, std::string("Two to 5 runs can be compared, not 6."));
        QCOMPARE(row(compared({six.begin(), six.begin() + 5}), "lost").values.size(), std::size_t{5});
    }
};

TEST_CLASS(TestComparison)
#include "tst_comparison.moc"
