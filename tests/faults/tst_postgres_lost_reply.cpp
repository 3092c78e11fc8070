// SPDX-License-Identifier: GPL-3.0-or-later
#include "tcp_proxy.h"
#include "tests/services/commit_cutter.h"
#include "tests/services/postgres_fixture.h"
#include "tests/services/store_rows.h"
#include "tests/test_class.h"

#include <QUrl>
#include <QtTest>
#include <thread>

using namespace std::chrono_literals;
using namespace store_rows;
using Kind = core::CommitOutcome::Kind;
using Cut = CommitCutter::Cut;

/// Connections that are lost at COMMIT (contract.md, D9 and T7): the caller commits again where it is told to, and
/// every batch is stored once, with the right outcome.
class PostgresLostReplyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_server = PostgresFixture::create(); }
    void cleanup() { m_server.reset(); }

    void everyLostCommitIsResolved_data() {
        QTest::addColumn<Cut>("cut");
        QTest::newRow("the COMMIT never arrives: written again") << Cut::BeforeItArrives;
        QTest::newRow("the reply is lost: known to be committed") << Cut::AfterTheReply;
        QTest::newRow("the COMMIT is still under way: waited for") << Cut::WhileItTravels;
    }
    void everyLostCommitIsResolved() {
        QFETCH(Cut, cut);
        constexpr int kTimes = 50;
        CommitCutter proxy(serverPort());
        auto direct = services::openStore(m_server->options());
        QVERIFY(direct && (*direct)->prepare(kDue));
        auto store = openThrough(proxy);
        QVERIFY2(store, store ? "" : store.error().message.c_str());
        Writer writer(std::move(*(*store)->session("worker", {})));
        QVERIFY(writer.begin());
        for (std::uint64_t i = 0; i < kTimes; ++i) {
            proxy.arm(cut);
            // Ten rows, of which the batch before has brought three.
            const auto rows = rowsOf(i * 7, 10);
            auto outcome = writer.commit(rows);
            for (int again = 0; !outcome && again < 3; ++again) {
                QCOMPARE(outcome.error().kind, core::ErrorKind::Transient);
                outcome = writer.commit(rows);
            }
            QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
            QVERIFY2(outcome->kind == Kind::Committed, outcome->reason.c_str());
            QCOMPARE(outcome->alreadyStored,
                     i == 0 ? std::vector<std::uint32_t>{} : (std::vector<std::uint32_t>{0, 1, 2}));
        }
        QCOMPARE(proxy.cuts(), kTimes);
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events"), kTimes * 7 + 3);
        QCOMPARE(m_server->number("SELECT stored FROM run_counts"), kTimes * 7 + 3);
        QCOMPARE(m_server->number("SELECT duplicate_store FROM run_counts"), (kTimes - 1) * 3);
        QCOMPARE(m_server->number("SELECT next_offset FROM kafka_offsets"), kTimes * 10);
    }

    /// The rows would be looked at on the connection that has just gone.
    void aConnectionLostBehindARefusalIsMadeAgain_data() {
        QTest::addColumn<QString>("constraint");
        QTest::addColumn<int>("first");
        QTest::addColumn<Kind>("kind");
        QTest::newRow("of rows that are there already") << QString() << 7 << Kind::Committed;
        QTest::newRow("of rows that the table does not take")
            << QStringLiteral("ALTER TABLE log_events ADD CHECK (message = '') NOT VALID") << 20 << Kind::BadRows;
    }
    void aConnectionLostBehindARefusalIsMadeAgain() {
        QFETCH(QString, constraint);
        QFETCH(int, first);
        QFETCH(Kind, kind);
        CommitCutter proxy(serverPort());
        auto direct = services::openStore(m_server->options());
        QVERIFY(direct && (*direct)->prepare(kDue));
        auto store = openThrough(proxy);
        QVERIFY(store);
        Writer writer(std::move(*(*store)->session("worker", {})));
        QVERIFY(writer.begin());
        QVERIFY(writer.commit(rowsOf(0, 10)));
        if (!constraint.isEmpty()) {
            m_server->run(constraint.toStdString());
        }
        proxy.arm(Cut::BehindARefusal);
        const auto rows = rowsOf(static_cast<std::uint64_t>(first), 10);
        const auto lost = writer.commit(rows);
        QCOMPARE(proxy.cuts(), 1);
        QVERIFY(!lost);
        QCOMPARE(lost.error().kind, core::ErrorKind::Transient);
        const auto again = writer.commit(rows);
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QCOMPARE(again->kind, kind);
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events"), kind == Kind::Committed ? 17 : 10);
    }

    /// What a batch is asked before it is dropped: the session's own limit or stop has cut its COMMIT off.
    void aCommitThatWeCutOffIsLookedUp_data() {
        QTest::addColumn<bool>("stopped");
        QTest::addColumn<bool>("takenOver");
        QTest::addColumn<QString>("known");
        QTest::newRow("the server has committed") << false << false << QStringLiteral("committed");
        QTest::newRow("the same when a stop has cut it off") << true << false << QStringLiteral("committed");
        QTest::newRow("somebody else has taken over and stored the same") << false << true << QStringLiteral("unknown");
    }
    void aCommitThatWeCutOffIsLookedUp() {
        QFETCH(bool, stopped);
        QFETCH(bool, takenOver);
        CommitCutter proxy(serverPort());
        auto direct = services::openStore(m_server->options());
        QVERIFY(direct && (*direct)->prepare(kDue));
        auto store = openThrough(proxy);
        QVERIFY(store);
        std::stop_source stop;
        Writer writer(std::move(*(*store)->session("worker", stop.get_token())));
        QVERIFY(writer.begin());
        proxy.arm(Cut::ReplyHeld);
        const auto stopSoon = stopped ? std::jthread([&stop] {
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            stop.request_stop();
        })
                                      : std::jthread();
        const auto outcome = writer.commit(rowsOf(0, 10), {}, std::chrono::milliseconds(stopped ? 5'000 : 500));
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().kind, core::ErrorKind::Transient);
        if (takenOver) {
            Writer other(std::move(*(*direct)->session("other", {})));
            QVERIFY(other.begin());
        }
        const auto resolved = writer.session().resolve(std::chrono::seconds(5));
        const QString known = !resolved   ? QStringLiteral("unknown")
                              : *resolved ? QStringLiteral("committed")
                                          : QStringLiteral("not committed");
        QTEST(known, "known");
        QVERIFY(writer.session().resolve(std::chrono::seconds(1))); // nothing is in doubt any more
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events"), 10);
    }

    /// As when a router or a firewall forgets about it: nobody is told, and what is sent has no answer.
    void anIdleConnectionThatWasLostWithoutAWordIsReplaced() {
        faults::TcpProxy proxy(serverPort());
        auto store = openThrough(proxy);
        QVERIFY(store && (*store)->prepare(kDue));
        Writer writer(std::move(*(*store)->session("worker", {})));
        QVERIFY(writer.begin());
        QVERIFY(writer.commit(rowsOf(0, 10)));
        proxy.halfOpen();
        std::this_thread::sleep_for(2500ms); // idle for longer than an answer is taken for granted
        const auto begin = std::chrono::steady_clock::now();
        const auto counts = (*store)->runCounts("run");
        QVERIFY2(counts, counts ? "" : counts.error().message.c_str());
        QCOMPARE(counts->stored, 10U);
        const auto next = writer.commit(rowsOf(10, 10));
        QVERIFY2(next, next ? "" : next.error().message.c_str());
        QCOMPARE(m_server->number("SELECT count(*) FROM log_events"), 20);
        QVERIFY(std::chrono::steady_clock::now() - begin < 8s); // the store's time-out is 30 s
    }

private:
    std::uint16_t serverPort() const {
        return static_cast<std::uint16_t>(QUrl(QString::fromStdString(m_server->serverUrl())).port());
    }
    template <typename Proxy>
    core::Result<std::unique_ptr<core::Store>> openThrough(const Proxy& proxy) const {
        auto options = m_server->options();
        options.address = *services::readStoreAddress(
            m_server->urlIn("postgresql://millrace@127.0.0.1:" + std::to_string(proxy.port()) + "/millrace"));
        return services::openStore(options);
    }

    std::unique_ptr<PostgresFixture> m_server;
};

TEST_CLASS(PostgresLostReplyTest)
#include "tst_postgres_lost_reply.moc"
