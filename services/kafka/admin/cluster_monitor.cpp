// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/admin/cluster_monitor.h"

#include "services/kafka/admin/monitor_state.h"

namespace services {

core::Result<std::unique_ptr<ClusterMonitor>> ClusterMonitor::create(const ClusterAccess& access,
                                                                     MonitorOptions options) {
    if (const auto conf = kafkaConf(access, {}, {}); !conf) {
        return conf.error();
    }
    auto state = std::make_unique<State>();
    state->access = access;
    state->options = std::move(options);
    state->favourites = state->options.groups;
    return std::unique_ptr<ClusterMonitor>(new ClusterMonitor(std::move(state)));
}

ClusterMonitor::ClusterMonitor(std::unique_ptr<State> state) : m_state(std::move(state)) {}
ClusterMonitor::~ClusterMonitor() = default;

void ClusterMonitor::watch(std::vector<std::string> groups) {
    m_state->favourites = std::move(groups);
    m_state->favourites.insert(m_state->favourites.end(), m_state->options.groups.begin(),
                               m_state->options.groups.end());
}

core::Result<core::ClusterView> ClusterMonitor::look(const std::stop_token& stop) {
    if (const auto connected = m_state->connect(stop); !connected) {
        return connected.error();
    }
    const core::Instant now = std::chrono::steady_clock::now();
    m_state->budget.refill(now);
    m_state->budget.correct(static_cast<double>(m_state->requestsBefore + m_state->reader->requestsSent()));
    if (const auto shape = m_state->askShape(now); !shape) {
        return shape.error();
    }
    // Commits before the ends, or a group that moves would seem to be ahead of its logs.
    if (now >= m_state->endsDue && m_state->budget.allows(m_state->leaders())) {
        m_state->askGroups(now);
        m_state->askCommits(now);
        m_state->takeCommits();
        if (const auto asked = m_state->askEnds(now); !asked) {
            return asked.error();
        }
    }
    if (!stop.stop_requested()) {
        m_state->askBegins(now);
        m_state->readAhead(now);
        m_state->askSettings(now);
        m_state->askRacks(now);
    }
    return m_state->assembled(now);
}

} // namespace services
