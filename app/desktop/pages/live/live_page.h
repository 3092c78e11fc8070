// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/live/status_strip.h"

#include <QWidget>

class QLabel;
class QSplitter;
class QStackedWidget;
class QTabWidget;

namespace app {

class FigureTable;
class LiveCharts;
class RunControls;
class RunModel;
class RunSession;

/// How a run goes: charts on one time axis, tables beside them, and what steers it below.
class LivePage : public QWidget {
    Q_OBJECT

public:
    LivePage(RunSession& session, const RunModel& model, QWidget* parent = nullptr);

    RunControls& controls() { return *m_controls; }
    QByteArray saveLayout() const;
    void restoreLayout(const QByteArray& layout);
    /// Puts the focus on what is behind a figure of the status strip.
    void lead(StatusStrip::Figure figure);

Q_SIGNALS:
    void scenarioWanted(); ///< from the empty page, or the one of a run that did not start

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* emptyState();
    QWidget* failedState();
    QWidget* tables();
    FigureTable* addTab(const QString& title, const QString& name, const QStringList& columns);
    void runChanged();
    void refresh();
    void refreshTables();
    void refreshTab();

    const RunModel& m_model;
    QStackedWidget* m_states = nullptr; // empty, a run that did not start, and a run
    QLabel* m_failure = nullptr;
    QSplitter* m_splitter = nullptr;
    LiveCharts* m_charts = nullptr;
    QTabWidget* m_tabs = nullptr;
    FigureTable *m_ledger = nullptr, *m_tiers = nullptr, *m_streams = nullptr, *m_filter = nullptr, *m_host = nullptr,
                *m_faults = nullptr, *m_events = nullptr;
    RunControls* m_controls = nullptr;
};

} // namespace app
