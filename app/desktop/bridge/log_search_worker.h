#pragma once

#include "app/desktop/bridge/log_search_session.h"

namespace app {

/// Asks the store for LogSearchSession, in its thread. Keeps the last store open.
class LogSearchWorker : public QObject {
    Q_OBJECT

public:
    explicit LogSearchWorker(OpenStoreReader open);

    void look(const LogSearchRequest& request);

Q_SIGNALS:
    void found(int number, const core::LogPage& page);
    void failed(int number, const QString& reason);

private:
    OpenStoreReader m_open;
    std::string m_url;
    std::unique_ptr<core::StoreReader> m_reader; // of m_url
};

} // namespace app
