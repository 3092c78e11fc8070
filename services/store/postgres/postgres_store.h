// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/store.h"
#include "services/store/postgres/postgres_link.h"
#include "services/store/postgres/socket_watchdog.h"
#include "services/store/store.h"

namespace services {

class PostgresStore : public core::Store {
public:
    /// A stop cuts off what the store itself is asked; sessions have their own.
    static core::Result<std::unique_ptr<PostgresStore>> open(const core::PostgresAddress& address,
                                                             const StoreOptions& options, std::stop_token stop = {});

    core::Status prepare(core::WallTime now) override;
    std::vector<std::string> shortcomings() const override { return m_shortcomings; }
    core::Status dropBefore(core::WallTime time) override;
    core::Result<std::unique_ptr<core::StoreSession>> session(const std::string& owner, std::stop_token stop) override;
    core::Result<std::string> tag() override;
    core::Status registerRun(const std::string& runId, const std::string& headJson, core::WallTime started) override;
    core::Status finishRun(const std::string& runId, const std::string& headJson) override;
    core::Result<core::ConsumerCounts> runCounts(const std::string& runId) override;
    core::Status eachId(const core::RunIdentity& run, const std::function<void(const core::StoredId&)>& take) override;
    core::Result<std::optional<std::uint64_t>> rowsOf(const core::RunIdentity& run, core::WallTime from,
                                                      core::WallTime until) override;
    core::Result<std::vector<std::pair<core::TopicPartition, core::Offset>>> positions() override;
    std::string describe() const override;
    std::vector<std::pair<std::string, std::string>> facts() override;

    core::Status addIndexes(std::span<const std::string> indexes);
    PostgresLink& link() { return m_link; }

private:
    PostgresStore(PostgresSettings settings, const StoreOptions& options, std::stop_token stop);

    StoreOptions m_options;
    PostgresSettings m_settings;
    SocketWatchdog m_watchdog; ///< outlives the link and every session
    PostgresLink m_link;
    std::vector<std::string> m_shortcomings;
};

} // namespace services
