// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill.h"
#include "own_server.h"
#include "tests/test_class.h"

#include <thread>

using namespace std::chrono_literals;
using faults::Drill;
using faults::OwnServer;

/// T11 of the fault table: Redis fails in every way under load. It is only a filter: the consumers go on without it.
class TestFilterOutage : public QObject {
    Q_OBJECT

private:
    static constexpr double kRate = 3'000;

    struct Fault {
        const char* name;
        std::function<bool(OwnServer&)> begin;
        std::function<bool(OwnServer&)> end;
        bool opensBreaker = true;
        std::function<bool(OwnServer&)> again = nullptr; ///< as long as the fault lasts
    };
    static std::function<bool(OwnServer&)> command(const QStringList& words) {
        return [words](OwnServer& redis) { return redis.redisCli(words); };
    }
    static std::function<bool(OwnServer&)> signal(const char* name) {
        return [name](OwnServer& redis) { return redis.signal(QString::fromLatin1(name)); };
    }
    static QStringList words(const char* text) { return QString::fromLatin1(text).split(u' '); }

    static std::vector<Fault> allFaults() {
        return {
            {"killed", signal("KILL"), [](OwnServer& redis) { return redis.up(); }},
            {"stopped", signal("STOP"), signal("CONT")},
            {"full", command(words("CONFIG SET maxmemory 1mb")), command(words("CONFIG SET maxmemory 0"))},
            {"a replica, read-only", command(words("REPLICAOF 127.0.0.1 1")), command(words("REPLICAOF NO ONE"))},
            {"another password",
             [](OwnServer& redis) {
                 // Connections that stand keep their trust, so they have to go.
                 return redis.redisCli(words("CONFIG SET requirepass other")) &&
                        redis.redisCli(words("-a other CLIENT KILL TYPE normal SKIPME yes"));
             },
             [](OwnServer& redis) {
                 return redis.redisCli({QStringLiteral("-a"), QStringLiteral("other"), QStringLiteral("CONFIG"),
                                        QStringLiteral("SET"), QStringLiteral("requirepass"), QString()});
             }},
            {"emptied", command(words("FLUSHALL")), command(words("PING")), false},
            // Each answer waits for up to 150 ms; whether the breaker opens is its own affair.
            {"slowed", command(words("PING")), command(words("CLIENT UNPAUSE")), false,
             command(words("CLIENT PAUSE 150"))},
        };
    }

    static qsizetype timesSaid(const Drill& drill, const char* sentence) {
        return drill.lines().count(QString::fromLatin1(sentence));
    }

private Q_SLOTS:
    void goesOnWithoutRedis() {
        const auto length = faults::inFull() ? 20s : 2s;
        const auto began = std::chrono::steady_clock::now();
        const auto redis = OwnServer::start(QStringLiteral("redis"));
        const auto drill = redis ? Drill::create() : nullptr;
        if (!drill) {
            return;
        }
        const auto one = drill->startConsumer(QStringLiteral("one"), {.dedupe = redis->url()});
        const auto other = drill->startConsumer(QStringLiteral("other"), {.dedupe = redis->url()});
        drill->startLoad(kRate);
        QVERIFY(faults::waitUntil([&] {
            return drill->polledBy(QStringLiteral("one")) > 1'000 && drill->polledBy(QStringLiteral("other")) > 1'000;
        }));
        for (const Fault& fault : allFaults()) {
            const auto opened = timesSaid(*drill, "going on without the duplicate filter");
            const auto closed = timesSaid(*drill, "the duplicate filter is back");
            const qint64 before = drill->position();
            QVERIFY2(fault.begin(*redis), fault.name);
            const auto start = std::chrono::steady_clock::now();
            while (fault.again && std::chrono::steady_clock::now() < start + length) {
                QVERIFY2(fault.again(*redis), fault.name);
            }
            std::this_thread::sleep_until(start + length);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
            const double rate = static_cast<double>(drill->position() - before) / took.count();
            QVERIFY2(fault.end(*redis), fault.name);
            QVERIFY2(rate >= 0.6 * kRate,
                     qPrintable(QStringLiteral("%1: %2/s").arg(QLatin1String(fault.name)).arg(rate)));
            if (!fault.opensBreaker) {
                continue;
            }
            QVERIFY2(faults::waitUntil(
                         [&] { return timesSaid(*drill, "going on without the duplicate filter") >= opened + 2; }),
                     qPrintable(QLatin1String(fault.name) + drill->lines()));
            QVERIFY2(faults::waitUntil([&] { return timesSaid(*drill, "the duplicate filter is back") >= closed + 2; }),
                     qPrintable(QLatin1String(fault.name) + drill->lines()));
        }
        drill->finishLoad();
        QVERIFY2(drill->waitUntilDrained(), qPrintable(drill->lines()));
        for (QProcess* const consumer : {one.get(), other.get()}) {
            QVERIFY2(faults::stop(*consumer), qPrintable(drill->lines()));
            const QList<QByteArray> figures = consumer->readAllStandardOutput().trimmed().split('\n').last().split(' ');
            QCOMPARE(figures.size(), 3); // polled, bypassed, abandoned
            QVERIFY(figures[1].toLongLong() > 0);
        }
        const faults::Judgement found = drill->judge();
        faults::report("T11",
                       QStringLiteral("Redis failed in %1 ways, %2 s each").arg(allFaults().size()).arg(length.count()),
                       found, began);
        QCOMPARE(found.text(), faults::Judgement().text());
    }
};

TEST_CLASS(TestFilterOutage)
#include "tst_filter_outage.moc"
