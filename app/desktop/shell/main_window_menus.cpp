// SPDX-License-Identifier: GPL-3.0-or-later
// The window's menus: each entry is an action of a page, or leads to one.
#include "app/desktop/pages/history/history_page.h"
#include "app/desktop/pages/live/live_page.h"
#include "app/desktop/pages/live/run_controls.h"
#include "app/desktop/pages/messages/messages_page.h"
#include "app/desktop/pages/monitor/monitor_page.h"
#include "app/desktop/pages/report/report_page.h"
#include "app/desktop/pages/scenario/scenario_files.h"
#include "app/desktop/pages/scenario/scenario_page.h"
#include "app/desktop/pages/scenario/target_chooser.h"
#include "app/desktop/shell/help_window.h"
#include "app/desktop/shell/main_window.h"
#include "app/desktop/shell/side_bar.h"

#include <QApplication>
#include <QMenuBar>
#include <QMessageBox>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolBar>
#include <QToolButton>

namespace app {

namespace {

/// Tool buttons know the space bar only.
void letEnterPress(QToolButton& button) {
    button.setFocusPolicy(Qt::StrongFocus);
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto* const enter = new QShortcut(key, &button);
        enter->setContext(Qt::WidgetShortcut);
        QObject::connect(enter, &QShortcut::activated, &button, &QToolButton::click);
    }
}

} // namespace

void MainWindow::addMenus() {
    addFileMenu();
    QMenu* const edit = menuBar()->addMenu(tr("&Edit"));
    edit->addAction(m_scenario->undoAction());
    edit->addAction(m_scenario->redoAction());
    QMenu* const view = menuBar()->addMenu(tr("View"));
    view->addActions(m_sideBar->actions());
    addRunMenu();
    addHelpMenu();
    addToolBar();
}

void MainWindow::addToolBar() {
    QToolBar* const bar = QMainWindow::addToolBar(tr("Run"));
    bar->setObjectName(QStringLiteral("run"));
    bar->setMovable(false);
    bar->setToolButtonStyle(Qt::ToolButtonTextOnly);
    for (QAction* const action :
         {m_scenario->startAction(), m_live->controls().pauseAction(), m_live->controls().stopAction()}) {
        bar->addAction(action);
        letEnterPress(*qobject_cast<QToolButton*>(bar->widgetForAction(action)));
    }
    m_startButton = bar->widgetForAction(m_scenario->startAction());
    addTargetButton(*bar);
}

/// Beside Start: where the run goes, and the choice.
void MainWindow::addTargetButton(QToolBar& bar) {
    m_targetButton = new QToolButton;
    m_targetButton->setPopupMode(QToolButton::InstantPopup);
    letEnterPress(*m_targetButton);
    m_targetButton->setAccessibleName(tr("Where Start sends the load"));
    auto* const menu = new QMenu(m_targetButton);
    m_targetButton->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        const QStringList choices = m_scenario->target().choices();
        for (int i = 0; i < choices.size(); ++i) {
            QString text = choices[i];
            QAction* const choice = menu->addAction(text.replace(QLatin1Char('&'), QStringLiteral("&&")), this,
                                                    [this, i] { m_scenario->target().choose(i); });
            choice->setCheckable(true);
            choice->setChecked(i == m_scenario->target().current());
        }
    });
    bar.insertWidget(m_live->controls().pauseAction(), m_targetButton);
}

void MainWindow::showTarget() {
    const QString text = tr("on %1").arg(m_scenario->target().text());
    m_targetButton->setText(fontMetrics().elidedText(text, Qt::ElideMiddle, 40 * fontMetrics().averageCharWidth()));
    m_targetButton->setToolTip(tr("Start sends the load to: %1").arg(m_scenario->target().text()).toHtmlEscaped());
    showTitle();
}

void MainWindow::addFileMenu() {
    QMenu* const file = menuBar()->addMenu(tr("&File"));
    ScenarioFiles* const files = m_scenario->files();
    file->addAction(files->newAction());
    file->addMenu(files->templatesMenu());
    file->addAction(files->openAction());
    file->addMenu(files->recentMenu());
    file->addAction(tr("O&pen a result…"), this, [this] {
        m_sideBar->show(m_report);
        m_report->chooseResult();
    });
    file->addAction(tr("A&udit a table…"), this, &MainWindow::showAudit);
    file->addSeparator();
    file->addAction(files->saveAction());
    file->addAction(files->saveAsAction());
    file->addSeparator();
    QAction* const quit = file->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close);
    quit->setMenuRole(QAction::QuitRole);
}

void MainWindow::addRunMenu() {
    QMenu* const run = menuBar()->addMenu(tr("&Run"));
    run->addAction(m_scenario->startAction());
    run->addAction(m_live->controls().pauseAction());
    run->addAction(m_live->controls().stopAction());
    run->addSeparator();
    run->addAction(m_live->controls().burstAction());
}

void MainWindow::addHelpMenu() {
    QMenu* const help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&Contents"), QKeySequence::HelpContents, this, &MainWindow::showHelp);
    help->addAction(tr("&About Millrace"), this, [this] {
        QMessageBox::about(this, tr("About Millrace"),
                           tr("Millrace %1 load-tests log pipelines and ends every run with a verdict.\n\n"
                              "License: GNU General Public License, version 3 or later.")
                               .arg(QApplication::applicationVersion()));
    });
}

/// The document that fits the page in front.
void MainWindow::showHelp() {
    if (m_help == nullptr) {
        m_help = new HelpWindow(this);
    }
    const QWidget* const page = m_pages->currentWidget();
    m_help->read(page == m_scenario   ? QStringLiteral("scenario-file.md")
                 : page == m_report   ? QStringLiteral("report.md")
                 : page == m_monitor  ? QStringLiteral("monitor.md")
                 : page == m_messages ? QStringLiteral("messages.md")
                                      : QStringLiteral("window.md"));
    m_help->show();
    m_help->raise();
    m_help->activateWindow();
}

} // namespace app
