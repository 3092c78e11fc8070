// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/daemon/daemon.h"

#include "services/api/load_routes.h"
#include "services/api/member_routes.h"
#include "services/api/part_routes.h"
#include "services/gateway/gateway_role.h"
#include "services/gateway/gateway_routes.h"
#include "services/roles/consumer_role.h"
#include "services/roles/producer_role.h"
#include "services/roles/run_part.h"

#include <fmt/format.h>

namespace app {
namespace {

using services::PartFeed;
using services::http::Router;
using services::http::Server;

/// Destroyed from the last to the first: the server lets go of the rest before it ends.
template <typename Role>
struct Served final : ServedRole {
    std::string name;
    std::unique_ptr<Role> role;
    std::unique_ptr<PartFeed> feed;
    std::string address;
    std::unique_ptr<Server> server;

    std::string describe() const override { return fmt::format("{} on {}", name, address); }
};

core::Result<std::unique_ptr<Server>> serve(const ServerSettings& settings, std::uint16_t port, Router router) {
    services::http::ServerOptions options;
    options.address = settings.listen.host == "localhost" ? "127.0.0.1" : settings.listen.host;
    options.port = port;
    options.access.token = settings.token;
    options.access.hosts.push_back(options.address.find(':') == std::string::npos ? options.address
                                                                                  : "[" + options.address + "]");
    options.access.hosts.insert(options.access.hosts.end(), settings.hosts.begin(), settings.hosts.end());
    options.tls = settings.tls;
    options.limits.connections = settings.connections;
    options.limits.connectionsPerPeer = settings.connectionsPerClient;
    return Server::create(std::move(options), std::move(router));
}

template <typename Role, typename Routes>
core::Result<std::unique_ptr<ServedRole>> start(const ServerSettings& settings, std::string_view name,
                                                std::uint16_t port, std::unique_ptr<Role> role, const Routes& addRoutes,
                                                std::chrono::seconds retained = PartFeed::kForRates) {
    auto served = std::make_unique<Served<Role>>();
    served->name = name;
    served->role = std::move(role);
    served->feed = std::make_unique<PartFeed>(*served->role, retained);
    Router router;
    addRoutes(router, *served->role, *served->feed);
    auto server = serve(settings, port, std::move(router));
    if (!server) {
        return server.error();
    }
    served->server = std::move(*server);
    const core::ServerName at{settings.listen.host, served->server->port()};
    served->address = fmt::format("{}://{}", settings.tls ? "https" : "http", at.shown());
    return std::unique_ptr<ServedRole>(std::move(served));
}

core::Result<std::unique_ptr<ServedRole>> startProducer(const DaemonSettings& settings, std::uint16_t port) {
    auto role = std::make_unique<services::ProducerRole>(
        services::ProducerRole::Options{settings.scenario, settings.target.broker});
    return start(settings.server, "producer", port, std::move(role),
                 [](Router& router, services::ProducerRole& producer, PartFeed& feed) {
                     services::addPartRoutes(router, feed, {.role = "producer", .roles = {.producer = true}});
                     services::addLoadRoutes(router, producer, feed);
                     services::addMemberRoutes(router, producer.member());
                 });
}

core::Result<std::unique_ptr<ServedRole>> startConsumer(const DaemonSettings& settings, std::uint16_t port) {
    auto role = std::make_unique<services::ConsumerRole>(
        services::ConsumerRole::Options{settings.scenario, settings.target, settings.resetOffsets, settings.retention});
    return start(settings.server, "consumer", port, std::move(role),
                 [](Router& router, services::ConsumerRole& consumer, PartFeed& feed) {
                     services::addPartRoutes(router, feed, {.role = "consumer", .roles = {.consumer = true}});
                     services::addMemberRoutes(router, consumer);
                 });
}

core::Result<std::unique_ptr<ServedRole>> startGateway(const DaemonSettings& settings, std::uint16_t port) {
    auto role = std::make_unique<services::GatewayRole>(services::GatewayRole::Options{
        settings.scenario, settings.target, settings.parts, {settings.server.token, settings.partsAuthority}});
    return start(
        settings.server, "gateway", port, std::move(role),
        [](Router& router, services::GatewayRole& gateway, PartFeed& feed) {
            services::addPartRoutes(router, feed,
                                    {.role = "gateway", .gauges = [&gateway](const core::Snapshot& snapshot) {
                                         return gateway.gauges(snapshot);
                                     }});
            services::addGatewayRoutes(router, gateway, feed);
        },
        services::kLatencyHistory);
}

core::Result<ServerSettings> settingsOfRun(const std::string& listen, const Environment& environment) {
    auto values = readSettingValues({}, environment);
    if (!values) {
        return values.error();
    }
    (*values)["listen"] = {listen, "--serve"};
    return readServerSettings(*values, environment, 0);
}

} // namespace

core::Status canServe(const std::string& listen, const Environment& environment) {
    const auto settings = settingsOfRun(listen, environment);
    if (!settings) {
        return settings.error();
    }
    const auto tried = serve(*settings, static_cast<std::uint16_t>(*settings->listen.port), {});
    return tried ? core::Status() : core::Status(tried.error());
}

core::Result<std::unique_ptr<ServedRole>> serveRun(core::RunControl& run, const std::string& scenario,
                                                   const std::string& listen, const Environment& environment) {
    const auto settings = settingsOfRun(listen, environment);
    if (!settings) {
        return settings.error();
    }
    const auto port = static_cast<std::uint16_t>(*settings->listen.port);
    return start(*settings, "run", port, std::make_unique<services::RunPart>(run, scenario),
                 [](Router& router, services::RunPart& part, PartFeed& feed) {
                     services::addPartRoutes(router, feed,
                                             {.role = "run", .roles = {.producer = true, .consumer = true}});
                     services::addLoadRoutes(router, part, feed);
                 });
}

core::Result<std::vector<std::unique_ptr<ServedRole>>> startRoles(const DaemonSettings& settings) {
    std::vector<std::unique_ptr<ServedRole>> all;
    int port = *settings.server.listen.port;
    for (const DaemonRole role : settings.roles) {
        if (port > 65'535) {
            return core::invalid(fmt::format("There is no port {} for the {}.", port, nameOf(role)));
        }
        const auto at = static_cast<std::uint16_t>(port == 0 ? port : port++); // 0: any that is free
        auto started = role == DaemonRole::Gateway    ? startGateway(settings, at)
                       : role == DaemonRole::Producer ? startProducer(settings, at)
                                                      : startConsumer(settings, at);
        if (!started) {
            return started.error();
        }
        all.push_back(std::move(*started));
    }
    return all;
}

} // namespace app
