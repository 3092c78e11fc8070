// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/live/status_strip.h"

#include <QWidget>

class QComboBox;
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
class StreamsPanel;

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
    void scenarioWanted();               ///< from the empty page, or the one of a run that did not start
    void startWanted();                  ///< once more
    void secondChosen(qint64 utcMicros); ///< of the run, of which the stored events are wanted

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* emptyState();
    QWidget* failedState();
    QWidget* figures();
    QWidget* tables();
    void fillStreams();
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
    StreamsPanel* m_streams = nullptr;
    QComboBox* m_only = nullptr;                        // all streams, or one of them
    QTabWidget *m_figures = nullptr, *m_tabs = nullptr; // the charts and streams; the tables beside them
    FigureTable *m_ledger = nullptr, *m_filter = nullptr, *m_host = nullptr, *m_faults = nullptr, *m_events = nullptr,
                *m_rules = nullptr, *m_fleet = nullptr;
    RunControls* m_controls = nullptr;
};

} // namespace app
