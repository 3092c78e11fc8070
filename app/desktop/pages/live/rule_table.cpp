// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/live/rule_table.h"

#include "app/desktop/widgets/figures.h"
#include "core/verdict/rule_figure.h"
#include "core/verdict/rule_words.h"

#include <QCoreApplication>
#include <QLocale>
#include <cmath>

namespace app {

namespace {

struct RuleTable {
    Q_DECLARE_TR_FUNCTIONS(app::RuleTable)
};

/// A figure, a limit or a margin of the rule; a margin may be below 0.
QString ruleFigure(const core::Threshold& rule, double value) {
    const QString sign = value < 0 ? QStringLiteral("−") : QString();
    const double size = std::abs(value);
    switch (unitOf(rule)) {
    case core::RuleUnit::Micros:
        return sign + durationFigure(core::Nanoseconds(std::llround(size * 1e3)));
    case core::RuleUnit::PerSecond:
        return sign + rateFigure({size});
    case core::RuleUnit::Share:
        return sign + percentFigure(size);
    case core::RuleUnit::Events:
        return sign + countFigure(static_cast<std::uint64_t>(std::llround(size)));
    }
    Q_UNREACHABLE();
}

/// How far on the right side of its limit the figure is; below 0 beyond it.
double marginOf(const core::RuleOutcome& outcome) {
    const double distance = outcome.distance().value_or(0);
    if (outcome.rule.comparison == core::Threshold::Comparison::Equal) {
        return distance == 0 ? 0 : -std::abs(distance);
    }
    return core::boundedAbove(outcome.rule) && distance != 0 ? -distance : distance;
}

QString signOf(core::RuleStatus status) {
    switch (status) {
    case core::RuleStatus::Passed:
        return QStringLiteral("✓ ");
    case core::RuleStatus::Failed:
        return QStringLiteral("✗ ");
    case core::RuleStatus::NotEvaluated:
        return QStringLiteral("– ");
    }
    Q_UNREACHABLE();
}

QString secondsFigure(double seconds) {
    return RuleTable::tr("%1 s").arg(QLocale().toString(std::max(seconds, 0.0), 'f', 1));
}

} // namespace

QStringList liveRuleColumns() {
    return {RuleTable::tr("Rule"), RuleTable::tr("Now"), RuleTable::tr("Limit"), RuleTable::tr("Margin"),
            RuleTable::tr("Broken since")};
}

std::vector<CellRow> ruleRows(const std::vector<core::RuleOutcome>& rules) {
    std::vector<CellRow> rows;
    for (const core::RuleOutcome& each : rules) {
        const bool broken = each.status == core::RuleStatus::Failed;
        const QString name = QString::fromStdString(nameOf(each.rule));
        const QString tip = each.rule.over > core::Nanoseconds::zero()
                                ? RuleTable::tr("The worst window so far, from the first event on.")
                                : RuleTable::tr("So far, from the first event on: what the verdict would say now.");
        const Cell unknown{unknownFigure(), QString::fromStdString(each.reason)};
        rows.push_back({{signOf(each.status) + name, name, broken},
                        each.value ? Cell{ruleFigure(each.rule, *each.value), tip, broken} : unknown,
                        {ruleFigure(each.rule, each.rule.limit)},
                        each.value ? Cell{ruleFigure(each.rule, marginOf(each)), tip, broken} : unknown,
                        {each.brokeAtSeconds ? secondsFigure(*each.brokeAtSeconds) : QString(), {}, broken}});
    }
    return rows;
}

QString brokenRulesText(const std::vector<core::RuleOutcome>& rules, QString& tip) {
    QStringList broken;
    for (const core::RuleOutcome& each : rules) {
        if (each.status == core::RuleStatus::Failed) {
            broken += QString::fromStdString(nameOf(each.rule));
        }
    }
    tip = broken.join(QLatin1Char('\n'));
    return broken.empty() ? QString() : RuleTable::tr("✗ %n rule(s) broken", nullptr, static_cast<int>(broken.size()));
}

} // namespace app
