// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/kafka/cluster_admin.h"
#include "services/run/stored_positions.h"
#include "services/target/broker_end.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <thread>

namespace services {

/// Looks once a second, from outside, at what a run's own clients cannot see: that its topics change under it, who else
/// holds its partitions, and which an open transaction holds back; and finds the end of the log when all is sent. On a
/// thread of its own, since a broker may be slow to answer; each question is bounded. Of an embedded broker, and where
/// the run's beginning is not known, it only finds the end. Any thread may call the members.
class BrokerWatch {
public:
    /// Begins at once. All of them outlive it. What it finds goes to the time line too, once.
    /// `strangers`: other members of the group hold the run's consumers up; where daemons consume, they are they.
    BrokerWatch(BrokerEnd& broker, StoredPositions& positions, TargetNote note, bool strangers = true);

    /// All is sent: asks where the log ends until it is known, and tells the positions.
    void seekEnd();
    bool endKnown() const;
    std::string trouble() const; ///< why the end is not known yet; empty: no answer has come at all
    /// A topic of the run's is not the one that it began with; empty: all are. Stays once it is said.
    std::string broken() const;
    /// Who or what keeps the consumers from partitions of theirs at present; empty: nobody.
    std::string heldBack() const;

private:
    void run(const std::stop_token& stop);
    void look();
    void compareTopics(const LogBounds& now, const StoredPositions::Standings& standings);
    std::string whoHoldsBack(const LogBounds& now, const StoredPositions::Standings& standings);
    std::string strangersIn(const std::set<core::TopicPartition>& partitions) const;
    std::string openTransactions(const std::set<core::TopicPartition>& partitions,
                                 const StoredPositions::Standings& standings);
    void tell(core::MarkKind kind, const std::string& sentence);

    BrokerEnd& m_broker;
    StoredPositions& m_positions;
    TargetNote m_note;
    const bool m_strangers;

    // The thread's own.
    std::map<std::string, int> m_partitions;    // of each topic, when it was seen last
    StoredPositions::Standings m_lastStandings; // of the look before
    LogBounds m_lastBounds;
    std::string m_suspicion; // becomes certain when the next look confirms it
    std::set<std::string> m_told;

    mutable std::mutex m_mutex; // guards what follows
    std::condition_variable_any m_wake;
    bool m_seeking = false;
    bool m_endKnown = false;
    std::string m_trouble;
    std::string m_broken;
    std::string m_heldBack;

    std::jthread m_body; // joined first
};

} // namespace services
