// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/logs/level_chart.h"

#include "app/desktop/charts/chart_text.h"
#include "app/desktop/charts/chart_theme.h"
#include "app/desktop/charts/plot_frame.h"
#include "core/chart/axis_ticks.h"

#include <QDateTime>
#include <QLocale>
#include <QPainter>
#include <cmath>
#include <utility>

namespace app {

namespace {

constexpr double kMicros = 1e-6; // in seconds
constexpr std::array kFromBelow{LevelGroup::Errors, LevelGroup::Warnings, LevelGroup::Info, LevelGroup::Details};
constexpr double kGap = 1; // pixels between bars

QDateTime localTimeOf(std::int64_t micros) {
    return QDateTime::fromMSecsSinceEpoch(micros / 1'000);
}

} // namespace

LevelChart::LevelChart(QWidget* parent) : ChartPanel(tr("Events found by level"), parent) {
    setEmptyText(tr("The events that a search finds are counted here over time, by level."));
    themeChanged();
}

void LevelChart::setCounts(LevelCounts counts) {
    m_counts = std::move(counts);
    const LevelCounts::Bin total = m_counts.total();
    QStringList figures;
    for (const LevelGroup group : kFromBelow) {
        figures += QLocale().toString(total.at(static_cast<std::size_t>(group)));
    }
    legend()->setFigures(isEmpty() ? QStringList() : figures);
    contentChanged();
}

void LevelChart::themeChanged() {
    std::vector<ChartLegend::Entry> entries;
    for (const LevelGroup group : kFromBelow) {
        const core::SeriesStyle style = styleOf(group, themeOf(palette()));
        entries.push_back({nameOf(group), style, colourOf(style.colour)});
    }
    legend()->setEntries(std::move(entries));
}

QString LevelChart::textSummary() const {
    const LevelCounts::Bin total = m_counts.total();
    QStringList parts;
    for (const LevelGroup group : kFromBelow) {
        parts +=
            QStringLiteral("%1: %2").arg(nameOf(group), QLocale().toString(total.at(static_cast<std::size_t>(group))));
    }
    return tr("%1, from %2 on: %3.")
        .arg(title(), QLocale().toString(localTimeOf(m_counts.fromMicros), QLocale::ShortFormat),
             parts.join(QStringLiteral("; ")));
}

ChartTable LevelChart::table() const {
    const QString begin = localTimeOf(m_counts.fromMicros).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
    ChartTable table;
    table.columns = {{tr("time after %1 (s)").arg(begin), QStringLiteral("s"), {}}};
    for (std::size_t i = 0; i < m_counts.bins.size(); ++i) {
        table.columns[0].values.push_back(static_cast<double>(i) * static_cast<double>(m_counts.widthMicros) * kMicros);
    }
    for (const LevelGroup group : kFromBelow) {
        ChartTable::Column& column = table.columns.emplace_back(ChartTable::Column{nameOf(group), {}, {}});
        for (const LevelCounts::Bin& bin : m_counts.bins) {
            column.values.push_back(bin.at(static_cast<std::size_t>(group)));
        }
    }
    return table;
}

core::Plot LevelChart::frame(const QRectF& area) const {
    const QDateTime first = localTimeOf(m_counts.fromMicros);
    const QDateTime midnight = first.date().startOfDay();
    const double from = static_cast<double>(midnight.msecsTo(first)) * 1e-3;
    const double length =
        static_cast<double>(m_counts.bins.size()) * static_cast<double>(m_counts.widthMicros) * kMicros;
    constexpr double kDay = 86'400;
    const bool fine = length < ticksAcross(area, font());
    const QString format = fine             ? QStringLiteral("HH:mm:ss.zzz")
                           : length <= kDay ? QStringLiteral("HH:mm:ss")
                                            : QStringLiteral("yyyy-MM-dd");
    core::Plot plot;
    plot.x.scale = {from, from + length, false};
    const int most = ticksAcross(area, font());
    for (const double at :
         fine ? core::linearTicks(from, from + length, most) : core::timeTicks(from, from + length, most)) {
        const qint64 millis = std::llround(at * 1e3);
        if (std::abs(at * 1e3 - static_cast<double>(millis)) < 0.01) { // no finer than its label
            plot.x.ticks.push_back({at, midnight.addMSecs(millis).toString(format).toStdString()});
        }
    }
    plot.y = axisOf(core::linearScale(m_counts.highest()), core::AxisUnit::Events, ticksUp(area, font()));
    return plot;
}

void LevelChart::paintPlot(QPainter& painter, const QRectF& whole) {
    const core::Theme theme = themeOf(palette());
    const QRectF area = plotArea(whole, font());
    const core::Plot plot = frame(area);
    paintGround(painter, area, plot, theme);
    const double width = area.width() / static_cast<double>(m_counts.bins.size());
    for (std::size_t i = 0; i < m_counts.bins.size(); ++i) {
        double below = 0;
        for (const LevelGroup group : kFromBelow) {
            const double above = below + m_counts.bins[i].at(static_cast<std::size_t>(group));
            const double top = area.bottom() - plot.y.share(above) * area.height();
            const double bottom = area.bottom() - plot.y.share(below) * area.height();
            const double left = area.left() + static_cast<double>(i) * width;
            painter.fillRect(QRectF(left, top, std::max(width - kGap, kGap), bottom - top),
                             colourOf(styleOf(group, theme).colour));
            below = above;
        }
    }
    paintLabels(painter, area, plot, theme);
}

} // namespace app
