// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/figures.h"

#include "core/text/figure_text.h"
#include "core/verdict/threshold.h"

#include <QLocale>
#include <array>

namespace app {

QString inLocale(const std::string& figure) {
    const QLocale locale;
    QString text;
    for (const QChar each : QString::fromStdString(figure)) {
        if (each == QLatin1Char(',')) {
            text += locale.groupSeparator();
        } else if (each == QLatin1Char('.')) {
            text += locale.decimalPoint();
        } else {
            text += each;
        }
    }
    return text;
}

QString countFigure(std::uint64_t count) {
    return inLocale(core::countText(count));
}
QString rateFigure(core::Rate rate) {
    return inLocale(core::rateText(rate));
}
QString durationFigure(core::Nanoseconds duration) {
    return inLocale(core::durationText(duration));
}

namespace {
ByteUnits defaultByteUnits = ByteUnits::Binary;
}

QString bytesFigure(core::Bytes bytes, ByteUnits units) {
    if (units == ByteUnits::Binary) {
        return inLocale(core::bytesText(bytes));
    }
    constexpr std::array kNames{"B", "kB", "MB", "GB", "TB"};
    constexpr double kShownAsThousand = 999.5; // three significant digits
    auto figure = static_cast<double>(bytes.count);
    std::size_t unit = 0;
    for (; figure >= kShownAsThousand && unit + 1 < kNames.size(); ++unit) {
        figure /= 1'000;
    }
    return inLocale(core::figureText(figure)) + QLatin1Char(' ') + QLatin1String(kNames[unit]);
}

QString bytesFigure(core::Bytes bytes) {
    return bytesFigure(bytes, defaultByteUnits);
}

void setDefaultByteUnits(ByteUnits units) {
    defaultByteUnits = units;
}

QString percentFigure(double share) {
    return inLocale(core::percentText(share));
}

QString unknownFigure() {
    return QStringLiteral("–");
}

QString percentileFigure(const core::LatencyHistogram& histogram, double percentile) {
    const auto value = histogram.percentile(percentile);
    if (!value || histogram.count() < core::valuesNeeded(percentile)) {
        return unknownFigure();
    }
    return durationFigure(std::chrono::microseconds(*value));
}

} // namespace app
