// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/latency_chart.h"

#include "app/desktop/charts/chart_text.h"
#include "app/desktop/charts/chart_theme.h"
#include "app/desktop/charts/plot_areas.h"
#include "app/desktop/charts/plot_frame.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <utility>

namespace app {

namespace {

constexpr double kKeyStep = 0.01; // of the x axis

} // namespace

std::optional<double> secondsAt(const core::LatencyHistogram& histogram, double percentile) {
    if (histogram.count() < core::valuesNeeded(percentile)) {
        return std::nullopt;
    }
    return static_cast<double>(*histogram.percentile(percentile)) / core::kMicrosPerSecond;
}

LatencyChart::LatencyChart(const QString& title, QWidget* parent) : ChartPanel(title, parent) {
    canvas()->setMouseTracking(true);
    canvas()->installEventFilter(this);
}

void LatencyChart::setHistograms(core::LatencyHistogram corrected, core::LatencyHistogram uncorrected) {
    const bool overlaid = (uncorrected.count() > 0) != (m_uncorrected.count() > 0);
    m_corrected = std::move(corrected);
    m_uncorrected = std::move(uncorrected);
    if (overlaid || m_corrected.count() == 0) {
        themeChanged();
    }
    point(m_pointed);
    contentChanged();
}

core::SeriesStyle LatencyChart::styleOf(core::SeriesRole role) const {
    return core::styleOf(role, themeOf(palette()));
}

void LatencyChart::themeChanged() {
    std::vector<ChartLegend::Entry> entries{
        {tr("from the due time"), styleOf(core::SeriesRole::Corrected), std::nullopt}};
    if (m_uncorrected.count() > 0) {
        entries.push_back({tr("from the actual send"), styleOf(core::SeriesRole::Uncorrected), std::nullopt});
    }
    legend()->setEntries(std::move(entries));
}

QString LatencyChart::textSummary() const {
    QStringList parts;
    for (const double percentile : {50.0, 90.0, 99.0, 99.9, 99.99}) {
        if (const auto seconds = secondsAt(m_corrected, percentile)) {
            parts += tr("p%1 %2").arg(QLocale::c().toString(percentile), figureText(*seconds, QStringLiteral("s")));
        }
    }
    if (const auto max = m_corrected.max()) {
        parts +=
            tr("highest %1").arg(figureText(static_cast<double>(*max) / core::kMicrosPerSecond, QStringLiteral("s")));
    }
    return tr("%1: %2, of %3 values.")
        .arg(title(), parts.join(QStringLiteral(", ")), QLocale().toString(qulonglong{m_corrected.count()}));
}

void LatencyChart::paintPlot(QPainter& painter, const QRectF& whole) {
    const core::Theme theme = themeOf(palette());
    const QRectF area = plotArea(whole, font());
    const core::Plot shown = plot(whole);
    paintGround(painter, area, shown, theme);
    paintAreas(painter, area, shown);
    m_lines.paint(painter, area, shown);
    paintMarks(painter, area, shown, theme);
    paintLabels(painter, area, shown, theme);
}

bool LatencyChart::eventFilter(QObject* watched, QEvent* event) {
    const QRectF area = canvas()->area();
    if (event->type() == QEvent::MouseMove) {
        const double share = (static_cast<QMouseEvent*>(event)->position().x() - area.left()) / area.width();
        point(share >= 0 && share <= 1 ? std::optional(share) : std::nullopt);
    } else if (event->type() == QEvent::Leave) {
        point(std::nullopt);
    } else if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape) {
            point(std::nullopt);
        }
        if (key != Qt::Key_Left && key != Qt::Key_Right) {
            return ChartPanel::eventFilter(watched, event);
        }
        point(std::clamp(m_pointed.value_or(0.5) + (key == Qt::Key_Left ? -kKeyStep : kKeyStep), 0.0, 1.0));
        return true;
    }
    return ChartPanel::eventFilter(watched, event);
}

void LatencyChart::point(std::optional<double> share) {
    m_pointed = share;
    canvas()->setCrossHair(share);
    const ReadOut shown = share && !isEmpty() ? readOutAt(*share) : ReadOut();
    legend()->setFigures(shown.figures, shown.where);
}

} // namespace app
