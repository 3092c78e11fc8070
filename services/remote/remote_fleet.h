// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/fleet.h"
#include "services/remote/daemon_link.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace services {

/// Daemons that are told by HTTP: producers, among which a run's streams are dealt, and consumers, of which more may
/// come and go while it is on.
class RemoteFleet final : public core::Fleet {
public:
    struct Options {
        std::vector<std::string> daemons; ///< HOST:PORT, or dns:NAME:PORT for every address of the name
        PartAccess access;
        core::ControllerLoss onControllerLoss = core::ControllerLoss::Finish;
        core::Nanoseconds lease = std::chrono::seconds(15);
    };
    explicit RemoteFleet(Options options);
    ~RemoteFleet() override;

    /// Begins to ask the daemons what they are, for members(); looks names up, which may take long.
    void look() { resolve(true); }
    core::Result<core::RunTold> find(std::string_view id, const std::stop_token& giveUp) override;
    core::Status prepare(Task task, const std::stop_token& giveUp) override;
    std::unique_ptr<core::Producers> producers() override;
    std::unique_ptr<core::Consumers> consumers() override;
    void addTo(core::Snapshot& snapshot) const override;
    std::map<std::string, core::ProducerCounts> untold() const override;
    std::map<std::string, std::string> facts() const override;
    std::vector<core::FleetMember> members() const override;
    void release() override;

    // For RemoteProducers and RemoteConsumers.
    using Links = std::vector<DaemonLink*>;
    Links linksOf(std::string_view role) const;
    const Task& task() const { return *m_task; }
    const std::string& id() const { return m_task->order.id; }
    void beginAll();                                 ///< the load, at the origin of the run's times
    void ending(core::Nanoseconds limit);            ///< whoever is not heard of for that long from now on is given up
    bool isLost(const DaemonLink::View& view) const; ///< it does not answer for its part any more

    static constexpr core::Nanoseconds kLead = std::chrono::milliseconds(300); ///< for news to reach every daemon

private:
    void run(const std::stop_token& stop);
    core::Status connect(const std::stop_token& giveUp);
    core::Status order(const std::stop_token& giveUp);
    core::Result<std::optional<core::RunTold>> askTold(const DaemonLink& link, std::string_view id,
                                                       const std::stop_token& giveUp) const;
    void add(const std::string& address);
    void resolve(bool first);
    void attach(DaemonLink& link);
    void tellTimes();
    void watch(DaemonLink& link, core::Instant now);
    std::vector<DaemonLink*> links() const;
    core::RunOrder orderFor(const DaemonLink::View& view, const std::vector<core::StreamShare>& shares) const;

    const Options m_options;
    std::optional<Task> m_task;                                     // from prepare() on
    bool m_leadsOn = false;                                         // what somebody else began
    mutable std::mutex m_mutex;                                     // guards what follows
    std::map<std::string, std::unique_ptr<DaemonLink>> m_links;     // by address; only grows
    std::map<std::string, std::string> m_unresolved;                // names that lead nowhere, with the reason
    std::map<std::string, std::vector<core::StreamShare>> m_shares; // of producers
    std::map<std::string, core::PartTimes> m_toldTimes;
    std::set<std::string> m_silent, m_attached;   // of what was marked
    std::vector<core::FleetMember> m_lastMembers; // of a fleet that is released
    std::atomic<bool> m_begun{false};
    std::atomic<std::int64_t> m_endBy{core::Instant::max().time_since_epoch().count()};
    std::jthread m_body; // joined first; from prepare() on
};

} // namespace services
