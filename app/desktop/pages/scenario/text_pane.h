// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/scenario_document.h"

#include <QListWidget>
#include <QWidget>

namespace app {

class YamlEditor;

/// The scenario's text above the list of what is wrong with it; a problem leads to its place.
class TextPane : public QWidget {
    Q_OBJECT

public:
    explicit TextPane(ScenarioDocument* document, QWidget* parent = nullptr);

    YamlEditor* editor() const { return m_editor; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showProblems();
    void fitList();
    void goTo(const QListWidgetItem* item);

    ScenarioDocument* m_document;
    YamlEditor* m_editor;
    QListWidget* m_problems;
};

} // namespace app
