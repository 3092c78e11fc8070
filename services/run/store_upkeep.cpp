// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/store_upkeep.h"

#include <chrono>
#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

constexpr core::Nanoseconds kAgain = 5min; // where something was left undone
constexpr core::Nanoseconds kEvery = 12h;  // partitions are created two days ahead

} // namespace

StoreUpkeep::StoreUpkeep(core::Store& store, StoreCall& call, RunMailbox& mailbox)
    : m_store(store), m_call(call), m_mailbox(mailbox) {}

void StoreUpkeep::tick(core::Instant now) {
    if (m_call.on()) {
        return;
    }
    if (m_prepared) {
        const core::Status ready = **std::exchange(m_prepared, nullptr);
        if (!ready) {
            warn("The store's next partitions were not created: " + ready.error().text());
        }
        noteShortcomings(now);
    }
    if (now < m_next) {
        return;
    }
    if (std::exchange(m_next, now + kEvery) == core::Instant{}) { // it was prepared, and this noted, when it was opened
        m_leftUndone = m_store.shortcomings();
        m_next = now + (m_leftUndone.empty() ? kEvery : kAgain);
        return;
    }
    m_prepared = m_call.begin([&store = m_store] { return store.prepare(std::chrono::system_clock::now()); });
}

void StoreUpkeep::noteShortcomings(core::Instant now) {
    const std::vector<std::string> left = m_store.shortcomings();
    if (!left.empty()) {
        m_next = now + kAgain;
    }
    if (left == std::exchange(m_leftUndone, left)) {
        return;
    }
    for (const std::string& sentence : left) {
        warn(sentence);
    }
}

void StoreUpkeep::warn(std::string sentence) {
    m_mailbox.mark({.kind = core::MarkKind::Warning, .detail = std::move(sentence), .end = core::End::Store});
}

} // namespace services
