// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/gateway_routes.h"

#include "core/text/plain_number.h"
#include "services/api/json_response.h"
#include "services/gateway/gateway_page.h"
#include "services/gateway/store_routes.h"

#include <fmt/format.h>

namespace services {
namespace {

using http::Method;
using http::Request;
using http::Response;
using OrderedJson = nlohmann::ordered_json;

// --- figures ------------------------------------------------------------------------------------------------------

OrderedJson latencyOf(const core::LatencyHistogram& values) {
    OrderedJson latency{{"count", values.count()}};
    const auto millis = [](std::uint64_t micros) { return static_cast<double>(micros) / 1'000; };
    for (const auto& [name, percentile] :
         {std::pair{"p50", 50.0}, {"p90", 90.0}, {"p95", 95.0}, {"p99", 99.0}, {"p99.9", 99.9}, {"p99.99", 99.99}}) {
        latency[name] = values.count() >= core::valuesNeeded(percentile)
                            ? OrderedJson(millis(*values.percentile(percentile)))
                            : OrderedJson(nullptr);
    }
    latency["mean"] = values.mean() ? OrderedJson(*values.mean() / 1'000) : OrderedJson(nullptr);
    latency["max"] = values.max() ? OrderedJson(millis(*values.max())) : OrderedJson(nullptr);
    return latency;
}

OrderedJson latenciesOf(const core::MetricHistograms& histograms) {
    OrderedJson all;
    for (const core::Metric metric :
         {core::Metric::SendDelay, core::Metric::Ack, core::Metric::Processing, core::Metric::EndToEnd}) {
        all[std::string(nameOf(metric))] = latencyOf(of(histograms, metric));
    }
    return all;
}

/// Each part with the age of what is known of it; and whether all of them answer.
OrderedJson partsOf(const GatewayRole& gateway, bool& complete) {
    const core::Instant now = std::chrono::steady_clock::now();
    OrderedJson all = OrderedJson::array();
    complete = true;
    for (const PartReport& part : gateway.parts()) {
        OrderedJson one{{"role", part.role}, {"address", part.address}};
        const bool fresh = part.fresh(now);
        one["status"] = fresh ? "UP" : part.heard ? "STALE" : "DOWN";
        one["ageSeconds"] = part.heard ? OrderedJson(core::secondsOf(now - *part.heard)) : OrderedJson(nullptr);
        if (!fresh) {
            one["reason"] = part.reason;
        }
        complete = complete && fresh;
        all.push_back(std::move(one));
    }
    return all;
}

/// An answer that names its parts, and says when one of them is missing in the figures.
Response answer(const GatewayRole& gateway, const OrderedJson& figures) {
    bool complete = true;
    OrderedJson parts = partsOf(gateway, complete);
    OrderedJson body{{"status", complete ? "UP" : "DEGRADED"}};
    body.update(figures);
    body["parts"] = std::move(parts);
    return jsonResponse(body);
}

OrderedJson producerOf(const core::Snapshot& snapshot, const core::Window& window) {
    const core::ProducerCounts counts = snapshot.producer();
    return {{"generated", counts.sent},
            {"acked", counts.acked},
            {"failed", counts.failed},
            {"inDoubt", counts.inDoubt},
            {"unsent", counts.unsent},
            {"queued", counts.queued()},
            {"rate", window.rate(window.producer.acked).perSecond},
            {"targetRate", targetOf(snapshot).perSecond}};
}

OrderedJson consumerOf(const core::Snapshot& snapshot, const core::Window& window) {
    const core::ConsumerCounts& counts = snapshot.consumer;
    return {{"processed", counts.stored + counts.duplicate()},
            {"stored", counts.stored},
            {"duplicates", counts.duplicate()},
            {"deadLettered", counts.deadLettered},
            {"rate", window.rate(window.consumer.stored + window.consumer.duplicate()).perSecond}};
}

OrderedJson lagOf(const GroupLag& lag, bool detailed) {
    const core::Instant now = std::chrono::steady_clock::now();
    const auto optional = [](const auto& value) { return value ? OrderedJson(*value) : OrderedJson(nullptr); };
    const auto offset = [](const std::optional<core::Offset>& value) {
        return value ? OrderedJson(value->value) : OrderedJson(nullptr);
    };
    OrderedJson body{
        {"group", lag.group},
        {"ageSeconds", lag.at == core::Instant{} ? OrderedJson(nullptr) : OrderedJson(core::secondsOf(now - lag.at))},
        {"events", lag.events},
        {"seconds", optional(lag.seconds)},
        {"slopePerSecond", lag.slope},
        {"drainSeconds", optional(lag.drainSeconds)}};
    for (const auto& [name, reason] : {std::pair("broker", &lag.brokerReason), std::pair("store", &lag.storeReason)}) {
        if (!reason->empty()) {
            body["reasons"][name] = *reason;
        }
    }
    if (detailed) {
        body["partitions"] = OrderedJson::array();
        for (const PartitionLag& one : lag.partitions) {
            body["partitions"].push_back({{"topic", one.partition.topic},
                                          {"partition", one.partition.partition.id},
                                          {"end", one.end.value},
                                          {"stored", offset(one.stored)},
                                          {"committed", offset(one.committed)},
                                          {"events", one.events},
                                          {"seconds", optional(one.seconds)},
                                          {"secondsBy", one.byDueTime ? "due time" : "record time"}});
        }
    }
    return body;
}

Response summary(const GatewayRole& gateway, const PartFeed& feed) {
    const core::Snapshot snapshot = gateway.snapshot();
    const core::Window window = feed.lastSeconds();
    OrderedJson figures{{"producer", producerOf(snapshot, window)},
                        {"consumer", consumerOf(snapshot, window)},
                        {"ledger",
                         {{"acked", snapshot.producer().acked},
                          {"polled", snapshot.consumer.polled},
                          {"stored", snapshot.consumer.stored},
                          {"duplicates", snapshot.consumer.duplicate()},
                          {"deadLettered", snapshot.consumer.deadLettered},
                          {"backlog", snapshot.backlog}}},
                        {"latency", latenciesOf(summed(snapshot).streams.front().latency)}};
    if (const auto lag = gateway.lag()) {
        figures["lag"] = lagOf(*lag, false);
    }
    return answer(gateway, figures);
}

Response throughput(const GatewayRole& gateway, const PartFeed& feed) {
    const core::Snapshot snapshot = gateway.snapshot();
    const core::Window window = feed.lastSeconds();
    return answer(gateway, {{"producer", producerOf(snapshot, window)}, {"consumer", consumerOf(snapshot, window)}});
}

/// Since the start, or over the last ?seconds=N.
Response latency(const Request& request, const GatewayRole& gateway, const PartFeed& feed) {
    constexpr auto kMostSeconds = kLatencyHistory.count();
    const auto text = request.parameter("seconds");
    if (!text) {
        return answer(gateway, {{"overSeconds", nullptr},
                                {"latency", latenciesOf(summed(gateway.snapshot()).streams.front().latency)}});
    }
    const auto seconds = core::numberFrom<int>(*text);
    if (!seconds || *seconds < 1 || *seconds > kMostSeconds) {
        return http::problem(400,
                             fmt::format("seconds is a whole number from 1 to {}, not '{}'.", kMostSeconds, *text));
    }
    const core::Window window = feed.last(std::chrono::seconds(*seconds));
    return answer(gateway, {{"overSeconds", core::secondsOf(window.length)}, {"latency", latenciesOf(window.latency)}});
}

} // namespace

void addGatewayRoutes(http::Router& router, const GatewayRole& gateway, const PartFeed& feed) {
    const auto get = [&router](std::string pattern, http::Router::Handler handler) {
        router.add({Method::Get, std::move(pattern), std::move(handler)});
    };
    get("/", [&gateway, &feed](const Request&) {
        return Response{.status = 200,
                        .type = "text/html; charset=utf-8",
                        .body = gatewayPage(gateway, feed),
                        .headers = {{"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"}}};
    });
    get("/api/metrics/summary", [&gateway, &feed](const Request&) { return summary(gateway, feed); });
    get("/api/metrics/throughput", [&gateway, &feed](const Request&) { return throughput(gateway, feed); });
    get("/api/metrics/latency", [&gateway, &feed](const Request& request) { return latency(request, gateway, feed); });
    get("/api/lag", [&gateway](const Request&) {
        const auto lag = gateway.lag();
        return lag ? jsonResponse(lagOf(*lag, true))
                   : http::problem(404, "This gateway has no broker: --broker HOST:PORT names one.");
    });
    addStoreRoutes(router, gateway.store());
}

} // namespace services
