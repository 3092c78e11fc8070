#pragma once

#include "core/units.h"

namespace core {

/// A stretch of a rate curve with one formula: a straight line, or a sine about a mean. Times are seconds from the
/// segment's start, areas are events. Value type; the formulas are closed, so no error adds up.
struct RateSegment {
    Nanoseconds duration{};
    double startRate = 0; ///< of a line; of a sine: its mean
    double endRate = 0;   ///< of a line
    double amplitude = 0; ///< of a sine; never over the mean, so that the rate is never below 0
    double period = 0;    ///< of a sine, in seconds; 0: a line

    static RateSegment line(Nanoseconds duration, double startRate, double endRate);
    static RateSegment sine(Nanoseconds duration, double mean, double amplitude, Nanoseconds period);

    double seconds() const;
    double rateAt(double time) const;
    double area(double time) const; ///< events from the start until `time`
    double area() const;            ///< of the whole
    double lastRate() const;
    double peakRate() const;
    /// When the area from the start reaches `events` (0 to area()); to less than a nanosecond.
    double timeOf(double events) const;

private:
    double timeOfLine(double events) const;
    double timeOfSine(double events) const;
};

} // namespace core
