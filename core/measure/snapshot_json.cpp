// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/snapshot_json.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <type_traits>

namespace core {
namespace {

using Json = nlohmann::json;

// Both ways through one list each, so that nothing is written that is not read.

template <typename Counts, typename Each>
void eachProducerCount(Counts& counts, const Each& each) {
    each("planned", counts.planned);
    each("sent", counts.sent);
    each("unsent", counts.unsent);
    each("shed", counts.shed);
    each("acked", counts.acked);
    each("failed", counts.failed);
    each("in_doubt", counts.inDoubt);
}

template <typename Counts, typename Each>
void eachConsumerCount(Counts& counts, const Each& each) {
    each("polled", counts.polled);
    each("stored", counts.stored);
    each("duplicate_filter", counts.duplicateFilter);
    each("duplicate_batch", counts.duplicateBatch);
    each("duplicate_store", counts.duplicateStore);
    each("dead_lettered", counts.deadLettered);
    each("foreign", counts.foreign);
    each("abandoned", counts.abandoned);
}

template <typename Stream, typename Each>
void eachStreamCount(Stream& stream, const Each& each) {
    each("stored", stream.stored);
    each("duplicate", stream.duplicate);
    each("dead_lettered", stream.deadLettered);
    each("target_per_s", stream.target.perSecond);
}

template <typename Taken, typename Each>
void eachTotal(Taken& snapshot, const Each& each) {
    each("measured_planned", snapshot.measuredPlanned);
    each("measured_done", snapshot.measuredDone);
    each("reordered", snapshot.reordered);
    each("backlog", snapshot.backlog);
    each("filter_bypassed", snapshot.filterBypassed);
    each("offset_gap", snapshot.offsetGap);
    each("negative_latencies", snapshot.negativeLatencies);
}

// An older process sends none.
template <typename Taken, typename Each>
void eachRunFigure(Taken& snapshot, const Each& each) {
    each("measured_asked", snapshot.measuredAsked);
    each("measured_length_s", snapshot.measuredLength);
    each("measured_overrun_s", snapshot.measuredOverrun);
}

template <typename Span, typename Each>
void eachSpanFigure(Span& span, const Each& each) {
    each("name", span.name);
    each("planned", span.planned);
    each("stored", span.stored);
    each("length_s", span.length);
    each("overrun_s", span.overrun);
}

template <typename Host, typename Each>
void eachHostFigure(Host& host, const Each& each) {
    each("process_cpu", host.processCpu);
    each("machine_cpu", host.machineCpu);
    each("cores", host.cores);
    each("resident_bytes", host.residentSet.count);
    each("memory_available_bytes", host.memoryAvailable.count);
    each("disk_read_bytes", host.diskRead.count);
    each("disk_written_bytes", host.diskWritten.count);
    each("network_in_bytes", host.networkIn.count);
    each("network_out_bytes", host.networkOut.count);
}

Nanoseconds durationOf(double seconds) {
    constexpr double kLongest = 9e9; // 285 years; more does not fit
    if (!(std::abs(seconds) <= kLongest)) {
        throw std::invalid_argument("no duration");
    }
    return std::chrono::duration_cast<Nanoseconds>(std::chrono::duration<double>(seconds));
}

auto writerTo(Json& object) {
    return [&object](const char* name, const auto& value) {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Nanoseconds>) {
            object[name] = secondsOf(value);
        } else {
            object[name] = value;
        }
    };
}
auto readerFrom(const Json& object) {
    return [&object](const char* name, auto& value) {
        const Json& found = object.at(name);
        // The library would make a large count of a negative one, and a whole one of a fraction.
        if (std::is_unsigned_v<std::remove_reference_t<decltype(value)>> && !found.is_number_unsigned()) {
            throw std::invalid_argument("no count"); // caught where the others are
        }
        if constexpr (std::is_same_v<std::remove_reference_t<decltype(value)>, Nanoseconds>) {
            value = durationOf(found.get<double>());
        } else {
            found.get_to(value);
        }
    };
}

void write(Json& histograms, std::string_view name, const LatencyHistogram& histogram) {
    if (histogram.count() > 0) {
        histograms[std::string(name)] = histogram.encode();
    }
}

Json jsonOf(const MetricHistograms& latency) {
    Json histograms = Json::object();
    for (const Metric metric : kMetrics) {
        write(histograms, nameOf(metric), of(latency, metric));
    }
    return histograms;
}

Json jsonOf(const StreamSnapshot& stream) {
    Json object{{"name", stream.name}, {"tier", nameOf(stream.tier)}};
    eachProducerCount(stream.producer, writerTo(object["producer"]));
    eachStreamCount(stream, writerTo(object));
    object["histograms"] = jsonOf(stream.latency);
    write(object["histograms"], "wake_delay", stream.wakeDelay);
    return object;
}

Json jsonOf(const SpanSnapshot& span) {
    Json object{{"histograms", jsonOf(span.latency)}};
    eachSpanFigure(span, writerTo(object));
    return object;
}

LatencyHistogram histogramOf(const Json& histograms, std::string_view name) {
    const auto found = histograms.find(std::string(name));
    if (found == histograms.end()) {
        return {};
    }
    auto histogram = LatencyHistogram::decode(found->get_ref<const std::string&>());
    if (!histogram) {
        throw std::invalid_argument("no histogram"); // caught where the others are
    }
    return std::move(*histogram);
}

void readLatency(const Json& histograms, MetricHistograms& into) {
    for (const Metric metric : kMetrics) {
        of(into, metric) = histogramOf(histograms, nameOf(metric));
    }
}

SpanSnapshot spanOf(const Json& object) {
    SpanSnapshot span;
    eachSpanFigure(span, readerFrom(object));
    readLatency(object.at("histograms"), span.latency);
    return span;
}

StreamSnapshot streamOf(const Json& object) {
    StreamSnapshot stream;
    object.at("name").get_to(stream.name);
    const auto tier = std::ranges::find_if(
        kTiers, [&](Tier each) { return nameOf(each) == object.at("tier").get_ref<const std::string&>(); });
    if (tier == kTiers.end()) {
        throw std::invalid_argument("no tier");
    }
    stream.tier = *tier;
    eachProducerCount(stream.producer, readerFrom(object.at("producer")));
    eachStreamCount(stream, readerFrom(object));
    readLatency(object.at("histograms"), stream.latency);
    stream.wakeDelay = histogramOf(object.at("histograms"), "wake_delay");
    return stream;
}

} // namespace

std::string toJson(const Snapshot& snapshot) {
    Json object;
    object["since_start_s"] = secondsOf(snapshot.sinceStart);
    eachConsumerCount(snapshot.consumer, writerTo(object["consumer"]));
    eachTotal(snapshot, writerTo(object));
    eachHostFigure(snapshot.host, writerTo(object["host"]));
    for (const StreamSnapshot& stream : snapshot.streams) {
        object["streams"].push_back(jsonOf(stream));
    }
    eachRunFigure(snapshot, writerTo(object));
    for (const SpanSnapshot& span : snapshot.spans) {
        object["spans"].push_back(jsonOf(span));
    }
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Snapshot> snapshotFromJson(std::string_view text) {
    try {
        const Json object = Json::parse(text);
        Snapshot snapshot;
        snapshot.sinceStart = durationOf(object.at("since_start_s").get<double>());
        eachConsumerCount(snapshot.consumer, readerFrom(object.at("consumer")));
        eachTotal(snapshot, readerFrom(object));
        eachHostFigure(snapshot.host, readerFrom(object.at("host")));
        for (const Json& stream : object.value("streams", Json::array())) {
            snapshot.streams.push_back(streamOf(stream));
        }
        if (object.contains("measured_asked")) {
            eachRunFigure(snapshot, readerFrom(object));
        }
        for (const Json& span : object.value("spans", Json::array())) {
            snapshot.spans.push_back(spanOf(span));
        }
        return snapshot;
    } catch (const std::exception&) { // the parser's and its conversions'
        return std::nullopt;
    }
}

} // namespace core
