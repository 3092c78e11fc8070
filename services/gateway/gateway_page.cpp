// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/gateway_page.h"

#include "core/text/count_text.h"
#include "core/text/figure_text.h"
#include "core/text/markup_text.h"

#include <fmt/format.h>

namespace services {
namespace {

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<meta name="viewport" content="width=device-width"><title>Millrace</title>
<style>
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse}td,th{padding:.2rem 1.2rem .2rem 0;text-align:left;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}
.bad{color:light-dark(#b3261e,#ff8a80)}.good{color:light-dark(#1b6e2d,#7ddc8f)}
</style></head><body>
<h1>Millrace</h1>
)";

constexpr std::string_view kLinks = R"(<h2>Links</h2>
<p><a href="/api/metrics/summary">Summary</a> · <a href="/api/metrics/throughput">Throughput</a> ·
<a href="/api/metrics/latency">Latency</a> · <a href="/api/lag">Lag</a> · <a href="/api/logs?limit=20">Stored logs</a> ·
<a href="/api/runs">Runs</a> · <a href="/actuator/health">Health</a> · <a href="/actuator/prometheus">Metrics</a> ·
<a href="/openapi.json">OpenAPI</a></p>
</body></html>
)";

void figure(std::string& page, std::string_view name, std::string_view value) {
    fmt::format_to(std::back_inserter(page), "<tr><td>{}</td><td class=\"n\">{}</td></tr>\n", name,
                   core::markupText(std::string(value)));
}

std::string percentileText(const core::LatencyHistogram& values, double percentile) {
    return values.count() >= core::valuesNeeded(percentile)
               ? core::durationText(std::chrono::microseconds(*values.percentile(percentile)))
               : "–";
}

void addParts(std::string& page, const GatewayRole& gateway) {
    const core::Instant now = std::chrono::steady_clock::now();
    page += "<h2>Parts</h2>\n<table><tr><th>Role</th><th>Address</th><th>State</th></tr>\n";
    for (const PartReport& part : gateway.parts()) {
        const bool fresh = part.fresh(now);
        const std::string state =
            fresh        ? "✓ answers"
            : part.heard ? fmt::format("✗ silent for {:.0f} s. {}", core::secondsOf(now - *part.heard), part.reason)
                         : "✗ " + part.reason;
        fmt::format_to(std::back_inserter(page), "<tr><td>{}</td><td>{}</td><td class=\"{}\">{}</td></tr>\n",
                       core::markupText(part.role), core::markupText(part.address), fresh ? "good" : "bad",
                       core::markupText(state));
    }
    for (const core::Component& component : gateway.components()) {
        fmt::format_to(std::back_inserter(page), "<tr><td>{}</td><td></td><td class=\"{}\">{}</td></tr>\n",
                       core::markupText(component.name), component.up ? "good" : "bad",
                       core::markupText(component.up ? "✓ answers" : "✗ " + component.reason));
    }
    page += "</table>\n";
}

} // namespace

std::string gatewayPage(const GatewayRole& gateway, const PartFeed& feed) {
    const core::Snapshot snapshot = gateway.snapshot();
    const core::Window window = feed.lastSeconds();
    std::string page(kHead);
    addParts(page, gateway);

    page += "<h2>Last 5 s</h2>\n<table>\n";
    figure(page, "Acknowledged", core::rateText(window.rate(window.producer.acked)));
    figure(page, "Stored", core::rateText(window.rate(window.consumer.stored)));
    figure(page, "End to end, p50", percentileText(of(window.latency, core::Metric::EndToEnd), 50));
    figure(page, "End to end, p99", percentileText(of(window.latency, core::Metric::EndToEnd), 99));
    page += "</table>\n<h2>Since the start</h2>\n<table>\n";
    figure(page, "Generated", core::countText(snapshot.producer().sent));
    figure(page, "Acknowledged", core::countText(snapshot.producer().acked));
    figure(page, "Stored", core::countText(snapshot.consumer.stored));
    figure(page, "Duplicates", core::countText(snapshot.consumer.duplicate()));
    figure(page, "Dead letters", core::countText(snapshot.consumer.deadLettered));
    page += "</table>\n";
    if (const auto lag = gateway.lag()) {
        page += "<h2>Lag</h2>\n<table>\n";
        figure(page, "Group", lag->group);
        figure(page, "Events", core::countText(lag->events));
        figure(page, "Oldest event", lag->seconds ? fmt::format("{:.2f} s", *lag->seconds) : "–");
        figure(page, "Grows by", fmt::format("{:+.0f}/s", lag->slope));
        figure(page, "Gone in", lag->drainSeconds ? fmt::format("{:.0f} s", *lag->drainSeconds) : "–");
        page += "</table>\n";
    }
    page += kLinks;
    return page;
}

} // namespace services
