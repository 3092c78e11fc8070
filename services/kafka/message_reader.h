// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/browse/message_filter.h"
#include "core/browse/reading_start.h"
#include "core/result.h"
#include "core/units.h"
#include "services/kafka/client_settings.h"
#include "services/kafka/message_source.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace services {

/// Which messages of a topic are read.
struct MessageReading {
    ClusterAccess cluster;
    std::string topic;
    std::optional<core::Partition> partition{}; ///< nothing: all
    core::ReadingStart start{};
    core::MessageFilter filter{};
    bool committedOnly = false; ///< leave out what transactions have not committed
};

/// How much a look may take, so that neither memory nor the machine is filled.
struct ReadingLimits {
    std::size_t mostMessages = 1'000;                      ///< of a page
    core::Bytes mostBytes{std::uint64_t{64} << 20U};       ///< of a page
    std::size_t mostPayload = std::size_t{1} << 20U;       ///< bytes kept of one message
    std::uint64_t mostLookedAt = 100'000;                  ///< per page of what lies in the log
    std::uint64_t lookedAtPerSecond = 50'000;              ///< of what comes; beyond it is skipped
    core::Nanoseconds patience = std::chrono::seconds(10); ///< with a cluster that does not answer
};

/// Reads a topic of a cluster. It belongs to no group, commits nothing and leaves no trace. Returns within 100 ms of a
/// stop, and within a second where a question to the cluster is open.
class MessageReader final : public MessageSource {
public:
    /// Finds the start. Invalid: there is no such topic, partition or offset; Refused: the cluster denies access;
    /// Transient: it does not answer.
    static core::Result<std::unique_ptr<MessageReader>> open(MessageReading reading, const ReadingLimits& limits,
                                                             const std::stop_token& stop = {});
    ~MessageReader() override;

    core::Result<core::MessagePage> first(const std::stop_token& stop = {}) override;
    core::Result<core::MessagePage> earlier(const std::stop_token& stop = {}) override;
    core::Result<core::MessagePage> later(const std::stop_token& stop = {}) override;
    /// Where more comes than the limits let it look at, it skips to the newest and counts what it skipped.
    core::Result<core::MessagePage> next(core::Nanoseconds time, const std::stop_token& stop = {}) override;

private:
    struct State;
    explicit MessageReader(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace services
