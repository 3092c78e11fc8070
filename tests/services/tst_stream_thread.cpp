// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/producer/stream_thread.h"
#include "tests/test_class.h"

#include <QtTest>
#include <deque>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

namespace {

core::Instant now() {
    return std::chrono::steady_clock::now();
}

/// Takes everything at once and says it is acked, or is full until it is opened.
class FakePublisher final : public core::Publisher {
public:
    explicit FakePublisher(core::DeliverySink& sink) : m_sink(sink) {}

    core::SendOutcome send(const core::OutgoingEvent& event) override {
        if (full) {
            return core::SendOutcome::Full;
        }
        if (refuse) {
            return core::SendOutcome::Refused;
        }
        payloads.emplace_back(event.payload);
        if (silent) {
            return core::SendOutcome::Accepted;
        }
        m_sink.delivered(event.token, core::Delivery::Acked, now());
        return core::SendOutcome::Accepted;
    }
    void waitForRoom(core::Instant until) override { std::this_thread::sleep_until(std::min(until, now() + 1ms)); }
    void finish(core::Nanoseconds) override {}
    std::optional<std::string> popNotice() override { return std::nullopt; }

    std::atomic<bool> full{false};
    bool refuse = false;
    bool silent = false; // no delivery ever comes
    std::vector<std::string> payloads;

private:
    core::DeliverySink& m_sink;
};

/// A stream at a constant rate with everything it needs.
struct Bench {
    explicit Bench(core::Rate rate, core::Nanoseconds duration, core::Nanoseconds deadline = 30s,
                   core::Tier tier = core::Tier::Normal)
        : lanes(),
          times({}),
          account({4096}),
          thread({0, tier, deadline, 1000, {}, {std::chrono::system_clock::now(), now(), "boot"}},
                 core::Plan(core::Schedule({core::ConstantStage{duration, rate}}, core::Arrival::Even, 1)),
                 core::EventGenerator({}, 1, 0, 7, nullptr), lanes, times, account),
          publisher(thread) {
        thread.attach(publisher);
        times.setOrigin(now());
        times.setMeasured(times.origin(), times.origin() + 1h);
    }
    void runUntilIdle() {
        std::jthread body([this](std::stop_token stop) { thread.run(stop); });
        while (!thread.idle()) {
            std::this_thread::yield();
        }
    }

    core::StreamLanes lanes;
    core::RunTimes times;
    services::RunAccount account;
    services::StreamThread thread;
    FakePublisher publisher;
};

} // namespace

class TestStreamThread : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyPlannedEventIsSentAndAcked() {
        Bench bench({2000}, 500ms);
        bench.runUntilIdle();
        QCOMPARE(bench.lanes.sending.planned.value(), 1000U);
        QCOMPARE(bench.lanes.sending.sent.value(), 1000U);
        QCOMPARE(bench.lanes.delivery.acked.value(), 1000U);
        QCOMPARE(bench.publisher.payloads.size(), 1000U);
        QCOMPARE(bench.account.acked(0), (std::vector<std::pair<std::uint64_t, std::uint64_t>>{{0, 1000}}));
    }

    void aServiceWhichMeasuresWithoutEndKnowsWhatItsPlansAskedFor() {
        Bench bench({1000}, 100ms);
        bench.times.measureAll();
        bench.runUntilIdle();
        QVERIFY(bench.thread.asked() > 0); // it is told every 20 ms
        QVERIFY(bench.thread.asked() <= 100);
        QCOMPARE(bench.lanes.sending.measuredPlanned.value(), 100U);
    }

    void whatCannotBeHandedOverBeforeItsDeadlineIsUnsent() {
        Bench bench({100}, 200ms, 50ms);
        bench.publisher.full = true;
        bench.runUntilIdle();
        QCOMPARE(bench.lanes.sending.planned.value(), 20U);
        QCOMPARE(bench.lanes.sending.unsent.value(), 20U);
        QCOMPARE(bench.lanes.sending.sent.value(), 0U);
    }

    void underPressureOnlyAnalyticsIsShed_data() {
        QTest::addColumn<core::Tier>("tier");
        QTest::addColumn<core::Nanoseconds>("deadline");
        QTest::addColumn<bool>("shed");
        QTest::newRow("analytics is shed after half a second")
            << core::Tier::Analytics << core::Nanoseconds(30s) << true;
        QTest::newRow("or at its deadline") << core::Tier::Analytics << core::Nanoseconds(400ms) << true;
        QTest::newRow("normal waits until its deadline") << core::Tier::Normal << core::Nanoseconds(1s) << false;
        QTest::newRow("critical too") << core::Tier::Critical << core::Nanoseconds(1s) << false;
    }
    void underPressureOnlyAnalyticsIsShed() {
        QFETCH(core::Tier, tier);
        QFETCH(core::Nanoseconds, deadline);
        QFETCH(bool, shed);
        Bench bench({1000}, 200ms, deadline, tier);
        bench.publisher.full = true;
        bench.runUntilIdle();
        const core::Nanoseconds took = now() - bench.times.origin();
        QCOMPARE(bench.lanes.sending.planned.value(), 200U);
        QCOMPARE(bench.lanes.sending.shed.value(), shed ? 200U : 0U);
        QCOMPARE(bench.lanes.sending.unsent.value(), shed ? 0U : 200U);
        QVERIFY(took >= 200ms + std::min(deadline, core::Nanoseconds(500ms)) - 1ms);
        // One half second for all of them, and not for each anew.
        QVERIFY2(took < 2s, qPrintable(QString::number(took / 1ms)));
    }

    void whatFindsRoomInTimeIsNotShed() {
        Bench bench({1000}, 300ms, 30s, core::Tier::Analytics);
        bench.publisher.full = true;
        std::jthread body([&](std::stop_token stop) { bench.thread.run(stop); });
        while (now() < bench.times.origin() + 250ms) {
            std::this_thread::yield();
        }
        bench.publisher.full = false;
        while (!bench.thread.idle()) {
            std::this_thread::yield();
        }
        QCOMPARE(bench.lanes.sending.sent.value(), 300U);
        QCOMPARE(bench.lanes.sending.shed.value(), 0U);
    }

    void aStreamIsBunchedByItsRateAndNotByTheTimeLeft_data() {
        QTest::addColumn<double>("rate");
        QTest::addColumn<int>("leftUs");
        QTest::addColumn<int>("wakeUs");
        QTest::newRow("a slow stream is woken when it is due, however soon") << 1'000.0 << 20 << 20;
        QTest::newRow("20,000/s is the fastest that is") << 20'000.0 << 20 << 20;
        QTest::newRow("a dense stream goes in bunches of 200 us") << 20'001.0 << 20 << 200;
        QTest::newRow("but not before a gap") << 100'000.0 << 300 << 300;
    }
    void aStreamIsBunchedByItsRateAndNotByTheTimeLeft() {
        QFETCH(double, rate);
        QFETCH(int, leftUs);
        QFETCH(int, wakeUs);
        const core::Instant at = now();
        const auto left = std::chrono::microseconds(leftUs);
        QCOMPARE((services::wakeFor(at + left, at, {rate}) - at) / 1us, static_cast<std::int64_t>(wakeUs));
    }

    void waitingForRoomIsSendDelayButNotTheGeneratorsFault() {
        Bench bench({1000}, 300ms);
        bench.publisher.full = true;
        std::jthread body([&](std::stop_token stop) { bench.thread.run(stop); });
        while (now() < bench.times.origin() + 250ms) {
            std::this_thread::yield();
        }
        bench.publisher.full = false;
        while (!bench.thread.idle()) {
            std::this_thread::yield();
        }
        core::LatencyHistogram delay;
        core::LatencyHistogram wake;
        bench.lanes.sending.sendDelay.addTo(delay);
        bench.lanes.sending.wakeDelay.addTo(wake);
        QCOMPARE(delay.count(), 300U);
        QVERIFY(*delay.max() >= 240'000);
        QVERIFY2(*wake.percentile(90) < 100'000, "the wait for room was blamed on the generator");
    }

    void aRefusedEventHasFailed() {
        Bench bench({1000}, 10ms);
        bench.publisher.refuse = true;
        bench.runUntilIdle();
        QCOMPARE(bench.lanes.sending.sent.value(), 10U);
        QCOMPARE(bench.lanes.sending.refused.value(), 10U);
    }

    void whatNeverGetsADeliveryIsInDoubt() {
        Bench bench({1000}, 10ms);
        bench.runUntilIdle();
        Bench mute({1000}, 20ms);
        mute.publisher.silent = true;
        mute.runUntilIdle();
        bench.thread.leaveInDoubt();
        mute.thread.leaveInDoubt();
        QCOMPARE(bench.lanes.delivery.inDoubt.value(), 0U);
        QCOMPARE(bench.lanes.delivery.acked.value(), 10U);
        QCOMPARE(mute.lanes.delivery.inDoubt.value(), 20U);
    }

    void aStopThatGivesUpAccountsForEveryDueEvent() {
        Bench bench({1000}, 10s);
        bench.publisher.full = true;
        std::jthread body([&](std::stop_token stop) { bench.thread.run(stop); });
        while (now() < bench.times.origin() + 100ms) {
            std::this_thread::yield();
        }
        bench.thread.command(services::StreamStop{true});
        while (!bench.thread.idle()) {
            std::this_thread::yield();
        }
        const std::uint64_t planned = bench.lanes.sending.planned.value();
        QVERIFY(planned >= 100 && planned < 10'000);
        QCOMPARE(bench.lanes.sending.unsent.value(), planned);
    }

    void aPauseMovesWhatIsLeftAndAddsNoSendDelay() {
        Bench bench({1000}, 200ms);
        std::jthread body([&](std::stop_token stop) { bench.thread.run(stop); });
        while (now() < bench.times.origin() + 100ms) {
            std::this_thread::yield();
        }
        bench.thread.command(services::StreamPause{now()});
        while (now() < bench.times.origin() + 400ms) {
            std::this_thread::yield();
        }
        bench.thread.command(services::StreamResume{now()});
        while (!bench.thread.idle()) {
            std::this_thread::yield();
        }
        core::LatencyHistogram delay;
        bench.lanes.sending.sendDelay.addTo(delay);
        QCOMPARE(delay.count(), 200U);
        QVERIFY2(*delay.percentile(90) < 150'000, "paused time was counted as send delay");
        QVERIFY(now() - bench.times.origin() >= 450ms);
    }

    void aLiveBurstIsSentByTheStreamThatStandsReady() {
        Bench bench({1}, 0s);
        std::jthread body([&](std::stop_token stop) { bench.thread.run(stop); });
        bench.thread.command(services::StreamBurst{{}, {1000}, 100ms});
        while (!bench.thread.idle()) {
            std::this_thread::yield();
        }
        QCOMPARE(bench.lanes.sending.sent.value(), 100U);
    }
};

TEST_CLASS(TestStreamThread)
#include "tst_stream_thread.moc"
