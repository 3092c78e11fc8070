// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill.h"
#include "tests/test_class.h"

#include <random>

using namespace std::chrono_literals;
using faults::ConsumerWish;
using faults::Drill;

/// T1 of the fault table: a consumer is killed at every point of its work, and every acknowledged event is stored
/// exactly once. Judged in SQL.
class TestCrashPoints : public QObject {
    Q_OBJECT

private:
    static bool killAtGate(Drill& drill, const QString& name, Drill::Gate gate) {
        drill.closeGate(gate);
        const auto victim = drill.startConsumer(name);
        const bool reached = drill.waitForBatchAtGate();
        faults::kill(*victim);
        drill.openGate();
        return reached;
    }

    /// A second member makes the group take partitions away from the first, which has a batch in hand.
    static bool killInRevocation(Drill& drill, const QString& name, const QString& point) {
        const auto victim = drill.startConsumer(name, {.crash = point, .lingerMs = 300});
        const bool working = faults::waitUntil([&] { return drill.polledBy(name) > 0; });
        const auto rival = drill.startConsumer(name + QStringLiteral("-rival"));
        const bool died = faults::waitForDeath(*victim);
        return faults::stop(*rival) && working && died;
    }

    /// Kills a consumer at `point`: one of CrashPlan's, or a gate of the store where the judge itself strikes.
    static bool killAt(Drill& drill, const QString& name, const QString& point) {
        if (point == QStringLiteral("gate-statement")) {
            return killAtGate(drill, name, Drill::Gate::Statement);
        }
        if (point == QStringLiteral("gate-commit")) {
            return killAtGate(drill, name, Drill::Gate::Commit);
        }
        if (point == QStringLiteral("gate-dead-letters")) {
            return killAtGate(drill, name, Drill::Gate::DeadLetters);
        }
        if (point.endsWith(QStringLiteral("revoke"))) {
            return killInRevocation(drill, name, point);
        }
        const auto victim = drill.startConsumer(name, {.crash = point});
        return faults::waitForDeath(*victim);
    }

    static void drain(Drill& drill, const ConsumerWish& wish = {}) {
        const auto survivor = drill.startConsumer(QStringLiteral("survivor"), wish);
        drill.finishLoad();
        QCOMPARE(QString::fromStdString(drill.load().failure()), QString());
        QVERIFY(drill.load().acked() > 0);
        QVERIFY2(drill.waitUntilDrained(), qPrintable(drill.lines()));
        QVERIFY2(faults::stop(*survivor), qPrintable(drill.lines()));
    }

private Q_SLOTS:
    void storesEachAcknowledgedEventOnceWhenKilled_data() {
        QTest::addColumn<QString>("point");
        QTest::newRow("after a poll") << QStringLiteral("after-poll:700");
        QTest::newRow("after Redis was read") << QStringLiteral("after-lookup:3");
        QTest::newRow("before the transaction") << QStringLiteral("before-commit:3");
        QTest::newRow("in dead-lettering") << QStringLiteral("gate-dead-letters");
        QTest::newRow("between COPY and COMMIT") << QStringLiteral("gate-statement");
        QTest::newRow("inside COMMIT") << QStringLiteral("gate-commit");
        QTest::newRow("between COMMIT and Redis") << QStringLiteral("after-commit:3");
        QTest::newRow("between Redis and Kafka's commit") << QStringLiteral("before-mirror:3");
        QTest::newRow("in a revocation, the batch in hand") << QStringLiteral("at-revoke");
        QTest::newRow("in a revocation, the batch finished") << QStringLiteral("after-revoke");
    }
    void storesEachAcknowledgedEventOnceWhenKilled() {
        QFETCH(QString, point);
        const auto start = std::chrono::steady_clock::now();
        const auto drill = Drill::create();
        if (!drill) {
            return;
        }
        drill->startLoad();
        QVERIFY2(killAt(*drill, QStringLiteral("victim"), point), qPrintable(drill->lines()));
        drain(*drill);
        if (QTest::currentTestFailed()) {
            return;
        }
        const faults::Judgement found = drill->judge();
        faults::report("T1", QStringLiteral("killed: ") + QString::fromLatin1(QTest::currentDataTag()), found, start);
        QCOMPARE(found.text(), faults::Judgement().text());
    }

    void keepsDeadLettersInTheirTopicWhenKilled_data() {
        QTest::addColumn<QString>("point");
        QTest::newRow("before they are sent") << QStringLiteral("before-dead-letters");
        QTest::newRow("between their acknowledgement and the transaction") << QStringLiteral("after-dead-letters");
    }
    void keepsDeadLettersInTheirTopicWhenKilled() {
        QFETCH(QString, point);
        const auto drill = Drill::create();
        if (!drill) {
            return;
        }
        drill->startLoad();
        const auto victim = drill->startConsumer(QStringLiteral("victim"), {.crash = point, .deadLetterTopic = true});
        QVERIFY2(faults::waitForDeath(*victim), qPrintable(drill->lines()));
        drain(*drill, {.deadLetterTopic = true});
        if (QTest::currentTestFailed()) {
            return;
        }
        const auto unreadable = static_cast<qint64>(drill->load().ackedUnreadable().size());
        const qint64 counted = drill->sql().number(QStringLiteral("SELECT sum(dead_lettered) FROM run_counts"));
        QVERIFY(unreadable > 0);
        QVERIFY(drill->deadLettersInTopic() >= counted); // the batch of the kill may have sent its own twice
        QVERIFY(drill->deadLettersInTopic() <= counted + 500);
        faults::Judgement expected;
        expected.lost = unreadable; // they are not in the store
        expected.miscounted = counted;
        QCOMPARE(drill->judge().text(), expected.text());
    }

    /// Shows that the judge would see it: Redis told before COMMIT makes redelivered events look like duplicates.
    void seesTheLossWhenRedisIsToldBeforeTheCommit() {
        const auto drill = Drill::create();
        if (!drill) {
            return;
        }
        drill->startLoad();
        const auto victim = drill->startConsumer(
            QStringLiteral("victim"), {.crash = QStringLiteral("before-commit:3"), .rememberTooEarly = true});
        QVERIFY2(faults::waitForDeath(*victim), qPrintable(drill->lines()));
        drain(*drill);
        if (QTest::currentTestFailed()) {
            return;
        }
        QVERIFY2(drill->judge().lost > 0, qPrintable(drill->judge().text()));
    }

    /// In full 200 kills at random points, over 20 seeds.
    void survivesKillsAtRandom_data() {
        QTest::addColumn<int>("seed");
        for (const int seed : faults::seeds()) {
            QTest::addRow("seed %d", seed) << seed;
        }
    }
    void survivesKillsAtRandom() {
        QFETCH(int, seed);
        const int kills = faults::inFull() ? 10 : 2;
        const auto start = std::chrono::steady_clock::now();
        const auto drill = Drill::create();
        if (!drill) {
            return;
        }
        drill->startLoad(2'000, static_cast<std::uint64_t>(seed));
        std::mt19937 random(static_cast<std::uint32_t>(seed));
        const std::vector<const char*> points{"after-poll",     "after-lookup",  "before-commit",    "after-commit",
                                              "after-remember", "before-mirror", "at-revoke",        "after-revoke",
                                              "gate-statement", "gate-commit",   "gate-dead-letters"};
        for (int n = 0; n < kills; ++n) {
            QString point = QString::fromLatin1(points[random() % points.size()]);
            if (!point.startsWith(QStringLiteral("gate")) && !point.endsWith(QStringLiteral("revoke"))) {
                point += QStringLiteral(":%1").arg(1 + random() % (point == QStringLiteral("after-poll") ? 2'000 : 20));
            }
            QVERIFY2(killAt(*drill, QStringLiteral("victim-%1").arg(n), point), qPrintable(point + drill->lines()));
        }
        drain(*drill);
        if (QTest::currentTestFailed()) {
            return;
        }
        const faults::Judgement found = drill->judge();
        faults::report("T1", QStringLiteral("%1 kills at random points, seed %2").arg(kills).arg(seed), found, start);
        QCOMPARE(found.text(), faults::Judgement().text());
    }
};

TEST_CLASS(TestCrashPoints)
#include "tst_crash_points.moc"
