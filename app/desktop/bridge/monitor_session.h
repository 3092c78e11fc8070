// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/job_thread.h"
#include "core/monitor/cluster_view.h"
#include "core/result.h"
#include "services/kafka/client_settings.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace app {

/// One look at a cluster; may block. `groups`: whose lag is wanted with every look.
using ClusterLook =
    std::function<core::Result<core::ClusterView>(const std::vector<std::string>& groups, const std::stop_token& stop)>;
/// Where looks come from; may block. Called in the thread that looks.
using OpenCluster = std::function<core::Result<ClusterLook>(const services::ClusterAccess& access)>;

/// services::ClusterMonitor.
core::Result<ClusterLook> openClusterForWindow(const services::ClusterAccess& access);

/// Watches a cluster for the window, a look a second, in a thread of its own. Lives in the GUI thread and never blocks
/// it. A newer cluster takes the place of the one that is watched.
class MonitorSession : public QObject {
    Q_OBJECT

public:
    explicit MonitorSession(OpenCluster open = openClusterForWindow, QObject* parent = nullptr);
    ~MonitorSession() override; ///< cuts off a look that is on, and joins

    bool isOn() const { return m_on; }
    void start(const services::ClusterAccess& access);
    void stop(); ///< nothing more is heard of it
    void watch(const std::string& group);

Q_SIGNALS:
    void looked(const core::ClusterView& view);
    void failed(const QString& reason); ///< the next look tries again

private:
    struct Cluster {
        ClusterLook look; ///< nothing: not opened yet
    };
    void ask();
    void apply(const core::Result<core::ClusterView>& looked);

    OpenCluster m_open;
    bool m_on = false;
    services::ClusterAccess m_access;
    std::vector<std::string> m_groups;
    std::stop_source m_stop; // of the cluster that is watched; its answers are dropped once it is stopped
    QTimer m_next{this};
    QElapsedTimer m_asked;
    std::unique_ptr<Cluster> m_cluster; // of m_jobs' thread, as long as there is one
    JobThread m_jobs;
};

} // namespace app
