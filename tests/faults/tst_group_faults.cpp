// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill.h"
#include "tests/test_class.h"

#include <csignal>
#include <random>
#include <thread>

using namespace std::chrono_literals;
using faults::Drill;
using faults::Judgement;
using Clock = std::chrono::steady_clock;

/// What happens to members of a group: T2 to T5 of the fault table. Judged in SQL against the acknowledged ids.
class TestGroupFaults : public QObject {
    Q_OBJECT

private:
    using Consumers = std::vector<std::unique_ptr<QProcess>>;

    /// How often, and after how long a pause: in full the table's, for the first seed; the others as the quick ones.
    struct Rhythm {
        int times = 4;
        std::chrono::milliseconds least = 800ms;
        std::chrono::milliseconds most = 1'600ms;
    };

    static void pauseFor(const Rhythm& rhythm, std::mt19937& random) {
        std::this_thread::sleep_for(std::chrono::milliseconds(
            std::uniform_int_distribution<std::int64_t>(rhythm.least.count(), rhythm.most.count())(random)));
    }

    static QString nameOf(int n) { return QStringLiteral("consumer-%1").arg(n); }

    /// The load ends, what is left is stored, and the consumers end in good order.
    static void drain(Drill& drill, Consumers& consumers) {
        drill.finishLoad();
        QCOMPARE(QString::fromStdString(drill.load().failure()), QString());
        QVERIFY(drill.load().acked() > 0);
        QVERIFY2(drill.waitUntilDrained(), qPrintable(drill.lines()));
        for (const auto& consumer : consumers) {
            QVERIFY2(faults::stop(*consumer), qPrintable(drill.lines()));
        }
    }

    static void bySeed() {
        QTest::addColumn<int>("seed");
        for (const int seed : faults::seeds()) {
            QTest::addRow("seed %d", seed) << seed;
        }
    }

private Q_SLOTS:
    void killedConsumers_data() { bySeed(); }
    void killedConsumers() { // T2
        QFETCH(int, seed);
        const Rhythm rhythm = faults::inFull() && seed == 1 ? Rhythm{20, 3s, 7s} : Rhythm{};
        constexpr int kBatch = 500;
        constexpr int kPartitions = 4;
        const auto start = Clock::now();
        const auto drill = Drill::create();
        if (!drill) {
            return;
        }
        std::mt19937 random(static_cast<std::uint32_t>(seed));
        Consumers consumers;
        for (int n = 0; n < 3; ++n) {
            consumers.push_back(drill->startConsumer(nameOf(n), {.batch = kBatch}));
        }
        drill->startLoad(1'000, static_cast<std::uint64_t>(seed));
        QVERIFY2(faults::waitUntil([&] { return drill->stored() > 0; }), qPrintable(drill->lines()));
        for (int n = 0; n < rhythm.times; ++n) {
            pauseFor(rhythm, random);
            auto& victim = consumers[random() % consumers.size()];
            faults::kill(*victim);
            victim = drill->startConsumer(nameOf(3 + n), {.batch = kBatch});
        }
        drain(*drill, consumers);
        if (QTest::currentTestFailed()) {
            return;
        }
        Judgement found = drill->judge();
        faults::report("T2", QStringLiteral("%1 consumers killed, seed %2").arg(rhythm.times).arg(seed), found, start);
        QVERIFY(found.duplicates <= rhythm.times * kBatch * kPartitions);
        found.duplicates = 0;
        QCOMPARE(found.text(), Judgement().text());
    }

    void stoppedZombie() { // T3
        const auto start = Clock::now();
        const auto drill = Drill::create();
        if (!drill) {
            return;
        }
        drill->closeGate(Drill::Gate::Statement);
        const auto zombie = drill->startConsumer(nameOf(0));
        drill->startLoad(1'000);
        QVERIFY2(drill->waitForBatchAtGate(), qPrintable(drill->lines()));
        ::kill(static_cast<pid_t>(zombie->processId()), SIGSTOP); // its rows are written, its COMMIT is not sent
        drill->openGate();
        Consumers heirs;
        heirs.push_back(drill->startConsumer(nameOf(1)));
        QVERIFY2(faults::waitUntil([&] { return drill->lines().contains(QStringLiteral("took over 4 partitions")); }),
                 qPrintable(drill->lines()));
        const bool prompt = faults::waitUntil([&] { return drill->polledBy(nameOf(1)) > 0; }, 2s);
        QVERIFY2(prompt, qPrintable(drill->lines()));
        const qint64 before = drill->polledBy(nameOf(0));
        ::kill(static_cast<pid_t>(zombie->processId()), SIGCONT);
        std::this_thread::sleep_for(3s); // it has every chance to store what it had in hand
        drain(*drill, heirs);
        if (QTest::currentTestFailed()) {
            return;
        }
        const bool ended = faults::stop(*zombie);
        QVERIFY2(ended, qPrintable(drill->lines()));
        const Judgement found = drill->judge();
        faults::report(
            "T3",
            QStringLiteral("a consumer stopped between COPY and COMMIT; it had committed %1 messages, the heir %2")
                .arg(before)
                .arg(drill->polledBy(nameOf(1))),
            found, start);
        QCOMPARE(before, qint64{0}); // its only batch stood at the gate
        QCOMPARE(found.text(), Judgement().text());
    }

    void comingAndGoing_data() { bySeed(); }
    void comingAndGoing() { // T4
        QFETCH(int, seed);
        const Rhythm rhythm = faults::inFull() && seed == 1 ? Rhythm{10, 8s, 8s} : Rhythm{};
        const auto start = Clock::now();
        const auto drill = Drill::create();
        if (!drill) {
            return;
        }
        std::mt19937 random(static_cast<std::uint32_t>(seed));
        Consumers consumers;
        consumers.push_back(drill->startConsumer(nameOf(0)));
        consumers.push_back(drill->startConsumer(nameOf(1)));
        drill->startLoad(1'000, static_cast<std::uint64_t>(seed));
        QVERIFY2(faults::waitUntil([&] { return drill->stored() > 0; }), qPrintable(drill->lines()));
        for (int n = 0; n < rhythm.times; ++n) {
            pauseFor(rhythm, random);
            if (consumers.size() > 1 && random() % 2 == 0) {
                const std::size_t leaver = random() % consumers.size();
                QVERIFY2(faults::stop(*consumers[leaver]), qPrintable(drill->lines()));
                consumers.erase(consumers.begin() + static_cast<std::ptrdiff_t>(leaver));
            } else {
                consumers.push_back(drill->startConsumer(nameOf(2 + n)));
            }
        }
        drain(*drill, consumers);
        if (QTest::currentTestFailed()) {
            return;
        }
        const Judgement found = drill->judge();
        faults::report("T4", QStringLiteral("%1 times a consumer came or went, seed %2").arg(rhythm.times).arg(seed),
                       found, start);
        QCOMPARE(found.text(), Judgement().text());
    }

    void lockedTable() { // T5
        const auto length = faults::inFull() ? 30s : 8s;
        const auto start = Clock::now();
        const auto drill = Drill::create();
        if (!drill) {
            return;
        }
        Consumers consumers;
        for (int n = 0; n < 2; ++n) {
            consumers.push_back(drill->startConsumer(nameOf(n), {.sessionTimeoutMs = 6'000})); // as in earnest
        }
        drill->startLoad(1'000);
        QVERIFY2(faults::waitUntil([&] { return drill->polledBy(nameOf(0)) > 0 && drill->polledBy(nameOf(1)) > 0; }),
                 qPrintable(drill->lines()));
        const auto holder = drill->lockTable(length);
        const qint64 locked = drill->position();
        QVERIFY(faults::waitUntil([&] { return holder->waitForFinished(10); }, length + 10s));
        QVERIFY2(faults::waitUntil([&] { return drill->position() > locked; }), qPrintable(drill->lines()));
        drain(*drill, consumers);
        if (QTest::currentTestFailed()) {
            return;
        }
        const Judgement found = drill->judge();
        faults::report("T5", QStringLiteral("log_events locked for %1 s").arg(length.count()), found, start);
        QVERIFY2(!drill->lines().contains(QStringLiteral("A consumer lost")),
                 qPrintable(drill->lines())); // not evicted
        QCOMPARE(found.text(), Judgement().text());
    }
};

TEST_CLASS(TestGroupFaults)
#include "tst_group_faults.moc"
