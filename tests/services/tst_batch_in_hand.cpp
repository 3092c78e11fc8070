// SPDX-License-Identifier: GPL-3.0-or-later
#include "consumer_bench.h"
#include "services/consumer/batch_in_hand.h"
#include "tests/test_class.h"

#include <QTest>

using Bench = ConsumerBench;
using core::CommitOutcome;

namespace {

/// A batch of a worker that owns partition 0 from offset 100 on; the store stands there too.
struct HandBench : ConsumerBench {
    HandBench() {
        store.offsets[fakes::partition(0)] = core::Offset{100};
        assigned.add({fakes::partition(0), 0, core::Offset{100}, core::Offset{100}});
    }
    void accept(int from, std::int64_t offset, std::uint64_t sequence) {
        fakes::Message message;
        message.from = fakes::partition(from);
        message.at = core::Offset{offset};
        message.text = payloadOf(ownId(sequence));
        batch.accept(message);
    }

    services::AssignedPartitions assigned;
    services::BatchInHand batch{options, ports, assigned, lane, times, account};
    fakes::StoreSession session{world, store};
    fakes::Filter known{world, filter};
};

} // namespace

class TestBatchInHand : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aCommitSaysHowFarItMovedThePartitions() {
        HandBench bench;
        bench.accept(0, 100, 0);
        bench.accept(0, 104, 1); // offsets may have holes
        const auto done = bench.batch.commit(bench.session, bench.known);
        QVERIFY(done && !done->fenced);
        const std::vector<std::pair<core::TopicPartition, core::Offset>> moved{{fakes::partition(0), {105}}};
        QCOMPARE(done->positions, moved);
        QCOMPARE(bench.assigned.all().front().stored, core::Offset{105});
        QVERIFY(bench.batch.empty());
    }

    void aMessageOfAnotherPartitionOrReadBeforeIsNotAdded() {
        HandBench bench;
        bench.accept(1, 100, 0);
        bench.accept(0, 99, 1);
        QVERIFY(bench.batch.empty());
        QCOMPARE(countsOf(bench.lane), QStringLiteral("0 0 0 0 0 0 0 2"));
    }

    void afterATransientFaultTheBatchIsStillInHandAndTheFilterIsNotAskedAgain() {
        HandBench bench;
        bench.accept(0, 100, 0);
        bench.answer(kStoreDown);
        QVERIFY(!bench.batch.commit(bench.session, bench.known));
        QVERIFY(!bench.batch.empty());
        QVERIFY(bench.batch.commit(bench.session, bench.known));
        QCOMPARE(joined(bench.world.journal),
                 QStringLiteral("look up 1 | commit 1 | commit 1 | count 1 | remember 1 | stored 0@101"));
    }

    void theFilterIsAskedAboutTheBatchThatFollowsAnAbandonedOne() {
        HandBench bench;
        bench.accept(0, 100, 0);
        bench.answer(kStoreDown);
        QVERIFY(!bench.batch.commit(bench.session, bench.known));
        QVERIFY(!bench.batch.abandon(bench.session, bench.known, "its partitions were lost"));
        QCOMPARE(bench.assigned.all().front().read, core::Offset{100});
        bench.accept(0, 100, 0);
        QVERIFY(bench.batch.commit(bench.session, bench.known));
        QCOMPARE(joined(bench.world.journal), QStringLiteral("look up 1 | commit 1 | resolve | look up 1 | commit 1 | "
                                                             "count 1 | remember 1 | stored 0@101"));
        QCOMPARE(joined(bench.notes),
                 QStringLiteral("warning: A batch of 1 messages was given up: its partitions were lost"));
    }

    void aBatchWhoseCommitCameThroughAfterAllIsNotAbandoned() {
        HandBench bench;
        bench.accept(0, 100, 0);
        bench.answer(kStoreDown);
        QVERIFY(!bench.batch.commit(bench.session, bench.known));
        bench.store.resolved = std::optional(CommitOutcome{});
        const auto done = bench.batch.abandon(bench.session, bench.known, "its partitions were lost");
        QVERIFY(done && !done->fenced);
        QCOMPARE(countsOf(bench.lane), QStringLiteral("1 1 0 0 0 0 0 0"));
        QCOMPARE(joined(bench.account.fates), QStringLiteral("0/0 stored"));
        QCOMPARE(bench.assigned.all().front().stored, core::Offset{101});
        QVERIFY(bench.notes.empty());
        QVERIFY(!bench.unresolved);
    }

    void whatNobodyKnowsIsLeftToTheStore() {
        HandBench bench;
        bench.accept(0, 100, 0);
        bench.answer(kStoreDown);
        QVERIFY(!bench.batch.commit(bench.session, bench.known));
        bench.store.resolved = kStoreDown;
        QVERIFY(!bench.batch.abandon(bench.session, bench.known, "its partitions were lost"));
        QCOMPARE(countsOf(bench.lane), QStringLiteral("0 0 0 0 0 0 0 1"));
        QVERIFY(bench.unresolved);
    }

    void aFenceMayHideACommitThatCameThrough() {
        HandBench bench;
        bench.accept(0, 100, 0);
        CommitOutcome fenced{CommitOutcome::Kind::Fenced, {}, {}, "the position has moved"};
        fenced.unresolved = true;
        bench.answer(fenced);
        const auto done = bench.batch.commit(bench.session, bench.known);
        QVERIFY(done && done->fenced);
        QVERIFY(bench.unresolved);
    }

    void aFilterThatKnowsMoreThanAStoreThatHasGoneBackIsNotAsked() {
        HandBench bench;
        bench.filter.known = {HandBench::ownId(0), HandBench::ownId(1), HandBench::ownId(2)};
        bench.assigned.add({fakes::partition(0), 0, core::Offset{100}, core::Offset{100}, core::Offset{102}});
        bench.accept(0, 100, 0);
        bench.accept(0, 101, 1);
        QVERIFY(bench.batch.commit(bench.session, bench.known));
        QCOMPARE(countsOf(bench.lane), QStringLiteral("2 2 0 0 0 0 0 0"));
        bench.accept(0, 102, 2); // where the store once stood: nothing is doubted from here on
        QVERIFY(bench.batch.commit(bench.session, bench.known));
        QCOMPARE(countsOf(bench.lane), QStringLiteral("3 2 1 0 0 0 0 0"));
    }

    void allRowsThatTheStoreRefusesLeaveAtOnce() {
        HandBench bench;
        for (int i = 0; i < 5; ++i) {
            bench.accept(0, 100 + i, static_cast<std::uint64_t>(i));
        }
        bench.answer(CommitOutcome{CommitOutcome::Kind::BadRows, {}, {{0, "a"}, {3, "b"}, {4, "c"}}, {}});
        QVERIFY(bench.batch.commit(bench.session, bench.known));
        QCOMPARE(countsOf(bench.lane), QStringLiteral("5 2 0 0 0 3 0 0"));
        QCOMPARE(joined(bench.account.fates),
                 QStringLiteral("0/0 dead-lettered | 0/3 dead-lettered | 0/4 dead-lettered | 0/1 stored | 0/2 stored"));
    }

    void badRowsThatAreNoneAreAViolation() {
        HandBench bench;
        bench.accept(0, 100, 0);
        bench.answer(CommitOutcome{CommitOutcome::Kind::BadRows, {}, {{1, "a"}}, {}});
        QVERIFY(!bench.batch.commit(bench.session, bench.known));
        QVERIFY(bench.batch.violation());
    }

    void aFencedBatchIsAbandoned() {
        HandBench bench;
        bench.accept(0, 100, 0);
        ++bench.store.epoch; // somebody else has taken over
        const auto done = bench.batch.commit(bench.session, bench.known);
        QVERIFY(done && done->fenced);
        QVERIFY(bench.batch.empty());
        QCOMPARE(bench.assigned.all().front().read, core::Offset{100});
        QCOMPARE(joined(bench.notes), QStringLiteral("fault: the position has moved | warning: A batch of 1 messages "
                                                     "was given up: another consumer owns its partitions"));
    }

    void finishingEndsWithAnErrorThatNoRetryFixes() {
        HandBench bench;
        bench.accept(0, 100, 0);
        bench.answer(core::fatal("column \"level\" does not exist"));
        const auto done = bench.batch.finish(bench.session, bench.known, fakes::seconds(60));
        QVERIFY(!done);
        QCOMPARE(done.error().kind, core::ErrorKind::Fatal);
        QVERIFY(bench.batch.empty());
        QCOMPARE(bench.store.limits, (std::vector<core::Nanoseconds>{fakes::seconds(60)}));
        QVERIFY(!bench.batch.violation());
    }

    void anAnswerThatDoesNotAddUpIsAViolation() {
        HandBench bench;
        bench.accept(0, 100, 0);
        bench.answer(core::CommitOutcome{core::CommitOutcome::Kind::Committed, {1}, {}, {}});
        const auto done = bench.batch.commit(bench.session, bench.known);
        QVERIFY(!done);
        QCOMPARE(bench.batch.violation().value_or(""),
                 std::string("The store reported 1 rows as known that are not 1 rows of the batch: polled no longer "
                             "equals stored + duplicate + dead-lettered"));
    }
};

TEST_CLASS(TestBatchInHand)
#include "tst_batch_in_hand.moc"
