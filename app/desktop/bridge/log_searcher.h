// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/log_search_session.h"

namespace app {

/// Asks the store for LogSearchSession, in its thread. Keeps the last store open.
class LogSearcher {
public:
    explicit LogSearcher(OpenStoreReader open) : m_open(std::move(open)) {}

    core::Result<core::LogPage> search(const std::string& storeUrl, const core::LogQuery& query,
                                       const std::stop_token& stop);

private:
    OpenStoreReader m_open;
    std::string m_url;
    std::unique_ptr<core::StoreReader> m_reader; // of m_url
};

} // namespace app
