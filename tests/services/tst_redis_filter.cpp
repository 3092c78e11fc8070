// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/dedupe/redis_filter.h"
#include "tests/services/redis_fixture.h"
#include "tests/test_class.h"

#include <QtTest>

using namespace std::chrono_literals;

/// The duplicate filter in a real Redis (contract.md, D1, D2, D11, D12).
class RedisFilterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        qunsetenv("MILLRACE_REDIS_PASSWORD");
        m_redis = RedisFixture::create();
    }
    void cleanup() { m_redis.reset(); }

    void knowsWhatItWasToldOnly() {
        services::RedisFilter filter(options());
        filter.remember(ids(0, 2'500)); // more than one command's keys
        const auto [known, bypassed] = lookUp(filter, ids(2'400, 200));
        QCOMPARE(bypassed, std::uint64_t{0});
        QCOMPARE(std::ranges::count(known, 1), 100);
        QCOMPARE(std::count(known.begin(), known.begin() + 100, 1), 100);
    }

    void keysCarryPrefixTagAndTimeToLive() {
        services::RedisFilter filter(options());
        filter.remember(ids(7, 1));
        const std::string key = "log:" + ids(7, 1)[0].text();
        QCOMPARE(m_redis->ask({"GET", key}), std::string("tag-of-this-store"));
        QCOMPARE(m_redis->ask({"EVAL",
                               "local t = redis.call('TTL', KEYS[1]); return t > 3590 and t <= 3600 and 'yes' or 'no'",
                               "1", key}),
                 std::string("yes"));
    }

    void aKeyOfAnotherStoreIsNoHit() {
        services::RedisOptions others = options();
        others.storeTag = "tag-of-another-store";
        services::RedisFilter(others).remember(ids(0, 10));
        services::RedisFilter filter(options());
        const auto [known, bypassed] = lookUp(filter, ids(0, 10));
        QCOMPARE(bypassed, std::uint64_t{0});
        QCOMPARE(std::ranges::count(known, 1), 0);
    }

    void otherKeysOfTheSameNameAreNoHit() {
        m_redis->ask({"LPUSH", "log:" + ids(0, 1)[0].text(), "x"}); // MGET answers nil for a list
        services::RedisFilter filter(options());
        const auto [known, bypassed] = lookUp(filter, ids(0, 1));
        QCOMPARE(bypassed, std::uint64_t{0});
        QCOMPARE(known[0], std::uint8_t{0});
    }

    void goesOnWithoutRedisAndComesBack_data() {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("killed") << QStringLiteral("kill") << QStringLiteral("");
        QTest::newRow("stopped") << QStringLiteral("stop") << QStringLiteral("too slow");
        QTest::newRow("full") << QStringLiteral("full") << QStringLiteral("raise maxmemory");
        QTest::newRow("read-only") << QStringLiteral("replica") << QStringLiteral("give the address of the master");
    }
    void goesOnWithoutRedisAndComesBack() {
        QFETCH(QString, fault);
        QFETCH(QString, sentence);
        services::RedisFilter filter(options());
        filter.remember(ids(0, 100));
        QCOMPARE(filter.popNotice(), std::nullopt);
        begin(fault);
        std::uint64_t bypassed = 0;
        for (std::uint64_t i = 0; i < 20; ++i) { // each at least an attempt or a bypass
            const auto start = std::chrono::steady_clock::now();
            bypassed += lookUp(filter, ids(0, 100)).second;
            filter.remember(ids(1'000 + i * 100, 100));
            QVERIFY2(std::chrono::steady_clock::now() - start < 600ms, "the filter holds the consumer up");
        }
        QVERIFY(bypassed >= 1'000);
        const auto opened = filter.popNotice();
        QVERIFY(opened);
        QVERIFY2(opened->starts_with("going on without the duplicate filter: Redis"), opened->c_str());
        QVERIFY2(QString::fromStdString(*opened).contains(sentence), opened->c_str());
        QCOMPARE(filter.popNotice(), std::nullopt); // once
        end(fault);
        QTRY_VERIFY_WITH_TIMEOUT(worksAgain(filter), 15'000);
        QCOMPARE(filter.popNotice(), std::optional<std::string>("the duplicate filter is back"));
    }

    void aConnectionThatEndedWhileIdleIsNoOutage() {
        services::RedisFilter filter(options());
        filter.remember(ids(0, 10));
        m_redis->ask({"CLIENT", "KILL", "TYPE", "normal"}); // as 'timeout' of its configuration does
        const auto [known, bypassed] = lookUp(filter, ids(0, 10));
        QCOMPARE(bypassed, std::uint64_t{0});
        QCOMPARE(std::ranges::count(known, 1), 10);
        m_redis->ask({"CLIENT", "KILL", "TYPE", "normal"});
        filter.remember(ids(10, 10));
        QCOMPARE(std::ranges::count(lookUp(filter, ids(10, 10)).first, 1), 10);
        QCOMPARE(filter.popNotice(), std::nullopt);
    }

    void aWrongPasswordIsSaidWithoutIt() {
        m_redis->ask({"CONFIG", "SET", "requirepass", "marker-right"});
        services::RedisOptions wrong = options();
        wrong.address = wrong.address.withPassword(core::Secret("marker-wrong"));
        services::RedisFilter filter(wrong);
        QCOMPARE(lookUp(filter, ids(0, 10)).second, std::uint64_t{10});
        const auto notice = filter.popNotice();
        QVERIFY(notice);
        QVERIFY2(notice->find("WRONGPASS") != std::string::npos, notice->c_str());
        QVERIFY2(notice->find("marker") == std::string::npos, notice->c_str());
        QCOMPARE(services::probeRedis(wrong).error().kind, core::ErrorKind::Refused);
        QVERIFY(services::probeRedis(options()).error().message.find("MILLRACE_REDIS_PASSWORD") != std::string::npos);

        qputenv("MILLRACE_REDIS_PASSWORD", "marker-right");
        services::RedisFilter right(options());
        QCOMPARE(lookUp(right, ids(0, 10)).second, std::uint64_t{0});
    }

    void databasesAreKeptApart() {
        services::RedisOptions second = options();
        second.address = *core::RedisAddress::create(m_redis->url() + "/2");
        services::RedisFilter inSecond(second);
        inSecond.remember(ids(0, 10));
        services::RedisFilter inFirst(options());
        QCOMPARE(std::ranges::count(lookUp(inFirst, ids(0, 10)).first, 1), 0);
        QCOMPARE(std::ranges::count(lookUp(inSecond, ids(0, 10)).first, 1), 10);
    }

    void tooLittleMemoryIsSaidBeforeTheLoad() {
        m_redis->ask({"CONFIG", "SET", "maxmemory", "1073741824"});
        QCOMPARE(services::redisMemoryWarning(options(), core::Rate{1'000}), std::nullopt); // 426 MiB
        QCOMPARE(services::redisMemoryWarning(options(), core::Rate{10'000}),
                 std::optional<std::string>(
                     "the duplicate filter needs about 4.2 GiB for 10000 events/s kept for 3600 s, but "
                     "Redis may use no more than 1.0 GiB: raise maxmemory or shorten dedupe.ttl"));
    }

    void theDoctorSeesWhatMatters() {
        services::RedisFilter filter(options());
        filter.remember(ids(0, 12));
        const auto probe = services::probeRedis(options());
        QVERIFY2(probe, probe ? "" : probe.error().message.c_str());
        const QString said = QString::fromStdString(probe->sentence);
        QVERIFY2(said.startsWith(QStringLiteral("Redis at 127.0.0.1:")), qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral("12 keys, maxmemory unlimited")), qPrintable(said));
        QVERIFY(probe->warnings.empty());
        m_redis->ask({"REPLICAOF", "127.0.0.1", "1"});
        const auto replica = services::probeRedis(options());
        QVERIFY(!replica);
        QVERIFY2(replica.error().message.find("it is a replica and takes no keys") != std::string::npos,
                 replica.error().message.c_str());
        m_redis->kill();
        const auto gone = services::probeRedis(options());
        QVERIFY(!gone);
        QCOMPARE(gone.error().kind, core::ErrorKind::Transient);
    }

    void aPasswordOfEverySignLogsIn() {
        m_redis->ask({"CONFIG", "SET", "requirepass", "ab/cd+ef=#?@%:"});
        services::RedisOptions right = options();
        right.address = *core::RedisAddress::create("redis://:ab%2Fcd+ef=%23%3F%40%25:@" + m_redis->url().substr(8));
        services::RedisFilter filter(right);
        QCOMPARE(lookUp(filter, ids(0, 10)).second, std::uint64_t{0});
    }

    void theBreakerWaitsLongerEachTime() {
        using Operation = services::CircuitBreaker::Operation;
        services::CircuitBreaker breaker;
        core::Instant now(1h);
        for (const auto pause : {1s, 2s, 4s, 8s, 10s, 10s}) {
            QVERIFY(breaker.allows(now));
            breaker.failed(Operation::Read, now, "Redis is gone");
            QVERIFY(!breaker.allows(now + pause - 1ms));
            now += pause;
        }
        QVERIFY(breaker.allows(now));
        breaker.succeeded(Operation::Read);
        QVERIFY(!breaker.open());
        breaker.failed(Operation::Write, now, "Redis is full");
        breaker.succeeded(Operation::Read); // reading alone does not show that it takes keys again
        QVERIFY(breaker.open());
        breaker.succeeded(Operation::Write);
        QVERIFY(!breaker.open());
    }

private:
    services::RedisOptions options() const {
        return {.address = *core::RedisAddress::create(m_redis->url()), .storeTag = "tag-of-this-store"};
    }
    static std::vector<core::EventId> ids(std::uint64_t first, std::uint64_t count) {
        std::vector<core::EventId> made;
        for (std::uint64_t i = first; i < first + count; ++i) {
            made.push_back(
                core::EventId::compose({.due = core::WallTime(1h), .runTag = 5, .stream = 0, .sequence = i}));
        }
        return made;
    }
    static std::pair<std::vector<std::uint8_t>, std::uint64_t> lookUp(core::DuplicateFilter& filter,
                                                                      const std::vector<core::EventId>& some) {
        std::vector<std::uint8_t> known;
        const std::uint64_t bypassed = filter.lookUp(some, known);
        return {known, bypassed};
    }
    static bool worksAgain(services::RedisFilter& filter) {
        filter.remember(ids(500'000, 10));
        return std::ranges::count(lookUp(filter, ids(500'000, 10)).first, 1) == 10;
    }
    void begin(const QString& fault) {
        if (fault == QStringLiteral("kill")) {
            m_redis->kill();
        } else if (fault == QStringLiteral("stop")) {
            m_redis->signal(SIGSTOP);
        } else if (fault == QStringLiteral("full")) {
            m_redis->ask({"CONFIG", "SET", "maxmemory", "100kb"});
        } else {
            m_redis->ask({"REPLICAOF", "127.0.0.1", "1"});
        }
    }
    void end(const QString& fault) {
        if (fault == QStringLiteral("kill")) {
            QVERIFY(m_redis->start());
        } else if (fault == QStringLiteral("stop")) {
            m_redis->signal(SIGCONT);
        } else if (fault == QStringLiteral("full")) {
            m_redis->ask({"CONFIG", "SET", "maxmemory", "0"});
        } else {
            m_redis->ask({"REPLICAOF", "NO", "ONE"});
        }
    }

    std::unique_ptr<RedisFixture> m_redis;
};

TEST_CLASS(RedisFilterTest)
#include "tst_redis_filter.moc"
