// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/history/run_trend.h"

#include "app/desktop/charts/chart_text.h"
#include "app/desktop/charts/chart_theme.h"
#include "app/desktop/charts/extremes.h"
#include "app/desktop/charts/plot_frame.h"
#include "app/desktop/pages/history/run_list_model.h"
#include "core/chart/axis_ticks.h"

#include <QDateTime>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace app {

namespace {

using services::CatalogueEntry;

constexpr double kMillis = 1e-3; // in seconds

double p99Seconds(const CatalogueEntry& run) {
    return run.endToEndP99Ms ? *run.endToEndP99Ms * kMillis : core::kUnknown;
}

QDateTime beganAt(const CatalogueEntry& run) {
    return QDateTime::fromString(QString::fromStdString(run.started), Qt::ISODateWithMs).toLocalTime();
}

QString signText(const CatalogueEntry& run) {
    const std::string_view sign = signOf(run.status);
    return QString::fromUtf8(sign.data(), static_cast<qsizetype>(sign.size()));
}

std::vector<std::vector<core::ChartPoint>> inOnePiece(std::vector<core::ChartPoint> points) {
    std::vector<std::vector<core::ChartPoint>> pieces;
    if (!points.empty()) {
        pieces.push_back(std::move(points));
    }
    return pieces;
}

} // namespace

RunTrend::RunTrend(QWidget* parent) : ChartPanel(tr("Trend"), parent) {
    setContentsMargins(8, 4, 8, 8);
    canvas()->installEventFilter(this);
}

void RunTrend::setRuns(const std::vector<CatalogueEntry>& runs, const std::string& name) {
    const std::string marked = m_marked ? m_runs[*m_marked].folder.string() : std::string();
    m_marked.reset();
    m_runs.clear();
    std::ranges::copy_if(runs, std::back_inserter(m_runs), [&name](const CatalogueEntry& run) {
        return run.state == CatalogueEntry::State::Readable && run.name == name;
    });
    std::ranges::stable_sort(m_runs, {}, &CatalogueEntry::started);
    if (m_runs.size() > kMostRuns) {
        m_runs.erase(m_runs.begin(), m_runs.end() - kMostRuns);
    }
    const QString shown = QString::fromStdString(name);
    setTitle(tr("Trend of '%1'").arg(shown));
    setEmptyText(tr("The p99, stored rate and verdict of '%1' will be drawn here from run to run, once there are two.")
                     .arg(shown));
    themeChanged();
    mark(marked);
}

void RunTrend::mark(const std::filesystem::path& folder) {
    const auto found = std::ranges::find(m_runs, folder, &CatalogueEntry::folder);
    m_marked = found == m_runs.end() ? std::nullopt : std::optional<std::size_t>(found - m_runs.begin());
    showFigures();
    contentChanged();
}

bool RunTrend::hasEmbedded(bool embedded) const {
    return std::ranges::any_of(m_runs, [embedded](const auto& run) { return run.onEmbeddedBroker == embedded; });
}

core::SeriesStyle RunTrend::styleOf(core::SeriesRole role, bool embedded) const {
    core::SeriesStyle style = core::styleOf(role, themeOf(palette()));
    if (embedded) {
        style.dash = {3, 2, 3, 2};
    }
    return style;
}

void RunTrend::themeChanged() {
    std::vector<ChartLegend::Entry> entries;
    if (hasEmbedded(false)) {
        entries.push_back({tr("end-to-end p99"), styleOf(core::SeriesRole::P99, false), std::nullopt});
    }
    if (hasEmbedded(true)) {
        entries.push_back({tr("end-to-end p99 (embedded broker)"), styleOf(core::SeriesRole::P99, true), std::nullopt});
    }
    entries.push_back({tr("stored"), styleOf(core::SeriesRole::Stored, false), std::nullopt});
    legend()->setEntries(std::move(entries));
    showFigures();
}

/// Of the marked run, or else of the newest.
void RunTrend::showFigures() {
    if (isEmpty()) {
        legend()->setFigures({});
        return;
    }
    const CatalogueEntry& run = m_marked ? m_runs[*m_marked] : m_runs.back();
    QStringList figures;
    for (const bool embedded : {false, true}) {
        if (hasEmbedded(embedded)) {
            figures +=
                axisText(run.onEmbeddedBroker == embedded ? p99Seconds(run) : core::kUnknown, QStringLiteral("s"));
        }
    }
    figures += figureText(run.storedRate, QStringLiteral("/s"));
    legend()->setFigures(figures, QLocale().toString(beganAt(run), QLocale::ShortFormat));
}

QString RunTrend::textSummary() const {
    const auto passed = std::ranges::count(m_runs, core::VerdictStatus::Passed, &CatalogueEntry::status);
    const auto embedded = std::ranges::count(m_runs, true, &CatalogueEntry::onEmbeddedBroker);
    return tr("%1: %2 runs, of which %3 passed and %4 ran on the embedded broker. The newest has an end-to-end p99 of "
              "%5, the oldest of %6.")
        .arg(title(), QLocale().toString(m_runs.size()), QLocale().toString(passed), QLocale().toString(embedded),
             figureText(p99Seconds(m_runs.back()), QStringLiteral("s")),
             figureText(p99Seconds(m_runs.front()), QStringLiteral("s")));
}

ChartTable RunTrend::table() const {
    constexpr double kDay = 86'400'000; // ms
    ChartTable table;
    table.columns = {{tr("run"), {}, {}},
                     {tr("days before the newest run"), {}, {}},
                     {tr("end-to-end p99 (s)"), QStringLiteral("s"), {}},
                     {tr("end-to-end p99 (embedded broker) (s)"), QStringLiteral("s"), {}},
                     {tr("stored (/s)"), QStringLiteral("/s"), {}},
                     {tr("passed: 1, else 0"), {}, {}}};
    for (const CatalogueEntry& run : m_runs) {
        const std::array<double, 6> row{static_cast<double>(table.rows() + 1),
                                        static_cast<double>(beganAt(run).msecsTo(beganAt(m_runs.back()))) / kDay,
                                        run.onEmbeddedBroker ? core::kUnknown : p99Seconds(run),
                                        run.onEmbeddedBroker ? p99Seconds(run) : core::kUnknown,
                                        run.storedRate,
                                        run.status == core::VerdictStatus::Passed ? 1.0 : 0.0};
        for (std::size_t i = 0; i < row.size(); ++i) {
            table.columns[i].values.push_back(row.at(i));
        }
    }
    return table;
}

/// As many dates, or times of one day, as there is room for.
core::PlotAxis RunTrend::runAxis(const QRectF& area) const {
    const auto count = static_cast<double>(m_runs.size());
    const bool oneDay = !m_runs.empty() && beganAt(m_runs.front()).date() == beganAt(m_runs.back()).date();
    const QString format = oneDay ? QStringLiteral("HH:mm:ss") : QStringLiteral("yyyy-MM-dd");
    core::PlotAxis axis;
    axis.scale = core::timeScale(-0.5, count - 0.5);
    for (const double at : core::linearTicks(0, count - 1, ticksAcross(area, font()))) {
        if (at == std::floor(at)) {
            const CatalogueEntry& run = m_runs[static_cast<std::size_t>(at)];
            axis.ticks.push_back({at, beganAt(run).toString(format).toStdString()});
        }
    }
    return axis;
}

core::Plot RunTrend::plot(const QRectF& whole) const {
    const QRectF area = plotArea(whole, font());
    core::Plot plot;
    plot.x = runAxis(area);
    if (m_marked) {
        const auto at = static_cast<double>(*m_marked);
        plot.shades.push_back({at - 0.5, at + 0.5, {}});
    }
    std::vector<core::ChartPoint> real, embedded, stored;
    for (std::size_t i = 0; i < m_runs.size(); ++i) {
        const auto x = static_cast<double>(i);
        if (m_runs[i].endToEndP99Ms) {
            (m_runs[i].onEmbeddedBroker ? embedded : real).push_back({x, p99Seconds(m_runs[i])});
        }
        if (std::isfinite(m_runs[i].storedRate)) {
            stored.push_back({x, m_runs[i].storedRate});
        }
    }
    plot.lines.push_back({styleOf(core::SeriesRole::Stored, false), true, inOnePiece(std::move(stored))});
    plot.lines.push_back({styleOf(core::SeriesRole::P99, true), false, inOnePiece(std::move(embedded))});
    plot.lines.push_back({styleOf(core::SeriesRole::P99, false), false, inOnePiece(std::move(real))});
    const auto scaleOf = [&plot](bool onRight) {
        const Extremes extremes = extremesOf(plot.lines, onRight);
        return core::linearScale(extremes.known() ? extremes.highest : 0);
    };
    plot.y = axisOf(scaleOf(false), core::AxisUnit::Latency, ticksUp(area, font()));
    plot.right = axisOf(scaleOf(true), core::AxisUnit::Rate, ticksUp(area, font()));
    return plot;
}

void RunTrend::paintPlot(QPainter& painter, const QRectF& whole) {
    const core::Theme theme = themeOf(palette());
    const QRectF area = plotArea(whole, font());
    const core::Plot shown = plot(whole);
    paintGround(painter, area, shown, theme);
    m_lines.paint(painter, area, shown);
    paintLabels(painter, area, shown, theme);
    paintSigns(painter, area, shown);
}

/// Each run's verdict on its p99, or at the bottom where that is not known. Where signs would touch, those of runs that
/// passed are left out.
void RunTrend::paintSigns(QPainter& painter, const QRectF& area, const core::Plot& shown) const {
    const core::Surface surface = core::surfaceOf(themeOf(palette()));
    QFont bold = painter.font();
    bold.setBold(true);
    painter.setFont(bold);
    const double size = QFontMetricsF(bold, painter.device()).height();
    const bool crowded = area.width() / static_cast<double>(m_runs.size()) < size;
    for (std::size_t i = 0; i < m_runs.size(); ++i) {
        const CatalogueEntry& run = m_runs[i];
        const bool passed = run.status == core::VerdictStatus::Passed;
        if (crowded && passed) {
            continue;
        }
        const double x = area.left() + shown.x.share(static_cast<double>(i)) * area.width();
        const double y = area.bottom() - (run.endToEndP99Ms ? shown.y.share(p99Seconds(run)) : 0) * area.height();
        const QRectF box(x - size / 2, y - size / 2, size, size);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colourOf(surface.ground));
        painter.drawEllipse(box.adjusted(1, 1, -1, -1));
        painter.setPen(colourOf(passed ? surface.passed : surface.failed));
        painter.drawText(box, Qt::AlignCenter | Qt::TextSingleLine | Qt::TextDontClip, signText(run));
    }
}

std::optional<std::size_t> RunTrend::runAt(double x) const {
    const QRectF area = canvas()->area();
    const double share = (x - area.left()) / area.width();
    if (isEmpty() || share < 0 || share >= 1) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(share * static_cast<double>(m_runs.size()));
}

void RunTrend::choose(std::size_t run) {
    Q_EMIT chosen(QString::fromStdString(m_runs[run].folder.string()));
}

bool RunTrend::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::MouseButtonPress) {
        const auto* const mouse = static_cast<QMouseEvent*>(event);
        if (const auto run = runAt(mouse->position().x()); run && mouse->button() == Qt::LeftButton) {
            choose(*run);
        }
    } else if (event->type() == QEvent::ToolTip) {
        const auto* const help = static_cast<QHelpEvent*>(event);
        const auto run = runAt(help->x());
        QToolTip::showText(help->globalPos(), run ? runTip(m_runs[*run]) : QString(), canvas());
        return true;
    } else if (event->type() == QEvent::KeyPress && !isEmpty()) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Right) {
            const std::size_t at = m_marked.value_or(m_runs.size() - 1);
            choose(key == Qt::Key_Right ? std::min(at + 1, m_runs.size() - 1) : at - std::min<std::size_t>(at, 1));
            return true;
        }
    }
    return ChartPanel::eventFilter(watched, event);
}

} // namespace app
