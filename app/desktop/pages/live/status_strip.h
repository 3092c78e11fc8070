// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/health.h"
#include "core/measure/snapshot.h"

#include <QWidget>
#include <optional>

class QLabel;
class QProgressBar;
class QToolButton;

namespace app {

class RunModel;

/// Always in sight while a run is on: whether its servers and the program itself are well, where it is, whether the
/// load is what was asked for, whether the pipeline keeps up, whether anything is lost. Calm while all is well. Each
/// figure is a button that leads to what is behind it. No figure is ever cut: there are two rows where one is too
/// narrow, and what does not fit into them leaves, the least important first, but never an alarm.
class StatusStrip : public QWidget {
    Q_OBJECT

public:
    enum class Figure { Broker, Store, Filter, Program, Target, Phase, Rates, Backlog, Latency, Rules, Losses, Limit };
    Q_ENUM(Figure)

    explicit StatusStrip(const RunModel& model, QWidget* parent = nullptr);

    QString text(Figure figure) const;

Q_SIGNALS:
    void chosen(app::StatusStrip::Figure figure);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void refresh();
    void showHealth();
    void showPhase();
    void showRates();
    void showBacklog();
    void showLatency(const std::optional<core::Window>& recent);
    void showRules();
    void showLosses();
    void showLimit(const std::optional<core::Window>& recent);
    void makeRoom();
    void set(Figure figure, const QString& text, const QString& tip, bool alarm = false);
    static void setAlarm(QToolButton& button, bool alarm);
    QToolButton* addFigure(Figure figure, const QString& name);

    const RunModel& m_model;
    QProgressBar* m_progress = nullptr;
    QList<QToolButton*> m_figures; // by Figure
    bool m_slow = false;           // the p99 was over its limit when there was one
};

} // namespace app
