// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/run_member.h"
#include "core/scenario/scenario.h"
#include "core/target/broker_address.h"
#include "services/roles/load.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace services {

/// A producer's part of a run that is led from elsewhere: its shares of the streams, sent as one plan with the others.
class RunProducer final : public core::RunMember {
public:
    /// `kafka` and `broker` are this daemon's own. `note` may be called by any thread.
    RunProducer(core::KafkaSettings kafka, core::BrokerAddress broker, TargetNote note);
    ~RunProducer() override; ///< delivers what was sent, for up to 5 s

    core::MemberReport report() const override;
    core::Result<core::MemberReport> report(std::string_view id, bool fates) override;
    core::Status prepare(const core::RunOrder& order) override;
    core::Status begin(std::string_view id, const core::PartTimes& times) override;
    core::Status command(std::string_view id, std::uint64_t number, core::Nanoseconds at,
                         const core::Command& command) override;
    core::Status follow(std::string_view id, const core::PartTimes& times) override;
    core::Status finish(std::string_view id, core::Nanoseconds limit) override;
    core::Status release(std::string_view id) override;
    core::Result<core::RunTold> told(std::string_view id) const override;

    /// What its loads have counted, for the daemon's own figures.
    void addTo(core::Snapshot& tierTotals) const;

private:
    struct Task;
    void run(const std::stop_token& stop);
    void open(Task& task);
    void checkLease(Task& task);
    void end(Task& task);
    core::Status known(std::string_view id) const;
    core::MemberReport reportOf(const Task& task) const;
    void apply(Task& task, const core::PartTimes& times);

    const core::KafkaSettings m_kafka;
    const core::BrokerAddress m_broker;
    const TargetNote m_note;
    mutable std::mutex m_mutex; // guards what follows; only m_body opens and ends a load
    std::condition_variable_any m_wake;
    std::shared_ptr<Task> m_task; // shared with m_body, which works on it without the lock
    core::Snapshot m_former = core::tierTotals();
    std::jthread m_body; // joined first
};

} // namespace services
