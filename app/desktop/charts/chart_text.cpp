// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/chart_text.h"

#include <QLocale>
#include <array>
#include <cmath>

namespace app {

namespace {

struct Prefix {
    double factor;
    const char16_t* sign;
};
constexpr std::array kPrefixes{Prefix{1e12, u"T"}, Prefix{1e9, u"G"},  Prefix{1e6, u"M"},  Prefix{1e3, u"k"},
                               Prefix{1, u""},     Prefix{1e-3, u"m"}, Prefix{1e-6, u"µ"}, Prefix{1e-9, u"n"}};

bool isTime(const QString& unit) {
    return unit == QStringLiteral("s");
}
bool takesPrefix(const QString& unit) {
    return isTime(unit) || unit == QStringLiteral("B");
}

/// Whole events have no milli and long times no kilo.
Prefix prefixFor(double size, const QString& unit) {
    for (const Prefix& prefix : kPrefixes) {
        const bool fits = prefix.factor <= 1 || !isTime(unit);
        const bool last = prefix.factor <= (isTime(unit) ? 1e-9 : 1.0);
        // A prefix is left when its figure would be shown as 1,000.
        if (fits && (size >= prefix.factor * 0.9995 || last)) {
            return prefix;
        }
    }
    return {1, u""};
}

/// Three significant digits without trailing zeros.
QString digits(double figure) {
    const double size = std::abs(figure);
    const int decimals = size >= 99.95 || size == 0 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3;
    const double scale = std::pow(10.0, decimals);
    const double rounded = std::round(figure * scale) / scale;
    int needed = decimals;
    while (needed > 0 &&
           std::abs(std::round(rounded * std::pow(10.0, needed - 1)) / std::pow(10.0, needed - 1) - rounded) < 1e-9) {
        --needed;
    }
    return QLocale().toString(rounded, 'f', needed);
}

} // namespace

QString axisText(double value, const QString& unit) {
    if (!std::isfinite(value)) {
        return QStringLiteral("–");
    }
    const Prefix prefix = value == 0 ? Prefix{1, u""} : prefixFor(std::abs(value), unit);
    const QString tail = QString::fromUtf16(prefix.sign) + (takesPrefix(unit) ? unit : QString());
    const QString figure = digits(value / prefix.factor);
    return tail.isEmpty() ? figure : figure + QChar(0xa0) + tail;
}

QString figureText(double value, const QString& unit) {
    const QString figure = axisText(value, unit);
    if (takesPrefix(unit) || unit.isEmpty() || !std::isfinite(value)) {
        return figure;
    }
    return unit.startsWith(QLatin1Char('/')) ? figure + unit : figure + QChar(0xa0) + unit;
}

QString timeText(double seconds, bool fine) {
    const double size = std::abs(seconds);
    if (size < 60) {
        return QLocale().toString(seconds, 'f', fine ? 1 : 0) + QChar(0xa0) + QLatin1Char('s');
    }
    const auto whole = std::llround(size);
    const auto two = [](qint64 number) { return QStringLiteral("%1").arg(number, 2, 10, QLatin1Char('0')); };
    const QString sign = seconds < 0 ? QStringLiteral("-") : QString();
    if (whole < 3'600) {
        return sign + QStringLiteral("%1:%2").arg(whole / 60).arg(two(whole % 60));
    }
    return sign + QStringLiteral("%1:%2:%3").arg(whole / 3'600).arg(two(whole / 60 % 60), two(whole % 60));
}

} // namespace app
