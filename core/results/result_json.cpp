// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/results/result_fields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace core {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::pair<const char*, double>, 6> kTablePercentiles{
    {{"p50", 50}, {"p90", 90}, {"p95", 95}, {"p99", 99}, {"p99.9", 99.9}, {"p99.99", 99.99}}};

template <typename T>
concept JsonsOwn = std::is_arithmetic_v<T> || std::same_as<T, std::string> || std::same_as<T, Texts>;

/// Puts fields into a JSON object, in the order in which they are named.
class Writer {
public:
    explicit Writer(Json& object) : m_object(&object) {}

    template <typename T>
    void operator()(std::string_view key, const T& value) {
        (*m_object)[std::string(key)] = jsonOf(value);
    }
    void operator()(std::string_view key, const LatencyHistogram& histogram) {
        optional(key, histogram, histogram.count() > 0);
    }
    void orNull(std::string_view key, const std::string& text) { (*this)(key, unlessEmpty(text)); }

    template <typename T>
    void optional(std::string_view key, const T& value, bool has) {
        if (has) {
            (*m_object)[std::string(key)] = jsonOf(value);
        }
    }
    template <typename Function>
    void shown(std::string_view key, const Function& derived) {
        (*this)(key, derived());
    }
    template <typename Function>
    void object(std::string_view key, const Function& name) {
        (*m_object)[std::string(key)] = objectOf(name);
    }
    void parsed(const Threshold& /*rule*/) {}

private:
    template <typename Function>
    static Json objectOf(const Function& name) {
        Json object = Json::object();
        Writer file(object);
        name(file);
        return object;
    }

    template <typename T>
    static Json jsonOf(const T& value) {
        if constexpr (JsonsOwn<T>) {
            return value;
        } else if constexpr (std::is_enum_v<T>) {
            return nameOf(value);
        } else {
            return objectOf([&value](Writer& file) { fields(file, value); });
        }
    }
    template <typename T>
    static Json jsonOf(const std::optional<T>& value) {
        return value ? jsonOf(*value) : Json();
    }
    template <typename T>
    static Json jsonOf(const std::vector<T>& values) {
        Json json = Json::array();
        for (const auto& value : values) {
            json.push_back(jsonOf(value));
        }
        return json;
    }
    static Json jsonOf(ExitCode code) { return static_cast<int>(code); }
    static Json jsonOf(Rate rate) { return rate.perSecond; }
    static Json jsonOf(Bytes bytes) { return bytes.count; }
    static Json jsonOf(Nanoseconds duration) { return secondsOf(duration); }
    static Json jsonOf(const LatencyHistogram& histogram) { return histogram.hdrText(); }
    static Json jsonOf(const PackedHistograms& histograms) { return jsonOf(histograms.unpack()); }
    /// What cannot be said is null.
    static auto percentilesOf(const LatencyHistogram& histogram) {
        return [&histogram](Writer& file) {
            const auto millis = [](auto micros) {
                return micros ? std::optional(std::round(static_cast<double>(*micros)) / 1'000) : std::nullopt;
            };
            file("count", histogram.count());
            file("mean", millis(histogram.mean()));
            for (const auto& [name, percentile] : kTablePercentiles) {
                const bool enough = histogram.count() >= valuesNeeded(percentile);
                file(name, enough ? millis(histogram.percentile(percentile)) : std::nullopt);
            }
            file("max", millis(histogram.max()));
        };
    }
    static Json jsonOf(const LatencySummary& summary) {
        return objectOf([&summary](Writer& file) {
            for (const auto metric : kMetrics) {
                file.object(nameOf(metric), percentilesOf(of(summary.latency, metric)));
            }
            if (summary.wakeDelay != nullptr) {
                file.object("wake_delay", percentilesOf(*summary.wakeDelay));
            }
        });
    }

    Json* m_object;
};

} // namespace

std::vector<TierSums> tierSums(const std::vector<StreamSnapshot>& streams) {
    std::vector<TierSums> tiers;
    for (const auto tier : kTiers) {
        TierSums sums;
        sums.sum.tier = tier;
        for (const auto& stream : streams) {
            if (stream.tier != tier) {
                continue;
            }
            ++sums.streams;
            sums.sum.producer += stream.producer;
            sums.sum.stored += stream.stored;
            sums.sum.duplicate += stream.duplicate;
            sums.sum.deadLettered += stream.deadLettered;
            for (const auto metric : kMetrics) {
                of(sums.sum.latency, metric).add(of(stream.latency, metric));
            }
        }
        if (sums.streams > 0) {
            tiers.push_back(std::move(sums));
        }
    }
    return tiers;
}

std::string toJson(const RunResult& result, bool headOnly) {
    Json json{{"schema", kResultSchema}};
    Writer file(json);
    headFields(file, result);
    if (!headOnly) {
        restFields(file, result);
    }
    // Texts come from files and servers: bytes that are not UTF-8 are replaced.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace core
