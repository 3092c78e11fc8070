// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/job_thread.h"
#include "core/ports/search.h"
#include "core/target/store_address.h"

#include <QObject>
#include <QString>
#include <functional>
#include <memory>
#include <stop_token>

namespace app {

class LogSearcher;

/// How a store is opened for reading; may block.
using OpenStoreReader =
    std::function<core::Result<std::unique_ptr<core::StoreReader>>(const core::StoreAddress& store)>;

/// services::openStoreReader with patience enough for a window.
core::Result<std::unique_ptr<core::StoreReader>> openStoreReaderForWindow(const core::StoreAddress& store);

/// Searches stored events for the window. Lives in the GUI thread and never blocks it; the store is asked in a thread
/// of its own. A newer search takes the place of the one that is on.
class LogSearchSession : public QObject {
    Q_OBJECT

public:
    explicit LogSearchSession(OpenStoreReader open = openStoreReaderForWindow, QObject* parent = nullptr);
    ~LogSearchSession() override; ///< cuts off a search that is on, and joins

    bool isOn() const { return m_on; }
    void search(const core::StoreAddress& store, const core::LogQuery& query);
    bool hasMore() const { return !m_on && m_query.before.has_value(); }
    void searchOn();    ///< the next page of the last search, if there is more
    void searchAgain(); ///< the first page of the last search, as it is by now
    void stop();        ///< what comes later is dropped; the next page can still be asked for

Q_SIGNALS:
    void found(const core::LogPage& page);
    void failed(const QString& reason); ///< the page can be asked for again

private:
    void ask();
    void apply(const core::Result<core::LogPage>& page);

    std::unique_ptr<LogSearcher> m_searcher; // of m_jobs' thread, as long as there is one
    bool m_on = false;
    std::stop_source m_stop; // of the last search; its answer is dropped once it is stopped
    core::StoreAddress m_store;
    core::LogQuery m_query;
    JobThread m_jobs;
};

} // namespace app
