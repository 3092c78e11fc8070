// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/percentile_chart.h"

#include "app/desktop/charts/chart_text.h"
#include "app/desktop/charts/plot_axes.h"

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

QList<QPointF> curveOf(const core::LatencyHistogram& histogram) {
    QList<QPointF> curve;
    for (int i = 0; i <= 4 * kStepsPerDecade; ++i) {
        const double x = std::pow(10.0, static_cast<double>(i) / kStepsPerDecade);
        if (const auto seconds = secondsAt(histogram, percentileOf(x))) {
            curve.emplace_back(x, std::max(*seconds, kLeastSeconds));
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

Plot PercentileChart::plot(const QRectF& whole) const {
    Plot plot;
    plot.x = {1, kMost, true, {}};
    for (const double x : {1.0, 2.0, 10.0, 100.0, 1'000.0, 10'000.0}) {
        plot.x.ticks.push_back({x, QStringLiteral("p") + percentileText(percentileOf(x))});
    }
    plot.lines.push_back({styleOf(core::SeriesRole::Uncorrected), false, {curveOf(uncorrected())}});
    plot.lines.push_back({styleOf(core::SeriesRole::Corrected), false, {curveOf(corrected())}});
    plot.y = logAxis(extremesOf(plot.lines, false), ticksUp(plotArea(whole, font()), font()), QStringLiteral("s"));
    return plot;
}

ChartTable PercentileChart::table() const {
    constexpr std::array percentiles{0.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.95, 99.99};
    ChartTable table;
    table.columns = {{tr("percentile"), {}, {}},
                     {tr("from the due time (s)"), QStringLiteral("s"), {}},
                     {tr("from the actual send (s)"), QStringLiteral("s"), {}}};
    for (const double percentile : percentiles) {
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
