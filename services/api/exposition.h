// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/snapshot.h"
#include "core/ports/part.h"
#include "services/api/meters.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace services {

/// How a scraper wants its text: Prometheus' own format 0.0.4, or OpenMetrics 1.0.
enum class ExpositionFormat { Prometheus, OpenMetrics };
ExpositionFormat formatFor(std::string_view accept); ///< of an Accept header; what nobody names is Prometheus' own
std::string_view contentTypeOf(ExpositionFormat format);

/// A gauge that only its owner knows, with label values from a fixed set.
struct ExtraGauge {
    std::string name, help;
    std::vector<std::pair<std::string, std::string>> labels;
    double value = 0;
};

/// What a scrape shows.
struct Exposed {
    std::string role;
    PartRoles roles;
    core::Snapshot snapshot; ///< streams as in tierTotals()
    std::vector<core::Component> components;
    double processCpuSeconds = 0;   ///< since the process' start
    double startedAt = 0;           ///< seconds since the epoch
    std::vector<ExtraGauge> gauges; ///< those of one name one after the other
};
/// All metrics as text; histograms of the consumer with exemplars where the format has them. Names and units:
/// resources/docs/services.md. Source: Prometheus' "Exposition formats", and OpenMetrics 1.0 (section "Text format").
std::string expositionOf(const Exposed& exposed, ExpositionFormat format);

/// Upper bounds of the histograms' buckets, in seconds: 2^(k/16) from 1/1024 s to 8 s, where rules are, so that a
/// quantile interpolated between two of them is off by a bucket's width at most, 4.4 %; powers of two on both sides.
const std::vector<double>& bucketBounds();

} // namespace services
