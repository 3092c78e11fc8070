// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/monitor_session.h"

#include "services/kafka/admin/cluster_monitor.h"

#include <algorithm>
#include <utility>

namespace app {

namespace {

constexpr std::chrono::milliseconds kLookEvery{1'000};

} // namespace

core::Result<ClusterLook> openClusterForWindow(const services::ClusterAccess& access) {
    auto created = services::ClusterMonitor::create(access, {});
    if (!created) {
        return created.error();
    }
    // Shared, because a std::function can be copied; there is one owner.
    const std::shared_ptr<services::ClusterMonitor> monitor = std::move(*created);
    return ClusterLook([monitor](const std::vector<std::string>& groups, const std::stop_token& stop) {
        monitor->watch(groups);
        return monitor->look(stop);
    });
}

MonitorSession::MonitorSession(OpenCluster open, QObject* parent)
    : QObject(parent), m_open(std::move(open)), m_cluster(std::make_unique<Cluster>()) {
    m_next.setObjectName(QStringLiteral("next"));
    m_next.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, &MonitorSession::ask);
}

MonitorSession::~MonitorSession() {
    m_stop.request_stop();
}

void MonitorSession::start(const services::ClusterAccess& access) {
    stop();
    m_stop = {};
    m_access = access;
    m_groups.clear();
    m_on = true;
    ask();
}

void MonitorSession::stop() {
    m_next.stop();
    m_stop.request_stop();
    m_on = false;
    m_jobs.post([cluster = m_cluster.get()]() -> JobThread::Answer {
        cluster->look = {}; // its connections may take a while to go
        return [] {};
    });
}

void MonitorSession::watch(const std::string& group) {
    m_groups = {group};
}

void MonitorSession::ask() {
    m_asked.start();
    m_jobs.post([this, cluster = m_cluster.get(), open = m_open, access = m_access, groups = m_groups,
                 stop = m_stop.get_token()]() -> JobThread::Answer {
        if (stop.stop_requested()) {
            return [] {};
        }
        if (!cluster->look) {
            auto opened = open(access);
            if (!opened) {
                return [this, stop, error = opened.error()] {
                    if (!stop.stop_requested()) {
                        apply(error);
                    }
                };
            }
            cluster->look = std::move(*opened);
        }
        return [this, stop, looked = cluster->look(groups, stop)] {
            if (!stop.stop_requested()) {
                apply(looked);
            }
        };
    });
}

void MonitorSession::apply(const core::Result<core::ClusterView>& looked) {
    m_next.start(std::max(kLookEvery - std::chrono::milliseconds(m_asked.elapsed()), std::chrono::milliseconds(0)));
    if (looked) {
        Q_EMIT this->looked(*looked);
    } else {
        Q_EMIT failed(QString::fromStdString(looked.error().text()));
    }
}

} // namespace app
