// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/job_thread.h"
#include "core/monitor/lag_history.h"

#include <QString>
#include <QWidget>
#include <optional>
#include <string>

class QLabel;
class QPushButton;
class QSplitter;
class QTabWidget;

namespace app {

class AlarmPanel;
class FigureTable;
class LagCharts;

/// What is seen of a cluster: brokers, groups, topics, alarms, and of one group its lag over time, its partitions and
/// members. The history is kept in constant memory for as long as the cluster is watched, also while this is hidden.
class ClusterPanel : public QWidget {
    Q_OBJECT

public:
    explicit ClusterPanel(QWidget* parent = nullptr);

    void begin(); ///< another cluster: all that was seen goes, the alarms' rules stay
    void takeView(const core::ClusterView& view);
    void setStale(bool stale); ///< grey: the cluster does not answer
    const std::optional<core::ClusterView>& view() const { return m_view; }
    AlarmPanel& alarms() { return *m_alarms; }
    const core::LagHistory& history() const { return m_history; }
    void saveCsv(const QString& file); ///< the lag of every group

    QByteArray layoutState() const; ///< of the splitter, and the alarms' rules
    void restoreLayoutState(const QByteArray& state);

Q_SIGNALS:
    void groupChosen(const std::string& group);
    void browseWanted(const QString& topic); ///< its messages are wanted
    void alarmsChanged();
    void saved(const QString& file);
    void failedToSave(const QString& reason);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* listTabs();
    QWidget* groupView();
    QWidget* topicView();
    void showTables();
    void showGroup();
    void chooseGroup(int row);
    void browse();
    void chooseCsv();

    std::optional<core::ClusterView> m_view;
    core::LagHistory m_history;
    core::WallTime m_origin; // of the history
    std::string m_group;     // that is shown
    int m_turn = 0;          // counts looks
    bool m_outdated = false; // the tables show an older look, because this is hidden
    JobThread m_saving;
    QSplitter* m_splitter;
    QLabel* m_brokers;
    QTabWidget* m_lists;
    FigureTable* m_groups;
    FigureTable* m_topics;
    AlarmPanel* m_alarms;
    QPushButton* m_browse;
    QLabel* m_lag;
    LagCharts* m_charts;
    QTabWidget* m_details;
    FigureTable* m_partitions;
    FigureTable* m_members;
    QPushButton* m_save;
};

} // namespace app
