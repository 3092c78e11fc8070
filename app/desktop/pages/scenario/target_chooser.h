// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/saved_targets.h"
#include "app/desktop/pages/scenario/scenario_document.h"

#include <QPointer>
#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;

namespace app {

class FieldForm;

/// Where the run goes: what the scenario says, which is changed here, or a saved connection, which wins over it and
/// leaves the text as it is.
class TargetChooser : public QWidget {
    Q_OBJECT

public:
    explicit TargetChooser(ScenarioDocument* document, QWidget* parent = nullptr);

    void setSavedTargets(SavedTargets* targets); ///< may be null
    std::optional<core::Target> chosen() const;  ///< of a saved connection; nothing: the scenario's own
    void showAnswers(const QList<TargetAnswer>& answers);

Q_SIGNALS:
    void testRequested(const core::Target& target); ///< all three parts are named

private:
    void fill();
    void follow();
    void choose(int index);
    void test();

    ScenarioDocument* m_document;
    QPointer<SavedTargets> m_saved;
    QComboBox* m_where;
    FieldForm* m_servers;
    QPushButton* m_test;
    QLabel* m_answers;
    int m_savedRow = -1;
};

} // namespace app
