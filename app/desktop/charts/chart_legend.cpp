// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/chart_legend.h"

#include "app/desktop/charts/chart_theme.h"

#include <QFontMetricsF>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <utility>

namespace app {

namespace {

constexpr double kSample = 22; // length of a line sample
constexpr double kSwatch = 12;
constexpr double kEntryGap = 5;
constexpr double kBetween = 12; // entries
constexpr double kLeastName = 28;
constexpr std::size_t kMostShown = 12;

double sampleWidth(const ChartLegend::Entry& entry) {
    return entry.fill ? kSwatch : kSample;
}

void paintSample(QPainter& painter, const QRectF& box, const ChartLegend::Entry& entry) {
    if (entry.fill || entry.style.area) {
        const QColor colour = entry.fill.value_or(colourOf(entry.style.colour, 0.25));
        painter.fillRect(QRectF(box.left(), box.center().y() - kSwatch / 2, box.width(), kSwatch), colour);
    }
    if (!entry.fill) {
        painter.setPen(penOf(entry.style));
        const double y = entry.style.area ? box.center().y() - kSwatch / 2 : box.center().y();
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y));
    }
}

} // namespace

ChartLegend::ChartLegend(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ChartLegend::setEntries(std::vector<Entry> entries) {
    m_entries = std::move(entries);
    m_figures.clear();
    m_figureWidth = QFontMetricsF(font()).horizontalAdvance(QStringLiteral("8.88 k"));
    updateGeometry();
    update();
}

void ChartLegend::setFigures(QStringList figures, const QString& instant) {
    if (figures == m_figures && instant == m_instant) {
        return;
    }
    m_figures = std::move(figures);
    m_instant = instant;
    for (const QString& figure : std::as_const(m_figures)) {
        m_figureWidth = std::max(m_figureWidth, QFontMetricsF(font()).horizontalAdvance(figure));
    }
    update();
}

bool ChartLegend::hasFigures() const {
    return std::any_of(m_figures.begin(), m_figures.end(), [](const QString& text) { return !text.isEmpty(); });
}

double ChartLegend::nameWidth(const Entry& entry) const {
    return QFontMetricsF(font()).horizontalAdvance(entry.name);
}

/// What every name may take at most, so that all entries fit: short names leave what they do not need to long ones.
double ChartLegend::spaceForNames(double width, std::size_t shown) const {
    double left = width;
    std::vector<double> names;
    for (std::size_t i = 0; i < shown; ++i) {
        left -= sampleWidth(m_entries[i]) + kEntryGap + kBetween;
        left -= hasFigures() ? m_figureWidth + kEntryGap : 0;
        names.push_back(nameWidth(m_entries[i]));
    }
    std::sort(names.begin(), names.end());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const double each = left / static_cast<double>(names.size() - i);
        if (names[i] > each) {
            return std::max(each, kLeastName);
        }
        left -= names[i];
    }
    return names.empty() ? 0 : names.back();
}

void ChartLegend::paint(QPainter& painter, const QRectF& box) const {
    const QFontMetricsF metrics(font());
    const double reserved = m_instant.isEmpty() ? 0 : metrics.horizontalAdvance(m_instant) + kBetween;
    const std::size_t shown = std::min(m_entries.size(), kMostShown);
    const double most = spaceForNames(box.width() - reserved, shown);
    const QColor text = painter.pen().color();
    double x = box.left();
    if (!m_instant.isEmpty()) {
        painter.drawText(QRectF(x, box.top(), reserved, box.height()), Qt::AlignVCenter | Qt::TextSingleLine,
                         m_instant);
        x += reserved;
    }
    for (std::size_t i = 0; i < shown; ++i) {
        const Entry& entry = m_entries[i];
        const double name = std::min(nameWidth(entry), most) + 1;
        paintSample(painter, QRectF(x, box.top(), sampleWidth(entry), box.height()), entry);
        x += sampleWidth(entry) + kEntryGap;
        painter.setPen(text);
        painter.drawText(QRectF(x, box.top(), name, box.height()), Qt::AlignVCenter | Qt::TextSingleLine,
                         metrics.elidedText(entry.name, Qt::ElideRight, name));
        x += name;
        if (hasFigures()) {
            painter.drawText(QRectF(x + kEntryGap, box.top(), m_figureWidth, box.height()),
                             Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine,
                             m_figures.value(static_cast<qsizetype>(i)));
            x += kEntryGap + m_figureWidth;
        }
        x += kBetween;
    }
}

QSize ChartLegend::sizeHint() const {
    return {400, static_cast<int>(std::max(QFontMetricsF(font()).height(), kSwatch) + 4)};
}

QSize ChartLegend::minimumSizeHint() const {
    return {80, sizeHint().height()};
}

void ChartLegend::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::WindowText));
    paint(painter, QRectF(rect()));
}

bool ChartLegend::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        // Names come from files: shown as they are, never as markup.
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), wholeText().toHtmlEscaped(), this);
        return true;
    }
    return QWidget::event(event);
}

QString ChartLegend::wholeText() const {
    QStringList lines;
    for (std::size_t i = 0; i < m_entries.size() && i < kMostShown; ++i) {
        lines += QStringLiteral("%1  %2").arg(m_entries[i].name, m_figures.value(static_cast<qsizetype>(i))).trimmed();
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace app
