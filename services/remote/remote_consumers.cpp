// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/remote/remote_consumers.h"

#include <fmt/format.h>

#include <algorithm>

namespace services {

bool RemoteConsumers::joined() const {
    const auto links = m_fleet.linksOf("consumer");
    return !links.empty() && std::ranges::all_of(links, [this](const DaemonLink* link) {
        const DaemonLink::View view = link->view();
        return m_fleet.isLost(view) || (view.run && view.run->joined);
    });
}

std::optional<std::string> RemoteConsumers::violation() const {
    for (const DaemonLink* const link : m_fleet.linksOf("consumer")) {
        const DaemonLink::View view = link->view();
        if (view.run && !view.run->violation.empty()) {
            return fmt::format("{} (the consumer at {})", view.run->violation, link->address());
        }
    }
    return std::nullopt;
}

std::string RemoteConsumers::refusal() const {
    for (const DaemonLink* const link : m_fleet.linksOf("consumer")) {
        const DaemonLink::View view = link->view();
        if (view.run && !view.run->refusal.empty()) {
            return view.run->refusal;
        }
    }
    return {};
}

std::string RemoteConsumers::trouble() const {
    bool any = false;
    std::string words;
    for (const DaemonLink* const link : m_fleet.linksOf("consumer")) {
        const DaemonLink::View view = link->view();
        any = any || !m_fleet.isLost(view);
        if (view.run && !view.run->trouble.empty() && words.empty()) {
            words = fmt::format("the consumer at {}: {}", link->address(), view.run->trouble);
        }
    }
    return any ? words : "no consumer of the fleet answers";
}

void RemoteConsumers::stop() {
    for (DaemonLink* const link : m_fleet.linksOf("consumer")) {
        link->tell(fmt::format("/api/run/finish?id={}&limitNs=0", m_fleet.id()));
    }
}

bool RemoteConsumers::left() const {
    return std::ranges::all_of(m_fleet.linksOf("consumer"), [this](const DaemonLink* link) {
        const DaemonLink::View view = link->view();
        return view.complete || m_fleet.isLost(view);
    });
}

} // namespace services
