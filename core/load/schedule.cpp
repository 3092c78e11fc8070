// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/schedule.h"

#include "core/load/random.h"
#include "core/units.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace core {

namespace {

/// An area this close to a whole number is that number: 9,999.9999999 events are 10,000.
constexpr double kAreaTolerance = 1e-6;

} // namespace

Schedule::Schedule(const std::vector<Stage>& stages, Arrival arrival, std::uint64_t seed, Rate initialRate,
                   double phase)
    : m_arrival(arrival), m_seed(seed), m_phase(phase) {
    double rate = initialRate.perSecond;
    for (const Stage& stage : stages) {
        const Nanoseconds from = m_duration;
        rate = addStage(stage, rate);
        m_spans.push_back({from, m_duration});
    }
    numberEvents(phase);
}

/// Adds the stage's segments and answers its last rate.
double Schedule::addStage(const Stage& stage, double previousRate) {
    if (const auto* constant = std::get_if<ConstantStage>(&stage)) {
        addSegment(RateSegment::line(constant->duration, constant->rate.perSecond, constant->rate.perSecond));
        return constant->rate.perSecond;
    }
    if (const auto* ramp = std::get_if<RampStage>(&stage)) {
        addSegment(RateSegment::line(ramp->duration, previousRate, ramp->to.perSecond));
        return ramp->to.perSecond;
    }
    if (const auto* pause = std::get_if<PauseStage>(&stage)) {
        addSegment(RateSegment::line(pause->duration, 0, 0));
        return 0;
    }
    if (const auto* spike = std::get_if<SpikeStage>(&stage)) {
        const Nanoseconds up = spike->duration / 2;
        addSegment(RateSegment::line(up, previousRate, spike->to.perSecond));
        addSegment(RateSegment::line(spike->duration - up, spike->to.perSecond, previousRate));
        return previousRate;
    }
    if (const auto* staircase = std::get_if<StaircaseStage>(&stage)) {
        const double rise = staircase->to.perSecond - staircase->from.perSecond;
        double rate = staircase->from.perSecond;
        for (int step = 0; step < staircase->steps; ++step) {
            rate = staircase->from.perSecond + (step == 0 ? 0 : rise * step / (staircase->steps - 1));
            addSegment(RateSegment::line(staircase->hold, rate, rate));
        }
        return rate;
    }
    const auto& sine = std::get<SineStage>(stage);
    const auto curve = RateSegment::sine(sine.duration, sine.mean.perSecond, sine.amplitude.perSecond, sine.period);
    addSegment(curve);
    return curve.lastRate();
}

void Schedule::addSegment(const RateSegment& curve) {
    if (curve.duration() <= Nanoseconds::zero()) {
        return;
    }
    m_segments.push_back({curve, m_duration, 0, 0, 0});
    m_duration += curve.duration();
}

void Schedule::numberEvents(double phase) {
    long double area = -phase; // wider than double, so that a sum over many segments stays exact to 1e-9 events
    const auto firstFrom = [](long double from) {
        return static_cast<std::uint64_t>(std::max(0.0L, std::ceil(from - kAreaTolerance)));
    };
    for (Segment& segment : m_segments) {
        segment.areaBefore = static_cast<double>(area);
        segment.first = firstFrom(area);
        segment.firstArea = std::max(0.0, static_cast<double>(static_cast<long double>(segment.first) - area));
        area += segment.curve.area();
    }
    m_area = static_cast<double>(area);
    m_count = firstFrom(area);
}

Nanoseconds Schedule::timeIn(const Segment& segment, double area) {
    // Rounded to the nearest nanosecond: an exact instant may come out of the division a hair below itself.
    const double nanoseconds = segment.curve.timeOf(area) * 1e9 + 0.5;
    const auto within = Nanoseconds(static_cast<std::int64_t>(std::max(0.0, nanoseconds)));
    return segment.from + std::min(within, segment.curve.duration());
}

Nanoseconds Schedule::due(std::uint64_t n) const {
    assert(n < m_count);
    if (m_arrival == Arrival::Poisson) {
        std::vector<Nanoseconds> block;
        dueOfBlock(n / kBlock, block);
        return block[n % kBlock];
    }
    const auto after = std::upper_bound(m_segments.begin(), m_segments.end(), n,
                                        [](std::uint64_t event, const Segment& s) { return event < s.first; });
    const Segment& segment = *std::prev(after);
    return timeIn(segment, static_cast<double>(n - segment.first) + segment.firstArea);
}

void Schedule::dueOfBlock(std::uint64_t block, std::vector<Nanoseconds>& out) const {
    const std::uint64_t firstEvent = block * kBlock;
    const std::uint64_t events = std::min(kBlock, m_count - firstEvent);
    const double from = block == 0 ? -m_phase : static_cast<double>(firstEvent);
    const double until = std::min(static_cast<double>(firstEvent + kBlock), m_area);
    // Sums of n + 1 exponential draws, divided by the last, are n sorted uniform draws (Devroye, Non-Uniform Random
    // Variate Generation, V.3.1).
    Random random(m_seed, block);
    double sums[kBlock];
    double sum = 0;
    for (std::uint64_t i = 0; i < events; ++i) {
        sum -= std::log(random.positiveUnit());
        sums[i] = sum;
    }
    sum -= std::log(random.positiveUnit());
    out.resize(events);
    const double scale = (until - from) / sum;
    const auto after = std::upper_bound(m_segments.begin(), m_segments.end(), from,
                                        [](double area, const Segment& s) { return area < s.areaBefore; });
    auto at = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, after - m_segments.begin() - 1));
    for (std::uint64_t i = 0; i < events; ++i) {
        const double area = from + sums[i] * scale;
        while (at + 1 < m_segments.size() && m_segments[at + 1].areaBefore <= area) {
            ++at;
        }
        const Segment& segment = m_segments[at];
        out[i] = timeIn(segment, std::clamp(area - segment.areaBefore, 0.0, segment.curve.area()));
    }
}

std::uint64_t Schedule::countUntil(Nanoseconds at) const {
    if (m_count == 0 || at <= Nanoseconds::zero()) {
        return 0;
    }
    const double area = std::max(0.0, areaUntil(at) - m_phase);
    auto guess = std::min(m_count, static_cast<std::uint64_t>(std::ceil(area)));
    if (m_arrival == Arrival::Poisson) {
        const std::uint64_t block = std::min(guess, m_count - 1) / kBlock;
        std::vector<Nanoseconds> due;
        // The area's rounding may put `at` into the block before; then all of this block is later.
        for (std::uint64_t b = block;; --b) {
            dueOfBlock(b, due);
            const auto within = static_cast<std::uint64_t>(std::lower_bound(due.begin(), due.end(), at) - due.begin());
            if (within > 0 || b == 0) {
                return b * kBlock + within;
            }
        }
    }
    // due() rounds to nanoseconds: it has the last word.
    while (guess > 0 && due(guess - 1) >= at) {
        --guess;
    }
    while (guess < m_count && due(guess) < at) {
        ++guess;
    }
    return guess;
}

double Schedule::areaUntil(Nanoseconds at) const {
    if (m_segments.empty() || at <= Nanoseconds::zero()) {
        return 0;
    }
    if (at >= m_duration) {
        return m_area + m_phase;
    }
    const Segment& segment = *segmentAt(at);
    return segment.areaBefore + m_phase + segment.curve.area(secondsOf(at - segment.from));
}

const Schedule::Segment* Schedule::segmentAt(Nanoseconds at) const {
    if (at < Nanoseconds::zero() || at >= m_duration) {
        return nullptr;
    }
    const auto after = std::upper_bound(m_segments.begin(), m_segments.end(), at,
                                        [](Nanoseconds time, const Segment& s) { return time < s.from; });
    return &*std::prev(after);
}

Rate Schedule::rateAt(Nanoseconds at) const {
    const Segment* segment = segmentAt(at);
    return {segment == nullptr ? 0 : segment->curve.rateAt(secondsOf(at - segment->from))};
}

Rate Schedule::rateBefore(Nanoseconds at) const {
    const Segment* segment = segmentAt(at - Nanoseconds(1));
    return {segment == nullptr ? 0 : segment->curve.rateAt(secondsOf(at - segment->from))};
}

Rate Schedule::peakRate() const {
    Rate peak;
    for (const Segment& segment : m_segments) {
        peak = std::max(peak, Rate{segment.curve.peakRate()});
    }
    return peak;
}

std::vector<Nanoseconds> Schedule::bends() const {
    std::vector<Nanoseconds> result;
    for (const Segment& segment : m_segments) {
        result.push_back(segment.from);
    }
    result.push_back(m_duration);
    return result;
}

bool Schedule::curvedAt(Nanoseconds at) const {
    const Segment* segment = segmentAt(at);
    return segment != nullptr && segment->curve.curved();
}

Nanoseconds DueReader::due(const Schedule& schedule, std::uint64_t n) {
    if (schedule.arrival() == Arrival::Even) {
        return schedule.due(n);
    }
    if (n / Schedule::kBlock != m_block) {
        m_block = n / Schedule::kBlock;
        schedule.dueOfBlock(m_block, m_due);
    }
    return m_due[n % Schedule::kBlock];
}

} // namespace core
