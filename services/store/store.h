// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/store.h"
#include "core/result.h"
#include "core/target/store_address.h"
#include "core/units.h"

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace services {

struct StoreOptions {
    /// A SQLite file or a PostgreSQL, whose password may also come from PGPASSWORD or ~/.pgpass and is never repeated
    /// in a description, an error or a log.
    core::StoreAddress address{};
    std::string clusterId{};                  ///< of the broker; offsets and dead letters are kept for each cluster
    std::string group = "log-consumer-group"; ///< offsets are kept for each group
    std::string runId{};                      ///< whose counts the sessions add to
    core::Nanoseconds timeout = std::chrono::seconds(30);    ///< a call that takes longer is cut off (Transient)
    core::Nanoseconds lockTimeout = std::chrono::seconds(5); ///< a lock that takes longer is given up (Transient)
};

/// Opens the store at the address. PostgreSQL is asked once, so that a wrong address, password or right shows here:
/// Invalid: embedded; Transient: unreachable; Refused: it denies access or its version is too old. Tables come
/// with Store::prepare(); call it again at least daily while a run lasts, for PostgreSQL's partitions are days and two
/// are created ahead. Sessions end before their store. `stop` cuts off the store's own calls, not its sessions'; a
/// SQLite file is not waited for.
core::Result<std::unique_ptr<core::Store>> openStore(const StoreOptions& options, std::stop_token stop = {});

/// Adds search indexes to log_events: any of "source", "level", "text". Any number of times; a large table takes a
/// while and takes no rows meanwhile.
core::Status addIndexes(const StoreOptions& options, std::span<const std::string> indexes);

} // namespace services
