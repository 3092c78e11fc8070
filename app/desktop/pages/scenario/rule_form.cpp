// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/rule_form.h"

#include "app/desktop/pages/scenario/person_value.h"
#include "app/desktop/pages/scenario/problem_lookup.h"
#include "app/desktop/pages/scenario/undo_passing.h"
#include "app/desktop/widgets/page_colours.h"
#include "core/scenario/quantities.h"
#include "core/verdict/threshold.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <algorithm>
#include <array>

namespace app {

namespace {

/// A figure that is no latency, with the rule that most people want of it.
struct Figure {
    const char* name;
    const char* rule; ///< behind the name
    ValueKind kind;
};

constexpr const char* kNone = " == 0";
constexpr std::array<Figure, 18> kFigures{{{"throughput", " >= 99% of target", ValueKind::Rate},
                                           {"error_rate", " <= 0.1%", ValueKind::Share},
                                           {"backlog", " < 10000", ValueKind::Plain},
                                           {"drain_time", " < 10s", ValueKind::Seconds},
                                           {"lost", kNone, ValueKind::Plain},
                                           {"doubled", kNone, ValueKind::Plain},
                                           {"undrained", kNone, ValueKind::Plain},
                                           {"unsent", kNone, ValueKind::Plain},
                                           {"failed", kNone, ValueKind::Plain},
                                           {"in_doubt", kNone, ValueKind::Plain},
                                           {"dead_lettered", kNone, ValueKind::Plain},
                                           {"duplicate", kNone, ValueKind::Plain},
                                           {"unexpected", kNone, ValueKind::Plain},
                                           {"reordered", kNone, ValueKind::Plain},
                                           {"foreign", kNone, ValueKind::Plain},
                                           {"abandoned", kNone, ValueKind::Plain},
                                           {"recovered", kNone, ValueKind::Plain},
                                           {"shed", kNone, ValueKind::Plain}}};

const Figure* figureCalled(const QString& name) {
    const auto* found = std::ranges::find(kFigures, name, [](const Figure& each) { return QLatin1String(each.name); });
    return found == kFigures.end() ? nullptr : found;
}

/// What a rule's text says, part by part; nothing: it cannot be read.
struct RuleParts {
    QString figure, tier, statistic, over, comparison, value;
};

std::optional<RuleParts> partsOf(const QString& text) {
    static const QRegularExpression grammar(QStringLiteral("^\\s*(\\w+)\\s*(?:\\{\\s*(\\w+)\\s*\\})?\\s*([\\w.]*?)\\s*("
                                                           "?:\\bover\\s+(\\S+?))?\\s*(<=|>=|==|<|>)\\s*(.+?)\\s*$"));
    const QRegularExpressionMatch found = grammar.match(text);
    if (!found.hasMatch() || !core::Threshold::parse({.rule = text.toStdString(), .during = {}, .abort = false})) {
        return std::nullopt;
    }
    return RuleParts{found.captured(1), found.captured(2), found.captured(3),
                     found.captured(4), found.captured(5), found.captured(6)};
}

void setChoice(QComboBox& choice, const QString& text) {
    if (choice.findText(text) < 0) {
        choice.addItem(text);
    }
    choice.setCurrentText(text);
}

} // namespace

QStringList RuleForm::figures() {
    QStringList names;
    for (const core::Metric metric : core::kMetrics) {
        names += QString::fromLatin1(nameOf(metric).data(), static_cast<qsizetype>(nameOf(metric).size()));
    }
    for (const Figure& figure : kFigures) {
        names += QString::fromLatin1(figure.name);
    }
    return names;
}

RuleForm::RuleForm(ScenarioDocument* document, ItemTableModel* rules, QWidget* parent)
    : QWidget(parent), m_document(document), m_rules(rules), m_problem(new QLabel(this)) {
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    m_figure = addChoice(*grid, QStringLiteral("ruleFigure"), tr("Figure"), tr("What the rule is about."));
    m_figure->addItems(figures());
    m_tier = addChoice(*grid, QStringLiteral("ruleTier"), tr("Tier"), tr("Of which tier's events; nothing: of all."));
    m_tier->addItems({QString(), QStringLiteral("critical"), QStringLiteral("normal"), QStringLiteral("analytics")});
    m_statistic = addChoice(*grid, QStringLiteral("ruleStatistic"), tr("Statistic"),
                            tr("Of all latencies: the value that so many per cent do not exceed, the mean or the "
                               "highest."));
    for (const char* statistic : {"p50", "p90", "p95", "p99", "p99.9", "p99.99", "mean", "max"}) {
        m_statistic->addItem(QString::fromLatin1(statistic));
    }
    m_over = addLine(*grid, QStringLiteral("ruleOver"), tr("In every"),
                     tr("A length such as 10s, in every part of which the rule must hold; nothing: in the whole run."));
    m_comparison = addChoice(*grid, QStringLiteral("ruleComparison"), tr("Must be"), tr("How it compares."));
    m_comparison->addItems(
        {QStringLiteral("<"), QStringLiteral("<="), QStringLiteral(">"), QStringLiteral(">="), QStringLiteral("==")});
    m_value = addLine(*grid, QStringLiteral("ruleValue"), tr("Value"),
                      tr("A duration such as 45ms, a rate such as 1000/s, a share such as 99% of target, or a count."));
    grid->setColumnStretch(grid->columnCount() - 1, 1);
    m_problem->setObjectName(QStringLiteral("ruleProblem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, problemColour(colours));
    m_problem->setPalette(colours);
    grid->addWidget(m_problem, 2, 0, 1, grid->columnCount());
    connect(m_figure, &QComboBox::activated, this, &RuleForm::chooseFigure);
    for (QComboBox* const choice : {m_tier, m_statistic, m_comparison}) {
        connect(choice, &QComboBox::activated, this, &RuleForm::write);
    }
    for (QLineEdit* const line : {m_over, m_value}) {
        connect(line, &QLineEdit::editingFinished, this, &RuleForm::write);
    }
    connect(rules, &ItemTableModel::followed, this, &RuleForm::follow);
    follow();
}

QComboBox* RuleForm::addChoice(QGridLayout& grid, const QString& name, const QString& title, const QString& tip) {
    auto* choice = new QComboBox(this);
    add(grid, choice, name, title, tip);
    return choice;
}

QLineEdit* RuleForm::addLine(QGridLayout& grid, const QString& name, const QString& title, const QString& tip) {
    auto* line = new QLineEdit(this);
    passUndoOn(*line);
    add(grid, line, name, title, tip);
    return line;
}

void RuleForm::add(QGridLayout& grid, QWidget* field, const QString& name, const QString& title, const QString& tip) {
    const int column = grid.itemAtPosition(0, 0) == nullptr ? 0 : grid.columnCount();
    auto* label = new QLabel(title, this);
    label->setBuddy(field);
    field->setObjectName(name);
    field->setAccessibleName(title);
    field->setToolTip(tip);
    grid.addWidget(label, 0, column);
    grid.addWidget(field, 1, column);
}

void RuleForm::setRow(int row) {
    m_row = row;
    follow();
}

/// Where there is only one rule it is meant, chosen or not.
void RuleForm::follow() {
    const int row = m_row < 0 && m_rules->rowCount() == 1 ? 0 : m_row;
    const bool isOne = row >= 0 && row < m_rules->rowCount() && m_document->isYaml();
    m_row = isOne ? row : m_row;
    setEnabled(isOne);
    const QString text = isOne ? m_rules->index(row, 0).data(Qt::EditRole).toString() : QString();
    const QString problem = isOne ? messagesBelow(m_document->problems(), m_rules->pathOfRow(row)) : QString();
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    if (text != m_shown || (!m_over->hasFocus() && !m_value->hasFocus())) {
        showRule(text);
    }
}

void RuleForm::showRule(const QString& text) {
    m_shown = text;
    const std::optional<RuleParts> parts = partsOf(text);
    const bool isLatency = parts && figureCalled(parts->figure) == nullptr;
    m_figure->setCurrentIndex(parts ? m_figure->findText(parts->figure) : -1);
    setChoice(*m_tier, isLatency ? parts->tier : QString());
    m_statistic->setCurrentIndex(-1);
    if (isLatency) {
        setChoice(*m_statistic, parts->statistic);
    }
    m_over->setText(isLatency ? parts->over : QString());
    m_comparison->setCurrentText(parts ? parts->comparison : QString());
    m_value->setText(parts ? parts->value : QString());
    for (QWidget* const each :
         {static_cast<QWidget*>(m_tier), static_cast<QWidget*>(m_statistic), static_cast<QWidget*>(m_over)}) {
        each->setEnabled(isLatency);
    }
    m_comparison->setEnabled(parts.has_value());
    m_value->setEnabled(parts.has_value());
}

/// Another figure takes another kind of value; of a latency that of another latency stays.
void RuleForm::chooseFigure() {
    const QString name = m_figure->currentText();
    const Figure* figure = figureCalled(name);
    const std::optional<RuleParts> now = partsOf(m_shown);
    if (figure != nullptr) {
        const Figure* before = now ? figureCalled(now->figure) : nullptr;
        const bool isLike = before != nullptr && QLatin1String(before->rule) == QLatin1String(figure->rule);
        const QString rest =
            isLike ? QStringLiteral(" %1 %2").arg(now->comparison, now->value) : QString::fromLatin1(figure->rule);
        m_rules->setData(m_rules->index(m_row, 0), name + rest, Qt::EditRole);
    } else if (now && figureCalled(now->figure) == nullptr) {
        write();
    } else {
        m_rules->setData(m_rules->index(m_row, 0), name + QStringLiteral(" p99 < 250ms"), Qt::EditRole);
    }
}

void RuleForm::write() {
    const QString written = text();
    if (m_figure->currentIndex() < 0 || partsOf(m_shown) == std::nullopt || m_value->text().trimmed().isEmpty()) {
        showRule(m_shown);
        return;
    }
    const auto withoutSpaces = [](QString rule) { return rule.remove(QLatin1Char(' ')); };
    if (withoutSpaces(written) != withoutSpaces(m_shown)) { // else it stays as the user wrote it
        m_rules->setData(m_rules->index(m_row, 0), written, Qt::EditRole);
    }
}

QString RuleForm::text() const {
    QString rule = m_figure->currentText();
    if (figureCalled(rule) == nullptr) {
        if (!m_tier->currentText().isEmpty()) {
            rule += QStringLiteral("{%1}").arg(m_tier->currentText());
        }
        rule += QLatin1Char(' ') + m_statistic->currentText();
        if (const QString over = scenarioValue(m_over->text(), ValueKind::Seconds); !over.isEmpty()) {
            rule += QStringLiteral(" over ") + over;
        }
    }
    return QStringLiteral("%1 %2 %3").arg(rule, m_comparison->currentText(), value());
}

/// A bare number of a latency counts milliseconds, as people think of them.
QString RuleForm::value() const {
    const Figure* figure = figureCalled(m_figure->currentText());
    const QString written = m_value->text().trimmed();
    if (figure != nullptr) {
        return scenarioValue(written, figure->kind);
    }
    const QString withUnit = scenarioValue(written + QStringLiteral("ms"), ValueKind::Duration);
    return withUnit.endsWith(QStringLiteral("ms")) && core::parseNumber(withUnit.chopped(2).toStdString())
               ? withUnit
               : scenarioValue(written, ValueKind::Duration);
}

} // namespace app
