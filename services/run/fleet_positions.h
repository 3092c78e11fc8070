// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"
#include "services/run/run_parts.h"
#include "services/run/store_call.h"

#include <memory>
#include <optional>
#include <string>

namespace services {

/// How far consumers of other processes have stored, asked of the store, since they report to nobody here. One thread;
/// what it uses outlives it.
class FleetPositions {
public:
    /// `parts` are those of a fleet wherever tick() is called.
    FleetPositions(RunParts& parts, StoreCall& call) : m_parts(parts), m_call(call) {}

    void tick(core::Instant now, bool draining); ///< several times a second; at once

private:
    using Positions = std::vector<std::pair<core::TopicPartition, core::Offset>>;
    RunParts& m_parts;
    StoreCall& m_call;
    std::shared_ptr<std::optional<core::Result<Positions>>> m_answer; // of the call that is on
    core::Instant m_next;
};

} // namespace services
