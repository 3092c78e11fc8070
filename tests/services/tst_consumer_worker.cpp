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
        bench.ports.storeWentBack = [&] { told.emplace_back("back"); };
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::event(101, Bench::ownId(1)),
                            Bench::nothing()}));
        QCOMPARE(joined(told), QStringLiteral("back"));
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

    void whatExpiredBeforeTheRunIsPassedOver_data() {
        QTest::addColumn<qint64>("stored");
        QTest::addColumn<qint64>("begin"); // -1: not known
        QTest::addColumn<QString>("journal");
        QTest::addColumn<QString>("note");

        QTest::newRow("all that expired is older than the run")
            << qint64{200} << qint64{700} << QStringLiteral("subscribe | position 500 | start 500 | close")
            << QStringLiteral(
                   "300 messages of log-events, partition 0, that were older than this run had expired unread");
        QTest::newRow("what came after its beginning is left to the subscriber, which counts it")
            << qint64{200} << qint64{350} << QStringLiteral("subscribe | position 350 | start 350 | close")
            << QStringLiteral(
                   "150 messages of log-events, partition 0, that were older than this run had expired unread");
        QTest::newRow("where nobody knows the beginning, all of it")
            << qint64{200} << qint64{-1} << QStringLiteral("subscribe | start 200 | close") << QString();
    }
    void whatExpiredBeforeTheRunIsPassedOver() {
        QFETCH(qint64, stored);
        QFETCH(qint64, begin);
        QFETCH(QString, note);
        Bench bench;
        bench.store.offsets[fakes::partition(0)] = core::Offset{stored};
        bench.logFirst = core::Offset{500};
        bench.begin = begin < 0 ? std::nullopt : std::optional(core::Offset{begin});
        QVERIFY(bench.play({bench.assign({0})}));
        QTEST(joined(bench.world.journal), "journal");
        QCOMPARE(has(bench.notes, "expired"), !note.isEmpty());
        QVERIFY(has(bench.notes, note.toStdString()));
    }

    void positionsGoBehindWhatIsNoMessage_data() {
        QTest::addColumn<int>("before"); // events before the end is reached
        QTest::addColumn<bool>("committed");
        QTest::addColumn<QString>("journal");

        QTest::newRow("at once where nothing is in hand") << 0 << true << QStringLiteral("stored 0@105 | mirror 0@105");
        QTest::newRow("at once behind what is committed")
            << 2 << true << QStringLiteral("stored 0@102 | mirror 0@102 | stored 0@105 | mirror 0@105");
        QTest::newRow("with the batch in hand, and never before it")
            << 2 << false << QStringLiteral("stored 0@105 | mirror 0@102");
    }
    void positionsGoBehindWhatIsNoMessage() {
        QFETCH(int, before);
        QFETCH(bool, committed);
        Bench bench;
        std::vector<Bench::Step> steps{bench.assign({0})};
        for (int i = 0; i < before; ++i) {
            steps.push_back(Bench::event(100 + i, Bench::ownId(static_cast<std::uint64_t>(i))));
        }
        if (committed) {
            steps.push_back(Bench::nothing());
            steps.push_back(Bench::nothing());
        }
        steps.push_back(Bench::reached(105));
        QVERIFY(bench.play(steps));
        std::erase_if(bench.world.journal, [](const std::string& line) {
            return !line.starts_with("stored") && !line.starts_with("mirror");
        });
        QTEST(joined(bench.world.journal), "journal");
    }

    void anEndThatWasReachedIsForgottenWithTheBatchInHand() {
        Bench bench;
        bench.answer(kStoreDown, 100);
        bench.options.settings.sessionTimeout = milliseconds(100);
        QVERIFY(bench.play(
            {bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::reached(105), Bench::revoke({0}, true)}));
        QVERIFY(!has(bench.world.journal, "stored"));
    }

    void saysWhatItOwns() {
        Bench bench;
        std::vector<std::map<int, std::int64_t>> seen;
        const Bench::Step look{[&](fakes::Subscriber&) -> Bench::Polled {
            seen.push_back(bench.owned);
            return std::unique_ptr<core::PolledMessage>();
        }};
        QVERIFY(bench.play({bench.assign({0, 1}), look, Bench::revoke({0}), look}));
        seen.push_back(bench.owned); // it has left
        QCOMPARE(seen, (std::vector<std::map<int, std::int64_t>>{{{0, 100}, {1, 100}}, {{1, 100}}, {}}));
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
