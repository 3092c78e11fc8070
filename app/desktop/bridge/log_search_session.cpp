#include "app/desktop/bridge/log_search_session.h"

#include "app/desktop/bridge/log_search_worker.h"
#include "services/store/store_search.h"

#include <utility>

namespace app {

core::Result<std::unique_ptr<core::StoreReader>> openStoreReaderForWindow(const std::string& url) {
    constexpr std::chrono::seconds kPatience{15}; // longer than a page's own time-out
    services::StoreOptions options;
    options.url = url;
    options.timeout = kPatience;
    return services::openStoreReader(options);
}

LogSearchSession::LogSearchSession(OpenStoreReader open, QObject* parent) : QObject(parent) {
    auto* worker = new LogSearchWorker(std::move(open)); // m_thread deletes it
    worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, worker, &QObject::deleteLater);
    connect(this, &LogSearchSession::requested, worker, &LogSearchWorker::look);
    connect(worker, &LogSearchWorker::found, this, &LogSearchSession::takePage);
    connect(worker, &LogSearchWorker::failed, this, &LogSearchSession::takeFailure);
    m_thread.setObjectName(QStringLiteral("log search"));
    m_thread.start();
}

LogSearchSession::~LogSearchSession() {
    m_stop.request_stop();
    m_thread.quit();
    m_thread.wait();
}

void LogSearchSession::search(const std::string& storeUrl, const core::LogQuery& query) {
    m_storeUrl = storeUrl;
    m_query = query;
    m_query.before.reset();
    ask();
}

void LogSearchSession::searchOn() {
    if (hasMore()) {
        ask();
    }
}

void LogSearchSession::stop() {
    m_stop.request_stop();
    m_on = false;
    ++m_number;
}

void LogSearchSession::ask() {
    m_stop.request_stop();
    m_stop = {};
    m_on = true;
    Q_EMIT requested({++m_number, m_storeUrl, m_query, m_stop.get_token()});
}

void LogSearchSession::takePage(int number, const core::LogPage& page) {
    if (number != m_number) {
        return;
    }
    m_on = false;
    m_query.before = page.next;
    Q_EMIT found(page);
}

void LogSearchSession::takeFailure(int number, const QString& reason) {
    if (number != m_number) {
        return;
    }
    m_on = false;
    Q_EMIT failed(reason);
}

} // namespace app
