// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/log_search_session.h"

namespace app {

/// Asks the store for LogSearchSession, in its thread. Keeps the last store open.
class LogSearcher {
public:
    explicit LogSearcher(OpenStoreReader open) : m_open(std::move(open)) {}

    core::Result<core::LogPage> search(const core::StoreAddress& store, const core::LogQuery& query,
                                       const std::stop_token& stop);

private:
    OpenStoreReader m_open;
    core::StoreAddress m_address;
    std::unique_ptr<core::StoreReader> m_reader; // of m_address
};

} // namespace app
