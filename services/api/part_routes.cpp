// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/api/part_routes.h"

#include "core/measure/snapshot_json.h"
#include "services/api/json_response.h"
#include "services/api/openapi.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace services {
namespace {

using http::Method;
using http::Request;
using http::Response;
using Json = nlohmann::ordered_json;

bool isDown(const core::Component& component) {
    return component.vital && !component.up;
}

Json healthOf(const std::vector<core::Component>& components) {
    Json health{{"status", std::ranges::any_of(components, isDown) ? "DOWN" : "UP"}, {"components", Json::object()}};
    for (const core::Component& component : components) {
        Json& one = health["components"][component.name];
        // A server that the part does without is not known to be there; this brings nobody down.
        one["status"] = component.up ? "UP" : component.vital ? "DOWN" : "UNKNOWN";
        if (!component.up) {
            one["details"]["reason"] = component.reason;
        }
    }
    return health;
}

Response healthResponse(const Json& health) {
    return jsonResponse(health, health["status"] == "UP" ? 200 : 503);
}

Json measurement(std::string_view statistic, double value) {
    return {{"statistic", statistic}, {"value", value}};
}

Json measurementsOf(const Meter& meter, const core::Snapshot& snapshot) {
    if (meter.kind != Meter::Kind::Timer) {
        return Json::array({measurement(meter.kind == Meter::Kind::Count ? "COUNT" : "VALUE", meter.value(snapshot))});
    }
    const core::LatencyHistogram values = meter.latency(snapshot);
    const double count = static_cast<double>(values.count());
    const auto seconds = [](double micros) { return micros / core::kMicrosPerSecond; };
    Json all =
        Json::array({measurement("COUNT", count), measurement("TOTAL_TIME", seconds(values.mean().value_or(0) * count)),
                     measurement("MAX", seconds(static_cast<double>(values.max().value_or(0))))});
    for (const auto& [name, percentile] :
         {std::pair{"P50", 50.0}, {"P90", 90.0}, {"P95", 95.0}, {"P99", 99.0}, {"P99.9", 99.9}}) {
        if (values.count() >= core::valuesNeeded(percentile)) {
            all.push_back(measurement(name, seconds(static_cast<double>(*values.percentile(percentile)))));
        }
    }
    return all;
}

Response meterNames(const PartRoles& roles) {
    Json names = Json::array();
    for (const Meter& meter : allMeters()) {
        if (meter.of == nullptr || roles.*meter.of) {
            names.push_back(meter.name);
        }
    }
    return jsonResponse({{"names", std::move(names)}});
}

/// One meter, of one tier where ?tag=tier:NAME asks for it.
Response meterResponse(const Request& request, const PartRoles& roles, const core::Snapshot& snapshot) {
    const std::string_view name = request.variable("name");
    const auto meter = std::ranges::find_if(
        allMeters(), [&](const Meter& each) { return each.name == name && (each.of == nullptr || roles.*each.of); });
    if (meter == allMeters().end()) {
        return http::problem(404, fmt::format("There is no meter {}; /actuator/metrics lists them.", name));
    }
    Json tiers = Json::array();
    std::optional<core::Tier> wanted;
    const auto tag = request.parameter("tag");
    for (const core::Tier tier : core::kTiers) {
        tiers.push_back(nameOf(tier));
        if (tag && *tag == fmt::format("tier:{}", nameOf(tier))) {
            wanted = tier;
        }
    }
    const bool tagged = meter->byTier;
    if (tag && !(tagged && wanted)) {
        return http::problem(404, fmt::format("{} has no tag {}.", name, *tag));
    }
    return jsonResponse(
        {{"name", name},
         {"description", meter->description},
         {"baseUnit", meter->unit},
         {"measurements", measurementsOf(*meter, wanted ? ofTier(snapshot, *wanted) : snapshot)},
         {"availableTags",
          tagged && !wanted ? Json::array({Json{{"tag", "tier"}, {"values", std::move(tiers)}}}) : Json::array()}});
}

Response scrape(const Request& request, const PartFeed& feed, const ServedPart& served, double startedAt) {
    const ExpositionFormat format = formatFor(request.header("Accept").value_or(""));
    Exposed exposed{
        served.role, served.roles, feed.snapshot(), feed.part().components(), feed.processCpuSeconds(), startedAt, {}};
    if (served.gauges) {
        exposed.gauges = served.gauges(exposed.snapshot);
    }
    return {.status = 200, .type = std::string(contentTypeOf(format)), .body = expositionOf(exposed, format)};
}

} // namespace

void addPartRoutes(http::Router& router, PartFeed& feed, ServedPart served) {
    const auto get = [&router](std::string pattern, http::Router::Handler handler) {
        router.add({Method::Get, std::move(pattern), std::move(handler)});
    };
    const auto health = [&router](std::string pattern, http::Router::Handler handler) {
        router.add({.method = Method::Get,
                    .pattern = std::move(pattern),
                    .answer = std::move(handler),
                    .vital = true,
                    .open = true});
    };
    const core::Part& part = feed.part();
    health("/actuator/health", [&part](const Request&) { return healthResponse(healthOf(part.components())); });
    health("/actuator/health/liveness", [](const Request&) { return jsonResponse({{"status", "UP"}}); });
    health("/actuator/health/readiness", [&part](const Request&) {
        Json health = healthOf(part.components());
        if (!part.ready()) {
            health["status"] = "DOWN";
        }
        return healthResponse(health);
    });

    const PartRoles roles = served.roles;
    get("/actuator/metrics", [roles](const Request&) { return meterNames(roles); });
    get("/actuator/metrics/{name}",
        [roles, &feed](const Request& request) { return meterResponse(request, roles, feed.snapshot()); });
    const double startedAt = core::secondsOf(std::chrono::system_clock::now().time_since_epoch());
    const auto scraped = [served = std::move(served), &feed, startedAt](const Request& request) {
        return scrape(request, feed, served, startedAt);
    };
    get("/actuator/prometheus", scraped);
    get("/metrics", scraped);
    get("/api/snapshot", [&feed](const Request&) {
        return Response{.status = 200, .type = "application/json", .body = toJson(feed.snapshot())};
    });
    router.add({Method::Get, "/api/stream", &feed.events()});
    get("/openapi.json", [](const Request&) {
        return Response{.status = 200, .type = "application/json", .body = std::string(openApiDocument())};
    });
}

} // namespace services
