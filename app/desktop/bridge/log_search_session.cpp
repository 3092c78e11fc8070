// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/log_search_session.h"

#include "app/desktop/bridge/log_searcher.h"
#include "services/store/store_search.h"

#include <utility>

namespace app {

core::Result<std::unique_ptr<core::StoreReader>> openStoreReaderForWindow(const core::StoreAddress& store) {
    constexpr std::chrono::seconds kPatience{15}; // longer than a page's own time-out
    services::StoreOptions options;
    options.address = store;
    options.timeout = kPatience;
    return services::openStoreReader(options);
}

LogSearchSession::LogSearchSession(OpenStoreReader open, QObject* parent)
    : QObject(parent), m_searcher(std::make_unique<LogSearcher>(std::move(open))) {}

LogSearchSession::~LogSearchSession() {
    m_stop.request_stop();
}

void LogSearchSession::search(const core::StoreAddress& store, const core::LogQuery& query) {
    m_store = store;
    m_query = query;
    m_query.before.reset();
    ask();
}

void LogSearchSession::searchOn() {
    if (hasMore()) {
        ask();
    }
}

void LogSearchSession::searchAgain() {
    m_query.before.reset();
    ask();
}

void LogSearchSession::stop() {
    m_stop.request_stop();
    m_on = false;
}

void LogSearchSession::ask() {
    m_stop.request_stop();
    m_stop = {};
    m_on = true;
    m_jobs.post([this, store = m_store, query = m_query, stop = m_stop.get_token()]() -> JobThread::Answer {
        if (stop.stop_requested()) {
            return [] {}; // a newer one waits already
        }
        return [this, stop, page = m_searcher->search(store, query, stop)] {
            if (!stop.stop_requested()) {
                apply(page);
            }
        };
    });
}

void LogSearchSession::apply(const core::Result<core::LogPage>& page) {
    m_on = false;
    if (!page) {
        Q_EMIT failed(QString::fromStdString(page.error().text()));
        return;
    }
    m_query.before = page->next;
    Q_EMIT found(*page);
}

} // namespace app
