// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/run_preparation.h"
#include "app/desktop/pages/scenario/saved_targets.h"
#include "app/desktop/pages/scenario/scenario_document.h"

#include <QWidget>
#include <functional>
#include <memory>

class QAction;
class QSplitter;

namespace app {

class LoadEstimator;
class LoadFigures;
class NoticeBar;
class ScenarioFiles;
class ScenarioForm;
class Settings;
class TargetChooser;
class TextPane;

/// The scenario as a form and as text, side by side, above the load that it generates. Each edit shows in the other at
/// once.
class ScenarioPage : public QWidget {
    Q_OBJECT

public:
    /// `settings` outlive the page. `recoveryFile`: where the text being edited is kept, in case the program ends
    /// without saving; empty: nowhere.
    ScenarioPage(Settings& settings, const QString& recoveryFile, QWidget* parent = nullptr);
    ~ScenarioPage() override; ///< joins the thread that works out the figures

    ScenarioDocument* document() { return &m_document; }
    ScenarioFiles* files() { return m_files; } ///< new, open, save, save as, templates and recent files
    QAction* undoAction() const { return m_undo; }
    QAction* redoAction() const { return m_redo; }
    TargetChooser& target();
    QAction* startAction() const { return m_start; } ///< F5; off as long as the scenario has problems

    void open(const QString& file); ///< asks first if something would be lost
    bool mayDiscard();              ///< asks what becomes of unsaved changes, if there are any
    void setRunning(bool running);  ///< no second run is started while one is on
    void setSavedTargets(SavedTargets* targets);
    /// A result to compare rules with, while it is one of a scenario of this name.
    void setLastRun(std::shared_ptr<const core::RunResult> result);
    /// The chart beside the figures, and how it shows a scenario's load; nothing: that has problems.
    using ShowLoad = std::function<void(const std::optional<core::Scenario>& scenario)>;
    void setLoadCurve(QWidget* curve, ShowLoad showLoad);

public Q_SLOTS:
    void showAnswers(const QList<app::TargetAnswer>& answers); ///< of a target that was tested

Q_SIGNALS:
    void startRequested(const app::RunRequest& request); ///< the text as it stands here, saved or not
    void testTargetRequested(const core::Target& target);

private:
    void addActions();
    void layOut();
    void follow();
    void followStart();
    void start();
    void offerRecovered();
    void askAboutDisk();
    void rememberTarget();

    Settings& m_settings;
    ScenarioDocument m_document;
    LoadEstimator* m_estimator;
    NoticeBar* m_notice;
    ScenarioForm* m_form;
    TextPane* m_text;
    LoadFigures* m_figures;
    QSplitter *m_sides, *m_heights, *m_below;
    ScenarioFiles* m_files;
    QAction* m_undo = nullptr;
    QAction* m_redo = nullptr;
    QAction* m_start = nullptr;
    ShowLoad m_showLoad;
    bool m_running = false;
};

} // namespace app
