// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/outside_consumer.h"
#include "tests/test_class.h"

#include <QtTest>

using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t kOutsidersTag = 77;

/// A table in memory.
class FakeTable final : public core::AuditedRows {
public:
    explicit FakeTable(std::vector<core::AuditedRow> rows) : m_rows(std::move(rows)) {}
    const core::AuditedTableFacts& facts() const override { return m_facts; }
    core::Status each(const Take& take, const std::stop_token&) override {
        for (const core::AuditedRow& row : m_rows) {
            take(row);
        }
        return {};
    }
    core::Status followed(const Take& take, const std::stop_token& stop) override {
        return m_away ? core::Status(core::transient("PostgreSQL at 10.0.0.7:5432 does not answer")) : each(take, stop);
    }
    std::string describe() const override { return "a table in memory"; }
    std::vector<std::pair<std::string, std::string>> serverFacts() override { return {}; }

    core::AuditedTableFacts m_facts;
    std::vector<core::AuditedRow> m_rows;
    std::atomic<bool> m_away{false};
};

services::RunHead headNow() {
    services::RunHead head;
    head.clocks = {std::chrono::system_clock::now(), std::chrono::steady_clock::now(), "boot"};
    head.identity = {kOutsidersTag, 2, head.clocks.wall - 1h, head.clocks.wall + 1h};
    return head;
}

core::AuditedRow rowOf(const services::RunHead& head, std::uint64_t sequence, std::uint32_t tag = kOutsidersTag) {
    const core::EventId id = core::EventId::compose({head.clocks.wall, tag, 0, sequence});
    return {.id = id, .storedAt = id.parts()->due + 7ms};
}

} // namespace

class TestOutsideConsumer : public QObject {
    Q_OBJECT

private:
    services::RunHead m_head = headNow();
    std::unique_ptr<core::RunLanes> m_lanes;
    std::unique_ptr<services::RunAccount> m_account;

    std::unique_ptr<services::OutsideConsumer> follow(std::unique_ptr<FakeTable> table,
                                                      core::Nanoseconds drain = 60s) const {
        return std::make_unique<services::OutsideConsumer>(std::move(table),
                                                           services::OutsideConsumer::Options{m_head, drain},
                                                           m_lanes->worker(0), m_lanes->times(), *m_account);
    }
    core::Snapshot snapshot() const { return m_lanes->snapshot(std::chrono::steady_clock::now()); }

private Q_SLOTS:
    void init() {
        m_lanes = std::make_unique<core::RunLanes>(std::vector<core::RunLanes::StreamName>{{"a"}, {"live burst"}}, 1,
                                                   std::vector<std::string>());
        m_lanes->times().measureAll();
        m_account = std::make_unique<services::RunAccount>(std::vector<std::size_t>{16, 16});
        for (std::uint64_t i = 0; i < 10; ++i) {
            m_account->delivered(0, i, core::Delivery::Acked);
        }
    }

    void rowsOfTheRunAreCountedOnceHoweverOftenTheyAreSeen() {
        std::vector<core::AuditedRow> rows{rowOf(m_head, 3), rowOf(m_head, 0, kOutsidersTag + 1), {}};
        for (std::uint64_t i = 0; i < 9; ++i) {
            rows.push_back(rowOf(m_head, i));
        }
        const auto consumer = follow(std::make_unique<FakeTable>(std::move(rows)));
        QTRY_VERIFY_WITH_TIMEOUT(consumer->ready() && snapshot().consumer.stored == 9, kPatienceMs);
        const core::Snapshot seen = snapshot();
        QCOMPARE(seen.streams[0].stored, 9U);
        const core::LatencyHistogram endToEnd = seen.latency(core::Metric::EndToEnd);
        QCOMPARE(endToEnd.count(), 9U);
        QVERIFY(endToEnd.max().value() >= 6'990 && endToEnd.max().value() <= 7'010);
        QCOMPARE(seen.latency(core::Metric::Processing).count(), 0U); // nobody knows
        QCOMPARE(consumer->undrained(), 1U);
        QVERIFY(consumer->late() > 0); // it has just stored: the one may be on its way
        consumer->stop();
        QTRY_VERIFY_WITH_TIMEOUT(consumer->left(), kPatienceMs);
    }

    void whatIsMissingLongAfterTheLastRowIsLost() {
        const auto consumer = follow(std::make_unique<FakeTable>(std::vector{rowOf(m_head, 0)}), 0s);
        QTRY_VERIFY_WITH_TIMEOUT(snapshot().consumer.stored == 1, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(consumer->late() == 0, kPatienceMs);
    }

    void aConsumerThatHasStoredNothingIsLate() {
        const auto consumer = follow(std::make_unique<FakeTable>(std::vector<core::AuditedRow>()), 0s);
        QTRY_VERIFY_WITH_TIMEOUT(consumer->ready(), kPatienceMs);
        QCOMPARE(consumer->undrained(), 10U);
        QVERIFY(consumer->late() > 0);
    }

    void rowsWithoutATimeAreStoredAndHaveNoLatency() {
        core::AuditedRow row = rowOf(m_head, 0);
        row.storedAt.reset();
        const auto consumer = follow(std::make_unique<FakeTable>(std::vector{row}));
        QTRY_VERIFY_WITH_TIMEOUT(snapshot().consumer.stored == 1, kPatienceMs);
        QCOMPARE(snapshot().latency(core::Metric::EndToEnd).count(), 0U);
        QCOMPARE(snapshot().measuredDone, 1U);
    }

    void aServerThatIsAwayIsTold() {
        auto table = std::make_unique<FakeTable>(std::vector<core::AuditedRow>());
        table->m_away = true;
        FakeTable& server = *table;
        const auto consumer = follow(std::move(table));
        QTRY_COMPARE_WITH_TIMEOUT(consumer->trouble(), std::string("PostgreSQL at 10.0.0.7:5432 does not answer"),
                                  kPatienceMs);
        QVERIFY(!consumer->ready());
        server.m_away = false;
        QTRY_VERIFY_WITH_TIMEOUT(consumer->ready() && consumer->trouble().empty(), kPatienceMs);
    }
};

TEST_CLASS(TestOutsideConsumer)
#include "tst_outside_consumer.moc"
