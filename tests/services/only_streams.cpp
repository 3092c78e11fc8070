// SPDX-License-Identifier: GPL-3.0-or-later
// only_streams BROKER TOPIC TAG: the streams of a run, without store, filter and consumers. Prints how many were acked.
#include "roles.h"
#include "services/producer/stream_pool.h"
#include "services/target/broker_end.h"

int main(int argc, char** argv) {
    if (argc != 4) {
        return 2;
    }
    const core::Scenario scenario = roles::scenario(argv[2]);
    const services::RunHead head = roles::head(static_cast<std::uint32_t>(std::stoul(argv[3])));
    const auto broker =
        services::BrokerEnd::open({scenario, *core::BrokerAddress::create(argv[1]), head.id}, roles::note);
    if (!broker) {
        return roles::failed(broker.error());
    }
    core::RunLanes lanes(services::StreamPool::names(scenario), 0, {});
    services::RunAccount account({1'000, 1});
    const auto publisher = [&](const core::Stream& stream, core::DeliverySink& sink) {
        return (*broker)->publisher(stream, sink);
    };
    const auto streams =
        services::StreamPool::create(scenario, head.clocks, head.identity.runTag, {}, publisher, lanes, account);
    if (!streams) {
        return roles::failed(streams.error());
    }
    lanes.times().setOrigin(std::chrono::steady_clock::now());
    (*streams)->start();
    roles::waitFor([&] { return (*streams)->idle(); });
    (*streams)->finish(std::chrono::seconds(10));
    roles::waitFor([&] { return (*streams)->left(); });
    fmt::print("{}\n", lanes.snapshot(std::chrono::steady_clock::now()).producer().acked);
    return 0;
}
