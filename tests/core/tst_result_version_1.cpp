// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/comparison.h"
#include "core/report/html_report.h"
#include "core/report/junit_xml.h"
#include "core/results/result_file.h"
#include "core/results/version_1.h"
#include "core/verdict/rule_words.h"
#include "tests/test_class.h"

#include <QFile>
#include <QTest>

using core::Mark;
using core::MarkKind;

namespace {

/// Of tests/core/data/results, written by Millrace 0.1.0.
core::RunResult oldResult(const QString& name) {
    QFile file(QStringLiteral(MILLRACE_SOURCE_DIR "/tests/core/data/results/%1.v1.json").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        qFatal("%s is missing", qPrintable(file.fileName()));
    }
    auto read = core::resultFromJson(file.readAll().toStdString(), file.fileName().toStdString());
    if (!read) {
        qFatal("%s", read.error().message.c_str());
    }
    return std::move(*read);
}

QStringList shownRules(const core::RunResult& result) {
    QStringList lines;
    for (const core::RuleOutcome& rule : result.verdict.rules) {
        lines += QString::fromStdString(std::string(nameOf(rule.status)) + " | " + valueText(rule) + " | " +
                                        marginText(rule) + " | " + rule.reason);
    }
    return lines;
}

core::RuleOutcome evaluated(const char* rule) {
    return {.rule = *core::Threshold::parse({rule, {}, false}), .status = core::RuleStatus::Failed};
}

} // namespace

class TestResultVersion1 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// But for the last digit of a share, which was cut (99.96 %) while its margin was rounded (9.97 %).
    void rulesSayWhatTheySaid_data() {
        QTest::addColumn<QStringList>("rules");
        QTest::newRow("passed") << QStringList{
            QStringLiteral("passed | 31.2 ms | 1.97 s under the limit of 2 s | "),
            QStringLiteral("passed | 0 | exactly at the limit | "),
            QStringLiteral("passed | 1,000/s (99.97 % of target) | 9.97 % over the limit of 90 % of target | ")};
        QTest::newRow("failed") << QStringList{
            QStringLiteral("failed | 64 ms | 64 ms over the limit of 1 µs | "),
            QStringLiteral("failed | 88 ms | 88 ms over the limit of 1 µs | "),
            QStringLiteral("not evaluated |  |  | 1,500 values; p99.9 needs 10,000"),
            QStringLiteral("passed | 0 | exactly at the limit | "),
            QStringLiteral("passed | 0 | exactly at the limit | "),
            QStringLiteral("failed | 498/s (99.66 % of target) | 502/s under the limit of 1,000/s | "),
            QStringLiteral("passed | 0 % | 0.1 % under the limit of 0.1 % | "),
            QStringLiteral("passed | 64.6 ms | 19.9 s under the limit of 20 s | "),
            QStringLiteral("passed | 10.8 ms at worst | 989 ms under the limit of 1 s | ")};
        QTest::newRow("interrupted") << QStringList{QStringLiteral("not evaluated |  |  | 523 values; p99 needs 1,000"),
                                                    QStringLiteral("passed | 0 | exactly at the limit | ")};
    }

    void rulesSayWhatTheySaid() { QTEST(shownRules(oldResult(QString::fromUtf8(QTest::currentDataTag()))), "rules"); }

    void marksAreValuesWhereTheirTextsWere() {
        const core::RunResult passed = oldResult(QStringLiteral("passed"));
        QCOMPARE(passed.timeline.size(), std::size_t{9});
        QVERIFY(begins(passed.timeline[3], core::Phase::Warmup));
        QVERIFY(begins(passed.timeline[4], core::Phase::Stages));
        QVERIFY(begins(passed.timeline[5], core::Phase::Drain));
        const Mark& rebalance = passed.timeline[6];
        QCOMPARE(rebalance.kind, MarkKind::Rebalance);
        QCOMPARE(textOf(rebalance), std::string("normal-1: A consumer gave up 2 partitions"));
        const core::RunResult interrupted = oldResult(QStringLiteral("interrupted"));
        const Mark& stop = interrupted.timeline[4];
        QCOMPARE(stop.kind, MarkKind::Stop);
        QCOMPARE(stop.cause, core::StopCause::Interrupted);
        QVERIFY(stop.detail.empty());
    }

    void areReported_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("passed") << QStringLiteral("31.2 ms (embedded broker), 1.97 s under the limit of 2 s");
        QTest::newRow("failed") << QStringLiteral("498/s (99.66 % of target), 502/s under the limit of 1,000/s");
        QTest::newRow("interrupted") << QStringLiteral("523 values; p99 needs 1,000");
    }

    void areReported() {
        QFETCH(QString, text);
        const core::RunResult result = oldResult(QString::fromUtf8(QTest::currentDataTag()));
        const auto html = QString::fromStdString(core::htmlReport(core::reportOf(result, core::Theme::Light)));
        QVERIFY(html.contains(text));
        QVERIFY(html.contains(QString::fromStdString(result.verdict.summary).section(QLatin1Char('\''), 0, 0)));
        QVERIFY(!core::junitXml(result).empty());
    }

    void areComparedWithEachOther() {
        const std::vector<core::RunResult> runs{oldResult(QStringLiteral("passed")),
                                                oldResult(QStringLiteral("failed"))};
        const auto comparison = core::compare(runs);
        QVERIFY2(comparison, comparison ? "" : comparison.error().message.c_str());
        const auto stored =
            std::ranges::find(comparison->rows, std::string("stored rate"), &core::ComparisonRow::figure);
        QVERIFY(stored != comparison->rows.end());
        QCOMPARE(qRound(*stored->values[1].value), 498);
    }

    void areWrittenAsTheNewestVersion() {
        for (const char* const name : {"passed", "failed", "interrupted"}) {
            const core::RunResult old = oldResult(QString::fromUtf8(name));
            const std::string json = core::toJson(old, false);
            QVERIFY2(json.starts_with("{\n  \"schema\": \"millrace.result/2\""), name);
            const auto back = core::resultFromJson(json, "result.json");
            QVERIFY2(back && *back == old, name);
        }
    }

    void readsMarks_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("text");
        QTest::addColumn<Mark>("mark");
        const auto row = [](const char* rule, const char* kind, const char* text, const Mark& mark) {
            QTest::newRow(rule) << QString::fromUtf8(kind) << QString::fromUtf8(text) << mark;
        };
        row("a phase", "phase", "drain", {.kind = MarkKind::Phase, .phase = core::Phase::Drain});
        row("a pause", "pause", "paused", {.kind = MarkKind::Pause});
        row("an abort", "stop", "aborted", {.kind = MarkKind::Stop, .cause = core::StopCause::Aborted});
        row("a broken rule's stop", "stop", "a rule with 'abort' was broken",
            {.kind = MarkKind::Stop, .cause = core::StopCause::RuleBroken});
        row("a burst keeps its sentence", "burst", "500/s for 2 s",
            {.kind = MarkKind::Burst, .detail = "500/s for 2 s"});
        row("a retry is a fault", "retry", "no answer", {.kind = MarkKind::Fault, .detail = "no answer"});
        row("being fenced is a fault", "fenced", "moved", {.kind = MarkKind::Fault, .detail = "moved"});
        row("an unknown kind is a message", "eclipse", "dark", {.kind = MarkKind::Message, .detail = "dark"});
        row("an unknown stop keeps its sentence", "stop", "tired", {.kind = MarkKind::Stop, .detail = "tired"});
    }

    void readsMarks() {
        QFETCH(QString, kind);
        QFETCH(QString, text);
        QFETCH(Mark, mark);
        mark.seconds = 1.5;
        const Mark read = core::markOfVersion1(1.5, kind.toStdString(), text.toStdString());
        QVERIFY(read == mark);
        QCOMPARE(textOf(read), text.toStdString());
    }

    void readsFigures_data() {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("margin");
        const auto row = [](const char* rule, const char* value, const char* margin) {
            QTest::newRow(value) << QByteArray(rule) << QString::fromUtf8(value) << QString::fromUtf8(margin);
        };
        row("ack mean < 450us", "750 µs", "300 µs over the limit of 450 µs");
        row("ack mean < 450us", "999 ns", "449 µs under the limit of 450 µs");
        row("drain_time < 1h", "12 min 5 s", "47 min 55 s under the limit of 1 h 0 min");
        row("drain_time < 1h", "1 h 2 min", "2 min 0 s over the limit of 1 h 0 min");
        row("throughput >= 99% of target", "9,900/s (98.99 % of target)",
            "0.000167 % under the limit of 99 % of target");
        row("throughput > 9900/s", "9,000/s (90 % of target)", "900/s under the limit of 9,900/s");
        row("error_rate <= 0.1%", "0.105 %", "0.005 % over the limit of 0.1 %");
        row("dead_lettered == 600", "1,234,599", "1,234,599 instead of 600");
        row("lost == 0", "0", "exactly at the limit");
        row("end_to_end p99 over 5s < 45ms", "200 ms at worst", "155 ms over the limit of 45 ms");
    }

    void readsFigures() {
        QFETCH(QByteArray, rule);
        QFETCH(QString, value);
        QFETCH(QString, margin);
        core::RuleOutcome outcome = evaluated(rule.constData());
        readFiguresOfVersion1(outcome, value.toStdString(), margin.toStdString());
        QCOMPARE(QString::fromStdString(valueText(outcome)), value);
        QCOMPARE(QString::fromStdString(marginText(outcome)), margin);
    }

    void ofNothingTheTargetIsNotKnown() {
        core::RuleOutcome outcome = evaluated("throughput > 9900/s");
        readFiguresOfVersion1(outcome, "0/s (0 % of target)", "9,900/s under the limit of 9,900/s");
        QCOMPARE(outcome.value, std::optional(0.0));
        QCOMPARE(outcome.target.perSecond, 0.0);
    }

    void aFigureThatIsNoneIsNotKnown() {
        core::RuleOutcome outcome = evaluated("lost == 0");
        readFiguresOfVersion1(outcome, "many", "too many");
        QVERIFY(!outcome.value);
    }
};

TEST_CLASS(TestResultVersion1)
#include "tst_result_version_1.moc"
