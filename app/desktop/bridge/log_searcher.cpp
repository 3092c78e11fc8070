// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/log_searcher.h"

namespace app {

core::Result<core::LogPage> LogSearcher::search(const core::StoreAddress& store, const core::LogQuery& query,
                                                const std::stop_token& stop) {
    if (!m_reader || m_address != store) {
        m_reader.reset();
        auto reader = m_open(store);
        if (!reader) {
            return reader.error();
        }
        m_reader = std::move(*reader);
        m_address = store;
    }
    return m_reader->search(query, stop);
}

} // namespace app
