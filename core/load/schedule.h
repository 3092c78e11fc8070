// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/rate_segment.h"
#include "core/scenario/scenario.h"
#include "core/units.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace core {

/// When event n of a stream is due: a closed form over the stages, so no error adds up. Offsets count from the
/// schedule's own start. Immutable; any thread may read it.
///
/// Even arrivals: event n is due where the area under the rate curve reaches n; on a pause, where the pause ends. So
/// event 0 is due as soon as the rate is not 0.
/// Poisson arrivals: the axis of that area is cut into blocks of 1,024; a block's events lie where 1,024 independent
/// uniform draws, sorted, put them: a Poisson process given its count per block, so the totals equal the even ones.
///
/// A stage's last rate is what the next ramp or spike starts from; a pause's is 0.
class Schedule {
public:
    /// `stages` come from a checked scenario. `initialRate` is the 'previous rate' of the first stage. `phase` shifts
    /// the events: event n is due where the area reaches n + phase; for a plan that is changed within an event's
    /// interval.
    Schedule(const std::vector<Stage>& stages, Arrival arrival, std::uint64_t seed, Rate initialRate = {},
             double phase = 0);

    std::uint64_t count() const { return m_count; }     ///< events in all
    Nanoseconds duration() const { return m_duration; } ///< of all stages
    /// Offset at which event n (0 ≤ n < count()) is due; never decreasing in n. Poisson arrivals: works out n's whole
    /// block, some microseconds; whoever reads in order takes a DueReader.
    Nanoseconds due(std::uint64_t n) const;
    std::uint64_t countUntil(Nanoseconds at) const; ///< events due before `at`
    double areaUntil(Nanoseconds at) const;         ///< under the rate curve from the start
    Rate rateAt(Nanoseconds at) const;              ///< target rate at `at`; 0 outside
    Rate rateBefore(Nanoseconds at) const;          ///< target rate just before `at`; differs where the curve leaps
    Rate peakRate() const;
    Arrival arrival() const { return m_arrival; }
    std::uint64_t seed() const { return m_seed; }
    double phase() const { return m_phase; }

    struct StageSpan {
        Nanoseconds from{};
        Nanoseconds until{};
    };
    const std::vector<StageSpan>& stageSpans() const { return m_spans; } ///< one for each stage, in order

    static constexpr std::uint64_t kBlock = 1024; ///< events of Poisson arrivals that are drawn together

    /// Due offsets of the events of block n / kBlock; Poisson arrivals only.
    void dueOfBlock(std::uint64_t block, std::vector<Nanoseconds>& out) const;
    /// Where the rate curve bends, leaps, begins or ends, in order.
    std::vector<Nanoseconds> bends() const;
    bool curvedAt(Nanoseconds at) const; ///< within a sine

private:
    struct Segment {
        RateSegment curve;
        Nanoseconds from{};
        double areaBefore = 0;   ///< phase deducted
        std::uint64_t first = 0; ///< the segment's first event
        double firstArea = 0;    ///< area from the segment's start to its first event
    };

    double addStage(const Stage& stage, double previousRate);
    void addSegment(const RateSegment& curve);
    void numberEvents(double phase);
    const Segment* segmentAt(Nanoseconds at) const;
    static Nanoseconds timeIn(const Segment& segment, double area);

    std::vector<Segment> m_segments;
    std::vector<StageSpan> m_spans;
    Arrival m_arrival;
    std::uint64_t m_seed;
    Nanoseconds m_duration{};
    std::uint64_t m_count = 0;
    double m_phase = 0;
    double m_area = 0; ///< of all segments, phase deducted
};

/// Reads due offsets in order at little cost: keeps the block of Poisson arrivals that it is in. One thread.
class DueReader {
public:
    Nanoseconds due(const Schedule& schedule, std::uint64_t n);
    void forget() { m_block = kNone; } ///< the next call is about another schedule

private:
    static constexpr std::uint64_t kNone = ~std::uint64_t{0};
    std::uint64_t m_block = kNone;
    std::vector<Nanoseconds> m_due;
};

/// The seed of a stream's schedule: without it, Poisson arrivals of streams with one rate would coincide.
std::uint64_t arrivalSeed(std::uint64_t seed, std::size_t stream);

/// The stages of a stream with what comes before them: if there is a warm-up, a stage of its length at the first
/// stage's rate (a pause for a stream that starts later or rises from nothing); if the stream starts later, a pause
/// until then.
std::vector<Stage> stagesWithWarmup(const Stream& stream, Nanoseconds warmup);

/// Events per second summed over the streams, warm-up and starts included, at its highest: exact for straight lines,
/// looked at each 10 ms where a sine runs.
Rate peakRate(const Scenario& scenario);

/// From the start of the warm-up to the end of the longest stream.
Nanoseconds plannedLength(const Scenario& scenario);

} // namespace core
