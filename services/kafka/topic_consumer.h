// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/browse/topic_message.h"
#include "core/result.h"
#include "core/units.h"
#include "services/kafka/client_settings.h"
#include "services/kafka/kafka_message.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace services {

/// Reads partitions of one topic, each from a given place, without being a member of a group or the client of one:
/// nothing is committed, and the cluster keeps no trace. One thread.
class TopicConsumer {
public:
    struct Settings {
        bool committedOnly = false;                         ///< leave out what transactions have not committed
        core::Bytes fetchedAhead{std::uint64_t{32} << 20U}; ///< kept by the client until it is polled
    };
    /// Invalid: a client setting is wrong. Nothing is asked of the cluster yet.
    static core::Result<std::unique_ptr<TopicConsumer>> create(const ClusterAccess& access, const std::string& topic,
                                                               const Settings& settings);
    ~TopicConsumer();

    core::Status start(core::Partition partition, core::Offset offset); ///< anew, where it has been started
    void stop(core::Partition partition);                               ///< nothing more of it is polled

    struct PartitionEnd { ///< all that there is by now has been polled
        core::Partition partition;
        core::Offset next;
    };
    struct OffsetForgotten { ///< where the partition was to be read on, there is nothing; it stands still
        core::Partition partition;
    };
    struct Nothing {};
    using Polled = std::variant<Nothing, KafkaMessage, PartitionEnd, OffsetForgotten, core::Error>;
    /// What comes within `timeout`. An error is Refused if the cluster denies access, else Transient, and the client
    /// goes on trying.
    Polled poll(core::Nanoseconds timeout);

    /// One behind the newest message, as the last answer of the broker said; nothing: there was none.
    std::optional<core::Offset> newestKnown(core::Partition partition) const;
    /// What the client has complained of since the last call, as that no broker can be reached.
    std::optional<std::string> popComplaint();

private:
    struct State;
    explicit TopicConsumer(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace services
