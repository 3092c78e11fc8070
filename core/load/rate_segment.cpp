// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/rate_segment.h"

#include "core/units.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace core {

namespace {

constexpr double kTurn = 2 * std::numbers::pi;
constexpr int kBrackets = 512;

/// Time at which rate·t + slope·t²/2 reaches `events`, for a rate and a slope that are not negative. This form of the
/// quadratic's root has no difference of near values.
double timeOfRising(double events, double rate, double slope) {
    const double root = std::sqrt(rate * rate + 2 * slope * events);
    return events > 0 ? 2 * events / (rate + root) : 0;
}

} // namespace

RateSegment RateSegment::line(Nanoseconds duration, double startRate, double endRate) {
    RateSegment segment;
    segment.m_duration = duration;
    segment.m_startRate = startRate;
    segment.m_endRate = endRate;
    return segment;
}

RateSegment RateSegment::sine(Nanoseconds duration, double mean, double amplitude, Nanoseconds period) {
    RateSegment segment = line(duration, mean, mean);
    segment.m_amplitude = std::clamp(amplitude, -mean, mean);
    segment.m_period = secondsOf(period);
    const double whole = mean * segment.m_period; // a sine's own area over a period is 0
    segment.m_brackets.push_back(0);
    for (int i = 1; i < kBrackets; ++i) {
        segment.m_brackets.push_back(
            segment.solvedInPeriod(whole * i / kBrackets, segment.m_brackets.back(), segment.m_period));
    }
    segment.m_brackets.push_back(segment.m_period);
    return segment;
}

double RateSegment::seconds() const {
    return secondsOf(m_duration);
}

double RateSegment::rateAt(double time) const {
    if (curved()) {
        return m_startRate + m_amplitude * std::sin(kTurn * (time / m_period));
    }
    if (m_startRate == m_endRate) {
        return m_startRate;
    }
    return m_startRate + (m_endRate - m_startRate) * (time / seconds());
}

double RateSegment::area(double time) const {
    if (curved()) {
        const double half = std::sin(std::numbers::pi * (time / m_period)); // 1 − cos 2x = 2 sin² x
        return m_startRate * time + m_amplitude * m_period / std::numbers::pi * half * half;
    }
    if (m_startRate == m_endRate) {
        return m_startRate * time;
    }
    return time * (m_startRate + (m_endRate - m_startRate) * (time / seconds()) / 2);
}

double RateSegment::area() const {
    if (curved()) {
        return area(seconds());
    }
    // In nanoseconds the product of usual figures is exact.
    return static_cast<double>(m_duration.count()) * ((m_startRate + m_endRate) / 2) / 1e9;
}

double RateSegment::lastRate() const {
    return curved() ? std::max(0.0, rateAt(seconds())) : m_endRate;
}

double RateSegment::peakRate() const {
    if (!curved()) {
        return std::max(m_startRate, m_endRate);
    }
    const double crest = m_amplitude >= 0 ? m_period / 4 : 3 * m_period / 4;
    return seconds() >= crest ? m_startRate + std::abs(m_amplitude) : std::max(m_startRate, lastRate());
}

double RateSegment::timeOf(double events) const {
    return curved() ? timeOfSine(events) : timeOfLine(events);
}

double RateSegment::timeOfLine(double events) const {
    if (m_startRate == m_endRate) {
        return m_startRate > 0 ? events / m_startRate : 0;
    }
    const double slope = (m_endRate - m_startRate) / seconds();
    if (slope > 0) {
        return timeOfRising(events, m_startRate, slope);
    }
    // A falling line is a rising one seen from its end; near a rate of 0 only this keeps the digits.
    return seconds() - timeOfRising(std::max(0.0, area() - events), m_endRate, -slope);
}

double RateSegment::timeOfSine(double events) const {
    const double periods = m_startRate > 0 ? events / (m_startRate * m_period) : 0;
    const double whole = std::floor(periods);
    const auto bracket = std::min(static_cast<std::size_t>((periods - whole) * kBrackets), m_brackets.size() - 2);
    const double rest = events - whole * m_startRate * m_period;
    return whole * m_period + solvedInPeriod(rest, m_brackets[bracket], m_brackets[bracket + 1]);
}

/// When the area of one period reaches `events`, between two times that enclose it: Newton's method, with bisection
/// where the rate touches 0 and Newton alone would fly off.
double RateSegment::solvedInPeriod(double events, double low, double high) const {
    const double half = m_amplitude * m_period / kTurn;
    const double lowest = low - 1e-9; // the bracket's own ends are rounded
    const double highest = high + 1e-9;
    double time = low + (high - low) / 2;
    for (int i = 0; i < 100; ++i) {
        const double angle = kTurn * (time / m_period);
        const double error = m_startRate * time + half * (1 - std::cos(angle)) - events;
        (error > 0 ? high : low) = time;
        const double rate = m_startRate + m_amplitude * std::sin(angle);
        double next = time - error / rate;
        if (!(next >= lowest && next <= highest)) {
            next = low + (high - low) / 2;
        }
        const double step = std::abs(next - time);
        time = next;
        if (step < 1e-10) {
            break;
        }
    }
    return std::clamp(time, 0.0, m_period);
}

} // namespace core
