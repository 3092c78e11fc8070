// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/log_searcher.h"

namespace app {

core::Result<core::LogPage> LogSearcher::search(const std::string& storeUrl, const core::LogQuery& query,
                                                const std::stop_token& stop) {
    if (!m_reader || m_url != storeUrl) {
        m_reader.reset();
        auto reader = m_open(storeUrl);
        if (!reader) {
            return reader.error();
        }
        m_reader = std::move(*reader);
        m_url = storeUrl;
    }
    return m_reader->search(query, stop);
}

} // namespace app
