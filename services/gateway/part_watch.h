// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/snapshot.h"
#include "services/http/client.h"

#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace services {

/// How a gateway comes to its parts.
struct PartAccess {
    std::optional<http::BearerToken> token{};
    std::optional<std::filesystem::path> authority{}; ///< they are asked by HTTPS, and this authority (PEM) is trusted
};

/// What a gateway knows of one producer or consumer.
struct PartReport {
    std::string role;                          ///< "producer", "consumer"
    std::string address;                       ///< HOST:PORT
    core::Snapshot total = core::tierTotals(); ///< over all its lives that were seen: never less than before
    std::optional<core::Instant> heard;        ///< when `total` was true; nothing: never
    std::string reason;                        ///< why nothing newer came; empty: it answers

    bool fresh(core::Instant now) const { return heard && now - *heard <= kStaleAfter; }
    static constexpr core::Nanoseconds kStaleAfter = std::chrono::seconds(3);
};

/// Asks one part for its snapshot each second.
class PartWatch {
public:
    PartWatch(std::string role, std::string address, PartAccess access);
    PartReport report() const; ///< any thread

private:
    void run(const std::stop_token& stop);
    void ask(http::Client& client, const std::stop_token& stop);
    void heard(const core::Snapshot& answer, core::Instant at);
    void missed(std::string reason);

    const PartAccess m_access;
    core::Snapshot m_former = core::tierTotals(); // of m_body: what the part had counted before it began anew
    core::Snapshot m_last = core::tierTotals();   // of m_body
    mutable std::mutex m_mutex;
    PartReport m_report; // guarded by m_mutex
    std::jthread m_body; // joined first
};

} // namespace services
