// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/widgets/cell_table_model.h"
#include "core/fleet/fleet_member.h"

namespace app {

/// The columns of fleetColumns(), in their order.
struct FleetColumn {
    enum Column { Daemon, Role, State, Sent, Stored, Clock, Version, Trouble };
};
QStringList fleetColumns();
/// How each daemon of a fleet stands; one that is not well calls for attention.
std::vector<CellRow> fleetRows(const std::vector<core::FleetMember>& members);

/// "producer at 10.0.0.1:8081 does not answer, silent for 4 s": of those that are not well the first, and how many
/// more there are; empty: all are well.
QString fleetTrouble(const std::vector<core::FleetMember>& members);

} // namespace app
