// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/search.h"
#include "services/store/postgres/postgres_link.h"
#include "services/store/postgres/socket_watchdog.h"
#include "services/store/store.h"

namespace services {

/// Searches PostgreSQL on a connection of its own, in read-only transactions. A page is a walk in slices of some
/// thousand rows of the id's index, each with what is left of the time-out, so that what was found stays when time is
/// up.
class PostgresReader : public core::StoreReader {
public:
    static core::Result<std::unique_ptr<core::StoreReader>> open(const core::PostgresAddress& address,
                                                                 const StoreOptions& options);

    core::Result<core::LogPage> search(const core::LogQuery& query, std::stop_token stop) override;
    core::Result<std::vector<core::StoredRun>> runs(std::uint32_t most, std::stop_token stop) override;
    core::Result<std::optional<std::string>> runHead(const std::string& id, std::stop_token stop) override;
    std::string describe() const override;

private:
    PostgresReader(PostgresSettings settings, core::Nanoseconds timeout);

    SocketWatchdog m_watchdog; ///< outlives the link
    PostgresLink m_link;
};

} // namespace services
