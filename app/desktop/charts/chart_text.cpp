// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/chart_text.h"

#include "core/chart/chart_axis.h"

#include <QLocale>
#include <cmath>

namespace app {

QString localText(const std::string& figure) {
    const QLocale locale;
    QString text;
    for (const QChar letter : QString::fromStdString(figure)) {
        text += letter == u'.'   ? locale.decimalPoint()
                : letter == u',' ? locale.groupSeparator()
                                 : QString(letter == u' ' ? QChar(0xa0) : letter);
    }
    return text;
}

QString axisText(double value, const QString& unit) {
    if (!std::isfinite(value)) {
        return QStringLiteral("–");
    }
    const bool time = unit == QStringLiteral("s");
    return localText(core::axisLabel(value, time ? core::AxisUnit::Latency : core::AxisUnit::Rate));
}

QString figureText(double value, const QString& unit) {
    QString figure = axisText(value, unit);
    if (unit == QStringLiteral("s") || unit.isEmpty() || !std::isfinite(value)) {
        return figure;
    }
    return unit.startsWith(QLatin1Char('/')) ? figure + unit : figure + QChar(0xa0) + unit;
}

QString timeText(double seconds, bool fine) {
    if (fine && std::abs(seconds) < 60) {
        return QLocale().toString(seconds, 'f', 1) + QChar(0xa0) + QLatin1Char('s');
    }
    return localText(core::axisLabel(std::round(seconds), core::AxisUnit::Seconds));
}

} // namespace app
