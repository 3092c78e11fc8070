// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/scenario/scenario.h"
#include "core/target/target.h"
#include "core/target/topic_partition.h"

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace services {

/// How far a group is behind in one partition.
struct PartitionLag {
    core::TopicPartition partition;
    core::Offset end;                        ///< next to be written
    std::optional<core::Offset> stored{};    ///< next to be stored, as PostgreSQL has it: the truth
    std::optional<core::Offset> committed{}; ///< the same as Kafka has it: a mirror, four times a second
    std::uint64_t events = 0;                ///< end − stored, or − committed where no store is known
    std::optional<double> seconds{};         ///< age of the first event that waits; 0: none waits
    bool byDueTime = false; ///< that age counts from the due time in its id, not from its record's time
};

struct GroupLag {
    std::string group;
    core::Instant at; ///< when this was true; its epoch: never yet
    std::vector<PartitionLag> partitions;
    std::uint64_t events = 0;           ///< summed
    std::optional<double> seconds;      ///< the greatest; nothing: it is not known of every partition; nothing: of some
                                        ///< partition it is not known
    double slope = 0;                   ///< events/s by which it grows, over the last 5 s
    std::optional<double> drainSeconds; ///< until it is gone at that pace, while it falls
    std::string brokerReason;           ///< why Kafka said nothing newer; empty: it answers
    std::string storeReason;            ///< the same of the store
};

/// Follows the lag of the consumer group in the topics of all tiers, once a second.
class LagWatch {
public:
    LagWatch(core::Scenario settings, core::Target target);
    GroupLag lag() const; ///< any thread

private:
    struct Ends;
    using Positions = std::vector<std::pair<core::TopicPartition, core::Offset>>;
    /// The message at a position: what was read once holds for as long as the group stands there.
    struct Waiting {
        core::Offset position;
        std::optional<core::WallTime> due;
        bool byDueTime = false;
    };
    void run(const std::stop_token& stop);
    core::Status connect(Ends& ends) const;
    core::Result<GroupLag> look(Ends& ends);
    std::map<core::TopicPartition, core::Offset> storedPositions(Ends& ends, GroupLag& lag) const;
    core::Status addAges(Ends& ends, const Positions& waiting, core::WallTime now, GroupLag& lag);
    void follow(GroupLag lag);

    const core::Scenario m_settings;
    const core::Target m_target;
    std::deque<std::pair<core::Instant, std::uint64_t>> m_history; // of m_body: the sum, over 5 s
    std::map<core::TopicPartition, Waiting> m_waiting;             // of m_body
    mutable std::mutex m_mutex;
    GroupLag m_lag;      // guarded by m_mutex
    std::jthread m_body; // joined first
};

} // namespace services
