// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/scenario_document.h"

#include <QAction>
#include <QMenu>

namespace app {

class Settings;

/// What can be done with scenario files: the actions for the window's menus, the dialogs behind them, and the question
/// before unsaved changes are lost.
class ScenarioFiles : public QObject {
    Q_OBJECT

public:
    /// Dialogs appear above `window`.
    ScenarioFiles(Settings& settings, ScenarioDocument* document, QWidget* window);

    QAction* newAction() const { return m_new; }
    QAction* openAction() const { return m_open; }
    QAction* saveAction() const { return m_save; }
    QAction* saveAsAction() const { return m_saveAs; }
    QString proposedFile() const;                        ///< by 'Save as', in full
    QMenu* templatesMenu() const { return m_templates; } ///< the ready-made scenarios
    QMenu* recentMenu() const { return m_recent; }

    void open(const QString& file);
    void openReadyMade(const QString& name); ///< as "quickstart"; where it is installed
    bool mayDiscard();
    bool save();

Q_SIGNALS:
    void failed(const QString& reason);

private:
    void startNew();
    void chooseAndOpen();
    bool saveAs();
    void fillTemplates();
    void fillRecent();
    void openTemplate(const QString& file);
    bool report(const core::Status& status);

    Settings& m_settings;
    ScenarioDocument* m_document;
    QWidget* m_window;
    QMenu* m_templates;
    QMenu* m_recent;
    QAction *m_new, *m_open, *m_save, *m_saveAs;
};

} // namespace app
