// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/run_order.h"
#include "core/result.h"
#include "core/scenario/scenario.h"

#include <string_view>

namespace services {

/// A scenario that came over the network. It may say what to send, and nothing about this machine: no files, no
/// servers, no environment, no settings of the Kafka client. Its kafka section is `own`, or nothing.
core::Result<core::Scenario> readForeign(std::string_view text, const core::KafkaSettings& own);

/// The same for a run over several daemons. How its events travel (acks, linger, batches, queues) is the run's; the
/// client's settings are `own`, and so have to be topics and group, for the consumers know no others.
core::Result<core::Scenario> readForeign(const core::RunOrder& order, const core::KafkaSettings& own);

} // namespace services
