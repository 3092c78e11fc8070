// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/live_series.h"

#include "core/units.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace core {

namespace {

// Of the first level's width: snapshots come at a beat that rarely meets a whole second.
constexpr double kLateEnough = 0.95;

template <typename Histogram>
LatencyFigures knownOf(const Histogram& histogram) {
    const auto known = [&histogram](double p) {
        return histogram.count() < valuesNeeded(p) ? std::nullopt : histogram.percentile(p);
    };
    return {known(50), known(90), known(99), known(99.9), histogram.max()};
}

} // namespace

void merge(LivePoint& first, const LivePoint& second) {
    const double secondLength = second.until - second.from;
    const double length = first.until - first.from + secondLength;
    const double share = length > 0 ? secondLength / length : 1;
    for (const auto rate : {&LivePoint::target, &LivePoint::sent, &LivePoint::acked, &LivePoint::stored}) {
        addRate(first.*rate, second.*rate, share);
    }
    addLevel(first.backlog, second.backlog);
    first.latency.add(second.latency);
    first.endToEnd = knownOf(first.latency);
    first.processCpu += (second.processCpu - first.processCpu) * share;
    first.machineCpu += (second.machineCpu - first.machineCpu) * share;
    first.residentSet = std::max(first.residentSet, second.residentSet);
    first.until = second.until;
}

LatencyFigures figuresOf(const LatencyHistogram& endToEnd) {
    return knownOf(endToEnd);
}

LivePoint livePointOf(const Window& window, double from, const Snapshot& later) {
    const LatencyHistogram& endToEnd = of(window.latency, Metric::EndToEnd);
    LivePoint point;
    point.from = from;
    point.until = secondsOf(later.sinceStart);
    point.target = bandOf(window.target.perSecond);
    point.sent = bandOf(window.rate(window.producer.sent).perSecond);
    point.acked = bandOf(window.rate(window.producer.acked).perSecond);
    point.stored = bandOf(window.rate(window.consumer.stored).perSecond);
    point.backlog = bandOf(static_cast<double>(window.backlog));
    point.endToEnd = figuresOf(endToEnd);
    point.latency = CoarseHistogram(endToEnd);
    point.processCpu = later.host.processCpu;
    point.machineCpu = later.host.machineCpu;
    point.residentSet = later.host.residentSet;
    return point;
}

void LiveSeries::append(const Snapshot& snapshot) {
    if (!m_opened || m_opened->sinceStart < Nanoseconds::zero()) {
        m_opened = summed(snapshot);
        return;
    }
    const double from = secondsOf(m_opened->sinceStart);
    const bool later = snapshot.at > m_opened->at && snapshot.sinceStart > m_opened->sinceStart;
    if (!later || secondsOf(snapshot.sinceStart) - from < kLateEnough * m_points.firstWidth()) {
        return;
    }
    Snapshot now = summed(snapshot);
    append(livePointOf(windowBetween(*m_opened, now), from, now));
    m_opened = std::move(now);
}

void LiveSeries::clear() {
    m_points.clear();
    m_opened.reset();
}

} // namespace core
