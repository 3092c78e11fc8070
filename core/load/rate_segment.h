// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <vector>

namespace core {

/// A stretch of a rate curve with one formula: a straight line, or a sine about a mean. Times are seconds from the
/// segment's start, areas are events. The formulas are closed, so no error adds up.
class RateSegment {
public:
    static RateSegment line(Nanoseconds duration, double startRate, double endRate);
    /// The amplitude is never over the mean, so that the rate is never below 0.
    static RateSegment sine(Nanoseconds duration, double mean, double amplitude, Nanoseconds period);

    Nanoseconds duration() const { return m_duration; }
    bool curved() const { return m_period > 0; }
    double rateAt(double time) const;
    double area(double time) const; ///< events from the start until `time`
    double area() const;            ///< of the whole
    double lastRate() const;
    double peakRate() const;
    /// When the area from the start reaches `events` (0 to area()); to less than a nanosecond.
    double timeOf(double events) const;

private:
    RateSegment() = default;
    double seconds() const;
    double timeOfLine(double events) const;
    double timeOfSine(double events) const;
    double solvedInPeriod(double events, double low, double high) const;

    Nanoseconds m_duration{};
    double m_startRate = 0; ///< of a line; of a sine: its mean
    double m_endRate = 0;   ///< of a line
    double m_amplitude = 0; ///< of a sine
    double m_period = 0;    ///< of a sine, in seconds; 0: a line
    /// When the area of a sine's period reaches its 512ths: brackets so narrow that one or two of Newton's steps do.
    std::vector<double> m_brackets;
};

} // namespace core
