#include "drill.h"

#include <random>

using namespace std::chrono_literals;
using faults::Drill;

/// T1 of the fault table: the consumer is killed at every point of its work, and every acknowledged event is stored
/// exactly once. Judged in SQL.
class TestCrashPoints : public QObject {
    Q_OBJECT

private:
    /// Kills a consumer at `point`: one of CrashPlan's, or a gate of the store where the judge itself strikes.
    static bool killAt(Drill& drill, const QString& name, const QString& point) {
        const bool atStatement = point == QStringLiteral("gate-statement");
        if (atStatement || point == QStringLiteral("gate-commit")) {
            drill.closeGate(atStatement ? Drill::Gate::Statement : Drill::Gate::Commit);
            const auto victim = drill.startConsumer(name);
            const bool reached = drill.waitForBatchAtGate();
            faults::kill(*victim);
            drill.openGate();
            return reached;
        }
        const auto victim = drill.startConsumer(name, {.crash = point});
        if (!point.contains(QStringLiteral("revoke")))
            return faults::waitForDeath(*victim);
        // A second member makes the group take partitions away from the first.
        const bool working = faults::waitUntil([&] { return drill.stored() > 0; });
        const auto rival = drill.startConsumer(name + QStringLiteral("-rival"));
        const bool died = faults::waitForDeath(*victim);
        return faults::stop(*rival) && working && died;
    }

    static void finishAndJudge(Drill& drill, const faults::Judgement& expected) {
        const auto survivor = drill.startConsumer(QStringLiteral("survivor"));
        drill.finishLoad();
        QCOMPARE(QString::fromStdString(drill.load().failure()), QString());
        QVERIFY2(drill.waitUntilDrained(), qPrintable(drill.lines()));
        QVERIFY2(faults::stop(*survivor), qPrintable(drill.lines()));
        QVERIFY(drill.load().acked() > 0);
        QCOMPARE(drill.judge().text(), expected.text());
    }

private Q_SLOTS:
    void storesEachAcknowledgedEventOnceWhenKilled_data() {
        QTest::addColumn<QString>("point");
        QTest::newRow("after a poll") << QStringLiteral("after-poll:700");
        QTest::newRow("after Redis was read") << QStringLiteral("after-lookup:3");
        QTest::newRow("before the transaction") << QStringLiteral("before-commit:3");
        QTest::newRow("between COPY and COMMIT") << QStringLiteral("gate-statement");
        QTest::newRow("inside COMMIT") << QStringLiteral("gate-commit");
        QTest::newRow("between COMMIT and Redis") << QStringLiteral("after-commit:3");
        QTest::newRow("between Redis and Kafka's commit") << QStringLiteral("after-remember:3");
        QTest::newRow("before the offsets are mirrored") << QStringLiteral("before-mirror:3");
        QTest::newRow("in a revocation, the batch in hand") << QStringLiteral("at-revoke");
        QTest::newRow("in a revocation, the batch finished") << QStringLiteral("after-revoke");
    }
    void storesEachAcknowledgedEventOnceWhenKilled() {
        QFETCH(QString, point);
        const auto drill = Drill::create();
        if (!drill)
            return;
        drill->startLoad();
        QVERIFY2(killAt(*drill, QStringLiteral("victim"), point), qPrintable(drill->lines()));
        finishAndJudge(*drill, {});
    }

    /// Shows that the judge would see it: Redis told before COMMIT makes the redelivered events look like duplicates.
    void seesTheLossWhenRedisIsToldBeforeTheCommit() {
        const auto drill = Drill::create();
        if (!drill)
            return;
        drill->startLoad();
        const auto victim = drill->startConsumer(
            QStringLiteral("victim"), {.crash = QStringLiteral("before-commit:3"), .rememberTooEarly = true});
        QVERIFY2(faults::waitForDeath(*victim), qPrintable(drill->lines()));
        const auto survivor = drill->startConsumer(QStringLiteral("survivor"));
        drill->finishLoad();
        QVERIFY(drill->waitUntilDrained());
        QVERIFY(faults::stop(*survivor));
        QVERIFY2(drill->judge().lost > 0, qPrintable(drill->judge().text()));
    }
};

QTEST_GUILESS_MAIN(TestCrashPoints)
#include "tst_crash_points.moc"
