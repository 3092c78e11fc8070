// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/units.h"
#include "services/store/store.h"

#include <stop_token>
#include <string>
#include <vector>

namespace services {

/// What the doctor says of a store that answers.
struct StoreProbe {
    std::string sentence; ///< as "PostgreSQL 15.8 at HOST:PORT/DATABASE answers in 0.2 ms; all tables are there."
    std::vector<std::string> warnings; ///< what would hurt a run, each with what to do
    core::Nanoseconds roundTrip{};
};

/// Looks at the store without changing it: reachable, version, rights, shape of the tables, settings that matter.
/// Invalid: embedded; Transient: nobody answers; Refused: it would refuse a run (password, rights, other shape).
/// A stop cuts it off (Transient).
core::Result<StoreProbe> probeStore(const StoreOptions& options, std::stop_token stop = {});

} // namespace services
