#pragma once

#include "app/desktop/bridge/run_session.h"

#include <QAction>
#include <QLabel>
#include <QMainWindow>

namespace app {

/// The window: opens a scenario, runs it by the same engine as the command line, and shows how it goes in one line.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(RunPreparation prepare, QWidget* parent = nullptr);

    void openScenario(const QString& file); ///< and starts it; refused while a run is on

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void addMenus();
    void chooseScenario();
    void showAbout();
    void showRunning(bool running);
    void runIsOver(const QString& sentence);

    RunSession m_session;
    QAction* m_open = nullptr;
    QAction* m_stop = nullptr;
    QLabel* m_text = nullptr;
    bool m_closing = false;
};

} // namespace app
