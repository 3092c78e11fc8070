// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/target/topic_partition.h"
#include "core/units.h"
#include "services/kafka/client_settings.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace services {

/// A message at a position of interest.
struct WaitingMessage {
    core::TopicPartition partition;
    core::Offset offset;
    std::string payload;
    std::optional<core::WallTime> timestamp; ///< of the record
};

/// Looks at a consumer group from outside, without joining it. One owning thread. Errors: Transient: the cluster does
/// not answer; Refused: it denies access.
class GroupReader {
public:
    using Positions = std::vector<std::pair<core::TopicPartition, core::Offset>>;

    /// `batch`: the largest that the group's producers send. Larger ones are read one partition at a time.
    static core::Result<std::unique_ptr<GroupReader>> create(const ClusterAccess& access, const std::string& group,
                                                             core::Bytes batch, core::Nanoseconds timeout);
    ~GroupReader();

    /// What the group has committed to Kafka; partitions of which it has committed nothing are left out.
    core::Result<Positions> committed(const std::vector<core::TopicPartition>& partitions);

    /// The first message at or after each position, of those that came within `limit`.
    core::Result<std::vector<WaitingMessage>> firstFrom(const Positions& positions, core::Nanoseconds limit);

private:
    struct State;
    explicit GroupReader(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace services
