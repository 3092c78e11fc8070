// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/topic_partition.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace services {

/// How far each partition is stored, by whom, and how far it should be. Any thread.
class StoredPositions {
public:
    /// One partition, as it stands.
    struct Standing {
        core::Offset first;     ///< that the log still keeps, as far as is known
        core::Offset next{-1};  ///< stored up to here; negative: not known yet
        core::Offset start{-1}; ///< where the log ended when the run began; negative: no partition of the run's then
        core::Offset end{-1};   ///< where it ended when all was sent; negative: not known yet
        core::Offset committed{-1}; ///< to the store, at most; `next` may lie behind it, where no message lies between
        std::string owner{};        ///< the worker that reads it; empty: none of ours
        bool taken = false;         ///< one has read it
        bool another = false;       ///< what is stored belongs to another log than the one that goes to `end`

        std::uint64_t older() const;   ///< not stored, though it was in the log when the run began
        std::uint64_t missing() const; ///< not stored, though it came before the end of the log
        /// It belongs to another log than one that ends there.
        bool outlives(core::Offset logEnd) const { return (taken && next > logEnd) || start > logEnd; }
    };
    using Standings = std::map<core::TopicPartition, Standing>;

    /// A partition of the run's, before it begins.
    void begin(const core::TopicPartition& partition, core::Offset first, core::Offset start);
    void taken(const core::TopicPartition& partition, core::Offset next, const std::string& owner);
    void givenBack(const core::TopicPartition& partition, const std::string& owner);
    void stored(const core::TopicPartition& partition, core::Offset next);
    void committed(const core::TopicPartition& partition, core::Offset next);
    /// The user had the store's position moved back: nothing beyond was ever committed.
    void restarted(const core::TopicPartition& partition, core::Offset next);
    /// What was committed to the store at most; nothing: nothing was.
    std::optional<core::Offset> committed(const core::TopicPartition& partition) const;
    /// All is sent, and the partition's log goes from `first` to `end`.
    /// `another`: it is not the log that was read so far.
    void expect(const core::TopicPartition& partition, core::Offset first, core::Offset end, bool another = false);

    /// Every partition of the run's beginning has an owner.
    bool owned() const;
    /// What was in the log when the run began and is not stored yet, by topic.
    std::map<std::string, std::uint64_t> older() const;
    /// Messages expected and not stored, summed; 0 before anything is expected.
    std::uint64_t missing() const;
    Standings standings() const;
    std::vector<std::pair<core::TopicPartition, core::Offset>> all() const; ///< as far as they are known

private:
    mutable std::mutex m_mutex;
    Standings m_standings;
};

} // namespace services
