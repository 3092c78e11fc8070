// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_summary.h"
#include "tests/test_class.h"

#include <QTest>

using namespace std::chrono_literals;

namespace {

core::RuleOutcome outcome(const char* rule, const char* during, core::RuleStatus status, std::optional<double> value,
                          core::Rate target = {}) {
    return {.rule = *core::Threshold::parse({rule, during, false}), .status = status, .value = value, .target = target};
}

core::RunResult passedRun() {
    core::RunResult result;
    result.name = "baseline";
    result.seconds = 30;
    result.drainSeconds = 0.25;
    result.targetRate = 1'000;
    result.sentRate = 1'000;
    result.ackedRate = 1'000;
    result.storedRate = 999.8;
    result.verdict = {.status = core::VerdictStatus::Passed,
                      .exit = core::ExitCode::Passed,
                      .summary = "Passed: 1,000 events/s for 30 s, 30,000 stored once, 300 duplicates kept out, "
                                 "end-to-end p99 13.1 ms with the embedded broker, 31.9 ms under the limit",
                      .rules = {}};
    result.verdict.rules = {outcome("end_to_end p99 < 45ms", "", core::RuleStatus::Passed, 13'100),
                            outcome("lost == 0", "", core::RuleStatus::Passed, 0)};
    result.ledger.producer = {.planned = 30'310, .sent = 30'310, .acked = 30'310};
    result.ledger.consumer = {
        .polled = 30'310, .stored = 30'000, .duplicateFilter = 290, .duplicateBatch = 10, .deadLettered = 10};
    of(result.latency, core::Metric::EndToEnd).record(8'100us, 29'000);
    of(result.latency, core::Metric::EndToEnd).record(13'100us, 1'000);
    of(result.latency, core::Metric::SendDelay).record(80us, 500);
    result.target = {{"broker", "embedded"}, {"store", "sqlite:runs/x/events.sqlite"}, {"dedupe", "memory"}};
    result.host = {{"cores", "2"}, {"cpu", "AMD EPYC"}, {"memory", "23.5 GiB"}};
    return result;
}

/// A list, so that a failing comparison names the line.
QStringList lines(const std::string& text) {
    return QString::fromStdString(text).split(QLatin1Char('\n'));
}

} // namespace

class TestRunSummary : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tellsAPassedRun() {
        QCOMPARE(lines(app::summaryText(passedRun(), "runs/x", {80, false})),
                 lines(R"(✓ Passed: 1,000 events/s for 30 s, 30,000 stored once, 300 duplicates kept out,
end-to-end p99 13.1 ms with the embedded broker, 31.9 ms under the limit

Rules
  passed  end_to_end p99 < 45ms  13.1 ms, 31.9 ms under the limit of 45 ms
  passed  lost == 0              0

Ledger (events)
  planned       30,310     polled           30,310
    sent        30,310       stored         30,000
      acked     30,310       duplicate         300  (filter 290, batch 10)
      failed         0       dead-lettered      10
      in doubt       0     foreign               0
    unsent           0     abandoned             0
    shed             0     undrained             0
  lost               0     doubled               0

Rates of the measured 30 s
  target 1,000/s → sent 1,000/s → acked 1,000/s → stored 1,000/s
  drained 250 ms after the end of the load

Latencies, from the due time unless it says otherwise
                               p50     p90      p99    p99.9      max  events
  send delay                 80 µs   80 µs        –        –    80 µs     500
  ack                            –       –        –        –        –       0
  ack, from sending              –       –        –        –        –       0
  processing, from polling       –       –        –        –        –       0
  end-to-end                8.1 ms  8.1 ms  13.1 ms  13.1 ms  13.1 ms  30,000
  end-to-end, from sending       –       –        –        –        –       0

Ran on the embedded broker (its latencies are not Kafka's); store
sqlite:runs/x/events.sqlite; duplicate filter memory; 2 cores of AMD EPYC, 23.5
GiB
Files: runs/x (result.json, samples.csv, a .hgrm for each latency)
)"));
    }

    void aVerdictThatScrolledOffComesAgainAsTheLastLine() {
        const core::RunResult result = passedRun();
        const QString whole = QString::fromStdString(app::summaryText(result, {}, {80, false}));
        const auto linesOfIt = static_cast<std::size_t>(whole.count(QLatin1Char('\n')));
        QCOMPARE(QString::fromStdString(app::summaryText(result, {}, {80, false, linesOfIt + 1})), whole);
        const QString again = QString::fromStdString(app::summaryText(result, {}, {80, false, linesOfIt}));
        const QString verdict = whole.left(whole.indexOf(QStringLiteral("\n\n")) + 1);
        QCOMPARE(again, whole + QLatin1Char('\n') + verdict);
    }

    void tellsAFailedRun() {
        core::RunResult result = passedRun();
        result.verdict.status = core::VerdictStatus::Failed;
        result.verdict.exit = core::ExitCode::ThresholdMissed;
        result.verdict.summary = "Failed: 'throughput >= 99% of target' was missed";
        result.verdict.rules = {
            outcome("throughput >= 99% of target", "burst", core::RuleStatus::Failed, 0.9, {10'000}),
            outcome("ack p99.9 < 5ms", "", core::RuleStatus::NotEvaluated, {})};
        result.verdict.rules[0].brokeAtSeconds = 12.04;
        result.verdict.rules[1].reason = "500 values, 10,000 are needed";
        result.timeline = {
            {.seconds = 3.5, .kind = core::MarkKind::Phase, .phase = core::Phase::Stages},
            {.seconds = 4.25, .kind = core::MarkKind::Warning, .detail = "topic log-events has 2 partitions"}};
        result.filterBypassed = 1'200;
        result.negativeLatencies = 3;
        result.target["broker"] = "localhost:9092";
        result.target["broker.version"] = "3.9";
        QCOMPARE(lines(app::summaryText(result, {}, {80, false})),
                 lines(R"(✗ Failed: 'throughput >= 99% of target' was missed

Rules
  failed         throughput >= 99% of target during burst
      9,000/s (90 % of target), 9 % under the limit of 99 % of target, since
      12.0 s
  not evaluated  ack p99.9 < 5ms
      500 values, 10,000 are needed

Ledger (events)
  planned       30,310     polled           30,310
    sent        30,310       stored         30,000
      acked     30,310       duplicate         300  (filter 290, batch 10)
      failed         0       dead-lettered      10
      in doubt       0     foreign               0
    unsent           0     abandoned             0
    shed             0     undrained             0
  lost               0     doubled               0

Rates of the measured 30 s
  target 1,000/s → sent 1,000/s → acked 1,000/s → stored 1,000/s
  drained 250 ms after the end of the load

Latencies, from the due time unless it says otherwise
                               p50     p90      p99    p99.9      max  events
  send delay                 80 µs   80 µs        –        –    80 µs     500
  ack                            –       –        –        –        –       0
  ack, from sending              –       –        –        –        –       0
  processing, from polling       –       –        –        –        –       0
  end-to-end                8.1 ms  8.1 ms  13.1 ms  13.1 ms  13.1 ms  30,000
  end-to-end, from sending       –       –        –        –        –       0

Warnings
  4.2 s  topic log-events has 2 partitions
  1,200 events went past the duplicate filter, which was unavailable
  3 latencies were negative and left out: a clock was wrong

Ran on localhost:9092 (3.9); store sqlite:runs/x/events.sqlite; duplicate filter
memory; 2 cores of AMD EPYC, 23.5 GiB
)"));
    }

    void onlyWordsAreColoured() {
        core::RunResult result = passedRun();
        const std::string text = app::summaryText(result, "runs/x", {80, true});
        QVERIFY(text.starts_with("\033[32m✓ Passed:\033[0m 1,000"));
        QVERIFY(text.find("\033[32mpassed\033[0m") != std::string::npos);
        result.verdict.status = core::VerdictStatus::Lost;
        result.verdict.summary = "Failed: 3 of 10 acknowledged were neither stored nor dead-lettered";
        QVERIFY(app::summaryText(result, "runs/x", {80, true}).starts_with("\033[31m✗ Failed:\033[0m 3 of"));
    }

    void aRunWithoutRulesSaysSo() {
        core::RunResult result = passedRun();
        result.verdict.rules.clear();
        QVERIFY(app::summaryText(result, {}, {80, false}).find("Rules\n  none: the scenario names no thresholds\n") !=
                std::string::npos);
    }
};

TEST_CLASS(TestRunSummary)
#include "tst_run_summary.moc"
