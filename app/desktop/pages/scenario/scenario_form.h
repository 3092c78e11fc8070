// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/item_table.h"
#include "app/desktop/pages/scenario/target_chooser.h"
#include "core/results/result_file.h"

#include <QHash>
#include <QTabWidget>
#include <memory>

class QComboBox;

namespace app {

class FieldForm;

/// The scenario as a form: load, events, rules, pipeline and target. Follows the document and changes its text.
class ScenarioForm : public QTabWidget {
    Q_OBJECT

public:
    explicit ScenarioForm(ScenarioDocument* document, QWidget* parent = nullptr);

    TargetChooser* target() const { return m_target; }
    void setLastRun(std::shared_ptr<const core::RunResult> result); ///< whose values stand beside the rules

private:
    QWidget* loadPage();
    QWidget* eventPage();
    QWidget* rulePage();
    QWidget* pipelinePage();
    void chooseStream(int row);
    void keepAStreamChosen();
    QString lastValueOf(const core::YamlNode& rule) const;

    ScenarioDocument* m_document;
    ItemTableModel* m_streams;
    ItemTableModel* m_stages;
    ItemTableModel* m_rules;
    ItemTable* m_streamTable = nullptr;
    ItemTable* m_stageTable = nullptr;
    FieldForm* m_event = nullptr;
    QComboBox* m_eventStream = nullptr;
    std::shared_ptr<const core::RunResult> m_lastRun;
    mutable QHash<QString, QString> m_lastValues; // by rule: a percentile of many streams takes its time
    TargetChooser* m_target;
};

} // namespace app
