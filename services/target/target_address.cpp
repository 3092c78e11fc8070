// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/target_address.h"

#include "services/store/store_address.h"

#include <utility>

namespace services {

core::Result<core::Target> readTarget(const core::ShownTarget& shown) {
    auto broker = core::BrokerAddress::create(shown.broker);
    if (!broker) {
        return core::invalid("broker: " + broker.error().text());
    }
    auto store = readStoreAddress(shown.store);
    if (!store) {
        return core::invalid("store: " + store.error().text());
    }
    auto dedupe = core::DedupeAddress::create(shown.dedupe);
    if (!dedupe) {
        return core::invalid("duplicate filter: " + dedupe.error().text());
    }
    return core::Target{std::move(*broker), std::move(*store), std::move(*dedupe)};
}

} // namespace services
