// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/widgets/cell_table_model.h"
#include "core/monitor/cluster_view.h"

#include <QStringList>
#include <vector>

/// What the monitor's tables show of a look. What is not known is a dash with its reason as tool tip.
namespace app {

QStringList groupColumns();
std::vector<CellRow> groupRows(const core::ClusterView& view);
QStringList topicColumns();
std::vector<CellRow> topicRows(const core::ClusterView& view);
QStringList partitionColumns();
std::vector<CellRow> partitionRows(const core::GroupView& group);
QStringList memberColumns();
std::vector<CellRow> memberRows(const core::GroupView& group);

QString brokersText(const core::ClusterView& view);
/// "1,234 events, 4.2 s old, draining: 12 s to empty".
QString lagText(const core::GroupView& group);

} // namespace app
