// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill.h"
#include "tests/test_class.h"

using namespace std::chrono_literals;
using faults::Drill;

/// T10 of the fault table: somebody moves offsets while no consumer owns them.
class TestOffsetRewind : public QObject {
    Q_OBJECT

private:
    static constexpr int kRewound = 50'000;

    static std::unique_ptr<Drill> drainedDrill() {
        auto drill = Drill::create();
        if (!drill) {
            return nullptr;
        }
        const auto consumer = drill->startConsumer(QStringLiteral("first"), {.batch = 5'000});
        drill->startLoad(20'000);
        faults::waitUntil([&] { return drill->logEnd() > kRewound + 10'000; });
        drill->finishLoad();
        if (drill->waitUntilDrained() && faults::stop(*consumer)) {
            return drill;
        }
        QTest::qFail(qPrintable(drill->lines()), __FILE__, __LINE__);
        return nullptr;
    }

    static qint64 sumOf(const Drill& drill, const char* columns, const char* worker) {
        return drill.sql().number(QStringLiteral("SELECT coalesce(sum(%1), 0) FROM run_counts WHERE worker = '%2'")
                                      .arg(QLatin1String(columns), QLatin1String(worker)));
    }

private Q_SLOTS:
    void storesNothingAgainWhenTheStoresOffsetsAreRewound_data() {
        QTest::addColumn<bool>("remembered");
        QTest::addColumn<QString>("foundBy");
        QTest::newRow("Redis knows the events") << true << QStringLiteral("duplicate_filter");
        QTest::newRow("Redis was emptied: the primary key knows them") << false << QStringLiteral("duplicate_store");
    }
    void storesNothingAgainWhenTheStoresOffsetsAreRewound() {
        QFETCH(bool, remembered);
        QFETCH(QString, foundBy);
        const auto start = std::chrono::steady_clock::now();
        const auto drill = drainedDrill();
        if (!drill) {
            return;
        }
        const qint64 rows = drill->stored();
        const qint64 deadLetters = drill->sql().number(QStringLiteral("SELECT count(*) FROM dead_letters"));
        drill->sql().ask(QStringLiteral("UPDATE kafka_offsets SET next_offset = next_offset - %1").arg(kRewound / 4));

        // Another database of the same Redis is as good as an emptied one, and disturbs nobody.
        const QString empty = qEnvironmentVariable("MILLRACE_DEDUPE") + QStringLiteral("/7");
        const auto second =
            drill->startConsumer(QStringLiteral("second"), {.dedupe = remembered ? QString() : empty, .batch = 5'000});
        QVERIFY2(drill->waitUntilDrained(), qPrintable(drill->lines()));
        QVERIFY2(faults::stop(*second), qPrintable(drill->lines()));

        faults::Judgement found = drill->judge();
        QCOMPARE(found.uncounted, qint64{-kRewound}); // polled twice
        found.uncounted = found.duplicates = 0;
        found.miscounted = 0; // the dead letters among them are counted twice and stored once
        faults::report("T10", QStringLiteral("offsets put back by %1, all of them polled again").arg(kRewound), found,
                       start);
        QCOMPARE(found.text(), faults::Judgement().text());
        const qint64 dead = sumOf(*drill, "dead_lettered", "second");
        QCOMPARE(sumOf(*drill, "polled", "second"), qint64{kRewound});
        QCOMPARE(sumOf(*drill, "stored", "second"), qint64{0});
        QCOMPARE(sumOf(*drill, "duplicate_filter + duplicate_batch + duplicate_store", "second"), kRewound - dead);
        QVERIFY(sumOf(*drill, qPrintable(foundBy), "second") > kRewound * 9 / 10);
        QCOMPARE(drill->stored(), rows);
        QCOMPARE(drill->sql().number(QStringLiteral("SELECT count(*) FROM dead_letters")), deadLetters);
    }

    void isNotMovedByKafkasOwnResetTool() {
        const auto drill = drainedDrill();
        if (!drill) {
            return;
        }
        QProcess tool;
        tool.start(QStringLiteral(MILLRACE_STACK_SCRIPTS "/kafka-tool"),
                   {QStringLiteral("ConsumerGroupCommand"), QStringLiteral("--group"), drill->name(),
                    QStringLiteral("--topic"), drill->name(), QStringLiteral("--reset-offsets"),
                    QStringLiteral("--to-earliest"), QStringLiteral("--execute")});
        QVERIFY(tool.waitForFinished(60'000));
        QVERIFY2(tool.exitCode() == 0, tool.readAllStandardError().constData());

        const auto second = drill->startConsumer(QStringLiteral("second"));
        QVERIFY(faults::waitUntil([&] { return drill->lines().count(QStringLiteral("took over 4 partitions")) == 2; }));
        QVERIFY(faults::stop(*second));
        QCOMPARE(sumOf(*drill, "polled", "second"), qint64{0});
    }
};

TEST_CLASS(TestOffsetRewind)
#include "tst_offset_rewind.moc"
