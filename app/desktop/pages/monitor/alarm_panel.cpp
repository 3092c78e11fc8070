// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/monitor/alarm_panel.h"

#include "app/desktop/widgets/figure_table.h"
#include "app/desktop/widgets/figures.h"

#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace app {

AlarmPanel::AlarmPanel(QWidget* parent) : QWidget(parent) {
    m_table = new FigureTable(tr("Alarms"), {tr("Rule"), tr("State"), tr("Now"), tr("Since")}, this);
    m_table->setObjectName(QStringLiteral("alarms"));
    m_table->setFigureColumns({false, false, true, true});
    m_rule = new QLineEdit(this);
    m_rule->setObjectName(QStringLiteral("rule"));
    m_rule->setAccessibleName(tr("Rule to add"));
    m_rule->setPlaceholderText(QStringLiteral("lag_s{group} p99 over 60s < 5s"));
    m_rule->setToolTip(tr("lag counts events, lag_s is the age of the first message that waits. Without a group it "
                          "speaks of every one."));
    auto* label = new QLabel(tr("Ru&le"), this);
    label->setBuddy(m_rule);
    m_add = new QPushButton(tr("A&dd alarm"), this);
    m_add->setObjectName(QStringLiteral("addAlarm"));
    m_remove = new QPushButton(tr("Rem&ove alarm"), this);
    m_remove->setObjectName(QStringLiteral("removeAlarm"));
    m_remove->setEnabled(false);
    m_problem = new QLabel(this);
    m_problem->setObjectName(QStringLiteral("ruleProblem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto* line = new QHBoxLayout;
    line->addWidget(label);
    line->addWidget(m_rule, 1);
    auto* buttons = new QHBoxLayout; // beside the rule they would be too wide for a small window
    buttons->addStretch();
    buttons->addWidget(m_add);
    buttons->addWidget(m_remove);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_table, 1);
    column->addWidget(m_problem);
    column->addLayout(line);
    column->addLayout(buttons);
    connect(m_add, &QPushButton::clicked, this, &AlarmPanel::addTyped);
    connect(m_rule, &QLineEdit::returnPressed, this, &AlarmPanel::addTyped);
    connect(m_remove, &QPushButton::clicked, this, &AlarmPanel::removeChosen);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this] { m_remove->setEnabled(m_table->selectionModel()->hasSelection()); });
}

void AlarmPanel::look(const core::ClusterView& view) {
    m_now = view.at;
    for (auto& each : m_watches) {
        each.look(view);
    }
    refresh();
}

void AlarmPanel::miss(const QString& reason) {
    for (auto& each : m_watches) {
        each.miss(reason.toStdString());
    }
    refresh();
}

void AlarmPanel::forget() {
    for (auto& each : m_watches) {
        each = core::LagRuleWatch(each.outcome().rule);
    }
    refresh();
}

bool AlarmPanel::add(const QString& rule) {
    auto read = core::LagRule::parse(rule.toStdString());
    m_problem->setVisible(!read);
    if (!read) {
        m_problem->setText(tr("This rule cannot be read: %1").arg(QString::fromStdString(read.error().text())));
        return false;
    }
    m_watches.emplace_back(std::move(*read));
    refresh();
    Q_EMIT changed();
    return true;
}

void AlarmPanel::setRules(const QStringList& rules) {
    m_watches.clear();
    for (const QString& each : rules) {
        if (auto read = core::LagRule::parse(each.toStdString())) { // else another version wrote it
            m_watches.emplace_back(std::move(*read));
        }
    }
    refresh();
    Q_EMIT changed();
}

QStringList AlarmPanel::rules() const {
    QStringList texts;
    for (const auto& each : m_watches) {
        texts += QString::fromStdString(each.outcome().rule.text);
    }
    return texts;
}

std::vector<core::LagRuleOutcome> AlarmPanel::outcomes() const {
    std::vector<core::LagRuleOutcome> all;
    std::ranges::transform(m_watches, std::back_inserter(all), &core::LagRuleWatch::outcome);
    return all;
}

int AlarmPanel::broken() const {
    return static_cast<int>(std::ranges::count_if(
        m_watches, [](const auto& each) { return each.outcome().status == core::RuleStatus::Failed; }));
}

void AlarmPanel::addTyped() {
    if (add(m_rule->text())) {
        m_rule->clear();
    }
}

void AlarmPanel::removeChosen() {
    const int row = m_table->currentIndex().row();
    if (row < 0 || row >= static_cast<int>(m_watches.size())) {
        return;
    }
    m_watches.erase(m_watches.begin() + row);
    refresh();
    Q_EMIT changed();
}

void AlarmPanel::refresh() {
    std::vector<CellRow> rows;
    for (const auto& each : m_watches) {
        const core::LagRuleOutcome& outcome = each.outcome();
        const bool broken = outcome.status == core::RuleStatus::Failed;
        const QString reason = QString::fromStdString(outcome.reason);
        const QString state = broken                                       ? tr("✗ broken")
                              : outcome.status == core::RuleStatus::Passed ? tr("✓ holds")
                                                                           : tr("– not evaluated");
        const QString value = QString::fromStdString(core::figureText(outcome.rule, outcome.value));
        const QString group = QString::fromStdString(outcome.group);
        rows.push_back({{QString::fromStdString(outcome.rule.text), {}, broken},
                        {state, reason, broken},
                        outcome.value ? Cell{value, tr("Group %1").arg(group), broken} : Cell{unknownFigure(), reason},
                        {outcome.brokenSince ? tr("%1 ago").arg(durationFigure(std::chrono::round<std::chrono::seconds>(
                                                   m_now - *outcome.brokenSince)))
                                             : unknownFigure()}});
    }
    m_table->setRows(std::move(rows));
}

} // namespace app
