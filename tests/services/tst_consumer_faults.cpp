// SPDX-License-Identifier: GPL-3.0-or-later
#include "consumer_bench.h"
#include "services/consumer/back_off.h"
#include "tests/test_class.h"

#include <QTest>

using Bench = ConsumerBench;
using core::CommitOutcome;
using fakes::seconds;

class TestConsumerFaults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void makesADeadLetterOfARowThatTheStoreRefuses() {
        Bench bench;
        bench.answer(CommitOutcome{CommitOutcome::Kind::BadRows, {}, {{1, "value too long"}}, {}});
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::event(101, Bench::ownId(1)),
                            Bench::event(102, Bench::foreignId(2))}));
        QCOMPARE(countsOf(bench.lane), QStringLiteral("3 2 0 0 0 1 1 0"));
        QCOMPARE(joined(bench.account.fates), QStringLiteral("0/1 dead-lettered | 0/0 stored"));
        QCOMPARE(bench.store.deadLetters.front(), Bench::payloadOf(Bench::ownId(1)) + ": value too long");
    }

    void refusesAnAnswerThatDoesNotAddUp_data() {
        QTest::addColumn<std::vector<std::uint32_t>>("alreadyStored");
        QTest::newRow("a known row beyond the batch") << std::vector<std::uint32_t>{1};
        QTest::newRow("a row known twice") << std::vector<std::uint32_t>{0, 0};
    }
    void refusesAnAnswerThatDoesNotAddUp() {
        QFETCH(std::vector<std::uint32_t>, alreadyStored);
        Bench bench;
        bench.answer(CommitOutcome{CommitOutcome::Kind::Committed, alreadyStored, {}, {}});
        const core::Status status =
            bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::nothing()});
        QVERIFY(!status);
        QCOMPARE(status.error().kind, core::ErrorKind::Fatal);
        QVERIFY(status.error().message.find("polled no longer equals") != std::string::npos);
    }

    void dropsTheBatchAndRejoinsWhenFenced() {
        Bench bench;
        const Bench::Step thief{[&](fakes::Subscriber&) -> Bench::Polled {
            ++bench.store.epoch; // somebody else has taken over
            return std::unique_ptr<core::PolledMessage>();
        }};
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), thief, Bench::nothing(),
                            bench.assign({0}), Bench::event(100, Bench::ownId(0))}));
        QCOMPARE(
            joined(bench.world.journal),
            QStringLiteral("subscribe | position 100 | start 100 | look up 1 | commit 1 | close | subscribe | "
                           "start 100 | look up 1 | commit 1 | count 1 | remember 1 | stored 0@101 | mirror 0@101 | "
                           "close"));
        QCOMPARE(countsOf(bench.lane), QStringLiteral("1 1 0 0 0 0 0 1"));
        QVERIFY(has(bench.notes, "fault: the position has moved"));
    }

    void holdsTheBatchWhileTheStoreIsAway() {
        Bench bench;
        bench.answer(kStoreDown, 3);
        services::ConsumerWorker worker(bench.options, bench.ports, bench.lane, bench.times, bench.account);
        std::string trouble;
        const Bench::Step look{[&](fakes::Subscriber&) -> Bench::Polled {
            trouble = worker.trouble();
            return std::unique_ptr<core::PolledMessage>();
        }};
        bench.script = {bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::nothing(), look,
                        Bench::event(101, Bench::ownId(1))};
        QVERIFY(worker.run(bench.world.stop.get_token()));
        QCOMPARE(joined(bench.world.journal),
                 QStringLiteral(
                     "subscribe | position 100 | start 100 | look up 1 | commit 1 | pause | commit 1 | commit 1 | "
                     "commit 1 | count 1 | remember 1 | stored 0@101 | mirror 0@101 | resume | look up 1 | "
                     "commit 1 | count 1 | remember 1 | stored 0@102 | mirror 0@102 | close"));
        QCOMPARE(trouble, std::string("PostgreSQL does not answer"));
        QCOMPARE(worker.trouble(), std::string());
        QCOMPARE(countsOf(bench.lane), QStringLiteral("2 2 0 0 0 0 0 0"));
        QCOMPARE(joined(bench.notes), QStringLiteral("rebalance: A consumer took over 1 partition | fault: PostgreSQL "
                                                     "does not answer | recovery: A consumer "
                                                     "stores batches again"));
    }

    void backsOffFromATenthOfASecondToTenSeconds() {
        services::BackOff backOff;
        std::vector<double> pauses;
        for (int i = 0; i < 9; ++i) {
            pauses.push_back(std::chrono::duration<double>(backOff.next()).count());
        }
        const std::vector<double> longest{0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10};
        for (std::size_t i = 0; i < longest.size(); ++i) {
            QVERIFY2(pauses[i] <= longest[i] && pauses[i] >= longest[i] / 2, qPrintable(QString::number(pauses[i])));
        }
    }

    void servesRebalancesWhileItHoldsABatch_data() {
        QTest::addColumn<bool>("lost");
        QTest::addColumn<int>("faults");
        QTest::addColumn<QString>("counts");
        QTest::newRow("a lost assignment takes the batch away") << true << 2 << QStringLiteral("0 0 0 0 0 0 0 1");
        QTest::newRow("a revoked one gets another try") << false << 1 << QStringLiteral("1 1 0 0 0 0 0 0");
    }
    void servesRebalancesWhileItHoldsABatch() {
        QFETCH(bool, lost);
        QFETCH(int, faults);
        QFETCH(QString, counts);
        Bench bench;
        bench.answer(kStoreDown, faults);
        QVERIFY(bench.play(
            {bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::nothing(), Bench::revoke({0}, lost)}));
        QCOMPARE(countsOf(bench.lane), counts);
    }

    void finishesTheBatchBeforeItGivesPartitionsUp() {
        Bench bench;
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::revoke({0})}));
        QCOMPARE(joined(bench.world.journal),
                 QStringLiteral("subscribe | position 100 | start 100 | look up 1 | commit 1 | count 1 | remember 1 | "
                                "stored 0@101 | mirror 0@101 | close"));
    }

    void rollsBackWhenHalfTheSessionTimeOutIsOver() {
        Bench bench;
        for (int i = 0; i < 3; ++i) {
            bench.store.answers.push_back([&bench](const core::StoreBatch&) {
                bench.world.now += seconds(2); // the store's own time-out; half the session's is 3 s
                return kStoreDown;
            });
        }
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::revoke({0})}));
        QCOMPARE(countsOf(bench.lane), QStringLiteral("0 0 0 0 0 0 0 1"));
        QCOMPARE(bench.store.answers.size(), std::size_t{1});
    }

    void aRevocationGivesEachCommitWhatIsLeftOfHalfTheSessionTimeOut() {
        Bench bench;
        bench.store.answers.push_back([&bench](const core::StoreBatch&) {
            bench.world.now += seconds(1);
            return kStoreDown;
        });
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::revoke({0})}));
        QCOMPARE(bench.store.limits.size(), std::size_t{2});
        QCOMPARE(bench.store.limits[0], core::Nanoseconds(seconds(3)));
        QVERIFY(bench.store.limits[1] < core::Nanoseconds(seconds(2)));
        QCOMPARE(countsOf(bench.lane), QStringLiteral("1 1 0 0 0 0 0 0"));
    }

    void readsAgainWhatItKeepsAfterDroppingABatch() {
        Bench bench;
        bench.options.settings.sessionTimeout = {};
        bench.answer(kStoreDown);
        QVERIFY(bench.play({bench.assign({0, 1}), Bench::event(100, Bench::ownId(0)),
                            Bench::message(1, 100, Bench::payloadOf(Bench::ownId(1))), Bench::revoke({0}),
                            Bench::message(1, 100, Bench::payloadOf(Bench::ownId(1)))}));
        QVERIFY(has(bench.world.journal, "seek 1@100"));
        QCOMPARE(countsOf(bench.lane), QStringLiteral("1 1 0 0 0 0 0 2"));
    }

    void abandonsTheBatchOfALostAssignment() {
        Bench bench;
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)), Bench::revoke({0}, true)}));
        QCOMPARE(joined(bench.world.journal), QStringLiteral("subscribe | position 100 | start 100 | resolve | close"));
        QCOMPARE(countsOf(bench.lane), QStringLiteral("0 0 0 0 0 0 0 1"));
    }

    void waitsForAStoreThatIsAwayAtTheTakeOver() {
        Bench bench;
        bench.store.ownFaults = {kStoreDown, kStoreDown};
        QVERIFY(bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0))}));
        QCOMPARE(countsOf(bench.lane), QStringLiteral("1 1 0 0 0 0 0 0"));
    }

    void stopsWithoutAnErrorWhileTheStoreIsAway() {
        Bench bench;
        bench.ports.openStore = [&](const std::stop_token&) -> core::Result<std::unique_ptr<core::StoreSession>> {
            bench.world.stop.request_stop();
            return kStoreDown;
        };
        QVERIFY(bench.run());
        QCOMPARE(joined(bench.world.journal), QString());
    }

    void goesOnAfterATransientFaultOfTheBroker() {
        Bench bench;
        QVERIFY(
            bench.play({bench.assign({0}), Bench::event(100, Bench::ownId(0)),
                        Bench::error(core::transient("all brokers are down")),
                        Bench::error(core::transient("all brokers are down")), Bench::event(101, Bench::ownId(1))}));
        QCOMPARE(countsOf(bench.lane), QStringLiteral("2 2 0 0 0 0 0 0"));
        QCOMPARE(std::ranges::count(bench.notes, std::string("fault: all brokers are down")), std::ptrdiff_t{1});
    }
};

TEST_CLASS(TestConsumerFaults)
#include "tst_consumer_faults.moc"
