// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/broker.h"
#include "services/kafka/notices.h"
#include "services/kafka/partition_credit.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace services {

/// Where the clients of one publisher hand in their delivery reports: the present one, and after a fatal error the one
/// before it. Hands them on to the sink, one client at a time. Shared by those clients' report threads, because one
/// that librdkafka holds up may outlive the publisher.
class DeliveryReports {
public:
    DeliveryReports(core::DeliverySink& sink, TopicCredit* credit) : m_sink(&sink), m_credit(credit) {}

    struct Report {
        std::uint64_t token = 0;
        core::Delivery delivery = core::Delivery::Failed;
        core::Partition partition;
        core::Offset offset{-1}; ///< negative: not known
        std::uint64_t size = 0;
        const char* refusal = nullptr; ///< the broker will never take it: its words
    };

    /// Locks for the reports of one event of librdkafka's.
    class Batch {
    public:
        explicit Batch(DeliveryReports& owner) : m_owner(owner), m_lock(owner.m_mutex) {}
        ~Batch() {
            m_owner.m_batches.fetch_add(1, std::memory_order_release);
            m_lock.unlock();
            m_owner.m_changed.notify_all(); // once for up to thousands of reports
        }
        void report(const Report& report, core::Instant at) {
            if (!m_owner.m_sink) {
                return;
            }
            m_owner.returnCredit(report);
            if (report.refusal) {
                m_owner.m_sink->refused(report.token, report.refusal, at);
            } else {
                m_owner.m_sink->delivered(report.token, report.delivery, at);
            }
        }

    private:
        DeliveryReports& m_owner;
        std::unique_lock<std::mutex> m_lock;
    };

    Notices& notices() { return m_notices; }
    TopicCredit* credit() const { return m_credit; }

    /// Counts batches of reports; read it before producing, so that no report is missed in between.
    std::uint64_t batches() const { return m_batches.load(std::memory_order_acquire); }

    /// Waits until `done` or `until`; `done` is asked after each batch.
    template <typename Predicate>
    bool wait(core::Instant until, Predicate done) {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_until(lock, until, done);
    }

    /// From now on reports go nowhere.
    void close() {
        const std::scoped_lock lock(m_mutex);
        m_sink = nullptr;
    }

private:
    void returnCredit(const Report& report) {
        if (!m_credit) {
            return;
        }
        if (report.delivery == core::Delivery::Failed) {
            m_credit->failed(report.partition, report.size);
        } else if (report.delivery == core::Delivery::InDoubt) {
            m_credit->inDoubt(report.partition, report.size);
        } else if (report.offset.value >= 0) {
            m_credit->acked(report.partition, report.offset, report.size);
        } else {
            m_credit->ackedSomewhere(report.partition, report.size);
        }
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    core::DeliverySink* m_sink; // guarded by m_mutex
    TopicCredit* m_credit;
    Notices m_notices;
    std::atomic<std::uint64_t> m_batches{0};
};

} // namespace services
