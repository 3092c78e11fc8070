// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QSlider;
class QSpinBox;

namespace app {

class RunModel;
class RunSession;

/// What steers a run: pause and resume, stop, a burst, the rate. Each lands on the run's time line. The actions also
/// stand in the window's menu.
class RunControls : public QWidget {
    Q_OBJECT

public:
    RunControls(RunSession& session, const RunModel& model, QWidget* parent = nullptr);

    QAction* pauseAction() const { return m_pause; } ///< pauses, or resumes what is paused
    QAction* stopAction() const { return m_stop; }
    QAction* burstAction() const { return m_burst; }

private:
    void createActions();
    QWidget* burstFields();
    QWidget* rateFields();
    void follow();
    void runChanged();
    void togglePause();
    void burst();
    void setRate(int perSecond);
    void showRefusal();

    RunSession& m_session;
    const RunModel& m_model;
    QAction *m_pause = nullptr, *m_stop = nullptr, *m_burst = nullptr;
    QSpinBox *m_burstRate = nullptr, *m_burstSeconds = nullptr, *m_rate = nullptr;
    QSlider* m_slider = nullptr;
    QLabel* m_refusal = nullptr;
};

} // namespace app
