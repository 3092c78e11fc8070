// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/scenario_page.h"

#include "app/desktop/pages/scenario/load_estimator.h"
#include "app/desktop/pages/scenario/load_figures.h"
#include "app/desktop/pages/scenario/problem_lookup.h"
#include "app/desktop/pages/scenario/problem_text.h"
#include "app/desktop/pages/scenario/scenario_files.h"
#include "app/desktop/pages/scenario/scenario_form.h"
#include "app/desktop/pages/scenario/text_pane.h"
#include "app/desktop/settings/settings.h"
#include "app/desktop/widgets/notice_bar.h"
#include "app/desktop/widgets/tool_tip.h"

#include <QAction>
#include <QSplitter>
#include <QVBoxLayout>

namespace app {

namespace {

const QString kSides = QStringLiteral("scenario/sides");
const QString kHeights = QStringLiteral("scenario/heights");

} // namespace

ScenarioPage::ScenarioPage(Settings& settings, const QString& recoveryFile, QWidget* parent)
    : QWidget(parent),
      m_settings(settings),
      m_document(recoveryFile),
      m_estimator(new LoadEstimator(this)),
      m_notice(new NoticeBar(this)),
      m_form(new ScenarioForm(&m_document)),
      m_text(new TextPane(&m_document)),
      m_figures(new LoadFigures),
      m_sides(new QSplitter(Qt::Horizontal)),
      m_heights(new QSplitter(Qt::Vertical)),
      m_below(new QSplitter(Qt::Horizontal)),
      m_files(new ScenarioFiles(settings, &m_document, this)) {
    layOut();
    addActions();
    connect(&m_document, &ScenarioDocument::readAgain, this, &ScenarioPage::follow);
    connect(&m_document, &ScenarioDocument::changedOnDisk, this, &ScenarioPage::askAboutDisk);
    connect(&m_document, &ScenarioDocument::editRefused, this,
            [this](const QString& reason) { m_notice->show(reason, {{tr("Close"), {}}}); });
    connect(m_files, &ScenarioFiles::failed, this,
            [this](const QString& reason) { m_notice->show(reason, {{tr("Close"), {}}}); });
    connect(m_estimator, &LoadEstimator::estimated, this, [this](const ScenarioLoad& load) {
        if (m_document.load()) {
            m_figures->show(load, messagesBelow(m_document.problems(), QStringLiteral("dedupe")).isEmpty());
        }
    });
    connect(m_form->target(), &TargetChooser::testRequested, this, &ScenarioPage::testTargetRequested);
    connect(&m_document, &ScenarioDocument::loaded, this,
            [this] { target().chooseSaved(m_settings.connectionOf(m_document.filePath())); });
    connect(m_form->target(), &TargetChooser::chosenByUser, this, &ScenarioPage::rememberTarget);
    connect(&m_document, &ScenarioDocument::written, this, &ScenarioPage::rememberTarget);
    follow();
    offerRecovered();
}

ScenarioPage::~ScenarioPage() {
    m_settings.setLayout(kSides, m_sides->saveState());
    m_settings.setLayout(kHeights, m_heights->saveState());
    delete m_heights; // while there is the document that all of it shows
}

void ScenarioPage::layOut() {
    m_sides->addWidget(m_form);
    m_sides->addWidget(m_text);
    m_sides->setSizes({620, 520});
    m_sides->setStretchFactor(0, 1);
    m_sides->setStretchFactor(1, 1);
    m_sides->setChildrenCollapsible(false);
    m_below->addWidget(m_figures);
    m_heights->addWidget(m_sides);
    m_heights->addWidget(m_below);
    m_heights->setStretchFactor(0, 1);
    m_heights->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_notice);
    layout->addWidget(m_heights, 1);
    m_sides->restoreState(m_settings.layout(kSides));
    m_heights->restoreState(m_settings.layout(kHeights));
}

void ScenarioPage::setLoadCurve(QWidget* curve, ShowLoad showLoad) {
    m_below->insertWidget(0, curve);
    m_below->setStretchFactor(0, 1);
    m_showLoad = std::move(showLoad);
    follow();
}

void ScenarioPage::addActions() {
    QTextDocument* text = m_document.text();
    m_undo = new QAction(tr("&Undo"), this);
    m_redo = new QAction(tr("&Redo"), this);
    m_start = new QAction(tr("&Start the run"), this);
    m_start->setShortcut(Qt::Key_F5);
    m_undo->setShortcuts(QKeySequence::Undo);
    m_redo->setShortcuts(QKeySequence::Redo);
    m_undo->setEnabled(false);
    m_redo->setEnabled(false);
    connect(text, &QTextDocument::undoAvailable, m_undo, &QAction::setEnabled);
    connect(text, &QTextDocument::redoAvailable, m_redo, &QAction::setEnabled);
    connect(m_undo, &QAction::triggered, this, [this, text] {
        text->undo();
        m_document.reread();
    });
    connect(m_redo, &QAction::triggered, this, [this, text] {
        text->redo();
        m_document.reread();
    });
    connect(m_start, &QAction::triggered, this, &ScenarioPage::start);
}

void ScenarioPage::follow() {
    const std::optional<core::Scenario>& load = m_document.load();
    followStart();
    if (m_showLoad) {
        m_showLoad(load);
    }
    if (load) {
        m_estimator->estimate(*load);
    } else {
        m_figures->showUnknown();
    }
}

/// Where it does not start, its tip says why.
void ScenarioPage::followStart() {
    m_start->setEnabled(m_document.scenario().has_value() && !m_running);
    QString tip = tr("Start the run (%1)").arg(m_start->shortcut().toString(QKeySequence::NativeText));
    if (m_running) {
        tip = tr("A run is on. The next one can start when it is over.");
    } else if (!m_start->isEnabled() && !m_document.problems().empty()) {
        tip = tr("The scenario has a problem: %1").arg(lineOf(m_document.problems().front(), m_document.tree()));
    }
    m_start->setToolTip(plainToolTip(tip));
}

void ScenarioPage::setLastRun(std::shared_ptr<const core::RunResult> result) {
    m_form->setLastRun(std::move(result));
}

TargetChooser& ScenarioPage::target() {
    return *m_form->target();
}

/// A file is sent next time where it was sent last.
void ScenarioPage::rememberTarget() {
    const QString file = m_document.filePath();
    if (!file.isEmpty() && m_settings.connectionOf(file) != target().saved()) {
        m_settings.setConnectionOf(file, target().saved());
    }
}

void ScenarioPage::setRunning(bool running) {
    m_running = running;
    followStart();
}

void ScenarioPage::start() {
    m_document.reread();
    if (!m_document.scenario() || m_running) {
        return;
    }
    const QString file = m_document.filePath().isEmpty() ? m_document.title() : m_document.filePath();
    Q_EMIT startRequested({file.toStdString(), m_document.plainText().toStdString(), m_form->target()->chosen()});
}

void ScenarioPage::open(const QString& file) {
    m_files->open(file);
}

bool ScenarioPage::mayDiscard() {
    return m_files->mayDiscard();
}

void ScenarioPage::setSavedTargets(SavedTargets* targets) {
    m_form->target()->setSavedTargets(targets);
}

void ScenarioPage::showAnswers(const QList<TargetAnswer>& answers) {
    m_form->target()->showAnswers(answers);
}

void ScenarioPage::offerRecovered() {
    const std::optional<RecoveredText> recovered = m_document.recovered();
    if (!recovered) {
        return;
    }
    const QString what = recovered->file.isEmpty() ? tr("a new scenario") : recovered->file;
    m_notice->show(tr("The program ended before the changes of %1 were saved.").arg(what),
                   {{tr("Restore"), [this, text = *recovered] { m_document.restore(text); }},
                    {tr("Discard"), [this] { m_document.forgetRecovered(); }}});
}

void ScenarioPage::askAboutDisk() {
    const auto act = [this](core::Status (ScenarioDocument::*what)()) {
        return [this, what] {
            if (const core::Status done = (m_document.*what)(); !done) {
                m_notice->show(QString::fromStdString(done.error().text()), {{tr("Close"), {}}});
            }
        };
    };
    m_notice->show(tr("Another program has changed %1.").arg(m_document.filePath()),
                   {{tr("Load the file"), act(&ScenarioDocument::reload)},
                    {tr("Write this text into it"), act(&ScenarioDocument::saveOver)},
                    {tr("Decide later"), {}}});
}

} // namespace app
