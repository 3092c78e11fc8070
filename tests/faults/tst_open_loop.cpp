// SPDX-License-Identifier: GPL-3.0-or-later
// The generator against a broker that is silent or slow: what is due does not wait, and what was not sent is counted.
#include "services/kafka/embedded_broker.h"
#include "services/kafka/kafka_publisher.h"
#include "services/producer/stream_thread.h"
#include "tests/test_class.h"

#include <QtTest>
#include <chrono>
#include <thread>

using namespace std::chrono_literals;

namespace {

core::Instant now() {
    return std::chrono::steady_clock::now();
}

/// One stream at a constant rate into an embedded broker, with nobody consuming.
class Rig {
public:
    Rig(core::Rate rate, core::Nanoseconds duration, std::uint32_t queue, core::Nanoseconds deadline)
        : m_times({}),
          m_account({1 << 16}),
          m_thread({0, core::Tier::Normal, deadline, queue, {}, {std::chrono::system_clock::now(), now(), "boot"}},
                   core::Plan(core::Schedule({core::ConstantStage{duration, rate}}, core::Arrival::Even, 1)),
                   core::EventGenerator({}, 1, 0, 7, nullptr), lanes, m_times, m_account) {
        auto made = services::EmbeddedBroker::create(1, {"t"});
        if (!made) {
            qFatal("%s", made.error().message.c_str());
        }
        broker = std::move(*made);
        services::PublisherOptions options;
        // One request at a time: the mock leaves Nagle's algorithm on, which holds a second answer back for 40 ms.
        options.cluster = {broker->bootstrap(), {{"max.in.flight.requests.per.connection", "1"}}};
        options.stream = "load";
        options.tier = {"t", 0ms, {64 * 1024}, core::Compression::None, queue, deadline};
        options.idempotence = false;
        auto publisher = services::KafkaPublisher::create(options, m_thread);
        if (!publisher) {
            qFatal("%s", publisher.error().message.c_str());
        }
        m_publisher = std::move(*publisher);
        m_thread.attach(*m_publisher);
    }

    void start() {
        origin = now() + 50ms;
        m_times.setOrigin(origin);
        m_times.setMeasured(origin, origin + 1h);
        m_body = std::jthread([this](const std::stop_token& stop) {
            m_thread.run(stop);
            m_publisher->finish(20s);
        });
    }
    void waitUntil(core::Nanoseconds offset) const { std::this_thread::sleep_until(origin + offset); }
    void finish() {
        while (!m_thread.idle()) {
            std::this_thread::sleep_for(5ms);
        }
        m_body.request_stop();
        m_body.join();
    }

    core::ProducerCounts counts() const {
        core::ProducerCounts counts;
        counts.planned = lanes.sending.planned.value();
        counts.sent = lanes.sending.sent.value();
        counts.unsent = lanes.sending.unsent.value();
        counts.acked = lanes.delivery.acked.value();
        counts.failed = lanes.delivery.failed.value() + lanes.sending.refused.value();
        counts.inDoubt = lanes.delivery.inDoubt.value();
        return counts;
    }

    core::StreamLanes lanes;
    std::unique_ptr<services::EmbeddedBroker> broker;
    core::Instant origin;

private:
    core::RunTimes m_times;
    services::RunAccount m_account;
    services::StreamThread m_thread;
    std::unique_ptr<services::KafkaPublisher> m_publisher;
    std::jthread m_body;
};

std::uint64_t p99(const core::HistogramLane& lane) {
    core::LatencyHistogram histogram;
    lane.addTo(histogram);
    return histogram.percentile(99).value_or(0);
}

} // namespace

class TestOpenLoop : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// T22: a closed loop would report the second figure alone and call the broker fast.
    void aSecondOfSilenceIsPaidByEveryEventThatItDelayed() {
        Rig rig({1000}, 5s, 10, 30s);
        rig.start();
        rig.waitUntil(2s);
        rig.broker->roundTrip(1s);
        rig.waitUntil(3s);
        rig.broker->roundTrip(0ms);
        rig.finish();
        QCOMPARE(rig.counts().acked, 5000U);
        const std::uint64_t fromDue = p99(rig.lanes.delivery.ack);
        const std::uint64_t fromSending = p99(rig.lanes.delivery.ackUncorrected);
        qInfo("ack p99: %.1f ms from the due time, %.1f ms from the sending", static_cast<double>(fromDue) / 1e3,
              static_cast<double>(fromSending) / 1e3);
        QVERIFY2(fromDue >= 900'000, "the delayed events did not pay for the silence");
        QVERIFY2(fromSending <= 20'000, "the uncorrected figure is not the uncorrected one");
    }

    /// T16: the queue is full because every round trip takes 2 s.
    void aFullQueueLeavesTheRestUnsentToTheEvent() {
        Rig rig({5000}, 4s, 1000, 1s);
        rig.broker->roundTrip(2s);
        rig.start();
        rig.finish();
        const core::ProducerCounts counts = rig.counts();
        qInfo("planned %llu, sent %llu, unsent %llu, acked %llu, failed %llu, in doubt %llu",
              static_cast<unsigned long long>(counts.planned), static_cast<unsigned long long>(counts.sent),
              static_cast<unsigned long long>(counts.unsent), static_cast<unsigned long long>(counts.acked),
              static_cast<unsigned long long>(counts.failed), static_cast<unsigned long long>(counts.inDoubt));
        QCOMPARE(counts.planned, 20'000U);
        QCOMPARE(counts.sent + counts.unsent, counts.planned);
        QCOMPARE(counts.queued(), 0U);
        QVERIFY(counts.unsent > 10'000);
        QVERIFY2(now() - rig.origin < 20s, "the schedule waited for outcomes");
    }
};

TEST_CLASS(TestOpenLoop)
#include "tst_open_loop.moc"
