// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/store.h"
#include "services/consumer/assigned_partitions.h"
#include "services/consumer/consumer_ports.h"

#include <vector>

namespace services {

/// Takes newly assigned partitions over in the store, adds them to `assigned` and answers where to read each from, in
/// the same order: the store's position, never the broker's. A partition that the store does not know begins at
/// ports.startOf. Refused: a stored position lies beyond the log's end and the user has not asked for a reset.
core::Result<std::vector<core::Offset>> takeOver(core::StoreSession& store, const ConsumerPorts& ports,
                                                 bool resetOffsets, const std::vector<core::TopicPartition>& partitions,
                                                 AssignedPartitions& assigned);

} // namespace services
