// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdict/verdict.h"
#include "tests/test_class.h"

#include <QTest>
#include <functional>

using core::ExitCode;
using core::RuleOutcome;
using core::RuleStatus;
using core::RunFacts;

namespace {

RuleOutcome rule(const char* text, RuleStatus status, std::optional<double> value, const char* during = "") {
    return {.rule = *core::Threshold::parse({text, during, false}), .status = status, .value = value};
}

/// 10,000 events/s for a minute, all stored.
RunFacts good() {
    RunFacts facts;
    facts.ledger.producer = {
        .planned = 600'000, .sent = 600'000, .unsent = 0, .shed = 0, .acked = 600'000, .failed = 0, .inDoubt = 0};
    facts.ledger.consumer.polled = 600'000;
    facts.ledger.consumer.stored = 600'000;
    facts.rules = {rule("lost == 0", RuleStatus::Passed, 0), rule("end_to_end p99 < 45ms", RuleStatus::Passed, 13'100)};
    facts.seconds = 60;
    facts.target = {10'000};
    facts.stored = {9'999.7};
    facts.endToEndP99Ms = 13.103;
    return facts;
}

} // namespace

class TestVerdict : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void judges_data() {
        using Change = std::function<void(RunFacts&)>;
        QTest::addColumn<Change>("change");
        QTest::addColumn<int>("exit");
        QTest::addColumn<QString>("status");
        QTest::addColumn<QString>("summary");
        const auto row = [](const char* name, int exit, const char* status, const char* summary, const Change& change) {
            QTest::newRow(name) << change << exit << QString::fromUtf8(status) << QString::fromUtf8(summary);
        };
        row("0: all rules hold", 0, "passed",
            "Passed: 10,000 events/s for 60 s, all 600,000 stored once, end-to-end p99 13.1 ms, 31.9 ms under the "
            "limit",
            [](RunFacts&) {});
        row("0: embedded latencies are labelled", 0, "passed",
            "Passed: 10,000 events/s for 60 s, all 600,000 stored once, end-to-end p99 13.1 ms with the embedded "
            "broker, "
            "31.9 ms under the limit",
            [](RunFacts& facts) { facts.embedded = true; });
        row("0: without a rule on it the latency stands alone", 0, "passed",
            "Passed: 10,000 events/s for 60 s, all 600,000 stored once, end-to-end p99 13.1 ms",
            [](RunFacts& facts) { facts.rules.clear(); });
        row("0: without enough values there is no latency", 0, "passed",
            "Passed: 10,000 events/s for 60 s, all 600,000 stored once", [](RunFacts& facts) {
                facts.rules.clear();
                facts.endToEndP99Ms.reset();
            });
        row("0: duplicates and dead letters are accounted for", 0, "passed",
            "Passed: 10,000 events/s for 60 s, 593,400 stored once, 6,000 duplicates kept out, 600 dead-lettered, "
            "end-to-end "
            "p99 13.1 ms, 31.9 ms under the limit",
            [](RunFacts& facts) {
                facts.ledger.consumer.stored = 593'400;
                facts.ledger.consumer.duplicateFilter = 6'000;
                facts.ledger.consumer.deadLettered = 600;
            });
        row("0: recovered and reordered events are legal", 0, "passed",
            "Passed: 10,000 events/s for 60 s, all 600,000 stored once, end-to-end p99 13.1 ms, 31.9 ms under the "
            "limit",
            [](RunFacts& facts) { facts.ledger.ids.recovered = facts.ledger.ids.reordered = 5; });
        row("1: an internal error", 1, "internal", "Internal error: the disk is full",
            [](RunFacts& facts) { facts.internalError = "the disk is full"; });
        row("3: a rule was missed", 3, "failed",
            "Failed: 'end_to_end p99 < 45ms' was missed: 61.2 ms, 16.2 ms over the limit of 45 ms, since 23.4 s; "
            "nothing "
            "was lost or doubled",
            [](RunFacts& facts) {
                facts.rules[1] = rule("end_to_end p99 < 45ms", RuleStatus::Failed, 61'200);
                facts.rules[1].brokeAtSeconds = 23.4;
            });
        row("3: the rule that broke first is told, the others are counted", 3, "failed",
            "Failed: 'throughput >= 100/s' during burst was missed: 50/s (50 % of target), 50/s under the limit of "
            "100/s, since 2 s; 2 more "
            "rules were "
            "not met; nothing was lost or doubled",
            [](RunFacts& facts) {
                auto unevaluated = rule("ack p99 < 1ms", RuleStatus::NotEvaluated, {});
                auto late = rule("end_to_end p99 < 45ms", RuleStatus::Failed, 61'200);
                late.brokeAtSeconds = 30;
                auto early = rule("throughput >= 100/s", RuleStatus::Failed, 50, "burst");
                early.target = {100};
                early.brokeAtSeconds = 2;
                facts.rules = {unevaluated, late, early};
            });
        row("3: a missed latency is labelled when embedded", 3, "failed",
            "Failed: 'ack max < 1ms' was missed: 3 ms with the embedded broker, 2 ms over the limit of 1 ms; nothing "
            "was lost "
            "or doubled",
            [](RunFacts& facts) {
                facts.embedded = true;
                facts.rules = {rule("ack max < 1ms", RuleStatus::Failed, 3'000)};
            });
        row("3: a rule could not be evaluated", 3, "failed",
            "Failed: 'end_to_end p99.9 < 1s' could not be evaluated: 8,000 values; p99.9 needs 10,000; nothing was "
            "lost or "
            "doubled",
            [](RunFacts& facts) {
                facts.rules.push_back(rule("end_to_end p99.9 < 1s", RuleStatus::NotEvaluated, {}));
                facts.rules.back().reason = "8,000 values; p99.9 needs 10,000";
            });
        row("3: undrained events", 3, "failed", "Failed: 12,345 events were not stored when the drain limit struck",
            [](RunFacts& facts) { facts.ledger.ids.undrained = 12'345; });
        row("3: undrained events, and who holds them", 3, "failed",
            "Failed: 7 events were not stored when the drain limit struck: 'kcat' at 127.0.0.1 holds log-events 3",
            [](RunFacts& facts) {
                facts.ledger.ids.undrained = 7;
                facts.cause = "'kcat' at 127.0.0.1 holds log-events 3";
            });
        row("4: events that went with their topic", 4, "lost",
            "Failed: 2 of 600,000 acknowledged events were neither stored nor dead-lettered; topic log-events was "
            "deleted under the run",
            [](RunFacts& facts) {
                facts.ledger.ids.lost = 2;
                facts.cause = "topic log-events was deleted under the run";
                facts.unreachable = facts.cause;
            });
        row("0: what was held back was others'", 0, "passed",
            "Passed: 10,000 events/s for 60 s, all 600,000 stored once, end-to-end p99 13.1 ms, 31.9 ms under the "
            "limit",
            [](RunFacts& facts) { facts.cause = "an open transaction holds log-events 3 back"; });
        row("4: lost events", 4, "lost",
            "Failed: 12 of 600,000 acknowledged events were neither stored nor dead-lettered",
            [](RunFacts& facts) { facts.ledger.ids.lost = 12; });
        row("4: lost while undrained is a lower bound", 4, "lost",
            "Failed: at least 1 of 600,000 acknowledged events was neither stored nor dead-lettered",
            [](RunFacts& facts) {
                facts.ledger.ids.lost = 1;
                facts.ledger.ids.undrained = 7;
            });
        row("4: doubled events", 4, "lost", "Failed: 1 event was stored twice",
            [](RunFacts& facts) { facts.ledger.ids.doubled = 1; });
        row("4: unexpected events", 4, "lost", "Failed: 3 events were stored that had been reported as failed",
            [](RunFacts& facts) { facts.ledger.ids.unexpected = 3; });
        row("4: a gap in the broker's log", 4, "lost",
            "Failed: the broker had forgotten 1,870,000 events before they were read",
            [](RunFacts& facts) { facts.offsetGap = 1'870'000; });
        row("4: a ledger that does not close", 4, "lost",
            "Failed: 2 events were stored twice; the ledger does not close: and so on", [](RunFacts& facts) {
                facts.identityViolation = "the ledger does not close: and so on";
                facts.ledger.ids.doubled = 2;
            });
        row("5: a saturated generator", 5, "invalid",
            "Invalid: the generator stood still for 9 s, so the figures say nothing about the target",
            [](RunFacts& facts) { facts.generatorFault = "the generator stood still for 9 s"; });
        row("6: an unreachable target", 6, "unreachable", "Unreachable: PostgreSQL at 127.0.0.1 stayed away for 30 s",
            [](RunFacts& facts) { facts.unreachable = "PostgreSQL at 127.0.0.1 stayed away for 30 s"; });
        row("130: interrupted", 130, "interrupted",
            "Interrupted: stopped by hand after 12.3 s of 60 s; both rules held until then; all 600,000 stored once, "
            "nothing lost or doubled",
            [](RunFacts& facts) {
                facts.interrupted = true;
                facts.seconds = 12.3;
                facts.plannedSeconds = 60;
            });
        row("130: interrupted, and no time to drain", 130, "interrupted",
            "Interrupted: stopped by hand after 12.3 s; 1 of 2 rules was not met by then; all 600,000 stored once, 5 "
            "not stored yet",
            [](RunFacts& facts) {
                facts.interrupted = true;
                facts.seconds = 12.3;
                facts.ledger.ids.undrained = 5;
                facts.rules = {rule("lost == 0", RuleStatus::Passed, 0), rule("unsent == 0", RuleStatus::Failed, 3)};
            });
        row("130: killed, and finished later", 130, "interrupted",
            "Interrupted: its process was killed after 12.3 s; its rule held until then; all 600,000 stored once, "
            "nothing lost or doubled",
            [](RunFacts& facts) {
                facts.killed = true;
                facts.seconds = 12.3;
                facts.rules = {rule("lost == 0", RuleStatus::Passed, 0)};
            });
        row("3: nothing arrived, whatever the rules say", 3, "failed",
            "Failed: none of 600,000 events arrived in the store, 600,000 failed to be sent", [](RunFacts& facts) {
                facts.ledger = {};
                facts.ledger.producer.planned = facts.ledger.producer.sent = facts.ledger.producer.failed = 600'000;
                facts.ledger.consumer.polled = facts.ledger.consumer.stored = facts.ledger.consumer.foreign = 7;
            });
        row("3: events that the store refuses", 3, "failed",
            "Failed: 2 of 600,000 events became dead letters: value too long; nothing was lost or doubled",
            [](RunFacts& facts) {
                facts.ledger.ids.refused = 2;
                facts.refusal = "value too long";
            });
        row("3: events that failed to be sent", 3, "failed",
            "Failed: 9 of 600,000 events failed to be sent; nothing was lost or doubled",
            [](RunFacts& facts) { facts.ledger.producer.failed = 9; });
        row("3: events that nobody knows of", 3, "failed",
            "Failed: 4 of 600,000 events were not acknowledged and did not arrive; nothing was lost or doubled",
            [](RunFacts& facts) { facts.ledger.ids.missing = 4; });
        row("3: a rule that asks for refused events does not allow any number", 3, "failed",
            "Failed: 2 of 600,000 events became dead letters; nothing was lost or doubled", [](RunFacts& facts) {
                facts.ledger.ids.refused = 2;
                facts.rules = {rule("dead_lettered >= 1", RuleStatus::Passed, 2)};
            });
        row("0: an outsider that is judged is named", 0, "passed",
            "Passed: 10,000 events/s for 60 s, all 600,000 stored once by the consumer of table app.events, end-to-end "
            "p99 13.1 ms, 31.9 ms under the limit",
            [](RunFacts& facts) {
                facts.consumedBy = core::ConsumedBy::Outsider;
                facts.outsider = "table app.events";
            });
        row("4: an outsider that loses events is named", 4, "lost",
            "Failed: 17 of 600,000 acknowledged events were not stored by the consumer of table app.events; 5 events "
            "were stored twice",
            [](RunFacts& facts) {
                facts.consumedBy = core::ConsumedBy::Outsider;
                facts.outsider = "table app.events";
                facts.ledger.ids.lost = 17;
                facts.ledger.ids.doubled = 5;
            });
        row("0: where nobody consumes, acknowledgements are all there is", 0, "passed",
            "Passed: 10,000 events/s for 60 s, all 600,000 events acknowledged; nobody consumed", [](RunFacts& facts) {
                facts.consumedBy = core::ConsumedBy::Nobody;
                facts.ledger.consumer = {};
                facts.rules = {rule("ack p99 < 45ms", RuleStatus::Passed, 13'100)};
            });
        row("0: as many of them as the rules allow", 0, "passed",
            "Passed: 10,000 events/s for 60 s, all 600,000 stored once", [](RunFacts& facts) {
                facts.ledger.ids.refused = 2;
                facts.ledger.producer.failed = 9;
                facts.ledger.ids.missing = 4;
                facts.rules = {rule("failed < 10", RuleStatus::Passed, 9), rule("in_doubt < 5", RuleStatus::Passed, 4),
                               rule("dead_lettered < 3", RuleStatus::Passed, 2)};
                facts.endToEndP99Ms.reset();
            });
        row("3: nothing was planned", 3, "failed", "Failed: nothing was planned and nothing was sent",
            [](RunFacts& facts) { facts.ledger = {}; });
    }

    void judges() {
        QFETCH(std::function<void(RunFacts&)>, change);
        auto facts = good();
        change(facts);
        const auto verdict = core::judge(facts);
        QTEST(QString::fromStdString(verdict.summary), "summary");
        QTEST(static_cast<int>(verdict.exit), "exit");
        QTEST(QString::fromStdString(std::string(core::nameOf(verdict.status))), "status");
        QVERIFY(verdict.rules == facts.rules);
    }

    /// Everything goes wrong at once; one after the other is taken away.
    void aKilledRunIsToldAndNotJudged() {
        RunFacts facts = good();
        facts.seconds = 12.34;
        facts.ledger.producer.acked = 123'400;
        facts.ledger.consumer.stored = 123'000;
        facts.ledger.closed = false;
        const core::Verdict verdict = core::killedVerdict(facts);
        QCOMPARE(verdict.exit, ExitCode::Interrupted);
        QVERIFY(verdict.rules.empty());
        QCOMPARE(QString::fromStdString(verdict.summary),
                 QStringLiteral("Killed after 12.3 s: 123,400 events acknowledged and 123,000 stored are on record; "
                                "the ledger was not closed"));
    }

    void theFirstThatAppliesDecides() {
        auto facts = good();
        facts.internalError = "a";
        facts.ledger.ids.lost = 1;
        facts.unreachable = "b";
        facts.interrupted = true;
        facts.generatorFault = "c";
        facts.rules.push_back(rule("unsent == 0", RuleStatus::Failed, 1));
        QCOMPARE(core::judge(facts).exit, ExitCode::Internal);
        facts.internalError.reset();
        QCOMPARE(core::judge(facts).exit, ExitCode::LostOrDoubled);
        facts.ledger.ids.lost = 0;
        QCOMPARE(core::judge(facts).exit, ExitCode::Unreachable);
        facts.unreachable.reset();
        QCOMPARE(core::judge(facts).exit, ExitCode::Interrupted);
        facts.interrupted = false;
        QCOMPARE(core::judge(facts).exit, ExitCode::GeneratorSaturated);
        facts.generatorFault.reset();
        QCOMPARE(core::judge(facts).exit, ExitCode::ThresholdMissed);
        facts.rules.pop_back();
        QCOMPARE(core::judge(facts).exit, ExitCode::Passed);
    }
};

TEST_CLASS(TestVerdict)
#include "tst_verdict.moc"
