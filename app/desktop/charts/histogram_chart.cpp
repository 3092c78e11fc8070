// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/histogram_chart.h"

#include "app/desktop/charts/chart_text.h"
#include "app/desktop/charts/extremes.h"
#include "app/desktop/charts/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace app {

namespace {

constexpr int kPerOctave = 8;
constexpr std::size_t kBins = 32 * kPerOctave; // 1 µs to over an hour
constexpr std::size_t kLeastShown = 2 * kPerOctave;

using Bins = std::array<double, kBins>;

/// Events in each bin; bin i is from 2^(i/8) µs on, the first also what is shorter.
Bins binsOf(const core::LatencyHistogram& histogram) {
    Bins bins{};
    const auto counts = histogram.counts();
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const std::uint64_t micros =
            std::max<std::uint64_t>(core::LatencyBuckets::middle(histogram.firstIndex() + i), 1);
        const auto bin = static_cast<std::size_t>(kPerOctave * std::log2(static_cast<double>(micros)));
        bins[std::min(bin, kBins - 1)] += static_cast<double>(counts[i]);
    }
    return bins;
}

double edge(std::size_t bin) { // seconds
    return 1e-6 * std::exp2(static_cast<double>(bin) / kPerOctave);
}

/// The bins in use by either, from an octave's start to an octave's end.
struct Used {
    std::size_t first = 0, end = kBins;

    double from() const { return edge(first); }
    double until() const { return edge(end); }
};
Used usedBy(const Bins& a, const Bins& b) {
    Used used{kBins, 0};
    for (std::size_t i = 0; i < kBins; ++i) {
        if (a[i] + b[i] > 0) {
            used.first = std::min(used.first, i);
            used.end = i + 1;
        }
    }
    used.first = used.first / kPerOctave * kPerOctave;
    used.end =
        std::min(std::max((used.end + kPerOctave - 1) / kPerOctave * kPerOctave, used.first + kLeastShown), kBins);
    used.first = std::min(used.first, used.end - kLeastShown);
    return used;
}

std::vector<core::ChartPoint> stepsOf(const Bins& bins, const Used& used) {
    std::vector<core::ChartPoint> steps{{edge(used.first), 0}};
    for (std::size_t i = used.first; i < used.end; ++i) {
        steps.push_back({edge(i), bins[i]});
        steps.push_back({edge(i + 1), bins[i]});
    }
    steps.push_back({edge(used.end), 0});
    return steps;
}

} // namespace

HistogramChart::HistogramChart(const QString& title, QWidget* parent) : LatencyChart(title, parent) {
    themeChanged();
}

core::Plot HistogramChart::plot(const QRectF& whole) const {
    const QRectF area = plotArea(whole, font());
    const Bins due = binsOf(corrected()), send = binsOf(uncorrected());
    const Used used = usedBy(due, send);
    core::Plot plot;
    if (uncorrected().count() > 0) {
        plot.lines.push_back({styleOf(core::SeriesRole::Uncorrected), false, {stepsOf(send, used)}});
    }
    plot.lines.push_back({styleOf(core::SeriesRole::Corrected), false, {stepsOf(due, used)}});
    plot.x = axisOf({used.from(), used.until(), true}, core::AxisUnit::Latency, ticksAcross(area, font()));
    plot.y =
        axisOf(core::linearScale(extremesOf(plot.lines, false).highest), core::AxisUnit::Events, ticksUp(area, font()));
    constexpr std::array<std::pair<double, const char*>, 3> kMarked{{{50, "p50"}, {99, "p99"}, {99.9, "p99.9"}}};
    for (const auto& [percentile, name] : kMarked) {
        if (const auto seconds = secondsAt(corrected(), percentile)) {
            plot.marks.push_back({std::max(*seconds, plot.x.scale.from), name});
        }
    }
    return plot;
}

ChartTable HistogramChart::table() const {
    const Bins due = binsOf(corrected()), send = binsOf(uncorrected());
    ChartTable table;
    table.columns = {{tr("from (s)"), QStringLiteral("s"), {}},
                     {tr("to below (s)"), QStringLiteral("s"), {}},
                     {tr("from the due time (events)"), {}, {}},
                     {tr("from the actual send (events)"), {}, {}}};
    for (std::size_t i = 0; i < kBins; ++i) {
        if (due[i] + send[i] <= 0) {
            continue;
        }
        table.columns[0].values.push_back(edge(i));
        table.columns[1].values.push_back(edge(i + 1));
        table.columns[2].values.push_back(due[i]);
        table.columns[3].values.push_back(send[i]);
    }
    return table;
}

LatencyChart::ReadOut HistogramChart::readOutAt(double share) const {
    const Bins due = binsOf(corrected()), send = binsOf(uncorrected());
    const Used used = usedBy(due, send);
    const auto across = static_cast<std::size_t>(share * static_cast<double>(used.end - used.first));
    const std::size_t bin = std::min(used.first + across, used.end - 1);
    const QString unit = QStringLiteral("s");
    return {tr("%1 to %2").arg(axisText(edge(bin), unit), axisText(edge(bin + 1), unit)),
            {axisText(due[bin], {}), axisText(send[bin], {})}};
}

} // namespace app
