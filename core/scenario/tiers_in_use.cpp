// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/tiers_in_use.h"

#include <algorithm>

namespace core {

std::vector<Tier> tiersInUse(const Scenario& scenario) {
    std::vector<Tier> tiers;
    for (const Tier tier : kTiers) {
        if (std::ranges::any_of(scenario.streams, [tier](const Stream& stream) { return stream.tier == tier; })) {
            tiers.push_back(tier);
        }
    }
    return tiers;
}

std::vector<std::string> topicsInUse(const Scenario& scenario) {
    std::vector<std::string> topics;
    for (const Tier tier : tiersInUse(scenario)) {
        topics.push_back(scenario.kafka.tier(tier).topic);
    }
    return topics;
}

} // namespace core
