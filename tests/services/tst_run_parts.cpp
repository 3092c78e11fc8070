// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/journal.h"
#include "services/archive/spool_file.h"
#include "services/producer/delivery_slots.h"
#include "services/producer/run_account.h"
#include "services/producer/send_delays.h"
#include "tests/test_class.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace std::chrono_literals;

class TestRunParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void slotsAreGivenOutOnceUntilTheyComeBack() {
        services::DeliverySlots slots(2);
        QCOMPARE(slots.acquire(), std::optional(0U));
        QCOMPARE(slots.acquire(), std::optional(1U));
        QVERIFY(!slots.acquire());
        slots.release(1);
        QCOMPARE(slots.acquire(), std::optional(1U));
        slots.giveBack(1);
        QCOMPARE(slots.acquire(), std::optional(1U));
        QVERIFY(!slots.acquire());
    }

    void aForgottenSendDelayIsNotTakenForAnother() {
        services::SendDelays delays(4);
        delays.record(3, 1500us);
        QCOMPARE(delays.find(3), std::optional<core::Nanoseconds>(1500us));
        QVERIFY(!delays.find(7));
        delays.record(7, 20us);
        QVERIFY(!delays.find(3));
        QVERIFY(!delays.find(0));
    }

    void theBookTellsLostFromStored() {
        services::RunAccount account({16, 16});
        for (std::uint64_t i = 0; i < 10; ++i) {
            account.delivered(0, i, core::Delivery::Acked);
        }
        account.delivered(1, 0, core::Delivery::InDoubt);
        account.delivered(1, 1, core::Delivery::Failed);
        using Kind = core::OwnFate::Kind;
        const std::vector<core::OwnFate> fates{{0, 0, Kind::Stored}, {0, 1, Kind::DeadLettered}, {0, 2, Kind::Stored},
                                               {1, 0, Kind::Stored}, {1, 1, Kind::Stored},       {0, 2, Kind::Stored}};
        account.committed(fates);
        const core::IdCounts ids = account.close();
        QCOMPARE(ids.lost, 7U);
        QCOMPARE(ids.doubled, 1U);
        QCOMPARE(ids.recovered, 1U);
        QCOMPARE(ids.unexpected, 1U);
    }

    void theJournalComesBackAsItWasWritten() {
        const QTemporaryDir dir;
        services::JournalEntry entry;
        entry.head.id = "0192";
        entry.head.started = "2026-01-02T03:04:05.678Z";
        entry.head.clocks = {core::WallTime(5s), core::Instant(7s), "boot"};
        entry.head.identity = {77, 3, core::WallTime(4s), core::WallTime(9s)};
        entry.target = {"127.0.0.1:9092", "postgresql://u@h/db", "memory"};
        entry.overrides = {{"seed", "7"}};
        entry.acked = {{{0, 5}, {7, 9}}, {}};
        entry.positions = {{{"t", {3}}, {42}}};
        entry.soFar.name = "n";
        entry.soFar.scenario = "version: 1\n";
        services::Journal journal(dir.path().toStdString());
        QVERIFY(bool(journal.write(entry)));
        QVERIFY(bool(journal.write(entry)));
        const auto read = services::Journal::read(dir.path().toStdString());
        QVERIFY2(bool(read), read ? "" : read.error().message.c_str());
        QCOMPARE(read->head.id, entry.head.id);
        QVERIFY(read->head.clocks.monotonic == entry.head.clocks.monotonic);
        QCOMPARE(read->head.identity.runTag, 77U);
        QVERIFY(read->target == entry.target);
        QVERIFY(read->overrides == entry.overrides);
        QVERIFY(read->acked == entry.acked);
        QVERIFY(read->positions == entry.positions);
        QCOMPARE(read->soFar.scenario, entry.soFar.scenario);
    }

    void aSpoolFileGivesBackWhatItGotAndLeavesNothing() {
        const QTemporaryDir dir;
        {
            services::SpoolFile spool(dir.path().toStdString());
            const std::string large(1'000'000, 'x');
            const auto first = spool.put("one");
            const auto second = spool.put(large);
            QVERIFY(first && second);
            QCOMPARE(spool.get(*first), std::optional<std::string>("one"));
            QCOMPARE(spool.get(*second), std::optional(large));
            const auto third = spool.put("three");
            spool.dropUntil(third->from);
            QCOMPARE(spool.get(*third), std::optional<std::string>("three"));
            QVERIFY(!spool.get({third->from, 6}));
            QVERIFY(QDir(dir.path()).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
        }
        services::SpoolFile nowhere(dir.path().toStdString() + "/missing");
        QVERIFY(!nowhere.put("one"));
    }

    void aJournalWithAnImpossibleNumberIsDamaged_data() {
        QTest::addColumn<QByteArray>("number");
        QTest::newRow("no integer holds it") << QByteArray("1e99");
        QTest::newRow("its own integer does not hold it") << QByteArray("99999999999");
        QTest::newRow("below 0") << QByteArray("-1");
        QTest::newRow("a fraction") << QByteArray("7.5");
    }
    void aJournalWithAnImpossibleNumberIsDamaged() {
        QFETCH(QByteArray, number);
        const QTemporaryDir dir;
        services::JournalEntry entry;
        entry.head.identity.runTag = 77;
        QVERIFY(bool(services::Journal(dir.path().toStdString()).write(entry)));
        QFile file(dir.filePath(QStringLiteral("run.journal")));
        QVERIFY(file.open(QIODevice::ReadWrite));
        const QByteArray text = file.readAll().replace("\"run_tag\":77", "\"run_tag\":" + number);
        QVERIFY(text.contains(number));
        file.resize(0);
        file.write(text);
        file.close();
        const auto read = services::Journal::read(dir.path().toStdString());
        QVERIFY(!read);
        QVERIFY2(read.error().message.find("run.journal: damaged: ") != std::string::npos,
                 read.error().message.c_str());
    }

    void aFolderWithoutAJournalIsExplained() {
        const QTemporaryDir dir;
        const auto read = services::Journal::read(dir.path().toStdString());
        QVERIFY(!read);
        QVERIFY(QString::fromStdString(read.error().message).contains(QStringLiteral("holds no run.journal")));
    }
};

TEST_CLASS(TestRunParts)
#include "tst_run_parts.moc"
