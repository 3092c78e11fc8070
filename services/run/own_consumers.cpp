// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/own_consumers.h"

namespace services {

OwnConsumers::OwnConsumers(ConsumerEnds& ends, const core::Scenario& scenario, core::RunLanes& lanes,
                           core::EventAccount& account)
    : m_ends(ends),
      m_pool(
          scenario, [&ends](core::Tier tier, const std::string& name) { return ends.worker(tier, name); }, lanes,
          account) {}

} // namespace services
