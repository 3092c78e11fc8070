#include "drill.h"
#include "own_server.h"

#include <thread>

using namespace std::chrono_literals;
using faults::Drill;

/// T6 of the fault table: PostgreSQL is killed under load and comes back.
class TestStoreOutage : public QObject {
    Q_OBJECT

private:
    static constexpr double kRate = 3'000;

    /// Rows a second from the first new row until most of the backlog is stored.
    static double catchUpRate(const Drill& drill, qint64 backlogEnd) {
        const qint64 before = drill.position();
        if (!faults::waitUntil([&] { return drill.position() > before; }))
            return 0;
        const auto start = std::chrono::steady_clock::now();
        const qint64 first = drill.position();
        if (!faults::waitUntil([&] { return drill.position() >= backlogEnd; }))
            return 0;
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        return static_cast<double>(backlogEnd - first) / took.count();
    }

private Q_SLOTS:
    void holdsItsBatchesUntilPostgresIsBack() {
        const auto outage = qEnvironmentVariableIsSet("MILLRACE_ALL") ? 20s : 4s;
        const auto server = faults::OwnServer::start(QStringLiteral("postgres"));
        if (!server)
            return;
        const auto drill = Drill::create(server->url());
        if (!drill)
            return;
        const auto one = drill->startConsumer(QStringLiteral("one"));
        const auto other = drill->startConsumer(QStringLiteral("other"));
        drill->startLoad(kRate);
        QVERIFY(faults::waitUntil([&] {
            return drill->polledBy(QStringLiteral("one")) > 2'000 && drill->polledBy(QStringLiteral("other")) > 2'000;
        }));

        QVERIFY(server->signal(QStringLiteral("QUIT")));
        std::this_thread::sleep_for(outage); // the length of the fault
        const qint64 backlogEnd = drill->logEnd();
        QVERIFY(server->up());
        const double rate = catchUpRate(*drill, backlogEnd);

        drill->finishLoad();
        QVERIFY2(drill->waitUntilDrained(), qPrintable(drill->lines()));
        QVERIFY2(faults::stop(*one), qPrintable(drill->lines()));
        QVERIFY2(faults::stop(*other), qPrintable(drill->lines()));
        QCOMPARE(drill->judge().text(), faults::Judgement().text());
        QVERIFY2(rate >= 2 * kRate, qPrintable(QStringLiteral("caught up at %1/s").arg(rate)));
        QVERIFY2(!drill->lines().contains(QStringLiteral("lost")), qPrintable(drill->lines())); // not evicted
        QVERIFY2(drill->lines().contains(QStringLiteral("recovery: ")), qPrintable(drill->lines()));
    }
};

QTEST_GUILESS_MAIN(TestStoreOutage)
#include "tst_store_outage.moc"
