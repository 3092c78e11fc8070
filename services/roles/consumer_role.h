// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/part.h"
#include "core/ports/run_member.h"
#include "core/ports/store.h"
#include "core/scenario/scenario.h"
#include "services/roles/end_health.h"

#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

namespace services {

/// The reference consumer as a service: stores whatever comes on the topics of all three tiers, for as long as it
/// lives. Servers that are absent are waited for, at the start as later. An event is due at the time that its id says,
/// or else at its record's timestamp. Told of a run that is led from elsewhere, it joins its group anew and counts for
/// that run until its part is over; whatever else comes is stored all the same, as foreign.
class ConsumerRole final : public core::Part, public core::RunMember {
public:
    struct Options {
        core::Scenario settings; ///< its kafka, consumer and dedupe sections
        core::Target target;     ///< neither broker nor store are embedded
        bool resetOffsets = false;
        std::optional<std::chrono::days> retention{}; ///< of what is stored; nothing: for ever
    };

    explicit ConsumerRole(Options options);
    ~ConsumerRole() override; ///< finishes the batches in hand and leaves the group

    core::Snapshot snapshot() const override;
    std::vector<core::Component> components() const override;
    bool ready() const override;

    core::MemberReport report() const override;
    core::Result<core::MemberReport> report(std::string_view id, bool fates) override;
    core::Status prepare(const core::RunOrder& order) override;
    core::Status begin(std::string_view id, const core::PartTimes& times) override { return follow(id, times); }
    /// What commands do to the load is the producers' affair.
    core::Status command(std::string_view id, std::uint64_t number, core::Nanoseconds at,
                         const core::Command& command) override;
    core::Status follow(std::string_view id, const core::PartTimes& times) override;
    core::Status finish(std::string_view id, core::Nanoseconds limit) override;
    core::Status release(std::string_view id) override { return finish(id, {}); }
    core::Result<core::RunTold> told(std::string_view id) const override;

private:
    struct Session;
    struct Task;
    std::shared_ptr<Task> wanted() const; ///< the run to count for; null: none
    core::Status known(std::string_view id) const;
    void run(const std::stop_token& stop);
    core::Result<std::unique_ptr<Session>> open(const std::stop_token& stop);
    core::Status watch(Session& session, const std::stop_token& stop);
    core::Status keepStore(core::Store& store) const;
    void endSession();
    void found(const std::optional<std::string>& reason);

    const Options m_options;
    const core::Instant m_begun = std::chrono::steady_clock::now();
    EndHealth m_health{core::End::Broker, core::End::Store};
    mutable std::mutex m_mutex;                   // guards what follows; only m_body changes it
    core::Snapshot m_former = core::tierTotals(); // of sessions that have ended
    std::unique_ptr<Session> m_session;
    std::shared_ptr<Task> m_task; // the last run that it was told of; sessions share it
    std::jthread m_body;          // joined first
};

} // namespace services
