// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/clock_offset.h"
#include "core/fleet/member_report.h"
#include "core/measure/fate.h"
#include "core/units.h"
#include "services/gateway/part_watch.h"
#include "services/http/client.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace services {

/// The line to one daemon: asks it four times a second how its part of a run stands, compares its clocks once a second,
/// and brings it what it is told, in order and until it has answered. It blocks on a thread of its own; any thread may
/// call the members.
class DaemonLink {
public:
    /// Told of what became of events, on the link's thread: see core::Fleet::Task::fate.
    using Fate = std::function<void(std::uint8_t stream, core::Delivery, std::uint64_t from, std::uint64_t until)>;

    DaemonLink(std::string address, const PartAccess& access);

    /// What is known of the daemon at present.
    struct View {
        std::string version;
        std::string role;                   ///< empty: it was never heard
        std::string knownRun;               ///< the last that it was told of, before it is asked for one
        std::optional<core::MemberRun> run; ///< as of `heard`; of the run that it is asked for
        std::optional<core::Instant> heard;
        std::string reason;         ///< why nothing newer is known; empty: it answers
        bool forgotten = false;     ///< it took the run and does not know of it any more: its process began anew
        bool complete = false;      ///< its part is over, and all that it knows of its events is told
        std::size_t unanswered = 0; ///< of what it was told
        std::optional<core::Error> refusal{}; ///< of the run
        std::optional<core::ClockOffset::Estimate> clock{};
        std::size_t clockExchanges = 0;
        core::ProducerCounts producer{};
        std::uint64_t stored = 0;
    };
    View view() const;
    const std::string& address() const { return m_address; }

    /// From now on it is asked for that run. A producer's events are told to `fate`.
    void follow(std::string id, Fate fate);
    /// A POST. What it answers is told by view().
    void tell(std::string pathAndQuery, std::string body = {});
    /// Adds what its part of the run has counted, over all its lives. `lost`: what waits for the broker is in doubt.
    void addTo(core::Snapshot& snapshot, bool lost) const;
    /// By stream: how many were acked and failed since it told the ids of such.
    std::map<std::string, core::ProducerCounts> untold() const;
    std::vector<core::Mark> popMarks(); ///< of its part of the run, those that were not popped yet

private:
    struct Message {
        std::string pathAndQuery, body;
    };
    void run(const std::stop_token& stop);
    bool bring(http::Client& client, const std::stop_token& stop);
    bool compareClocks(http::Client& client, const std::stop_token& stop);
    void askReport(http::Client& client, bool fates, const std::stop_token& stop);
    void tellFates(const std::vector<core::StreamFates>& fates);
    void heard(core::MemberReport report);
    void missed(std::string reason);

    const std::string m_address;
    const PartAccess m_access;
    std::vector<core::StreamFates> m_told; // of m_body: what `fate` knows already
    core::ClockOffset m_clock;             // of m_body
    mutable std::mutex m_mutex;            // guards what follows
    std::condition_variable_any m_wake;
    std::string m_id;
    Fate m_fate;
    std::deque<Message> m_messages;
    View m_view;
    bool m_taken = false;                   // the run was seen there
    std::optional<core::Snapshot> m_former; // of lives of the daemon that have ended
    std::optional<core::Snapshot> m_last;
    std::optional<core::Snapshot> m_lastComplete; // that came with fates
    std::vector<core::Mark> m_marks;
    std::uint64_t m_marksSeen = 0;
    std::jthread m_body; // joined first
};

} // namespace services
