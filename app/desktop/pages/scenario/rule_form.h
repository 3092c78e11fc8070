// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/item_table_model.h"

#include <QWidget>

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;

namespace app {

/// One rule by choices: figure, tier, statistic, window, comparison and value, which become the rule's text in the
/// scenario. A rule that cannot be read shows why, and a choice of a figure writes a new one.
class RuleForm : public QWidget {
    Q_OBJECT

public:
    RuleForm(ScenarioDocument* document, ItemTableModel* rules, QWidget* parent = nullptr);

    void setRow(int row);         ///< of the rules; -1: none is chosen
    static QStringList figures(); ///< all that a rule can be about

private:
    QComboBox* addChoice(QGridLayout& grid, const QString& name, const QString& title, const QString& tip);
    QLineEdit* addLine(QGridLayout& grid, const QString& name, const QString& title, const QString& tip);
    void add(QGridLayout& grid, QWidget* field, const QString& name, const QString& title, const QString& tip);
    void follow();
    void showRule(const QString& text);
    void chooseFigure();
    void write();
    QString text() const;
    QString value() const;

    ScenarioDocument* m_document;
    ItemTableModel* m_rules;
    int m_row = -1;
    QString m_shown; // the text that the fields show
    QComboBox *m_figure, *m_tier, *m_statistic, *m_comparison;
    QLineEdit *m_over, *m_value;
    QLabel* m_problem;
};

} // namespace app
