// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/job_thread.h"
#include "services/remote/remote_fleet.h"

#include <QObject>
#include <QTimer>
#include <memory>
#include <vector>

namespace app {

/// How the daemons of a connection stand, twice a second, while somebody wants to see it. Lives in the GUI thread and
/// never blocks it: names are looked up, and lines to daemons ended, on a thread of its own.
class FleetWatch : public QObject {
    Q_OBJECT

public:
    explicit FleetWatch(QObject* parent = nullptr);
    ~FleetWatch() override; ///< joins; a daemon that does not answer holds it up for 2 s at most

    void start(services::RemoteFleet::Options options); ///< in the place of those that were watched
    void stop();

Q_SIGNALS:
    void changed(const std::vector<core::FleetMember>& members);

private:
    void let(std::shared_ptr<services::RemoteFleet> fleet);

    std::shared_ptr<services::RemoteFleet> m_fleet; // shared with the thread that ends it
    QTimer m_look;
    JobThread m_jobs;
};

} // namespace app
