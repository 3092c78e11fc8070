// SPDX-License-Identifier: GPL-3.0-or-later
#include "consumer_bench.h"
#include "services/consumer/batch_in_hand.h"
#include "tests/test_class.h"

#include <QTest>

using Bench = ConsumerBench;

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
        bench.batch.abandon("its partitions were lost");
        QCOMPARE(bench.assigned.all().front().read, core::Offset{100});
        bench.accept(0, 100, 0);
        QVERIFY(bench.batch.commit(bench.session, bench.known));
        QCOMPARE(joined(bench.world.journal), QStringLiteral("look up 1 | commit 1 | look up 1 | commit 1 | count 1 | "
                                                             "remember 1 | stored 0@101"));
        QCOMPARE(joined(bench.notes),
                 QStringLiteral("warning: A batch of 1 messages was given up: its partitions were lost"));
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
        bench.answer(core::CommitOutcome{core::CommitOutcome::Kind::Committed, {1}, 0, {}});
        const auto done = bench.batch.commit(bench.session, bench.known);
        QVERIFY(!done);
        QCOMPARE(bench.batch.violation().value_or(""),
                 std::string("The store reported 1 rows as known that are not 1 rows of the batch: polled no longer "
                             "equals stored + duplicate + dead-lettered"));
    }
};

TEST_CLASS(TestBatchInHand)
#include "tst_batch_in_hand.moc"
