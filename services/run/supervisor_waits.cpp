// SPDX-License-Identifier: GPL-3.0-or-later
// What a supervisor waits for, before the load and after it.
#include "services/run/supervisor.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace services {

using namespace std::chrono_literals;

namespace {

constexpr core::Nanoseconds kWaitTick = 20ms;
constexpr core::Nanoseconds kGroupLimit = 40s;  // for all partitions, and then for the next step of what comes first
constexpr core::Nanoseconds kHeldLimit = 10s;   // for others to give back what they hold of them
constexpr core::Nanoseconds kEndLimit = 1500ms; // for the log's end where there is no time to lose
constexpr core::Nanoseconds kAbortedEndLimit = 250ms; // or none at all

} // namespace

bool Supervisor::waitForGroup() {
    m_phaseLimit = Clock::now() + kGroupLimit;
    while (!m_parts->consumers->ready()) {
        tellOlder();
        if (!mayWait("The consumers did not get all partitions of their topics")) {
            return false;
        }
    }
    return waitForOlder();
}

/// One tick before the load. False: there will be none; where the time is up that says `what` has not happened.
bool Supervisor::mayWait(std::string_view what) {
    tick();
    const Consumption& consumers = *m_parts->consumers;
    const std::string held = consumers.heldBack();
    m_heldSince = held.empty() ? Clock::now() : m_heldSince;
    if (const auto failure = consumers.failure()) {
        m_facts.unreachable = failure->text();
    } else if (const std::string broken = consumers.broken(); !broken.empty()) {
        m_facts.unreachable = broken;
    } else if (Clock::now() > std::min(m_phaseLimit, m_heldSince + kHeldLimit)) {
        const std::string why = held.empty() ? consumers.trouble() : held;
        m_facts.unreachable = fmt::format("{} in time (group '{}'){}{}.", what, m_options.scenario.kafka.group,
                                          why.empty() ? "" : ": ", why);
    }
    if (m_stopping || m_facts.unreachable) {
        return false;
    }
    std::this_thread::sleep_for(kWaitTick);
    return true;
}

/// What others have left in the topics comes first, since the stored position does not jump; but before the load, so
/// that no event of the run's waits behind it.
bool Supervisor::waitForOlder() {
    const Consumption& consumers = *m_parts->consumers;
    auto before = consumers.older();
    m_phaseLimit = Clock::now() + kGroupLimit;
    while (true) {
        const auto left = consumers.older();
        tellOlder();
        if (left.empty()) {
            return true;
        }
        if (left != before) {
            before = left;
            m_phaseLimit = Clock::now() + kGroupLimit;
        }
        if (!mayWait(fmt::format("What others left in topic {} was not consumed", left.begin()->first))) {
            return false;
        }
    }
}

/// As soon as one of them has come: what lies there may be control records only, which are nobody's messages.
void Supervisor::tellOlder() {
    if (m_olderTold || m_mailbox.snapshot(Clock::now()).consumer.polled == 0) {
        return;
    }
    m_olderTold = true;
    for (const auto& [topic, count] : m_parts->consumers->olderAtFirst()) {
        m_mailbox.mark({.kind = core::MarkKind::Warning,
                        .detail = fmt::format("{} message{} of others wait{} in topic {}: they are consumed first",
                                              count, count == 1 ? "" : "s", count == 1 ? "s" : "", topic),
                        .end = core::End::Broker});
    }
}

void Supervisor::waitForStore(core::Instant limit) {
    Consumption& consumers = *m_parts->consumers;
    const core::Instant begin = Clock::now();
    limit = std::max(limit, begin + kEndLimit);
    consumers.seekEnd();
    while (!consumers.endKnown() || consumers.undrained() > 0) {
        tick();
        const bool over = m_aborting || consumers.failure() || consumers.left();
        const core::Instant endLimit = begin + (m_aborting ? kAbortedEndLimit : kEndLimit);
        if (over && (consumers.endKnown() || Clock::now() > endLimit)) {
            return;
        }
        m_facts.cause = consumers.heldBack(); // before the consumers leave
        if (!m_facts.cause.empty() && consumers.endKnown() && ownAreStored()) {
            return; // what is held back is others'
        }
        // A stop that is in a hurry may come while the drain is waited for.
        if (Clock::now() > (m_hurried ? std::min(limit, std::max(m_finishBy, begin + kEndLimit)) : limit)) {
            if (!consumers.endKnown()) {
                m_facts.unreachable = "Where the log ends could not be learned: " + consumers.endTrouble();
            } else if (const std::string trouble = consumers.trouble(); !trouble.empty()) {
                m_facts.unreachable = trouble;
            }
            return;
        }
        std::this_thread::sleep_for(5ms);
    }
    m_facts.cause.clear();
}

/// No event that may have reached the broker is without its fate.
bool Supervisor::ownAreStored() const {
    const core::IdCounts ids = m_parts->account.close();
    return ids.lost == 0 && ids.missing == 0;
}

} // namespace services
