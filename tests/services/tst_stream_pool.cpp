// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/producer/stream_pool.h"
#include "tests/test_class.h"

#include <QtTest>

using namespace std::chrono_literals;

namespace {

/// Acknowledges everything at once.
struct PoolPublisher final : core::Publisher {
    explicit PoolPublisher(core::DeliverySink& s) : sink(s) {}
    core::SendOutcome send(const core::OutgoingEvent& event) override {
        sink.delivered(event.token, core::Delivery::Acked, std::chrono::steady_clock::now());
        return core::SendOutcome::Accepted;
    }
    void waitForRoom(core::Instant) override {}
    void finish(core::Nanoseconds) override {}
    std::optional<std::string> popNotice() override { return std::nullopt; }

    core::DeliverySink& sink;
};

/// Two streams of an hour, at 300/s and 100/s, that have begun.
struct PoolBench {
    PoolBench() {
        scenario.streams.resize(2);
        scenario.streams[0].name = "a";
        scenario.streams[0].stages = {core::ConstantStage{1h, {300}}};
        scenario.streams[1].name = "b";
        scenario.streams[1].stages = {core::ConstantStage{1h, {100}}};
        const auto open = [](const core::Stream&, core::DeliverySink& sink) {
            return core::Result<std::unique_ptr<core::Publisher>>(std::make_unique<PoolPublisher>(sink));
        };
        const auto now = std::chrono::steady_clock::now();
        lanes.emplace(services::StreamPool::names(scenario), 0, std::vector<std::string>{});
        pool = std::move(*services::StreamPool::create(scenario, {std::chrono::system_clock::now(), now, "boot"}, 7, {},
                                                       open, *lanes, account));
        lanes->times().setOrigin(now);
        pool->start();
    }
    std::vector<double> targets() const {
        std::vector<double> rates;
        for (const core::Rate rate : pool->targets()) {
            rates.push_back(rate.perSecond);
        }
        return rates;
    }

    core::Scenario scenario;
    std::optional<core::RunLanes> lanes;
    services::RunAccount account{{64, 64, 64}};
    std::unique_ptr<services::StreamPool> pool;
};

using Rates = std::vector<double>;

} // namespace

class TestStreamPool : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRateForAllIsSharedInProportion() {
        const PoolBench bench;
        QTRY_COMPARE_WITH_TIMEOUT(bench.targets(), (Rates{300, 100, 0}), kPatienceMs);
        bench.pool->setRate("", {800}, {});
        QTRY_COMPARE_WITH_TIMEOUT(bench.targets(), (Rates{600, 200, 0}), kPatienceMs);
    }

    void aRateForOneLeavesTheOthersAndARestingStreamRests() {
        const PoolBench bench;
        QTRY_COMPARE_WITH_TIMEOUT(bench.targets(), (Rates{300, 100, 0}), kPatienceMs);
        bench.pool->setRate("b", {0}, {});
        QTRY_COMPARE_WITH_TIMEOUT(bench.targets(), (Rates{300, 0, 0}), kPatienceMs);
        bench.pool->setRate("", {50}, {});
        QTRY_COMPARE_WITH_TIMEOUT(bench.targets(), (Rates{50, 0, 0}), kPatienceMs);
    }

    void aBurstGoesBesideTheStreamsAndIsSeen() {
        const PoolBench bench;
        QVERIFY(!bench.pool->burstOn());
        bench.pool->startBurst({40}, 1h, {});
        QVERIFY(bench.pool->burstOn());
        QTRY_COMPARE_WITH_TIMEOUT(bench.targets(), (Rates{300, 100, 40}), kPatienceMs);
        QVERIFY(!bench.pool->idle());
        bench.pool->stop(true);
        QTRY_VERIFY_WITH_TIMEOUT(bench.pool->idle(), kPatienceMs);
        QVERIFY(!bench.pool->burstOn());
    }
};

TEST_CLASS(TestStreamPool)
#include "tst_stream_pool.moc"
