// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/api/exposition.h"

#include "services/target/software_versions.h"

#include <fmt/format.h>
#include <prometheus/metric_family.h>

#include <algorithm>
#include <cmath>

namespace services {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<std::pair<std::string, std::string>>;

/// With the exemplars of each of its histograms, which prometheus-cpp has no place for.
struct Family {
    MetricFamily metrics;
    std::vector<std::vector<core::Exemplar>> exemplars;
};

/// Collects families; what has the name of the one before belongs to it.
class Families {
public:
    void count(const std::string& name, const std::string& help, Labels labels, double value) {
        add(name, help, MetricType::Counter, std::move(labels)).counter.value = value;
    }
    void gauge(const std::string& name, const std::string& help, Labels labels, double value) {
        add(name, help, MetricType::Gauge, std::move(labels)).gauge.value = value;
    }
    void histogram(const std::string& name, const std::string& help, Labels labels,
                   const core::LatencyHistogram& values, std::vector<core::Exemplar> exemplars = {});
    const std::vector<Family>& all() const { return m_families; }

private:
    ClientMetric& add(const std::string& name, const std::string& help, MetricType type, Labels labels);

    std::vector<Family> m_families;
};

ClientMetric& Families::add(const std::string& name, const std::string& help, MetricType type, Labels labels) {
    if (m_families.empty() || m_families.back().metrics.name != name) {
        m_families.push_back({{name, help, type, {}}, {}});
    }
    ClientMetric& metric = m_families.back().metrics.metric.emplace_back();
    for (auto& [label, value] : labels) {
        metric.label.push_back({label, std::move(value)});
    }
    return metric;
}

void Families::histogram(const std::string& name, const std::string& help, Labels labels,
                         const core::LatencyHistogram& values, std::vector<core::Exemplar> exemplars) {
    ClientMetric::Histogram& into = add(name, help, MetricType::Histogram, std::move(labels)).histogram;
    m_families.back().exemplars.push_back(std::move(exemplars));
    into.sample_count = values.count();
    into.sample_sum = values.mean().value_or(0) * static_cast<double>(values.count()) / core::kMicrosPerSecond;
    const auto counts = values.counts();
    std::uint64_t cumulative = 0;
    std::size_t next = 0;
    for (const double bound : bucketBounds()) {
        const double micros = bound * core::kMicrosPerSecond;
        while (next < counts.size() &&
               static_cast<double>(core::LatencyBuckets::middle(values.firstIndex() + next)) <= micros) {
            cumulative += counts[next++];
        }
        into.bucket.push_back({cumulative, bound});
    }
    into.bucket.push_back({into.sample_count, std::numeric_limits<double>::infinity()});
}

// --- what is shown ------------------------------------------------------------------------------------------------

void addProducer(Families& families, const Exposed& exposed) {
    for (const core::StreamSnapshot& stream : exposed.snapshot.streams) {
        const auto state = [&](const char* name, std::uint64_t events) {
            families.count("millrace_events_total", "Events of the load by what became of them",
                           {{"tier", std::string(nameOf(stream.tier))}, {"state", name}}, static_cast<double>(events));
        };
        state("planned", stream.producer.planned);
        state("sent", stream.producer.sent);
        state("unsent", stream.producer.unsent);
        state("shed", stream.producer.shed);
        state("acked", stream.producer.acked);
        state("failed", stream.producer.failed);
        state("in_doubt", stream.producer.inDoubt);
    }
    families.gauge("millrace_load_running", "1 while events are due", {},
                   targetOf(exposed.snapshot).perSecond > 0 ? 1 : 0);
}

void addConsumer(Families& families, const core::Snapshot& snapshot) {
    const auto outcome = [&](const char* name, std::uint64_t messages) {
        families.count("millrace_messages_total", "Polled messages by what became of them", {{"outcome", name}},
                       static_cast<double>(messages));
    };
    outcome("stored", snapshot.consumer.stored);
    outcome("duplicate_filter", snapshot.consumer.duplicateFilter);
    outcome("duplicate_batch", snapshot.consumer.duplicateBatch);
    outcome("duplicate_store", snapshot.consumer.duplicateStore);
    outcome("dead_lettered", snapshot.consumer.deadLettered);
    outcome("abandoned", snapshot.consumer.abandoned);
    // The same under two names: queries of both spellings are in use.
    const core::LatencyHistogram processing = snapshot.latency(core::Metric::Processing);
    std::vector<core::Exemplar> slow;
    for (const core::StreamSnapshot& stream : snapshot.streams) {
        keepNewest(slow, stream.processingExemplars);
    }
    for (const char* const name : {"log_processing_time", "log_processing_time_seconds"}) {
        families.histogram(name, "From polling a message to its commit in the store, in seconds", {}, processing, slow);
    }
    for (const core::StreamSnapshot& stream : snapshot.streams) {
        families.histogram("millrace_end_to_end_seconds", "From an event's due time to its commit in the store",
                           {{"tier", std::string(nameOf(stream.tier))}}, of(stream.latency, core::Metric::EndToEnd),
                           stream.endToEndExemplars);
    }
}

void addMeters(Families& families, const Exposed& exposed) {
    for (const Meter& meter : allMeters()) {
        if (meter.series.empty() || (meter.of != nullptr && !(exposed.roles.*meter.of))) {
            continue;
        }
        const std::string name(meter.series);
        const std::string help(meter.description);
        if (meter.kind == Meter::Kind::Timer) {
            families.histogram(name, help, {}, meter.latency(exposed.snapshot));
        } else if (meter.kind == Meter::Kind::Count) {
            families.count(name, help, {}, meter.value(exposed.snapshot));
        } else {
            families.gauge(name, help, {}, meter.value(exposed.snapshot));
        }
    }
}

void addProcess(Families& families, const Exposed& exposed) {
    const core::HostSample& host = exposed.snapshot.host;
    const auto bytes = [](core::Bytes size) { return static_cast<double>(size.count); };
    families.gauge("millrace_build_info", "Which program this is",
                   {{"version", softwareVersions().at("millrace")}, {"role", exposed.role}}, 1);
    families.count("process_cpu_seconds_total", "CPU time of this process", {}, exposed.processCpuSeconds);
    families.gauge("process_start_time_seconds", "When this role began, since the epoch", {}, exposed.startedAt);
    families.gauge("millrace_machine_cpu_cores", "Cores that the machine has", {}, host.cores);
    families.count("millrace_disk_read_bytes_total", "Read from disks by this process", {}, bytes(host.diskRead));
    families.count("millrace_disk_written_bytes_total", "Written to disks by this process", {},
                   bytes(host.diskWritten));
    families.count("millrace_network_received_bytes_total", "Received by the machine's interfaces", {},
                   bytes(host.networkIn));
    families.count("millrace_network_sent_bytes_total", "Sent by the machine's interfaces", {}, bytes(host.networkOut));
    for (const core::Component& component : exposed.components) {
        families.gauge("millrace_component_up", "1 while the server answers", {{"component", component.name}},
                       component.up ? 1 : 0);
    }
}

// --- how it is written --------------------------------------------------------------------------------------------

std::string escaped(std::string_view text, bool quotes) {
    std::string out;
    for (const char c : text) {
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '"' && quotes) {
            out += "\\\"";
        } else {
            out += c;
        }
    }
    return out;
}

std::string numberText(double value) {
    return std::isinf(value) ? "+Inf" : fmt::format("{}", value); // of the last bucket's bound
}

void writeLine(std::string& text, std::string_view name, const ClientMetric& metric, std::string_view le,
               std::string_view value) {
    text += name;
    char separator = '{';
    const auto label = [&](std::string_view key, std::string_view content) {
        fmt::format_to(std::back_inserter(text), "{}{}=\"{}\"", separator, key, escaped(content, true));
        separator = ',';
    };
    for (const auto& each : metric.label) {
        label(each.name, each.value);
    }
    if (!le.empty()) {
        label("le", le);
    }
    text += separator == ',' ? "} " : " ";
    text += value;
    text += '\n';
}

/// OpenMetrics wants a point in a bound.
std::string boundText(double bound) {
    std::string text = numberText(bound);
    if (text.find_first_of(".eI") == std::string::npos) {
        text += ".0";
    }
    return text;
}

/// The newest of those whose value lies in the bucket, as OpenMetrics writes it; empty without any.
std::string exemplarText(std::span<const core::Exemplar> exemplars, double above, double bound) {
    const core::Exemplar* newest = nullptr;
    const auto seconds = [](const core::Exemplar& one) { return std::chrono::duration<double>(one.value).count(); };
    for (const core::Exemplar& one : exemplars) {
        if (seconds(one) > above && seconds(one) <= bound && (newest == nullptr || newest->at < one.at)) {
            newest = &one;
        }
    }
    return newest == nullptr ? ""
                             : fmt::format(" # {{id=\"{}\"}} {} {:.3f}", newest->id.text(), seconds(*newest),
                                           core::secondsOf(newest->at.time_since_epoch()));
}

void writeHistogram(std::string& text, const std::string& name, const ClientMetric& metric,
                    std::span<const core::Exemplar> exemplars) {
    double above = -1; // a value may be 0
    for (const auto& bucket : metric.histogram.bucket) {
        writeLine(text, name + "_bucket", metric, boundText(bucket.upper_bound),
                  fmt::format("{}{}", bucket.cumulative_count, exemplarText(exemplars, above, bucket.upper_bound)));
        above = bucket.upper_bound;
    }
    writeLine(text, name + "_sum", metric, {}, numberText(metric.histogram.sample_sum));
    writeLine(text, name + "_count", metric, {}, fmt::format("{}", metric.histogram.sample_count));
}

void write(std::string& text, const Family& collected, ExpositionFormat format) {
    const MetricFamily& family = collected.metrics;
    static constexpr std::string_view kTotal = "_total";
    std::string_view name = family.name;
    if (format == ExpositionFormat::OpenMetrics && family.type == MetricType::Counter) {
        name.remove_suffix(kTotal.size()); // there it belongs to the sample and not to the family
    }
    const std::string_view type = family.type == MetricType::Counter     ? "counter"
                                  : family.type == MetricType::Histogram ? "histogram"
                                                                         : "gauge";
    fmt::format_to(std::back_inserter(text), "# HELP {} {}\n# TYPE {} {}\n", name,
                   escaped(family.help, format == ExpositionFormat::OpenMetrics), name, type);
    for (std::size_t i = 0; i < family.metric.size(); ++i) {
        const ClientMetric& metric = family.metric[i];
        if (family.type == MetricType::Histogram) {
            const bool shown = format == ExpositionFormat::OpenMetrics; // the other has no form for exemplars
            writeHistogram(text, family.name, metric, shown ? collected.exemplars[i] : std::vector<core::Exemplar>());
        } else {
            writeLine(text, family.name, metric, {},
                      numberText(family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value));
        }
    }
}

} // namespace

ExpositionFormat formatFor(std::string_view accept) {
    return accept.find("application/openmetrics-text") == std::string_view::npos ? ExpositionFormat::Prometheus
                                                                                 : ExpositionFormat::OpenMetrics;
}

std::string_view contentTypeOf(ExpositionFormat format) {
    return format == ExpositionFormat::OpenMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                                   : "text/plain; version=0.0.4; charset=utf-8";
}

const std::vector<double>& bucketBounds() {
    static const std::vector<double> bounds = [] {
        constexpr int kSteps = 16; // per octave
        std::vector<double> all;
        for (int k = -17 * kSteps; k <= 12 * kSteps; ++k) {
            if (k % kSteps == 0 || (k > -10 * kSteps && k < 3 * kSteps)) {
                all.push_back(std::exp2(static_cast<double>(k) / kSteps));
            }
        }
        return all;
    }();
    return bounds;
}

std::string expositionOf(const Exposed& exposed, ExpositionFormat format) {
    Families families;
    addProcess(families, exposed);
    addMeters(families, exposed);
    if (exposed.roles.producer) {
        addProducer(families, exposed);
    }
    if (exposed.roles.consumer) {
        addConsumer(families, exposed.snapshot);
    }
    for (const ExtraGauge& gauge : exposed.gauges) {
        families.gauge(gauge.name, gauge.help, gauge.labels, gauge.value);
    }
    std::string text;
    for (const Family& family : families.all()) {
        write(text, family, format);
    }
    if (format == ExpositionFormat::OpenMetrics) {
        text += "# EOF\n";
    }
    return text;
}

} // namespace services
