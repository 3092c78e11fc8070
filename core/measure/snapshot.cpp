// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/snapshot.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace core {

namespace {

ProducerCounts difference(const ProducerCounts& later, const ProducerCounts& earlier) {
    return {.planned = later.planned - earlier.planned,
            .sent = later.sent - earlier.sent,
            .unsent = later.unsent - earlier.unsent,
            .shed = later.shed - earlier.shed,
            .acked = later.acked - earlier.acked,
            .failed = later.failed - earlier.failed,
            .inDoubt = later.inDoubt - earlier.inDoubt};
}

ConsumerCounts difference(const ConsumerCounts& later, const ConsumerCounts& earlier) {
    return {.polled = later.polled - earlier.polled,
            .stored = later.stored - earlier.stored,
            .duplicateFilter = later.duplicateFilter - earlier.duplicateFilter,
            .duplicateBatch = later.duplicateBatch - earlier.duplicateBatch,
            .duplicateStore = later.duplicateStore - earlier.duplicateStore,
            .deadLettered = later.deadLettered - earlier.deadLettered,
            .foreign = later.foreign - earlier.foreign,
            .abandoned = later.abandoned - earlier.abandoned};
}

} // namespace

std::string_view nameOf(Metric metric) {
    switch (metric) {
    case Metric::SendDelay:
        return "send_delay";
    case Metric::Ack:
        return "ack";
    case Metric::AckUncorrected:
        return "ack_uncorrected";
    case Metric::Processing:
        return "processing";
    case Metric::EndToEnd:
        return "end_to_end";
    case Metric::EndToEndUncorrected:
        return "end_to_end_uncorrected";
    }
    return {};
}

PackedHistograms::PackedHistograms(const MetricHistograms& histograms) {
    for (const LatencyHistogram& histogram : histograms) {
        m_text += histogram.encode();
        m_text += '\n';
    }
    if (m_text.size() == histograms.size()) {
        m_text.clear();
    }
    m_text.shrink_to_fit();
}

MetricHistograms PackedHistograms::unpack() const {
    MetricHistograms histograms;
    std::string_view rest = m_text;
    for (LatencyHistogram& histogram : histograms) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        histogram = LatencyHistogram::decode(line).value_or(LatencyHistogram());
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
    return histograms;
}

void PackedHistograms::add(const PackedHistograms& other) {
    MetricHistograms sum = unpack();
    const MetricHistograms added = other.unpack();
    for (const auto metric : kMetrics) {
        of(sum, metric).add(of(added, metric));
    }
    *this = PackedHistograms(sum);
}

PackedHistograms PackedHistograms::fromText(std::string text) {
    PackedHistograms packed;
    packed.m_text = std::move(text);
    return packed;
}

ProducerCounts Snapshot::producer() const {
    ProducerCounts sum;
    for (const auto& stream : streams) {
        sum += stream.producer;
    }
    return sum;
}

LatencyHistogram Snapshot::latency(Metric metric) const {
    LatencyHistogram sum;
    for (const auto& stream : streams) {
        sum.add(of(stream.latency, metric));
    }
    return sum;
}

LatencyHistogram Snapshot::latency(Metric metric, Tier tier) const {
    LatencyHistogram sum;
    for (const auto& stream : streams) {
        if (stream.tier == tier) {
            sum.add(of(stream.latency, metric));
        }
    }
    return sum;
}

Rate Window::rate(std::uint64_t events) const {
    if (length <= Nanoseconds::zero()) {
        return {};
    }
    return {static_cast<double>(events) / std::chrono::duration<double>(length).count()};
}

Snapshot summed(const Snapshot& snapshot) {
    StreamSnapshot all;
    for (const StreamSnapshot& stream : snapshot.streams) {
        all.producer += stream.producer;
        all.stored += stream.stored;
        all.duplicate += stream.duplicate;
        all.deadLettered += stream.deadLettered;
        all.wakeDelay.add(stream.wakeDelay);
        all.target.perSecond += stream.target.perSecond;
        for (const Metric metric : kMetrics) {
            of(all.latency, metric).add(of(stream.latency, metric));
        }
    }
    Snapshot sum;
    sum.at = snapshot.at;
    sum.sinceStart = snapshot.sinceStart;
    sum.streams.push_back(std::move(all));
    sum.consumer = snapshot.consumer;
    sum.measuredPlanned = snapshot.measuredPlanned;
    sum.measuredDone = snapshot.measuredDone;
    sum.measuredLength = snapshot.measuredLength;
    sum.reordered = snapshot.reordered;
    sum.backlog = snapshot.backlog;
    sum.filterBypassed = snapshot.filterBypassed;
    sum.offsetGap = snapshot.offsetGap;
    sum.negativeLatencies = snapshot.negativeLatencies;
    sum.host = snapshot.host;
    return sum;
}

Window windowBetween(const Snapshot& earlier, const Snapshot& later) {
    assert(later.at >= earlier.at);
    Window window;
    window.length = later.at - earlier.at;
    window.producer = difference(later.producer(), earlier.producer());
    window.consumer = difference(later.consumer, earlier.consumer);
    for (const StreamSnapshot& stream : later.streams) {
        for (const Metric metric : kMetrics) {
            of(window.latency, metric).add(of(stream.latency, metric));
        }
        window.wakeDelay.add(stream.wakeDelay);
    }
    for (const StreamSnapshot& stream : earlier.streams) {
        for (const Metric metric : kMetrics) {
            of(window.latency, metric).subtract(of(stream.latency, metric));
        }
        window.wakeDelay.subtract(stream.wakeDelay);
    }
    window.target = window.rate(window.producer.planned);
    window.backlog = later.backlog;
    return window;
}

} // namespace core
