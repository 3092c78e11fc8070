// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/browse/reading_start.h"
#include "core/result.h"
#include "core/units.h"
#include "services/kafka/cluster_admin.h"

#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace services {

/// Where the reading of a partition stands.
struct MessagePlace {
    core::Offset begin; ///< of the log, as it was asked for last
    core::Offset end;   ///< likewise
    core::Offset low;   ///< [low, high) has been read
    core::Offset high;
};
using MessagePlaces = std::map<core::Partition, MessagePlace>;

/// Asks a cluster where the logs of a topic begin and end. One thread.
class LogQuestions {
public:
    /// The error says what is wrong with the cluster and what to do.
    static core::Result<LogQuestions> create(const ClusterAccess& access, const std::string& topic, bool committedOnly,
                                             core::Nanoseconds patience, const std::stop_token& stop);

    /// Where a reading starts. Invalid: there is no such topic, partition or offset.
    core::Result<MessagePlaces> places(std::optional<core::Partition> partition, const core::ReadingStart& start,
                                       const std::stop_token& stop);
    /// Asks anew where the logs begin and end. `patience`: less than the usual.
    core::Status refresh(MessagePlaces& places, const std::stop_token& stop,
                         std::optional<core::Nanoseconds> patience = {});

private:
    LogQuestions(std::string bootstrap, std::string topic, core::Nanoseconds patience,
                 std::unique_ptr<ClusterAdmin> admin)
        : m_bootstrap(std::move(bootstrap)),
          m_topic(std::move(topic)),
          m_patience(patience),
          m_admin(std::move(admin)) {}
    core::Result<LogBounds> bounds(core::Nanoseconds patience, const std::stop_token& stop);
    core::Status moveTo(const core::ReadingStart& start, bool isOnlyOne, MessagePlaces& places);
    core::Status moveTo(core::Offset offset, bool isOnlyOne, MessagePlaces& places) const;
    core::Status moveTo(core::WallTime time, MessagePlaces& places);

    std::string m_bootstrap;
    std::string m_topic;
    core::Nanoseconds m_patience;
    std::unique_ptr<ClusterAdmin> m_admin;
};

} // namespace services
