// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/parts.h"

#include "core/target/daemon_list.h"
#include "services/http/resolve.h"
#include "services/roles/rest.h"

#include <tuple>

namespace services {
namespace {

constexpr core::Nanoseconds kResolveEvery = std::chrono::seconds(5);
constexpr core::Nanoseconds kForgetAfter = std::chrono::minutes(1);

} // namespace

Parts::Parts(Wanted wanted, PartAccess access) : m_wanted(std::move(wanted)), m_access(std::move(access)) {
    bool names = false;
    for (const auto& [role, entries] :
         {std::pair("producer", &m_wanted.producers), std::pair("consumer", &m_wanted.consumers)}) {
        for (const std::string& entry : *entries) {
            if (core::nameOfDaemons(entry)) {
                names = true;
            } else {
                add(role, entry);
                m_named[{role, entry}] = core::Instant::max();
            }
        }
    }
    if (names) {
        m_body = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
}

std::vector<PartReport> Parts::reports() const {
    const std::scoped_lock lock(m_mutex);
    std::vector<PartReport> all;
    for (const auto& [key, watch] : m_watches) {
        all.push_back(watch->report());
    }
    for (const auto& [key, reason] : m_unresolved) {
        PartReport& report = all.emplace_back();
        std::tie(report.role, report.address) = key;
        report.reason = reason;
    }
    return all;
}

core::Snapshot Parts::total() const {
    const std::scoped_lock lock(m_mutex); // one who leaves the list is in the sum at every moment
    core::Snapshot sum = m_gone;
    for (const auto& [key, watch] : m_watches) {
        addTo(sum, watch->report().total);
    }
    return sum;
}

void Parts::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        update("producer", m_wanted.producers);
        update("consumer", m_wanted.consumers);
        forgetSilent();
        rest(kResolveEvery, stop);
    }
}

void Parts::add(const std::string& role, const std::string& address) {
    const std::scoped_lock lock(m_mutex);
    auto& watch = m_watches[{role, address}];
    if (!watch) {
        watch = std::make_unique<PartWatch>(role, address, m_access);
    }
}

void Parts::update(const std::string& role, const std::vector<std::string>& entries) {
    for (const std::string& entry : entries) {
        const auto name = core::nameOfDaemons(entry);
        if (!name) {
            continue;
        }
        const auto addresses = http::resolveOneFamily(*name);
        {
            const std::scoped_lock lock(m_mutex);
            m_unresolved.erase({role, entry});
            if (!addresses) {
                m_unresolved[{role, entry}] = addresses.error().text();
                continue;
            }
        }
        for (const std::string& address : *addresses) {
            add(role, address);
            const std::scoped_lock lock(m_mutex);
            m_named[{role, address}] = std::chrono::steady_clock::now();
        }
    }
}

void Parts::forgetSilent() {
    const core::Instant now = std::chrono::steady_clock::now();
    std::vector<std::unique_ptr<PartWatch>> forgotten; // destroyed without the lock: joining may take a while
    const std::scoped_lock lock(m_mutex);
    for (auto each = m_watches.begin(); each != m_watches.end();) {
        const auto named = m_named.find(each->first);
        const PartReport report = each->second->report();
        const core::Instant heard = report.heard.value_or(core::Instant{});
        const core::Instant seen = std::max(named == m_named.end() ? core::Instant{} : named->second, heard);
        if (seen == core::Instant::max() || now - seen < kForgetAfter) {
            ++each;
            continue;
        }
        addTo(m_gone, report.total);
        for (core::StreamSnapshot& stream : m_gone.streams) {
            stream.target = {};
        }
        m_named.erase(each->first);
        forgotten.push_back(std::move(each->second));
        each = m_watches.erase(each);
    }
}

} // namespace services
