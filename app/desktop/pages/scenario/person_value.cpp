// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/person_value.h"

#include "core/scenario/quantities.h"

#include <QLocale>
#include <QRegularExpression>

namespace app {

namespace {

/// Of a bare number in a field of this kind; empty: it stays without.
QString unitOf(ValueKind kind) {
    switch (kind) {
    case ValueKind::Rate:
        return QStringLiteral("/s");
    case ValueKind::Seconds:
        return QStringLiteral("s");
    case ValueKind::Share:
        return QStringLiteral("%");
    default:
        return {};
    }
}

bool isValue(const QString& text, ValueKind kind) {
    const std::string value = text.toStdString();
    switch (kind) {
    case ValueKind::Rate:
        return static_cast<bool>(core::parseRate(value));
    case ValueKind::Seconds:
    case ValueKind::Duration:
        return static_cast<bool>(core::parseDuration(value));
    case ValueKind::Share:
        return static_cast<bool>(core::parsePercent(value));
    case ValueKind::Size:
        return static_cast<bool>(core::parseBytes(value));
    default:
        return false;
    }
}

/// Thousands without their marks, and a decimal comma as a point.
QString withPlainNumbers(QString text) {
    static const QRegularExpression spaced(
        QStringLiteral("(?<![\\d.,])[1-9]\\d{0,2}(?:[ '\\x{a0}\\x{202f}\\x{2019}]\\d{3})+(?!\\d)"));
    static const QRegularExpression grouped(QStringLiteral("(?<![\\d.,])[1-9]\\d{0,2}(?:,\\d{3})+(?![\\d,])"));
    static const QRegularExpression decimal(QStringLiteral("(?<![\\d.,])(\\d+),(\\d+)(?![\\d.,])"));
    static const QRegularExpression others(QStringLiteral("\\D"));
    const auto join = [&text](const QRegularExpressionMatch& number) {
        const QString digits = number.captured().remove(others);
        text.replace(number.capturedStart(), number.capturedLength(), digits);
    };
    if (const QRegularExpressionMatch number = spaced.match(text); number.hasMatch()) {
        join(number);
    }
    const QRegularExpressionMatch thousands = grouped.match(text);
    if (!thousands.hasMatch()) {
        return text.replace(decimal, QStringLiteral("\\1.\\2"));
    }
    if (thousands.captured().count(QLatin1Char(',')) > 1 || QLocale().groupSeparator() == QLatin1String(",")) {
        join(thousands);
    }
    return text;
}

} // namespace

QString scenarioValue(const QString& written, ValueKind kind) {
    static const QRegularExpression space(QStringLiteral("\\s+"));
    static const QRegularExpression twoNumbers(QStringLiteral("\\d\\s+\\d"));
    QString trimmed = written.trimmed();
    QString value = withPlainNumbers(trimmed);
    if (value.contains(twoNumbers)) {
        return trimmed;
    }
    value.remove(space);
    const bool isThousands = kind == ValueKind::Rate && value.endsWith(QLatin1Char('k'));
    if (core::parseNumber(value.toStdString()) || isThousands) {
        value += unitOf(kind);
    }
    return isValue(value, kind) ? value : trimmed;
}

} // namespace app
