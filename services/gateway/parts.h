// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/gateway/part_watch.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace services {

/// All producers and consumers of a gateway: those of a list, and whatever stands behind a name. A name is asked again
/// every 5 s; who has left it stays in the sums, and in the list for as long as it was silent less than a minute.
class Parts {
public:
    struct Wanted {
        std::vector<std::string> producers, consumers; ///< HOST:PORT, or dns:NAME:PORT for every address of the name
    };

    Parts(Wanted wanted, PartAccess access);

    std::vector<PartReport> reports() const; ///< any thread; by role and address
    core::Snapshot total() const; ///< what all of them have counted, with those that are not in the list any more

private:
    using Key = std::pair<std::string, std::string>; ///< role and address
    void run(const std::stop_token& stop);
    void add(const std::string& role, const std::string& address);
    void update(const std::string& role, const std::vector<std::string>& entries);
    void forgetSilent();

    const Wanted m_wanted;
    const PartAccess m_access;
    mutable std::mutex m_mutex; // guards what follows
    std::map<Key, std::unique_ptr<PartWatch>> m_watches;
    std::map<Key, core::Instant> m_named;    // when a name last led to it; those of the list: for ever
    std::map<Key, std::string> m_unresolved; // names that lead nowhere, with the reason
    core::Snapshot m_gone = core::tierTotals();
    std::jthread m_body; // joined first; only where there are names
};

} // namespace services
