// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/store_end.h"

#include "services/store/store.h"

namespace services {

core::Result<StoreEnd> StoreEnd::open(const Options& options, const BrokerEnd& broker, const std::stop_token& giveUp) {
    StoreOptions wanted;
    wanted.address = options.address.isEmbedded()
                         ? core::StoreAddress::ofFile((options.directory / "events.sqlite").string())
                         : options.address;
    wanted.clusterId = broker.clusterId();
    wanted.group = broker.group();
    wanted.runId = options.runId;
    auto opened = openStore(wanted, giveUp);
    if (!opened) {
        return opened.error();
    }
    StoreEnd end{std::move(*opened), {}};
    if (const core::Status prepared = end.store->prepare(options.now); !prepared) {
        return prepared.error();
    }
    auto tag = end.store->tag();
    if (!tag) {
        return tag.error();
    }
    end.tag = std::move(*tag);
    auto known = end.store->positions();
    if (!known) {
        return known.error();
    }
    end.positions = std::move(*known);
    return end;
}

std::map<std::string, std::string> StoreEnd::facts() const {
    std::map<std::string, std::string> facts{{"store", store->describe()}};
    for (const auto& [name, value] : store->facts()) {
        facts["store." + name] = value;
    }
    return facts;
}

} // namespace services
