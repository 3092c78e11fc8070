// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/stored_runs.h"

#include "app/desktop/bridge/log_search_session.h"
#include "services/archive/result_head.h"

#include <QDateTime>
#include <QTimeZone>
#include <algorithm>

namespace app {

namespace {

std::string timeText(const std::optional<core::WallTime>& time) {
    if (!time) {
        return {};
    }
    const auto millis = std::chrono::floor<std::chrono::milliseconds>(time->time_since_epoch());
    return QDateTime::fromMSecsSinceEpoch(millis.count(), QTimeZone::utc()).toString(Qt::ISODateWithMs).toStdString();
}

services::CatalogueEntry entryOf(const core::StoredRun& run) {
    services::CatalogueEntry entry;
    entry.state = services::CatalogueEntry::State::Stored;
    entry.id = run.id;
    entry.name = run.name;
    entry.started = timeText(run.started);
    entry.tags = run.tags;
    if (run.verdict.empty()) {
        entry.problem = "This run has not been finished.";
    } else {
        entry.status = services::statusOf(run.verdict);
    }
    return entry;
}

} // namespace

core::Result<std::vector<services::CatalogueEntry>> runsStoredAt(const core::StoreAddress& store,
                                                                 const std::stop_token& stop) {
    constexpr std::uint32_t kMost = 1'000;
    const auto reader = openStoreReaderForWindow(store);
    if (!reader) {
        return reader.error();
    }
    const auto runs = (*reader)->runs(kMost, stop);
    if (!runs) {
        return runs.error();
    }
    std::vector<services::CatalogueEntry> entries;
    std::ranges::transform(*runs, std::back_inserter(entries), entryOf);
    return entries;
}

} // namespace app
