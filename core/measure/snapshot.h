// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/exemplar.h"
#include "core/measure/latency_histogram.h"
#include "core/measure/ledger.h"
#include "core/scenario/scenario.h"
#include "core/units.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// The latencies of an event's life; never one 'latency'.
enum class Metric { SendDelay, Ack, AckUncorrected, Processing, EndToEnd, EndToEndUncorrected };
inline constexpr std::array kMetrics{Metric::SendDelay,  Metric::Ack,      Metric::AckUncorrected,
                                     Metric::Processing, Metric::EndToEnd, Metric::EndToEndUncorrected};
std::string_view
nameOf(Metric metric); ///< "send_delay", "ack", "ack_uncorrected", "processing", "end_to_end", "end_to_end_uncorrected"

using MetricHistograms = std::array<LatencyHistogram, kMetrics.size()>;

inline LatencyHistogram& of(MetricHistograms& histograms, Metric metric) {
    return histograms[static_cast<std::size_t>(metric)];
}
inline const LatencyHistogram& of(const MetricHistograms& histograms, Metric metric) {
    return histograms[static_cast<std::size_t>(metric)];
}

/// Histograms as compact text, for those that are only kept: six of one second at 20,000 events/s took 27 KB instead of
/// half a megabyte.
class PackedHistograms {
public:
    PackedHistograms() = default;
    explicit PackedHistograms(const MetricHistograms& histograms);

    MetricHistograms unpack() const;
    void add(const PackedHistograms& other);

    const std::string& text() const { return m_text; }  ///< LatencyHistogram::encode() of each metric, a line each
    static PackedHistograms fromText(std::string text); ///< what text() answered

    bool operator==(const PackedHistograms&) const = default;

private:
    std::string m_text; // empty: all are empty
};

/// One stream's figures since the start. Latencies are those of events due in the measured part.
struct StreamSnapshot {
    std::string name;
    Tier tier = Tier::Normal;
    ProducerCounts producer;
    std::uint64_t stored = 0;
    std::uint64_t duplicate = 0;
    std::uint64_t deadLettered = 0;
    MetricHistograms latency;
    LatencyHistogram wakeDelay;
    std::vector<Exemplar> processingExemplars, endToEndExemplars; ///< not in JSON
    Rate target;                                                  ///< as planned at the snapshot's instant

    bool operator==(const StreamSnapshot&) const = default;
};

/// Latencies of the events due in a part of the run that a rule names.
struct SpanSnapshot {
    std::string name; ///< a stream's name or "warmup"
    MetricHistograms latency;
    std::uint64_t planned = 0;
    std::uint64_t stored = 0;
    Nanoseconds length{};
    Nanoseconds overrun{}; ///< as Snapshot::measuredOverrun

    bool operator==(const SpanSnapshot&) const = default;
};

struct HostSample {
    double processCpu = 0; ///< cores in use by this process since the previous sample
    double machineCpu = 0; ///< cores in use on the machine
    int cores = 0;
    Bytes residentSet;
    Bytes memoryAvailable;
    Bytes diskRead, diskWritten; ///< this process, since its start
    Bytes networkIn, networkOut; ///< the machine's interfaces, loopback included, since boot

    bool operator==(const HostSample&) const = default;
};

/// Everything since the start of a run, as one value. Every count grows only.
struct Snapshot {
    Instant at;
    Nanoseconds sinceStart{}; ///< since the first event's due-time origin; negative before it
    std::vector<StreamSnapshot> streams;
    std::vector<SpanSnapshot> spans;
    ConsumerCounts consumer;
    std::uint64_t measuredPlanned = 0; ///< own events due in the measured part so far
    std::uint64_t measuredDone = 0;    ///< own events due in the measured part: stored, duplicate or dead-lettered
    Nanoseconds measuredLength{};      ///< of the measured part so far, pauses left out
    double measuredAsked = 0;          ///< events that the plan's rates ask for in the measured part so far
    /// By how much the pipeline fell behind: how long after the end of the measured part its last event was done, less
    /// the latency of the fastest event and a second.
    Nanoseconds measuredOverrun{};
    std::uint64_t reordered = 0;      ///< stored after a later event of the same key
    std::uint64_t backlog = 0;        ///< acked, not yet committed by the consumer
    std::uint64_t filterBypassed = 0; ///< events not asked of the filter because it was unavailable
    std::uint64_t offsetGap = 0;      ///< messages that the broker had forgotten before they were read
    std::uint64_t negativeLatencies = 0;
    HostSample host;

    ProducerCounts producer() const;               ///< sum over the streams
    LatencyHistogram latency(Metric metric) const; ///< merged over the streams
    LatencyHistogram latency(Metric metric, Tier tier) const;
};

/// One of the streams, as if the run had no other: what was sent and stored of it, its backlog and end-to-end
/// latencies.
Snapshot alone(const Snapshot& snapshot, std::size_t stream);

/// The same as if the run had one stream, for those who keep many snapshots: of 200 streams each would take megabytes.
Snapshot summed(const Snapshot& snapshot);

/// A snapshot with one stream per tier, named after it, in the order of kTiers: what has the same shape in every
/// process and can be added up over processes and over loads that follow each other.
Snapshot tierTotals();
/// Adds all counts, histograms and exemplars; the streams go to their tiers. `into`: tierTotals() at first. Instants
/// and the host's figures are left alone.
void addTo(Snapshot& into, const Snapshot& other);
/// Adds what another process has counted of the same run: streams and spans go to those of their name, and others are
/// left out. `into` has been read from lanes at first; its backlog follows. Instants, lengths of parts and the host's
/// figures are left alone.
void addPart(Snapshot& into, const Snapshot& part);
Rate targetOf(const Snapshot& snapshot); ///< sum over the streams

/// `later` can be a later state of the process of which `earlier` is one: no count, no bucket and no time in it is
/// less. Both as tierTotals().
bool follows(const Snapshot& later, const Snapshot& earlier);

/// Events that are sent and not stored yet: not acknowledged, or acknowledged and not committed.
std::uint64_t waitingIn(const Snapshot& snapshot);

/// What happened between two snapshots of one run.
struct Window {
    Nanoseconds length{};
    ProducerCounts producer;
    ConsumerCounts consumer;
    MetricHistograms latency;
    LatencyHistogram wakeDelay;
    Rate target;               ///< average planned
    std::uint64_t backlog = 0; ///< at the end
    std::uint64_t waiting = 0; ///< waitingIn() at the end

    Rate rate(std::uint64_t events) const; ///< events over length
};
Window windowBetween(const Snapshot& earlier, const Snapshot& later);

} // namespace core
