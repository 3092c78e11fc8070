// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/part_watch.h"

#include "core/measure/snapshot_json.h"
#include "services/roles/rest.h"

#include <fmt/format.h>

namespace services {
namespace {

constexpr core::Nanoseconds kAskPartEvery = std::chrono::seconds(1);

} // namespace

PartWatch::PartWatch(std::string role, std::string address, PartAccess access) : m_access(std::move(access)) {
    m_report.role = std::move(role);
    m_report.address = std::move(address);
    m_report.reason = "It has not been asked yet.";
    m_body = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

PartReport PartWatch::report() const {
    const std::scoped_lock lock(m_mutex);
    return m_report;
}

void PartWatch::run(const std::stop_token& stop) {
    auto client = http::Client::create({.base = (m_access.authority ? "https://" : "http://") + m_report.address,
                                        .token = m_access.token,
                                        .certificateAuthority = m_access.authority});
    if (!client) {
        missed(client.error().text());
        return;
    }
    while (!stop.stop_requested()) {
        const core::Instant next = std::chrono::steady_clock::now() + kAskPartEvery;
        ask(**client, stop);
        rest(next - std::chrono::steady_clock::now(), stop);
    }
}

void PartWatch::ask(http::Client& client, const std::stop_token& stop) {
    const auto answer = client.get("/api/snapshot", stop);
    const core::Instant now = std::chrono::steady_clock::now();
    if (!answer) {
        missed(answer.error().text());
        return;
    }
    if (answer->status != 200) {
        missed(fmt::format("It answers {} {}{}", answer->status, http::reasonOf(answer->status),
                           answer->status == 401 ? ": the gateway has not its token." : "."));
        return;
    }
    auto snapshot = core::snapshotFromJson(answer->body);
    if (!snapshot) {
        missed("Its answer is no snapshot: it is another program, or another version.");
        return;
    }
    heard(*snapshot, now);
}

void PartWatch::heard(const core::Snapshot& answer, core::Instant at) {
    core::Snapshot snapshot = core::tierTotals();
    addTo(snapshot, answer);
    snapshot.sinceStart = answer.sinceStart;
    if (!follows(snapshot, m_last)) { // it began anew
        addTo(m_former, m_last);
        for (core::StreamSnapshot& stream : m_former.streams) {
            stream.target = {};
        }
    }
    core::Snapshot total = m_former;
    addTo(total, snapshot);
    total.host = answer.host;
    total.sinceStart = snapshot.sinceStart;
    m_last = std::move(snapshot);
    const std::scoped_lock lock(m_mutex);
    m_report.total = std::move(total);
    m_report.heard = at;
    m_report.reason.clear();
}

void PartWatch::missed(std::string reason) {
    const std::scoped_lock lock(m_mutex);
    m_report.reason = std::move(reason);
}

} // namespace services
