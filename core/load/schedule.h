#pragma once

#include "core/scenario/scenario.h"
#include "core/units.h"

#include <cstdint>
#include <vector>

namespace core {

/// When event n of a stream is due: a closed form over the stages, so no error adds up. Offsets count from the
/// schedule's own start. Immutable; any thread may read it.
///
/// Even arrivals: event n is due where the area under the rate curve reaches n.
/// Poisson arrivals: the axis of that area is cut into blocks of 1,024; a block's events lie where 1,024 independent
/// uniform draws, sorted, put them: a Poisson process given its count per block, so the totals equal the even ones.
class Schedule {
public:
    /// `stages` come from a checked scenario. `initialRate` is the 'previous rate' of the first stage.
    Schedule(const std::vector<Stage>& stages, Arrival arrival, std::uint64_t seed, Rate initialRate = {});

    std::uint64_t count() const;                 ///< events in all
    Nanoseconds duration() const;                ///< of all stages
    Nanoseconds due(std::uint64_t n) const;      ///< offset at which event n (0 ≤ n < count()) is due; never decreasing in n
    std::uint64_t countUntil(Nanoseconds at) const; ///< events due before `at` (even arrivals; Poisson within one block)
    Rate rateAt(Nanoseconds at) const;           ///< target rate at `at`; 0 outside
    Rate peakRate() const;

    struct StageSpan {
        Nanoseconds from{};
        Nanoseconds until{};
    };
    const std::vector<StageSpan>& stageSpans() const; ///< one for each stage, in order

private:
    struct Segment; // a piece with one formula: linear rate or sine
    std::vector<Segment> m_segments;
    std::vector<StageSpan> m_spans;
    Arrival m_arrival;
    std::uint64_t m_seed;
};

/// The stages of a stream with its warm-up in front: the first stage's rate for `warmup`; a stream that starts later,
/// or rises from nothing, has a pause there. `start` becomes a pause too.
std::vector<Stage> stagesWithWarmup(const Stream& stream, Nanoseconds warmup);

/// Events a second summed over the streams, at its highest, looked at each 10 ms.
Rate peakRate(const Scenario& scenario);

} // namespace core
