// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/snapshot.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace core {

namespace {

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

void add(StreamSnapshot& into, const StreamSnapshot& other) {
    into.producer += other.producer;
    into.stored += other.stored;
    into.duplicate += other.duplicate;
    into.deadLettered += other.deadLettered;
    into.wakeDelay.add(other.wakeDelay);
    into.target.perSecond += other.target.perSecond;
    for (const Metric metric : kMetrics) {
        of(into.latency, metric).add(of(other.latency, metric));
    }
}

void add(SpanSnapshot& into, const SpanSnapshot& other) {
    into.planned += other.planned;
    into.stored += other.stored;
    into.overrun = std::max(into.overrun, other.overrun);
    for (const Metric metric : kMetrics) {
        of(into.latency, metric).add(of(other.latency, metric));
    }
}

/// Adds each of `parts` to the one of its name.
template <typename Part>
void addByName(std::vector<Part>& into, const std::vector<Part>& parts) {
    for (const Part& part : parts) {
        if (const auto same = std::ranges::find(into, part.name, &Part::name); same != into.end()) {
            add(*same, part);
        }
    }
}

/// What is the same for all who add up.
void addTotals(Snapshot& into, const Snapshot& other) {
    into.consumer += other.consumer;
    into.measuredPlanned += other.measuredPlanned;
    into.measuredDone += other.measuredDone;
    into.reordered += other.reordered;
    into.filterBypassed += other.filterBypassed;
    into.offsetGap += other.offsetGap;
    into.negativeLatencies += other.negativeLatencies;
}

bool follows(const LatencyHistogram& later, const LatencyHistogram& earlier) {
    for (std::size_t i = 0; i < earlier.counts().size(); ++i) {
        const std::size_t bucket = earlier.firstIndex() + i;
        const std::size_t at = bucket - later.firstIndex(); // wraps where `later` begins above
        if (earlier.counts()[i] > (at < later.counts().size() ? later.counts()[at] : 0)) {
            return false;
        }
    }
    return true;
}

bool follows(const ProducerCounts& later, const ProducerCounts& earlier) {
    return later.planned >= earlier.planned && later.sent >= earlier.sent && later.unsent >= earlier.unsent &&
           later.shed >= earlier.shed && later.acked >= earlier.acked && later.failed >= earlier.failed &&
           later.inDoubt >= earlier.inDoubt;
}

bool follows(const ConsumerCounts& later, const ConsumerCounts& earlier) {
    return later.polled >= earlier.polled && later.stored >= earlier.stored &&
           later.duplicateFilter >= earlier.duplicateFilter && later.duplicateBatch >= earlier.duplicateBatch &&
           later.duplicateStore >= earlier.duplicateStore && later.deadLettered >= earlier.deadLettered &&
           later.foreign >= earlier.foreign && later.abandoned >= earlier.abandoned;
}

bool follows(const StreamSnapshot& later, const StreamSnapshot& earlier) {
    return follows(later.producer, earlier.producer) && later.stored >= earlier.stored &&
           later.duplicate >= earlier.duplicate && later.deadLettered >= earlier.deadLettered &&
           follows(later.wakeDelay, earlier.wakeDelay) && std::ranges::all_of(kMetrics, [&](Metric metric) {
               return follows(of(later.latency, metric), of(earlier.latency, metric));
           });
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
        add(all, stream);
    }
    Snapshot sum;
    sum.at = snapshot.at;
    sum.sinceStart = snapshot.sinceStart;
    sum.streams.push_back(std::move(all));
    sum.consumer = snapshot.consumer;
    sum.measuredPlanned = snapshot.measuredPlanned;
    sum.measuredDone = snapshot.measuredDone;
    sum.measuredLength = snapshot.measuredLength;
    sum.measuredAsked = snapshot.measuredAsked;
    sum.measuredOverrun = snapshot.measuredOverrun;
    sum.reordered = snapshot.reordered;
    sum.backlog = snapshot.backlog;
    sum.filterBypassed = snapshot.filterBypassed;
    sum.offsetGap = snapshot.offsetGap;
    sum.negativeLatencies = snapshot.negativeLatencies;
    sum.host = snapshot.host;
    return sum;
}

Snapshot alone(const Snapshot& snapshot, std::size_t stream) {
    const StreamSnapshot& whole = snapshot.streams[stream];
    Snapshot one;
    one.at = snapshot.at;
    one.sinceStart = snapshot.sinceStart;
    StreamSnapshot& part = one.streams.emplace_back();
    part.name = whole.name;
    part.tier = whole.tier;
    part.producer = whole.producer;
    part.target = whole.target;
    of(part.latency, Metric::EndToEnd) = of(whole.latency, Metric::EndToEnd);
    one.consumer.stored = whole.stored;
    const std::uint64_t done = whole.stored + whole.duplicate + whole.deadLettered;
    one.backlog = whole.producer.acked - std::min(whole.producer.acked, done);
    return one;
}

Snapshot tierTotals() {
    Snapshot totals;
    for (const Tier tier : kTiers) {
        StreamSnapshot& stream = totals.streams.emplace_back();
        stream.name = nameOf(tier);
        stream.tier = tier;
    }
    return totals;
}

void addTo(Snapshot& into, const Snapshot& other) {
    for (const StreamSnapshot& stream : other.streams) {
        StreamSnapshot& tier = into.streams[static_cast<std::size_t>(stream.tier)];
        add(tier, stream);
        keepNewest(tier.processingExemplars, stream.processingExemplars);
        keepNewest(tier.endToEndExemplars, stream.endToEndExemplars);
    }
    into.backlog += other.backlog;
    addTotals(into, other);
}

void addPart(Snapshot& into, const Snapshot& part) {
    addByName(into.streams, part.streams);
    addByName(into.spans, part.spans);
    addTotals(into, part);
    into.measuredAsked += part.measuredAsked;
    into.measuredOverrun = std::max(into.measuredOverrun, part.measuredOverrun);
    const std::uint64_t acked = into.producer().acked;
    const std::uint64_t own = into.consumer.polled - std::min(into.consumer.polled, into.consumer.foreign);
    into.backlog = acked - std::min(acked, own);
}

Rate targetOf(const Snapshot& snapshot) {
    Rate sum;
    for (const StreamSnapshot& stream : snapshot.streams) {
        sum.perSecond += stream.target.perSecond;
    }
    return sum;
}

bool follows(const Snapshot& later, const Snapshot& earlier) {
    return later.sinceStart >= earlier.sinceStart && follows(later.consumer, earlier.consumer) &&
           later.measuredPlanned >= earlier.measuredPlanned && later.measuredDone >= earlier.measuredDone &&
           later.reordered >= earlier.reordered && later.filterBypassed >= earlier.filterBypassed &&
           later.offsetGap >= earlier.offsetGap && later.negativeLatencies >= earlier.negativeLatencies &&
           std::ranges::equal(later.streams, earlier.streams,
                              [](const StreamSnapshot& a, const StreamSnapshot& b) { return follows(a, b); });
}

std::uint64_t waitingIn(const Snapshot& snapshot) {
    return snapshot.producer().queued() + snapshot.backlog;
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
    window.waiting = waitingIn(later);
    return window;
}

} // namespace core
