// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/live/live_tables.h"
#include "app/desktop/pages/live/rule_table.h"
#include "tests/test_class.h"

#include <QLocale>
#include <QtTest>

namespace {

QStringList texts(const std::vector<app::CellRow>& rows) {
    QStringList lines;
    for (const app::CellRow& row : rows) {
        QStringList cells;
        for (const app::Cell& cell : row) {
            cells += cell.text + (cell.alarm ? QStringLiteral("!") : QString());
        }
        lines += cells.join(QStringLiteral(" | "));
    }
    return lines;
}

QStringList lines(std::initializer_list<const char*> utf8) {
    QStringList list;
    for (const char* line : utf8) {
        list += QString::fromUtf8(line);
    }
    return list;
}

core::Snapshot snapshotAt(int seconds, std::uint64_t sent) {
    core::Snapshot snapshot;
    snapshot.at = core::Instant(std::chrono::seconds(seconds));
    for (const auto& [name, tier] : {std::pair{"baseline", core::Tier::Normal}, {"audit", core::Tier::Critical}}) {
        core::StreamSnapshot stream;
        stream.name = name;
        stream.tier = tier;
        stream.target = core::Rate{1'000};
        stream.producer.sent = sent;
        stream.producer.acked = sent;
        stream.stored = sent - 10;
        core::of(stream.latency, core::Metric::EndToEnd).record(std::chrono::microseconds(13'100), sent);
        snapshot.streams.push_back(std::move(stream));
    }
    return snapshot;
}

core::Mark stages() {
    return {.kind = core::MarkKind::Phase, .phase = core::Phase::Stages};
}

} // namespace

class LiveTablesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRuleSaysItsFigureItsLimitAndSinceWhenItIsBroken() {
        const auto rule = [](const char* text) {
            return *core::Threshold::parse({.rule = text, .during = {}, .abort = false});
        };
        const std::vector<core::RuleOutcome> rules{
            {.rule = rule("end_to_end p99 < 45ms"),
             .status = core::RuleStatus::Failed,
             .value = 47'100,
             .brokeAtSeconds = 3.25},
            {.rule = rule("throughput >= 99% of target"), .status = core::RuleStatus::Passed, .value = 0.995},
            {.rule = rule("unsent == 0"), .status = core::RuleStatus::Passed, .value = 0},
            {.rule = rule("lost == 0"), .reason = "known when the ledger is closed"},
            {.rule = rule("duplicate == 100"), .status = core::RuleStatus::Failed, .value = 40}};
        QCOMPARE(texts(app::ruleRows(rules)),
                 lines({"✗ end_to_end p99 < 45ms! | 47.1 ms! | 45 ms | −2.1 ms! | 3.3 s!",
                        "✓ throughput >= 99% of target | 99.5 % | 99 % | 0.5 % | ", "✓ unsent == 0 | 0 | 0 | 0 | ",
                        "– lost == 0 | – | 0 | – | ", "✗ duplicate == 100! | 40! | 100 | −60! | !"}));
        QCOMPARE(app::ruleRows(rules)[3][1].tip, QStringLiteral("known when the ledger is closed"));
        QString tip;
        QVERIFY(app::brokenRulesText(rules, tip).startsWith(QStringLiteral("✗ 2 ")));
        QCOMPARE(tip, QStringLiteral("end_to_end p99 < 45ms\nduplicate == 100"));
        QVERIFY(app::brokenRulesText({rules[1]}, tip).isEmpty());
    }

    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void theLedgerShowsWhatIsNotKnownYetAsADash() {
        const core::ProducerCounts producer{.planned = 12'000, .sent = 11'990, .unsent = 0, .acked = 11'900};
        const core::ConsumerCounts consumer{.polled = 11'850, .stored = 11'840, .duplicateStore = 10};
        const auto rows = app::ledgerRows(producer, consumer, std::nullopt);
        QCOMPARE(texts(rows), lines({"planned | 12,000", "sent | 11,990", "acked | 11,900", "queued | 90", "unsent | 0",
                                     "failed | 0", "in doubt | 0", "polled | 11,850", "stored | 11,840",
                                     "duplicate | 10", "dead-lettered | 0", "foreign | 0", "lost | –", "doubled | –"}));
        QCOMPARE(rows[12][1].tip, QStringLiteral("Known when the ledger is closed, at the end of the run."));
    }

    void whatAnOutsiderDoesNotTellIsADash() {
        const core::ConsumerCounts consumer{.polled = 10, .stored = 10};
        const core::IdCounts ids{.lost = 2};
        const QStringList theirs = texts(app::ledgerRows({}, consumer, ids, core::ConsumedBy::Outsider));
        for (const char* row : {"polled | –", "stored | 10", "duplicate | –", "dead-lettered | –", "lost! | 2!"}) {
            QVERIFY2(theirs.contains(QString::fromUtf8(row)), row);
        }
        const QStringList nobodys = texts(app::ledgerRows({}, {}, core::IdCounts(), core::ConsumedBy::Nobody));
        for (const char* row : {"polled | –", "stored | –", "foreign | –", "lost | –", "doubled | –"}) {
            QVERIFY2(nobodys.contains(QString::fromUtf8(row)), row);
        }
    }

    void whatMustBeNoneCallsForAttention() {
        const core::ProducerCounts producer{.unsent = 3, .shed = 4, .failed = 1, .inDoubt = 2};
        const core::IdCounts ids{.lost = 5};
        const QStringList rows = texts(app::ledgerRows(producer, {}, ids));
        for (const char* row :
             {"unsent! | 3!", "shed! | 4!", "failed! | 1!", "in doubt! | 2!", "lost! | 5!", "doubled | 0"}) {
            QVERIFY2(rows.contains(QString::fromUtf8(row)), row);
        }
    }

    void aStreamsRatesAreThoseSinceTheEarlierSnapshot() {
        core::Snapshot later = snapshotAt(15, 15'000);
        later.streams[1].producer.failed = 3;
        const auto rows = app::streamRows(later, snapshotAt(10, 10'000),
                                          [](std::size_t stream) { return std::vector<double>(stream + 1, 7.0); });
        QCOMPARE(texts(rows),
                 lines({"baseline | normal |  | 1,000/s | 1,000/s | 1,000/s | 13.1 ms | 0 | 1,000/s | – | –",
                        "audit | critical |  | 1,000/s | 1,000/s | 1,000/s | 13.1 ms | 3! | 1,000/s | – | –"}));
        QVERIFY(rows[1][2].line == std::vector<double>({7, 7}));
        QVERIFY(rows[0][3].order == 1'000.0 && *rows[0][9].order < 0 && *rows[0][6].order > 13'000);
    }

    void aTierAddsItsStreamsUp() {
        core::Snapshot later = snapshotAt(15, 15'000);
        core::Snapshot earlier = snapshotAt(10, 10'000);
        later.streams[1].tier = earlier.streams[1].tier = core::Tier::Normal;
        QCOMPARE(texts(app::tierRows(later, earlier)),
                 lines({"normal | 2,000/s | 2,000/s | 2,000/s | 13.1 ms | 0 | 2,000/s | – | –"}));
    }

    void theFiltersHitRatioIsUnknownBeforeTheFirstDuplicate() {
        core::Snapshot snapshot;
        QCOMPARE(texts(app::filterRows(snapshot))[3], QStringLiteral("hit ratio | –"));
        snapshot.consumer.duplicateFilter = 90;
        snapshot.consumer.duplicateStore = 10;
        snapshot.filterBypassed = 7;
        QCOMPARE(texts(app::filterRows(snapshot)),
                 lines({"caught by the filter | 90", "caught within a batch | 0", "caught by the database | 10",
                        "hit ratio | 90 %", "not asked! | 7!"}));
    }

    void errorsOfOneKindAreOneRow() {
        const std::vector<core::Mark> timeline{
            stages(),
            {.seconds = 1.5, .kind = core::MarkKind::Fault, .detail = "no answer within 30 s from port 5432"},
            {.seconds = 2.5, .kind = core::MarkKind::Fault, .detail = "no answer within 10 s from port 5433"},
            {.seconds = 3, .kind = core::MarkKind::Warning, .detail = "slow"}};
        QCOMPARE(texts(app::faultRows(timeline)),
                 lines({"fault: no answer within 10 s from port 5433 | 2 | 1.5 s | 2.5 s",
                        "warning: slow | 1 | 3.0 s | 3.0 s"}));
    }

    void theNewestEventComesFirst() {
        const std::vector<core::Mark> timeline{
            stages(),
            {.seconds = 1.5, .kind = core::MarkKind::Burst, .rate = {500}, .duration = std::chrono::seconds(2)}};
        QCOMPARE(texts(app::eventRows(timeline)), lines({"1.5 s | burst | 500/s for 2 s", "0.0 s | phase | stages"}));
    }
};

TEST_CLASS(LiveTablesTest)
#include "tst_live_tables.moc"
