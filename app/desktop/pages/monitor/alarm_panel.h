// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/monitor/cluster_view.h"
#include "core/monitor/lag_rule.h"

#include <QStringList>
#include <QWidget>
#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;

namespace app {

class FigureTable;

/// Rules for the lag of groups: a list that the user adds to, and how each stands since when.
class AlarmPanel : public QWidget {
    Q_OBJECT

public:
    explicit AlarmPanel(QWidget* parent = nullptr);

    void look(const core::ClusterView& view);
    void miss(const QString& reason); ///< the cluster did not answer
    void forget();                    ///< another cluster: the rules stay, what they have seen goes

    bool add(const QString& rule); ///< false: it cannot be read, and the panel says why
    void setRules(const QStringList& rules);
    QStringList rules() const;
    std::vector<core::LagRuleOutcome> outcomes() const;
    int broken() const;

Q_SIGNALS:
    void changed(); ///< the list

private:
    void addTyped();
    void removeChosen();
    void refresh();

    std::vector<core::LagRuleWatch> m_watches;
    core::Instant m_now;
    FigureTable* m_table;
    QLineEdit* m_rule;
    QPushButton* m_add;
    QPushButton* m_remove;
    QLabel* m_problem;
};

} // namespace app
