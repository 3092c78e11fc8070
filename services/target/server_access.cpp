// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/server_access.h"

namespace services {

void apply(const ServerAccess& access, core::Scenario& scenario, core::Target& target) {
    target = access.target;
    for (const auto& [name, value] : access.kafkaClient) {
        scenario.kafka.client.insert_or_assign(name, value);
    }
}

} // namespace services
