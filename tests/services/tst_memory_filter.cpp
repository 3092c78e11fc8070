// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/dedupe/memory_filter.h"
#include "tests/test_class.h"

#include <QtTest>
#include <random>
#include <thread>

using namespace std::chrono_literals;

/// The duplicate filter of an embedded run.
class MemoryFilterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_now = core::Instant(1h); }

    void knowsWhatItWasToldOnly() {
        services::MemoryFilter filter = filterOf(1h);
        const auto worker = filter.handle();
        worker->remember(ids(0, 100));
        QCOMPARE(known(*worker, ids(90, 20)),
                 (std::vector<std::uint8_t>{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
    }

    void workersShareTheirKnowledge() {
        services::MemoryFilter filter = filterOf(1h);
        filter.handle()->remember(ids(0, 10));
        QCOMPARE(count(*filter.handle(), ids(0, 10)), 10);
    }

    void forgetsAfterTheTimeToLive() {
        services::MemoryFilter filter = filterOf(10s);
        const auto worker = filter.handle();
        worker->remember(ids(0, 5'000)); // a full chunk and a part of one
        m_now += 9s;
        QCOMPARE(count(*worker, ids(0, 5'000)), 5'000);
        m_now += 2s;
        QCOMPARE(count(*worker, ids(0, 5'000)), 0);
    }

    void idsOfAnyOrderAndGapsAreKept() {
        services::MemoryFilter filter = filterOf(1h);
        const auto worker = filter.handle();
        auto some = ids(0, 20'000);
        std::erase_if(some, [n = 0](const core::EventId&) mutable { return n++ % 3 == 0; });
        std::ranges::shuffle(some, std::mt19937(1));
        worker->remember(some);
        QCOMPARE(count(*worker, some), static_cast<int>(some.size()));
        QCOMPARE(count(*worker, ids(0, 20'000)), static_cast<int>(some.size()));
    }

    void sameLastBitsOfAnotherKindAreAnotherId_data() {
        QTest::addColumn<QString>("other");
        QTest::newRow("another time") << QStringLiteral("01a31000-0000-7000-8000-000000000007");
        QTest::newRow("another version") << QStringLiteral("00000000-0000-4000-8000-000000000007");
        QTest::newRow("another run tag") << QStringLiteral("00000036-ee80-7000-8001-000000000007");
    }
    void sameLastBitsOfAnotherKindAreAnotherId() {
        QFETCH(QString, other);
        services::MemoryFilter filter = filterOf(1h);
        const auto worker = filter.handle();
        worker->remember(ids(0, 4'096)); // a full chunk
        const std::vector<core::EventId> foreign{*core::EventId::parse(other.toStdString())};
        QCOMPARE(count(*worker, foreign), 0);
        worker->remember(foreign);
        QCOMPARE(count(*worker, foreign), 1);
    }

    void twelveMillionIdsInOrderCostLittleMemory() {
        services::MemoryFilter filter = filterOf(1h);
        const auto worker = filter.handle();
        for (std::uint64_t i = 0; i < 2'400; ++i) {
            worker->remember(ids(i * 5'000, 5'000));
        }
        QCOMPARE(count(*worker, ids(11'999'000, 2'000)), 1'000);
        QVERIFY2(filter.bytes() < 500'000, std::to_string(filter.bytes()).c_str());
    }

    void randomIdsAreBounded() {
        services::MemoryFilter filter = filterOf(1h);
        const auto worker = filter.handle();
        const auto early = random(1'000, 1);
        worker->remember(early);
        const auto late = random(1'100'000, 2);
        worker->remember(late);
        QCOMPARE(count(*worker, early), 0); // the oldest have gone first
        QCOMPARE(count(*worker, {late.end() - 1'000, late.end()}), 1'000);
        QVERIFY2(filter.bytes() < 200'000'000, std::to_string(filter.bytes()).c_str());
    }

    void workersMayAskAtTheSameTime() {
        services::MemoryFilter filter(1h);
        std::vector<std::jthread> threads;
        std::atomic<int> wrong = 0;
        for (std::uint64_t number = 0; number < 4; ++number) {
            threads.emplace_back([&, number] {
                const auto worker = filter.handle();
                for (std::uint64_t batch = 0; batch < 50; ++batch) {
                    const auto mine = ids((batch * 4 + number) * 500, 500);
                    wrong += count(*worker, mine);
                    worker->remember(mine);
                    wrong += 500 - count(*worker, mine);
                }
            });
        }
        threads.clear();
        QCOMPARE(wrong.load(), 0);
    }

    void workersThatMeetTheSameIdsInOppositeOrderDoNotWaitForEachOther() {
        services::MemoryFilter filter(1h);
        const std::vector<core::EventId> forth = random(64, 7);
        const std::vector<core::EventId> back(forth.rbegin(), forth.rend());
        std::vector<std::jthread> threads;
        for (const auto* order : {&forth, &back, &forth, &back}) {
            threads.emplace_back([&filter, order] {
                const auto worker = filter.handle();
                std::vector<std::uint8_t> known;
                for (int round = 0; round < 5'000; ++round) {
                    worker->remember(*order);
                    worker->lookUp(*order, known);
                }
            });
        }
        threads.clear(); // hangs, and the test runs out of time, if a worker holds one lock while it takes another
        QCOMPARE(count(*filter.handle(), forth), 64);
    }

private:
    services::MemoryFilter filterOf(core::Nanoseconds ttl) {
        return services::MemoryFilter(ttl, [this] { return m_now; });
    }
    static std::vector<core::EventId> ids(std::uint64_t first, std::uint64_t count) {
        std::vector<core::EventId> made;
        for (std::uint64_t i = first; i < first + count; ++i) {
            made.push_back(core::EventId::compose(
                {.due = core::WallTime(1h + i * 10us), .runTag = 0, .stream = 0, .sequence = i}));
        }
        return made;
    }
    static std::vector<core::EventId> random(std::size_t count, unsigned seed) {
        std::mt19937_64 generator(seed);
        std::vector<core::EventId> made(count);
        for (core::EventId& id : made) {
            for (std::uint8_t& byte : id.bytes) {
                byte = static_cast<std::uint8_t>(generator());
            }
            id.bytes[6] = static_cast<std::uint8_t>(0x40U | (id.bytes[6] & 0x0FU));
        }
        return made;
    }
    static std::vector<std::uint8_t> known(core::DuplicateFilter& filter, const std::vector<core::EventId>& some) {
        std::vector<std::uint8_t> answer;
        if (filter.lookUp(some, answer) != 0) {
            qFatal("a filter in memory is always there");
        }
        return answer;
    }
    static int count(core::DuplicateFilter& filter, const std::vector<core::EventId>& some) {
        return static_cast<int>(std::ranges::count(known(filter, some), 1));
    }

    core::Instant m_now;
};

TEST_CLASS(MemoryFilterTest)
#include "tst_memory_filter.moc"
