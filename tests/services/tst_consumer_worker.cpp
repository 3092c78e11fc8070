// SPDX-License-Identifier: GPL-3.0-or-later
#include "consumer_bench.h"
#include "services/consumer/text_arena.h"
#include "tests/test_class.h"

#include <QTest>

using Bench = ConsumerBench;
using fakes::milliseconds;

class TestConsumerWorker : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goesTheStepsInTheOrderThatLosesNothing() {
        Bench bench;
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::event(101, Bench::ownId(1)),
                            Bench::nothing()}));
        QCOMPARE(joined(bench.world.journal),
                 QStringLiteral("subscribe | position 100 | start 100 | look up 2 | commit 2 | count 2 | remember 2 | "
                                "stored 0@102 | mirror 0@102 | close"));
    }

    void startsWhereTheStoreStands_data() {
        QTest::addColumn<qint64>("stored"); // -1: the store knows nothing
        QTest::addColumn<qint64>("logEnd");
        QTest::addColumn<bool>("reset");
        QTest::addColumn<QString>("journal");
        QTest::addColumn<QString>("failure");

        QTest::newRow("the store's position counts, not the broker's")
            << qint64{700} << qint64{900} << false << QStringLiteral("subscribe | start 700 | close") << QString();
        QTest::newRow("a partition that the store does not know begins where the run says, and the store is told")
            << qint64{-1} << qint64{900} << false << QStringLiteral("subscribe | position 100 | start 100 | close")
            << QString();
        QTest::newRow("a position at the log's end is good")
            << qint64{900} << qint64{900} << false << QStringLiteral("subscribe | start 900 | close") << QString();
        QTest::newRow("a position beyond the log's end is refused")
            << qint64{901} << qint64{900} << false << QStringLiteral("subscribe | close")
            << QStringLiteral("The store stands at offset 901 of log-events, partition 0, but the log ends at 900: the "
                              "topic was created anew or this is another cluster; --reset-offsets starts it over");
        QTest::newRow("a position beyond the log's end starts over when the user asks for it")
            << qint64{901} << qint64{900} << true << QStringLiteral("subscribe | position 100 | start 100 | close")
            << QString();
    }
    void startsWhereTheStoreStands() {
        QFETCH(qint64, stored);
        QFETCH(qint64, logEnd);
        QFETCH(bool, reset);
        QFETCH(QString, journal);
        QFETCH(QString, failure);
        Bench bench;
        if (stored >= 0) {
            bench.store.offsets[fakes::partition(0)] = core::Offset{stored};
        }
        bench.logEnds[fakes::partition(0)] = core::Offset{logEnd};
        bench.options.resetOffsets = reset;
        const core::Status status = bench.play({bench.assign({0})});
        QCOMPARE(joined(bench.world.journal), journal);
        QCOMPARE(status ? QString() : QString::fromStdString(status.error().message), failure);
    }

    void aStoreThatHasGoneBackIsFilledAgain() {
        Bench bench;
        bench.options.settings.linger = fakes::milliseconds(0);
        bench.store.offsets[fakes::partition(0)] = core::Offset{100}; // and had come to 102
        bench.filter.known = {Bench::ownId(0), Bench::ownId(1)};
        std::vector<std::string> told;
        bench.ports.storedUpTo = [](const core::TopicPartition&) { return std::optional(core::Offset{102}); };
        bench.ports.storeWentBack = [&](const core::TopicPartition&, core::Offset next) {
            told.push_back("back to " + std::to_string(next.value));
        };
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::event(101, Bench::ownId(1)),
                            Bench::nothing()}));
        QCOMPARE(joined(told), QStringLiteral("back to 100"));
        QCOMPARE(countsOf(bench.lane), QStringLiteral("2 2 0 0 0 0 0 0")); // no filter's word for what is gone
        QVERIFY(has(bench.notes, "The store has gone back: it stands at offset 100 of log-events, partition 0, and had "
                                 "committed up to 102"));
    }

    void anotherTagOfTheStoreOpensTheFilterAnew() {
        Bench bench;
        bench.options.settings.linger = fakes::milliseconds(0);
        const Bench::Step promoted{[&](fakes::Subscriber&) -> Bench::Polled {
            bench.store.tag = "promoted";
            return std::unique_ptr<core::PolledMessage>();
        }};
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::nothing(), promoted,
                            Bench::event(101, Bench::ownId(1))}));
        QCOMPARE(joined(bench.filterTags), QStringLiteral("store | promoted"));
    }

    void joinsWhenItsPartitionsAreOwned() {
        Bench bench;
        services::ConsumerWorker worker(bench.options, bench.ports, bench.lane, bench.times, bench.account);
        std::vector<bool> seen;
        const Bench::Step look{[&](fakes::Subscriber&) -> Bench::Polled {
            seen.push_back(worker.joined());
            return std::unique_ptr<core::PolledMessage>();
        }};
        bench.script = {look, bench.assign({0, 1}), look};
        QVERIFY(worker.run(bench.world.stop.get_token()));
        QCOMPARE(seen, (std::vector<bool>{false, true}));
    }

    void endsABatch_data() {
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("events");
        QTest::addColumn<int>("pauseAfter"); // events
        QTest::addColumn<QString>("commits");

        QTest::newRow("when it is full") << 3 << 7 << 0 << QStringLiteral("commit 3 | commit 3 | commit 1");
        QTest::newRow("when nothing more is at hand and the linger has passed")
            << 100 << 7 << 4 << QStringLiteral("commit 4 | commit 3");
        QTest::newRow("not before that, while more is at hand") << 100 << 50 << 0 << QStringLiteral("commit 50");
    }
    void endsABatch() {
        QFETCH(int, batch);
        QFETCH(int, events);
        QFETCH(int, pauseAfter);
        QFETCH(QString, commits);
        Bench bench;
        bench.options.batch = static_cast<std::uint32_t>(batch);
        std::vector<Bench::Step> steps{bench.assign({0})};
        for (int i = 0; i < events; ++i) {
            if (i > 0 && i == pauseAfter) {
                steps.push_back(Bench::nothing());
            }
            steps.push_back(Bench::event(100 + i, Bench::ownId(static_cast<std::uint64_t>(i))));
        }
        QVERIFY(bench.play(steps));
        std::erase_if(bench.world.journal, [](const std::string& line) { return line.find("commit") != 0; });
        QCOMPARE(joined(bench.world.journal), commits);
    }

    void waitsForTheRestOfTheLingerOnly() {
        Bench bench;
        bench.options.settings.linger = milliseconds(5);
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::nothing(milliseconds(2)),
                            Bench::event(101, Bench::ownId(1)), Bench::nothing(milliseconds(3))}));
        QCOMPARE(bench.store.batches.size(), std::size_t{1}); // 5 ms after the first event, though 3 after the second
        QCOMPARE(bench.lane.polled.value(), std::uint64_t{2});
    }

    void endsABatchOfHugeTextsBeforeTheMemoryIsFull() {
        Bench bench;
        std::vector<Bench::Step> steps{bench.assign({0})};
        for (int i = 0; i < 40; ++i) {
            steps.push_back(Bench::message(0, 100 + i, std::string(900'000, 'x'))); // 16 MiB are 19 of them
        }
        QVERIFY(bench.play(steps));
        QCOMPARE(bench.store.batches.size(), std::size_t{3});
        QCOMPARE(bench.lane.deadLettered.value(), std::uint64_t{40});
    }

    void asksTheFilterNothingAboutCriticalEvents() {
        Bench bench;
        bench.options.criticalTier = true;
        bench.filter.known = {Bench::ownId(0)};
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0))}));
        QCOMPARE(countsOf(bench.lane), QStringLiteral("1 1 0 0 0 0 0 0"));
        QCOMPARE(bench.filter.asked.size(), std::size_t{0});
    }

    void finishesTheBatchInHandWhenStopped() {
        Bench bench;
        const Bench::Step stop{[&](fakes::Subscriber&) -> Bench::Polled {
            bench.world.stop.request_stop();
            return std::unique_ptr<core::PolledMessage>();
        }};
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), stop}));
        QCOMPARE(joined(bench.world.journal),
                 QStringLiteral("subscribe | position 100 | start 100 | look up 1 | commit 1 | count 1 | remember 1 | "
                                "stored 0@101 | mirror 0@101 | close"));
    }

    void ignoresMessagesThatAreNotItsBusiness() {
        Bench bench;
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::event(100, Bench::ownId(0)),
                            Bench::message(5, 100, Bench::payloadOf(Bench::ownId(1)))}));
        QCOMPARE(countsOf(bench.lane), QStringLiteral("1 1 0 0 0 0 0 2"));
    }

    void sendsDeadLettersToTheirTopicBeforeTheOffsetMoves() {
        Bench bench;
        int tries = 0;
        using Refused = core::Result<std::vector<services::RefusedLetter>>;
        bench.ports.deadLetterTopic = [&](std::span<const core::DeadLetter> letters) -> Refused {
            bench.world.journal.push_back(fmt::format("send {}", letters.size()));
            return ++tries == 1 ? Refused(core::transient("no acknowledgement"))
                                : Refused(std::vector<services::RefusedLetter>());
        };
        bench.answer(kStoreDown);
        QVERIFY(bench.play(
            {bench.assign({0}), Bench::message(0, 100, "?"), Bench::event(101, Bench::ownId(1)), Bench::nothing()}));
        QCOMPARE(
            joined(bench.world.journal),
            QStringLiteral("subscribe | position 100 | start 100 | look up 1 | send 1 | pause | send 1 | commit 1 | "
                           "commit 1 | count 1 | remember 1 | stored 0@102 | mirror 0@102 | resume | close"));
        QCOMPARE(bench.store.deadLetters.size(), std::size_t{0});
        QCOMPARE(bench.store.batches.front().deadLettered, std::uint64_t{1});
    }

    void storesTheDeadLettersThatTheirTopicRefuses() {
        Bench bench;
        using Refused = core::Result<std::vector<services::RefusedLetter>>;
        bench.ports.deadLetterTopic = [](std::span<const core::DeadLetter>) {
            return Refused(std::vector<services::RefusedLetter>{{1, "Broker: Message size too large"}});
        };
        QVERIFY(bench.play({bench.assign({0}), Bench::message(0, 100, "?"), Bench::message(0, 101, "??"),
                            Bench::event(102, Bench::ownId(2)), Bench::nothing()}));
        QCOMPARE(bench.store.deadLetters.size(), std::size_t{1});
        const std::string& letter = bench.store.deadLetters.front();
        QVERIFY2(letter.starts_with("??: "), letter.c_str());
        QVERIFY2(letter.ends_with("; the dead-letter topic does not take it: Broker: Message size too large"),
                 letter.c_str());
        QCOMPARE(bench.store.batches.front().deadLettered, std::uint64_t{2});
    }

    void endsWithAnErrorThatNoRetryMends() {
        Bench bench;
        bench.answer(core::fatal("column \"level\" does not exist"));
        const core::Status status =
            bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::nothing()});
        QVERIFY(!status);
        QCOMPARE(status.error().message, std::string("column \"level\" does not exist"));
        QCOMPARE(countsOf(bench.lane), QStringLiteral("0 0 0 0 0 0 0 1"));
    }

    void keepsTextsInPlaceWhileTheArenaGrows() {
        services::TextArena arena;
        std::vector<std::string_view> kept;
        for (int round = 0; round < 3; ++round) {
            kept.clear();
            for (int i = 0; i < 5'000; ++i) {
                kept.push_back(arena.keep(fmt::format("{:0>{}}", i, 100 + i % 400)));
            }
            kept.push_back(arena.keep(std::string(services::TextArena::kChunk + 1, 'x')));
            for (int i = 0; i < 5'000; ++i) {
                QCOMPARE(kept[static_cast<std::size_t>(i)], std::string_view(fmt::format("{:0>{}}", i, 100 + i % 400)));
            }
            QCOMPARE(kept.back().size(), services::TextArena::kChunk + 1);
            arena.clear();
            QCOMPARE(arena.used(), std::size_t{0});
        }
    }
};

TEST_CLASS(TestConsumerWorker)
#include "tst_consumer_worker.moc"
