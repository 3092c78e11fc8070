// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/live_series.h"

#include "core/units.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>
#include <utility>

namespace core {

namespace {

// Of the first level's width: snapshots come at a beat that rarely meets a whole second.
constexpr double kLateEnough = 0.95;

Band bandOf(double value) {
    return {value, value, value};
}

template <typename Histogram>
LatencyFigures knownOf(const Histogram& histogram) {
    const auto known = [&histogram](double p) {
        return histogram.count() < valuesNeeded(p) ? std::nullopt : histogram.percentile(p);
    };
    return {known(50), known(90), known(99), known(99.9), histogram.max()};
}

/// `share` is the second's part of both lengths.
void addRate(Band& first, const Band& second, double share) {
    first.value += (second.value - first.value) * share;
    first.lowest = std::min(first.lowest, second.lowest);
    first.highest = std::max(first.highest, second.highest);
}

void addLevel(Band& first, const Band& second) {
    addRate(first, second, 1);
}

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

} // namespace

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

std::vector<LiveSeries::Level> LiveSeries::liveLevels() {
    return {{1, 600}, {10, 360}, {60, 360}, {300, 288}, {1'800, 336}};
}

LiveSeries::LiveSeries(const std::vector<Level>& levels) {
    assert(!levels.empty());
    for (const Level& level : levels) {
        assert(level.width > 0 && level.capacity >= 2);
        m_levels.push_back({level, {}});
    }
}

void LiveSeries::append(const Snapshot& snapshot) {
    if (!m_opened || m_opened->sinceStart < Nanoseconds::zero()) {
        m_opened = summed(snapshot);
        return;
    }
    const double from = secondsOf(m_opened->sinceStart);
    const bool later = snapshot.at > m_opened->at && snapshot.sinceStart > m_opened->sinceStart;
    if (!later || secondsOf(snapshot.sinceStart) - from < kLateEnough * m_levels.front().level.width) {
        return;
    }
    Snapshot now = summed(snapshot);
    append(livePointOf(windowBetween(*m_opened, now), from, now));
    m_opened = std::move(now);
}

void LiveSeries::append(LivePoint point) {
    pushInto(0, std::move(point));
}

void LiveSeries::clear() {
    for (Row& row : m_levels) {
        row.points.clear();
    }
    m_opened.reset();
}

std::size_t LiveSeries::size() const {
    std::size_t all = 0;
    for (const Row& row : m_levels) {
        all += row.points.size();
    }
    return all;
}

double LiveSeries::from() const {
    const auto oldest =
        std::find_if(m_levels.rbegin(), m_levels.rend(), [](const Row& row) { return !row.points.empty(); });
    return oldest == m_levels.rend() ? 0 : oldest->points.front().from;
}

double LiveSeries::until() const {
    return m_levels.front().points.empty() ? 0 : m_levels.front().points.back().until;
}

void LiveSeries::pushInto(std::size_t index, LivePoint point) {
    Row& row = m_levels[index];
    const auto slot = [&row](const LivePoint& of) { return std::floor(of.from / row.level.width); };
    // The first level takes points as they come: a second that began late is still a second.
    if (index > 0 && !row.points.empty() && slot(row.points.back()) == slot(point)) {
        merge(row.points.back(), point);
        return;
    }
    if (row.points.size() == row.level.capacity) {
        if (index + 1 < m_levels.size()) {
            pushInto(index + 1, std::move(row.points.front()));
            row.points.pop_front();
        } else {
            halve(row);
        }
    }
    row.points.push_back(std::move(point));
}

void LiveSeries::halve(Row& row) {
    std::deque<LivePoint> halved;
    for (std::size_t i = 0; i < row.points.size(); i += 2) {
        halved.push_back(std::move(row.points[i]));
        if (i + 1 < row.points.size()) {
            merge(halved.back(), row.points[i + 1]);
        }
    }
    row.points = std::move(halved);
    row.level.width *= 2;
}

} // namespace core
