#include "core/load/rate_segment.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace core {

namespace {

constexpr double kTurn = 2 * std::numbers::pi;

double secondsOf(Nanoseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

/// Time at which rate·t + slope·t²/2 reaches `events`, for a rate and a slope that are not negative. This form of the
/// quadratic's root has no difference of near values.
double timeOfRising(double events, double rate, double slope) {
    const double root = std::sqrt(rate * rate + 2 * slope * events);
    return events > 0 ? 2 * events / (rate + root) : 0;
}

} // namespace

RateSegment RateSegment::line(Nanoseconds duration, double startRate, double endRate) {
    return {duration, startRate, endRate, 0, 0};
}

RateSegment RateSegment::sine(Nanoseconds duration, double mean, double amplitude, Nanoseconds period) {
    return {duration, mean, mean, std::clamp(amplitude, -mean, mean), secondsOf(period)};
}

double RateSegment::seconds() const {
    return secondsOf(duration);
}

double RateSegment::rateAt(double time) const {
    if (period > 0) {
        return startRate + amplitude * std::sin(kTurn * (time / period));
    }
    if (startRate == endRate) {
        return startRate;
    }
    return startRate + (endRate - startRate) * (time / seconds());
}

double RateSegment::area(double time) const {
    if (period > 0) {
        const double half = std::sin(std::numbers::pi * (time / period)); // 1 − cos 2x = 2 sin² x
        return startRate * time + amplitude * period / std::numbers::pi * half * half;
    }
    if (startRate == endRate) {
        return startRate * time;
    }
    return time * (startRate + (endRate - startRate) * (time / seconds()) / 2);
}

double RateSegment::area() const {
    if (period > 0) {
        return area(seconds());
    }
    // In nanoseconds the product of usual figures is exact.
    return static_cast<double>(duration.count()) * ((startRate + endRate) / 2) / 1e9;
}

double RateSegment::lastRate() const {
    return period > 0 ? std::max(0.0, rateAt(seconds())) : endRate;
}

double RateSegment::peakRate() const {
    if (period <= 0) {
        return std::max(startRate, endRate);
    }
    const double crest = amplitude >= 0 ? period / 4 : 3 * period / 4;
    return seconds() >= crest ? startRate + std::abs(amplitude) : std::max(startRate, lastRate());
}

double RateSegment::timeOf(double events) const {
    return period > 0 ? timeOfSine(events) : timeOfLine(events);
}

double RateSegment::timeOfLine(double events) const {
    if (startRate == endRate) {
        return startRate > 0 ? events / startRate : 0;
    }
    const double slope = (endRate - startRate) / seconds();
    if (slope > 0) {
        return timeOfRising(events, startRate, slope);
    }
    // A falling line is a rising one seen from its end; near a rate of 0 only this keeps the digits.
    return seconds() - timeOfRising(std::max(0.0, area() - events), endRate, -slope);
}

double RateSegment::timeOfSine(double events) const {
    // Whole periods hold mean × period each; what is left is solved in one period by Newton's method inside a bracket
    // (the rate may touch 0, where Newton alone would fly off).
    const double whole = std::floor(events / (startRate * period));
    const double rest = events - whole * startRate * period;
    double low = 0;
    double high = period;
    double time = std::clamp(rest / startRate, low, high);
    for (int i = 0; i < 100; ++i) {
        const double phase = std::numbers::pi * (time / period);
        const double sine = std::sin(phase);
        const double error = startRate * time + amplitude * period / std::numbers::pi * sine * sine - rest;
        (error > 0 ? high : low) = time;
        const double rate = startRate + 2 * amplitude * sine * std::cos(phase);
        double next = time - error / rate;
        if (!(next > low && next < high)) {
            next = low + (high - low) / 2;
        }
        const double step = std::abs(next - time);
        time = next;
        if (step < 1e-10) {
            break;
        }
    }
    return whole * period + time;
}

} // namespace core
