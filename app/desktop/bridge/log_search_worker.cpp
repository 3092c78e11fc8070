#include "app/desktop/bridge/log_search_worker.h"

namespace app {

LogSearchWorker::LogSearchWorker(OpenStoreReader open) : m_open(std::move(open)) {}

void LogSearchWorker::look(const LogSearchRequest& request) {
    if (request.stop.stop_requested()) {
        return; // a newer one waits already
    }
    const auto fail = [&](const core::Error& error) {
        Q_EMIT failed(request.number, QString::fromStdString(error.message));
    };
    if (!m_reader || m_url != request.storeUrl) {
        m_reader.reset();
        auto reader = m_open(request.storeUrl);
        if (!reader) {
            return fail(reader.error());
        }
        m_reader = std::move(*reader);
        m_url = request.storeUrl;
    }
    const auto page = m_reader->search(request.query, request.stop);
    if (!page) {
        return fail(page.error());
    }
    Q_EMIT found(request.number, *page);
}

} // namespace app
