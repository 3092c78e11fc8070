// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/widgets/cell_table_model.h"
#include "core/measure/ledger.h"
#include "core/measure/snapshot.h"
#include "core/results/result_file.h"

#include <functional>
#include <optional>

/// What the tables of the Live page hold, as pure functions of values. A figure that is not known is a dash whose tip
/// gives the reason; lost, doubled and their like call for attention when they are not 0.
namespace app {

/// The ledger as it stands. `ids` are known only when it is closed.
std::vector<CellRow> ledgerRows(const core::ProducerCounts& producer, const core::ConsumerCounts& consumer,
                                const std::optional<core::IdCounts>& ids,
                                core::ConsumedBy consumedBy = core::ConsumedBy::Millrace);

QStringList liveStreamColumns();
/// Stored events/s of a stream's last minute, the newest last; may be empty.
using StreamLine = std::function<std::vector<double>(std::size_t stream)>;
/// Rates and latencies are those since `earlier`, an older snapshot of the run. Each can be sorted by.
std::vector<CellRow> streamRows(const core::Snapshot& snapshot, const core::Snapshot& earlier, const StreamLine& line);
QStringList liveTierColumns();
std::vector<CellRow> tierRows(const core::Snapshot& snapshot, const core::Snapshot& earlier);

/// Duplicates caught by the filter and by the database, and what the filter saved it.
std::vector<CellRow> filterRows(const core::Snapshot& snapshot,
                                core::ConsumedBy consumedBy = core::ConsumedBy::Millrace);

/// This process and the machine.
std::vector<CellRow> hostRows(const core::HostSample& now, const core::HostSample& earlier, core::Nanoseconds between);

QStringList faultColumns();
/// Warnings, retries, faults and their like, grouped by kind and text without figures, with first and last seen.
std::vector<CellRow> faultRows(const std::vector<core::Mark>& timeline);

QStringList eventColumns();
/// The time line, the newest first, at most 500.
std::vector<CellRow> eventRows(const std::vector<core::Mark>& timeline);

} // namespace app
