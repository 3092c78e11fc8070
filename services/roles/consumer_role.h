// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/part.h"
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
/// or else at its record's timestamp.
class ConsumerRole final : public core::Part {
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

private:
    struct Session;
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
    std::jthread m_body; // joined first
};

} // namespace services
