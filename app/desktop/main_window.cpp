#include "app/desktop/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QFileDialog>
#include <QMenuBar>
#include <QMessageBox>

namespace app {

MainWindow::MainWindow(RunPreparation prepare, QWidget* parent) : QMainWindow(parent), m_session(std::move(prepare)) {
    setWindowTitle(tr("Millrace"));
    resize(1280, 800);
    m_text = new QLabel(tr("Open a scenario to run it (File, Open scenario…)."), this);
    m_text->setObjectName(QStringLiteral("state"));
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText); // names and messages come from files and servers
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setCentralWidget(m_text);
    addMenus();

    connect(&m_session, &RunSession::started, this,
            [this](const QString& name) { setWindowTitle(tr("%1 – Millrace").arg(name)); });
    connect(&m_session, &RunSession::stateChanged, m_text, &QLabel::setText);
    connect(&m_session, &RunSession::ended, this, &MainWindow::runIsOver);
    connect(&m_session, &RunSession::failed, this, &MainWindow::runIsOver);
}

void MainWindow::addMenus() {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    m_open = file->addAction(tr("&Open scenario…"), QKeySequence::Open, this, &MainWindow::chooseScenario);
    m_stop = file->addAction(tr("&Stop the run"), QKeySequence(Qt::SHIFT | Qt::Key_F5), &m_session, &RunSession::stop);
    file->addSeparator();
    QAction* quit = file->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close);
    quit->setMenuRole(QAction::QuitRole);
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&About Millrace"), this, &MainWindow::showAbout);
    showRunning(false);
}

void MainWindow::chooseScenario() {
    const QString file = QFileDialog::getOpenFileName(this, tr("Open a scenario"), {}, tr("Scenarios (*.yaml *.yml)"));
    if (!file.isEmpty()) {
        openScenario(file);
    }
}

void MainWindow::openScenario(const QString& file) {
    if (m_session.isOn()) {
        return;
    }
    m_text->setText(tr("Starting %1…").arg(file));
    showRunning(true);
    m_session.start(file);
}

void MainWindow::showRunning(bool running) {
    m_open->setEnabled(!running);
    m_stop->setEnabled(running);
}

void MainWindow::runIsOver(const QString& sentence) {
    m_text->setText(sentence);
    showRunning(false);
    if (m_closing) {
        close();
    }
}

void MainWindow::showAbout() {
    QMessageBox::about(this, tr("About Millrace"),
                       tr("Millrace %1 load-tests log pipelines and ends every run with a verdict.\n\n"
                          "License: GNU General Public License, version 3 or later.")
                           .arg(QApplication::applicationVersion()));
}

/// A run that is on is ended first, without holding up the window; the window closes when its ledger is closed.
void MainWindow::closeEvent(QCloseEvent* event) {
    if (!m_session.isOn()) {
        event->accept();
        return;
    }
    event->ignore();
    m_closing = true;
    m_text->setText(tr("Ending the run…"));
    m_session.abort();
}

} // namespace app
