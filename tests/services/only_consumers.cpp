// SPDX-License-Identifier: GPL-3.0-or-later
// only_consumers BROKER TOPIC TAG STORE: the consumers of a run whose streams are elsewhere, and have sent. Prints how
// many events were stored and how many of them were not the run's.
#include "roles.h"
#include "services/producer/run_account.h"
#include "services/run/consumer_ends.h"
#include "services/store/store_address.h"

int main(int argc, char** argv) {
    if (argc != 5) {
        return 2;
    }
    const core::Scenario scenario = roles::scenario(argv[2]);
    const services::RunHead head = roles::head(static_cast<std::uint32_t>(std::stoul(argv[3])));
    const auto broker =
        services::BrokerEnd::open({scenario, *core::BrokerAddress::create(argv[1]), head.id, true}, roles::note);
    if (!broker) {
        return roles::failed(broker.error());
    }
    auto store =
        services::StoreEnd::open({*services::readStoreAddress(argv[4]), {}, head.id, head.clocks.wall}, **broker, {});
    if (!store) {
        return roles::failed(store.error());
    }
    services::FilterEnd filter({}, scenario.dedupe, store->tag);
    services::ConsumerEnds ends({scenario.consumer, head}, **broker, *store, filter, roles::note);
    core::RunLanes lanes({{"a"}, {"live burst"}}, services::ConsumerPool::workersOf(scenario), {});
    services::RunAccount account({1, 1});
    const auto worker = [&](core::Tier tier, const std::string& name) { return ends.worker(tier, name); };
    services::ConsumerPool consumers(scenario, worker, lanes, account);
    roles::waitFor([&] { return consumers.joined() || consumers.failure(); });
    if (const core::Status marked = ends.markEnd(); !marked) {
        return roles::failed(marked.error());
    }
    roles::waitFor([&] { return ends.undrained() == 0 || consumers.failure(); });
    consumers.stop();
    roles::waitFor([&] { return consumers.left(); });
    const core::ConsumerCounts counts = lanes.snapshot(std::chrono::steady_clock::now()).consumer;
    fmt::print("{} {}\n", counts.stored, counts.foreign);
    return 0;
}
