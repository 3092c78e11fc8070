// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QWidget>

namespace app {

class FigureTable;
class RunModel;

/// The tiers and the streams of a run, side by side in figures.
class StreamsPanel : public QWidget {
    Q_OBJECT

public:
    explicit StreamsPanel(const RunModel& model, QWidget* parent = nullptr);

    void refresh();    ///< once a second at most; costs nothing while it is hidden
    void refreshNow(); ///< for another run, or another state of it

Q_SIGNALS:
    void streamChosen(int stream); ///< its place in the scenario

protected:
    void showEvent(QShowEvent* event) override;

private:
    const RunModel& m_model;
    QElapsedTimer m_refreshed;
    FigureTable *m_tiers = nullptr, *m_streams = nullptr;
};

} // namespace app
