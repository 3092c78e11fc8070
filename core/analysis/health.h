// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/mark.h"
#include "core/measure/snapshot.h"
#include "core/units.h"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace core {

/// What a run depends on: its three ends, and the program itself.
enum class Dependency { Broker, Store, Filter, Program };
inline constexpr std::array kDependencies{Dependency::Broker, Dependency::Store, Dependency::Filter,
                                          Dependency::Program};

/// What is wrong with a part, judged by what the pipeline needs of it, not by a ping.
enum class Ailment {
    None,
    NothingAcked,  ///< broker: events wait for their acknowledgement, and none comes
    TooFewAcked,   ///< broker: less than 97 % of what is sent
    NothingRead,   ///< broker: acknowledged events wait, and no consumer gets one
    NothingStored, ///< store: batches wait for their commit
    TooFewStored,  ///< store: less than 97 % of what is acknowledged
    Bypassed,      ///< filter: it is not asked, and duplicates are left to the store
    Late           ///< program: it turns to more than one event in a hundred more than 10 ms late
};

struct DependencyHealth {
    Ailment ailment = Ailment::None;
    Instant since{};          ///< of the ailment: the last instant at which all was well
    std::uint64_t events = 0; ///< that wait for it; Bypassed: that went past it since then; Late: that were late
    Rate got{}, wanted{};     ///< TooFew: of the last seconds

    bool operator==(const DependencyHealth&) const = default;
};

/// Who it is: "Kafka", "127.0.0.1:9092"; the address is empty where it is part of this process.
struct DependencyName {
    std::string name, address;

    std::string text() const { return address.empty() ? name : name + " at " + address; }
    bool operator==(const DependencyName&) const = default;
};

struct Health {
    std::array<DependencyName, kDependencies.size()> names;
    std::array<DependencyHealth, kDependencies.size()> parts;

    const DependencyHealth& of(Dependency part) const { return parts[static_cast<std::size_t>(part)]; }
    const DependencyName& nameOf(Dependency part) const { return names[static_cast<std::size_t>(part)]; }
    bool operator==(const Health&) const = default;
};

/// Since when consumers wait for an end: for a commit, for an answer that the filter owes. Nothing: for none.
struct ConsumerWaits {
    std::optional<Instant> store, filter;
};

/// "acknowledges nothing, 7 s, 3,245 waiting": what a part does, with its age at `now`.
std::string ailmentText(const DependencyHealth& health, Instant now);

/// An alarm that is over, for the time line at the instant at which it began.
struct Outage {
    Instant began;
    Mark mark;
};

/// Follows a run's snapshots and says which part is not well. An alarm begins within two seconds, of a flow that is too
/// thin within four, and ends by evidence that the part works again, never because there is nothing to judge by.
/// Constant memory, one thread.
class HealthWatch {
public:
    /// `linger`: how long the run's own settings may hold an event back; an alarm begins that much later.
    explicit HealthWatch(std::array<DependencyName, kDependencies.size()> names, Nanoseconds linger = {});

    /// Several times a second, from the first event on. Answers the alarms that are over.
    std::vector<Outage> observe(const Snapshot& snapshot, const ConsumerWaits& waits);
    /// The run is over, and with it every alarm.
    std::vector<Outage> finish();

    const Health& health() const { return m_health; }

private:
    struct Look {
        Instant at;
        std::uint64_t sent = 0, acked = 0, done = 0, queued = 0, backlog = 0, bypassed = 0, woken = 0, late = 0;
    };
    /// A flow into which more goes than comes out.
    struct Flow {
        Instant moved{};              ///< when something came out of it last, or nothing waited in it
        std::optional<Instant> since; ///< too little has come out of it since then
    };
    static Look lookAt(const Snapshot& snapshot);
    void follow(Flow& flow, std::uint64_t Look::* in, std::uint64_t Look::* out, std::uint64_t waiting,
                std::uint64_t waitedBefore);
    const Look& before(Nanoseconds length) const;
    Rate recent(std::uint64_t Look::* count) const; ///< of the window
    DependencyHealth broker(const ConsumerWaits& waits) const;
    DependencyHealth store(const ConsumerWaits& waits) const;
    DependencyHealth filter(const ConsumerWaits& waits);
    DependencyHealth program();
    void enter(Dependency part, const DependencyHealth& now, std::vector<Outage>& over);
    Outage outage(Dependency part, Instant until) const;
    bool lasts(Instant since) const { return lasts(since, m_patience); }
    bool lasts(Instant since, Nanoseconds length) const;

    Nanoseconds m_patience, m_window;
    std::deque<Look> m_looks; // the newest last, the first older by the longest window
    Flow m_acks, m_commits;
    Instant m_watchedFrom{};                                  // without a break: what stands still cannot judge
    std::array<std::uint64_t, kDependencies.size()> m_most{}; // DependencyHealth::events of the present alarm
    std::optional<std::uint64_t> m_bypassedBefore;            // the filter's present wait
    std::uint64_t m_lateBefore = 0;                           // the program's present alarm
    Instant m_lateAt{};                                       // the last look in which an event was late
    Health m_health;
};

} // namespace core
