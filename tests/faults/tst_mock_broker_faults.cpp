// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill.h"
#include "services/kafka/embedded_broker.h"
#include "tests/test_class.h"

#include <random>
#include <thread>

using namespace std::chrono_literals;
using faults::Drill;
using faults::Judgement;
using services::EmbeddedBroker;
using Clock = std::chrono::steady_clock;

/// What a broker can answer and a real one cannot be made to: T13 (its errors), T14 and T15 of the fault table. The
/// consumers, PostgreSQL and Redis are real, and so is the judgement in SQL.
class TestMockBrokerFaults : public QObject {
    Q_OBJECT

private:
    struct Way {
        std::unique_ptr<EmbeddedBroker> broker;
        std::unique_ptr<Drill> drill;
        std::unique_ptr<QProcess> consumer;
    };

    /// A load of 1,000/s that is being stored.
    static Way underLoad(std::map<std::string, std::string> client = {}) {
        Way way;
        const QString topic = QStringLiteral("mock_%1").arg(std::random_device()());
        auto broker = EmbeddedBroker::create(4, {topic.toStdString()});
        if (!broker) {
            QTest::qFail(broker.error().message.c_str(), __FILE__, __LINE__);
            return way;
        }
        way.broker = std::move(*broker);
        way.drill = Drill::createOnMock(way.broker->bootstrap(), topic);
        if (!way.drill) {
            return way;
        }
        // The mock's later joins take the session time-out less a second.
        way.consumer = way.drill->startConsumer(QStringLiteral("consumer"), {.sessionTimeoutMs = 6'000});
        way.drill->startLoad(1'000, 1, std::move(client));
        const bool stored = faults::waitUntil([&] { return way.drill->stored() > 1'000; }, 30s);
        if (!stored) {
            QTest::qFail(qPrintable(way.drill->lines()), __FILE__, __LINE__);
        }
        return way;
    }

    static void drain(Way& way) {
        way.drill->finishLoad();
        QCOMPARE(QString::fromStdString(way.drill->load().failure()), QString());
        QVERIFY2(way.drill->waitUntilDrained(), qPrintable(way.drill->lines()));
        QVERIFY2(faults::stop(*way.consumer), qPrintable(way.drill->lines()));
    }

private Q_SLOTS:
    void retriableErrors() { // T13
        const auto start = Clock::now();
        Way way = underLoad();
        using Fault = EmbeddedBroker::Fault;
        using Request = EmbeddedBroker::Request;
        const std::vector<std::pair<Request, Fault>> kinds{
            {Request::Produce, Fault::Disconnect},
            {Request::Produce, Fault::NotLeader},
            {Request::Produce, Fault::RequestTimedOut},
            {Request::Produce, Fault::NotEnoughReplicas},
            {Request::Produce, Fault::NotEnoughReplicasAfterAppend},
            {Request::Fetch, Fault::Disconnect},
            {Request::Fetch, Fault::NotLeader},
            {Request::Metadata, Fault::Disconnect},
            {Request::Heartbeat, Fault::Disconnect},
            {Request::OffsetCommit, Fault::RequestTimedOut},
        };
        for (const auto& [request, fault] : kinds) {
            if (QTest::currentTestFailed()) {
                return;
            }
            const std::uint64_t acked = way.drill->load().ackedSoFar();
            way.broker->fail(request, fault, 3);
            QVERIFY2(faults::waitUntil([&] { return way.drill->load().ackedSoFar() > acked + 500; }),
                     qPrintable(way.drill->lines()));
        }
        drain(way);
        if (QTest::currentTestFailed()) {
            return;
        }
        Judgement found = way.drill->judge();
        faults::report("T13", QStringLiteral("%1 kinds of errors of the broker, 3 times each").arg(kinds.size()), found,
                       start);
        QCOMPARE(way.drill->load().failed(), std::uint64_t{0}); // nothing was given up
        found.duplicates = 0;                                   // the mock writes what it answers with an error
        QCOMPARE(found.text(), Judgement().text());
    }

    void duplicatesOfTheBroker() { // T14
        const auto start = Clock::now();
        Way way = underLoad({{"socket.timeout.ms", "500"}});
        for (int times = 0; times < 3 && !QTest::currentTestFailed(); ++times) {
            const std::uint64_t acked = way.drill->load().ackedSoFar();
            way.broker->delay(EmbeddedBroker::Request::Produce, 1'500ms, 1);
            QVERIFY2(faults::waitUntil([&] { return way.drill->load().ackedSoFar() > acked + 1'500; }),
                     qPrintable(way.drill->lines()));
        }
        drain(way);
        if (QTest::currentTestFailed()) {
            return;
        }
        Judgement found = way.drill->judge();
        faults::report("T14", QStringLiteral("3 answers later than the socket time-out"), found, start);
        QVERIFY(found.duplicates > 0); // the log does hold events twice
        found.duplicates = 0;
        QCOMPARE(found.text(), Judgement().text());
    }

    void fatalErrorOfTheProducer() { // T15
        const auto start = Clock::now();
        Way way = underLoad();
        const auto& load = way.drill->load();
        const auto injected = Clock::now();
        way.broker->fail(EmbeddedBroker::Request::Produce, EmbeddedBroker::Fault::OutOfOrderSequence, 1);
        QVERIFY(faults::waitUntil([&] { return load.replacements() == 1; }, 2s));
        const std::uint64_t acked = load.ackedSoFar();
        QVERIFY(faults::waitUntil([&] { return load.ackedSoFar() > acked; }, 2s));
        const std::chrono::duration<double> pause = Clock::now() - injected;
        QVERIFY2(pause < 2s, qPrintable(QString::number(pause.count())));
        drain(way);
        if (QTest::currentTestFailed()) {
            return;
        }
        Judgement found = way.drill->judge();
        faults::report("T15", QStringLiteral("a fatal error of the producer, a new one after %1 s").arg(pause.count()),
                       found, start);
        found.duplicates = 0; // what was in doubt may be in the log
        QCOMPARE(found.text(), Judgement().text());
    }
};

TEST_CLASS(TestMockBrokerFaults)
#include "tst_mock_broker_faults.moc"
