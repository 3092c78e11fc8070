// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/ledger.h"
#include "tests/test_class.h"

#include <QTest>

using core::ConsumerCounts;
using core::Ledger;
using core::ProducerCounts;

Q_DECLARE_METATYPE(core::Ledger)

namespace {

Ledger good() {
    Ledger ledger;
    ledger.producer = {
        .planned = 1'000'000, .sent = 999'990, .unsent = 7, .shed = 3, .acked = 999'980, .failed = 6, .inDoubt = 4};
    ledger.consumer = {.polled = 999'990,
                       .stored = 999'000,
                       .duplicateFilter = 500,
                       .duplicateBatch = 200,
                       .duplicateStore = 100,
                       .deadLettered = 190,
                       .foreign = 8,
                       .abandoned = 5'000};
    return ledger;
}

} // namespace

class TestLedger : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void identities_data() {
        QTest::addColumn<Ledger>("ledger");
        QTest::addColumn<bool>("closed");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, bool closed, const auto& change, const char* sentence) {
            auto ledger = good();
            change(ledger);
            QTest::newRow(name) << ledger << closed << QString::fromUtf8(sentence);
        };
        row("a closed ledger holds", true, [](Ledger&) {}, "");
        row("an empty ledger holds", true, [](Ledger& ledger) { ledger = {}; }, "");
        row(
            "foreign and abandoned messages are outside the identities", true,
            [](Ledger& ledger) { ledger.consumer.foreign = ledger.consumer.abandoned = 77; }, "");
        row(
            "a planned event is missing", true, [](Ledger& ledger) { ++ledger.producer.planned; },
            "the ledger does not close: planned 1,000,001, but sent 999,990 + unsent 7 + shed 3 make 1,000,000: 1 "
            "unaccounted for");
        row(
            "more was sent than planned", true, [](Ledger& ledger) { ledger.producer.unsent = 1'007; },
            "the ledger does not close: planned 1,000,000, but sent 999,990 + unsent 1,007 + shed 3 make 1,001,000: "
            "1,000 too many");
        row(
            "a report is missing at the end", true, [](Ledger& ledger) { ledger.producer.acked -= 2; },
            "the ledger does not close: sent 999,990, but acked 999,978 + failed 6 + in doubt 4 make 999,988: 2 "
            "unaccounted for");
        row("what has no report yet is queued", false, [](Ledger& ledger) { ledger.producer.acked -= 2; }, "");
        row(
            "more reports than events, at any time", false, [](Ledger& ledger) { ledger.producer.acked += 2; },
            "the ledger does not close: sent 999,990, but acked 999,982 + failed 6 + in doubt 4 make 999,992: 2 too "
            "many");
        row(
            "a message vanished in the consumer, at any time", false, [](Ledger& ledger) { ++ledger.consumer.polled; },
            "the ledger does not close: polled 999,991, but stored 999,000 + duplicate 800 + dead-lettered 190 make "
            "999,990: 1 unaccounted for");
    }

    void identities() {
        QFETCH(Ledger, ledger);
        QFETCH(bool, closed);
        QTEST(QString::fromStdString(ledger.violation(closed).value_or("")), "sentence");
    }

    void sumsAddEveryCount() {
        auto producer = good().producer;
        producer += good().producer;
        QVERIFY(producer == (ProducerCounts{.planned = 2'000'000,
                                            .sent = 1'999'980,
                                            .unsent = 14,
                                            .shed = 6,
                                            .acked = 1'999'960,
                                            .failed = 12,
                                            .inDoubt = 8}));
        auto consumer = good().consumer;
        consumer += good().consumer;
        QVERIFY(consumer == (ConsumerCounts{.polled = 1'999'980,
                                            .stored = 1'998'000,
                                            .duplicateFilter = 1'000,
                                            .duplicateBatch = 400,
                                            .duplicateStore = 200,
                                            .deadLettered = 380,
                                            .foreign = 16,
                                            .abandoned = 10'000}));
        QCOMPARE(good().consumer.duplicate(), 800U);
        QCOMPARE(good().producer.queued(), 0U);
    }
};

TEST_CLASS(TestLedger)
#include "tst_ledger.moc"
