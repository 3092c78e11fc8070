// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/percentile_chart.h"

#include "app/desktop/charts/chart_text.h"
#include "app/desktop/charts/extremes.h"
#include "app/desktop/charts/plot.h"

#include <QLocale>
#include <algorithm>
#include <array>
#include <cmath>

namespace app {

namespace {

// x is how many events there are for each one above the percentile: p0 1, p90 10, p99 100.
constexpr double kMost = 10'000; // p99.99
constexpr int kStepsPerDecade = 20;
constexpr double kLeastSeconds = 1e-6; // a log axis knows no 0

double percentileOf(double x) {
    return 100 * (1 - 1 / x);
}

std::vector<core::ChartPoint> curveOf(const core::LatencyHistogram& histogram) {
    std::vector<core::ChartPoint> curve;
    for (int i = 0; i <= 4 * kStepsPerDecade; ++i) {
        const double x = std::pow(10.0, static_cast<double>(i) / kStepsPerDecade);
        if (const auto seconds = secondsAt(histogram, percentileOf(x))) {
            curve.push_back({x, std::max(*seconds, kLeastSeconds)});
        }
    }
    return curve;
}

QString percentileText(double percentile) {
    const int decimals = percentile < 99 ? 0 : percentile < 99.9 ? 1 : percentile < 99.985 ? 2 : 3;
    return QLocale().toString(std::round(percentile * std::pow(10.0, decimals)) / std::pow(10.0, decimals), 'g', 6);
}

} // namespace

PercentileChart::PercentileChart(const QString& title, QWidget* parent) : LatencyChart(title, parent) {
    themeChanged();
}

core::Plot PercentileChart::plot(const QRectF& whole) const {
    core::Plot plot;
    const QRectF area = plotArea(whole, font());
    plot.x = axisOf({1, kMost, true}, core::AxisUnit::Nines, ticksAcross(area, font()));
    plot.lines.push_back({styleOf(core::SeriesRole::Uncorrected), false, {curveOf(uncorrected())}});
    plot.lines.push_back({styleOf(core::SeriesRole::Corrected), false, {curveOf(corrected())}});
    plot.y = axisOf(latencyScale(extremesOf(plot.lines, false)), core::AxisUnit::Latency, ticksUp(area, font()));
    return plot;
}

ChartTable PercentileChart::table() const {
    constexpr std::array kPercentiles{0.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.95, 99.99};
    ChartTable table;
    table.columns = {{tr("percentile"), {}, {}},
                     {tr("from the due time (s)"), QStringLiteral("s"), {}},
                     {tr("from the actual send (s)"), QStringLiteral("s"), {}}};
    for (const double percentile : kPercentiles) {
        table.columns[0].values.push_back(percentile);
        table.columns[1].values.push_back(secondsAt(corrected(), percentile).value_or(std::nan("")));
        table.columns[2].values.push_back(secondsAt(uncorrected(), percentile).value_or(std::nan("")));
    }
    return table;
}

LatencyChart::ReadOut PercentileChart::readOutAt(double share) const {
    const double percentile = percentileOf(std::pow(kMost, share));
    const auto text = [percentile](const core::LatencyHistogram& histogram) {
        return axisText(secondsAt(histogram, percentile).value_or(std::nan("")), QStringLiteral("s"));
    };
    return {QStringLiteral("p") + percentileText(percentile), {text(corrected()), text(uncorrected())}};
}

} // namespace app
