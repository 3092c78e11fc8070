// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/monitor_session.h"

#include <QList>
#include <QString>
#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace app {

class ClusterPanel;
class EmptyView;

/// A cluster that can be watched. Its access is fetched when it is needed, for passwords belong to it.
struct WatchedCluster {
    QString id;   ///< stays the same
    QString name; ///< for people

    bool operator==(const WatchedCluster&) const = default;
};

/// Chooses a cluster, watches it without any load, and says how that goes; ClusterPanel shows what is seen.
class MonitorPage : public QWidget {
    Q_OBJECT

public:
    explicit MonitorPage(OpenCluster open = openClusterForWindow, QWidget* parent = nullptr);

    void setClusters(const QList<WatchedCluster>& clusters); ///< keeps the chosen one, if it is still there
    /// The answers to accessNeeded().
    void supplyAccess(const QString& id, const services::ClusterAccess& access);
    void refuseAccess(const QString& id, const QString& reason);

    void takeView(const core::ClusterView& view); ///< a look, as the session delivers it
    ClusterPanel& panel() { return *m_panel; }

Q_SIGNALS:
    void accessNeeded(const QString& id);
    void connectionsWanted();                                        ///< the user asks for a cluster to watch
    void browseWanted(const QString& cluster, const QString& topic); ///< its messages are wanted
    void saved(const QString& file);

private:
    QWidget* clusterRow();
    void start();
    void stop();
    void act();
    void takeFailure(const QString& reason);
    void showNothing(const QString& sentence, const QString& action);
    void showState();

    MonitorSession m_session;
    QList<WatchedCluster> m_clusters;
    QString m_watched;        // the cluster's id; empty: none
    QString m_waitsForAccess; // of this cluster
    QString m_failure;        // of the newest look; empty: it went well
    QTimer m_ageing{this};    // of a stale view
    QComboBox* m_cluster;
    QPushButton* m_watch;
    QPushButton* m_end;
    QLabel* m_state;
    QLabel* m_problem;
    QStackedWidget* m_views;
    EmptyView* m_nothing;
    ClusterPanel* m_panel;
};

} // namespace app
