// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/fleet_watch.h"

#include <utility>

namespace app {

namespace {

constexpr int kLookMs = 500;

} // namespace

FleetWatch::FleetWatch(QObject* parent) : QObject(parent) {
    m_look.setInterval(kLookMs);
    connect(&m_look, &QTimer::timeout, this, [this] { Q_EMIT changed(m_fleet->members()); });
}

FleetWatch::~FleetWatch() {
    stop();
}

void FleetWatch::start(services::RemoteFleet::Options options) {
    stop();
    m_fleet = std::make_shared<services::RemoteFleet>(std::move(options));
    m_jobs.post([fleet = m_fleet]() -> JobThread::Answer {
        fleet->look();
        return [] {};
    });
    m_look.start();
}

void FleetWatch::stop() {
    m_look.stop();
    if (m_fleet) {
        let(std::exchange(m_fleet, nullptr));
    }
}

/// Its lines may wait for an answer while they end.
void FleetWatch::let(std::shared_ptr<services::RemoteFleet> fleet) {
    m_jobs.post([fleet = std::move(fleet)]() mutable -> JobThread::Answer {
        fleet->release();
        fleet.reset();
        return [] {};
    });
}

} // namespace app
