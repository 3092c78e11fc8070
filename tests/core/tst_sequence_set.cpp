// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/sequence_set.h"
#include "tests/test_class.h"

#include <QTest>
#include <algorithm>
#include <random>
#include <set>

using core::SequenceSet;

namespace {

using Intervals = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
using Members = std::set<std::uint64_t>;

constexpr auto kChunk = SequenceSet::kChunk;

SequenceSet of(const Intervals& intervals) {
    SequenceSet set;
    for (const auto& [from, until] : intervals) {
        set.insertRange(from, until);
    }
    return set;
}

/// Every `step`-th of the numbers below `until`, from `first` on.
SequenceSet every(std::uint64_t step, std::uint64_t first, std::uint64_t until) {
    SequenceSet set;
    for (auto sequence = first; sequence < until; sequence += step) {
        set.insert(sequence);
    }
    return set;
}

} // namespace

class TestSequenceSet : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aMemberIsNewOnce() {
        SequenceSet set;
        QVERIFY(!set.contains(5));
        QVERIFY(set.insert(5));
        QVERIFY(!set.insert(5));
        QVERIFY(set.contains(5) && !set.contains(4) && !set.contains(6));
        QCOMPARE(set.size(), 1U);
        QVERIFY(set.insert((1ULL << 36U) - 1));
        QCOMPARE(set.size(), 2U);
    }

    void intervalsAreMaximal_data() {
        QTest::addColumn<Intervals>("inserted");
        QTest::addColumn<Intervals>("expected");
        QTest::newRow("nothing") << Intervals{} << Intervals{};
        QTest::newRow("an empty range is nothing") << Intervals{{5, 5}} << Intervals{};
        QTest::newRow("neighbours are one") << Intervals{{5, 6}, {6, 7}} << Intervals{{5, 7}};
        QTest::newRow("a gap is filled") << Intervals{{0, 3}, {5, 9}, {2, 6}} << Intervals{{0, 9}};
        QTest::newRow("the end of a chunk is no end")
            << Intervals{{65'530, 65'536}, {65'536, 65'540}} << Intervals{{65'530, 65'540}};
        QTest::newRow("full chunks and parts are one") << Intervals{{10, 400'000}} << Intervals{{10, 400'000}};
        QTest::newRow("whole chunks with a whole chunk between")
            << Intervals{{0, 65'536}, {131'072, 196'608}} << Intervals{{0, 65'536}, {131'072, 196'608}};
        QTest::newRow("the chunk between joins them")
            << Intervals{{0, 65'536}, {131'072, 196'608}, {65'536, 131'072}} << Intervals{{0, 196'608}};
        QTest::newRow("a range over parts and full chunks")
            << Intervals{{65'540, 65'550}, {131'072, 196'608}, {5, 300'000}} << Intervals{{5, 300'000}};
        QTest::newRow("within a full chunk nothing is new")
            << Intervals{{0, 131'072}, {70'000, 70'001}} << Intervals{{0, 131'072}};
    }

    void intervalsAreMaximal() {
        QFETCH(Intervals, inserted);
        QFETCH(Intervals, expected);
        const auto set = of(inserted);
        QVERIFY(set.intervals() == expected);
        std::uint64_t size = 0;
        for (const auto& [from, until] : expected) {
            size += until - from;
        }
        QCOMPARE(set.size(), size);
    }

    void behavesAsASetOfNumbers_data() {
        QTest::addColumn<int>("inserts");
        QTest::addColumn<quint64>("span");
        QTest::addColumn<quint64>("longest");
        QTest::newRow("few members, far apart") << 300 << quint64{2'000'000} << quint64{1};
        QTest::newRow("a chunk of many members, kept as bits") << 40'000 << quint64{70'000} << quint64{1};
        QTest::newRow("stretches within chunks") << 2'000 << quint64{300'000} << quint64{200};
        QTest::newRow("stretches over several chunks") << 8 << quint64{1'000'000} << quint64{200'000};
        QTest::newRow("nearly full") << 200'000 << quint64{66'000} << quint64{1};
    }

    void behavesAsASetOfNumbers() {
        QFETCH(int, inserts);
        QFETCH(quint64, span);
        QFETCH(quint64, longest);
        std::mt19937_64 generator(static_cast<std::uint64_t>(inserts));
        SequenceSet sets[2];
        Members members[2];
        for (int i = 0; i < inserts; ++i) {
            const auto from = generator() % span;
            const auto until = from + 1 + generator() % longest;
            const auto which = generator() % 2;
            std::uint64_t added = 0;
            for (auto sequence = from; sequence < until; ++sequence) {
                added += members[which].insert(sequence).second ? 1 : 0;
            }
            const auto before = sets[which].size();
            sets[which].insertRange(from, until);
            QCOMPARE(sets[which].size() - before, added);
        }
        for (std::uint64_t sequence = 0; sequence < span; sequence += 1 + span / 5'000) {
            QCOMPARE(sets[0].contains(sequence), members[0].contains(sequence));
        }
        std::vector<std::uint64_t> expected;
        std::ranges::set_difference(members[0], members[1], std::back_inserter(expected));
        QCOMPARE(sets[0].sizeOfDifference(sets[1]), expected.size());
        QVERIFY(sets[0].difference(sets[1], expected.size() + 1) == expected);
        QCOMPARE(sets[0].sizeOfIntersection(sets[1]), members[0].size() - expected.size());
        auto sum = sets[0];
        sum.add(sets[1]);
        members[0].merge(members[1]);
        QCOMPARE(sum.size(), members[0].size());
        QCOMPARE(sum.sizeOfDifference(sets[0]) + sets[0].size(), sum.size());
        QVERIFY(of(sum.intervals()) == sum);
    }

    void differenceStopsAtItsLimit() {
        const auto set = of({{0, 1'000'000}});
        QVERIFY(set.difference(of({{3, 999'999}}), 2) == (std::vector<std::uint64_t>{0, 1}));
        QVERIFY(set.difference(of({{3, 999'999}}), 9) == (std::vector<std::uint64_t>{0, 1, 2, 999'999}));
        QVERIFY(set.difference(set, 9).empty());
        QVERIFY(set.difference({}, 0).empty());
    }

    void setsAreEqualByTheirMembers() {
        auto inOrder = of({{0, 100'000}});
        SequenceSet backwards;
        for (std::uint64_t sequence = 100'000; sequence > 0; --sequence) {
            backwards.insert(sequence - 1);
        }
        QVERIFY(inOrder == backwards);
        inOrder.insert(100'001);
        backwards.insert(100'002);
        QVERIFY(!(inOrder == backwards));
    }

    void aLongRunCostsWhatItsGapsCost() {
        QVERIFY(of({{0, 1ULL << 36U}}).memory() < 1'000);
        // 10 million in disorder, as three partitions deliver them, without a gap: nothing is left but the total.
        SequenceSet whole;
        SequenceSet gaps; // and one in a thousand missing
        for (std::uint64_t block = 0; block < 10'000'000; block += 10'000) {
            for (std::uint64_t partition = 0; partition < 3; ++partition) {
                for (auto sequence = block + partition; sequence < block + 10'000; sequence += 3) {
                    whole.insert(sequence);
                    if (sequence % 1'000 != 7) {
                        gaps.insert(sequence);
                    }
                }
            }
        }
        QCOMPARE(whole.size(), 10'000'000U);
        QVERIFY2(whole.memory() < 20'000, qPrintable(QString::number(whole.memory())));
        QCOMPARE(gaps.size(), 9'990'000U);
        QVERIFY2(gaps.memory() < 10'000 * 30, qPrintable(QString::number(gaps.memory())));
        QCOMPARE(whole.sizeOfDifference(gaps), 10'000U);
    }

    void fewMembersFarApartAreCheap() {
        const auto sparse = every(kChunk / 2, 0, kChunk * 1'000);
        QCOMPARE(sparse.size(), 2'000U);
        QVERIFY(sparse.memory() < 250'000);
    }
};

TEST_CLASS(TestSequenceSet)
#include "tst_sequence_set.moc"
