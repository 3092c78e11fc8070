// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill.h"
#include "own_server.h"
#include "tests/test_class.h"

#include <thread>

using namespace std::chrono_literals;
using faults::Drill;

/// T6 of the fault table: PostgreSQL is killed under load and comes back.
class TestStoreOutage : public QObject {
    Q_OBJECT

private:
    static constexpr int kRate = 1'500;

    /// Rows in the best second since `from`. The consumers' pauses between tries differ, so they do not catch up
    /// together.
    static qint64 catchUpRate(const Drill& drill, const QString& from) {
        return drill.sql().number(
            QStringLiteral(
                "SELECT coalesce(max(n), 0) FROM (SELECT count(*) OVER (ORDER BY processed_at RANGE BETWEEN "
                "'1 second' PRECEDING AND CURRENT ROW) AS n FROM log_events WHERE processed_at >= '%1') AS s")
                .arg(from));
    }

private Q_SLOTS:
    void holdsItsBatchesUntilPostgresIsBack() {
        const auto outage = faults::inFull() ? 20s : 4s;
        const auto start = std::chrono::steady_clock::now();
        const auto server = faults::OwnServer::start(QStringLiteral("postgres"));
        if (!server) {
            return;
        }
        const auto drill = Drill::create(server->url());
        if (!drill) {
            return;
        }
        const faults::ConsumerWish patient{.sessionTimeoutMs = 6'000}; // as in earnest: being evicted is a fault here
        const auto one = drill->startConsumer(QStringLiteral("one"), patient);
        const auto other = drill->startConsumer(QStringLiteral("other"), patient);
        drill->startLoad(kRate);
        QVERIFY(faults::waitUntil([&] {
            return drill->polledBy(QStringLiteral("one")) > 1'000 && drill->polledBy(QStringLiteral("other")) > 1'000;
        }));

        QVERIFY(server->signal(QStringLiteral("QUIT")));
        std::this_thread::sleep_for(outage); // the length of the fault
        const qint64 backlogEnd = drill->logEnd();
        QVERIFY(server->up());
        const QString back = drill->sql().ask(QStringLiteral("SELECT now()"));
        QVERIFY2(faults::waitUntil([&] { return drill->position() >= backlogEnd; }, 40s), qPrintable(drill->lines()));

        drill->finishLoad();
        QVERIFY2(drill->waitUntilDrained(), qPrintable(drill->lines()));
        QVERIFY2(faults::stop(*one), qPrintable(drill->lines()));
        QVERIFY2(faults::stop(*other), qPrintable(drill->lines()));
        const faults::Judgement found = drill->judge();
        const qint64 rate = catchUpRate(*drill, back);
        faults::report("T6",
                       QStringLiteral("PostgreSQL killed for %1 s at %2/s, caught up at %3/s")
                           .arg(outage.count())
                           .arg(kRate)
                           .arg(rate),
                       found, start);
        QCOMPARE(found.text(), faults::Judgement().text());
        QVERIFY2(rate >= 2 * kRate, qPrintable(QStringLiteral("caught up at %1/s").arg(rate)));
        QVERIFY2(!drill->lines().contains(QStringLiteral("A consumer lost")),
                 qPrintable(drill->lines())); // not evicted
        QVERIFY2(drill->lines().contains(QStringLiteral("recovery: ")), qPrintable(drill->lines()));
    }
};

TEST_CLASS(TestStoreOutage)
#include "tst_store_outage.moc"
