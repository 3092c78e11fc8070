// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/producer/run_account.h"

namespace services {

RunAccount::RunAccount(const std::vector<std::size_t>& delayCapacity) {
    for (const std::size_t capacity : delayCapacity) {
        m_pages.push_back(std::make_unique<Page>(capacity));
    }
}

void RunAccount::committed(std::span<const core::OwnFate> fates) {
    std::size_t at = 0;
    while (at < fates.size()) { // runs of one stream share a lock
        const std::uint8_t stream = fates[at].stream;
        Page& page = *m_pages[stream];
        const std::lock_guard lock(page.mutex);
        for (; at < fates.size() && fates[at].stream == stream; ++at) {
            const core::OwnFate& fate = fates[at];
            if (fate.kind == core::OwnFate::Kind::Stored) {
                page.account.stored(fate.sequence);
            } else if (fate.kind == core::OwnFate::Kind::DeadLettered) {
                page.account.deadLettered(fate.sequence);
            } else if (fate.kind == core::OwnFate::Kind::Refused) {
                page.account.refused(fate.sequence);
            } else {
                page.account.duplicate(fate.sequence);
            }
        }
    }
}

std::optional<core::Nanoseconds> RunAccount::sendDelay(std::uint8_t stream, std::uint64_t sequence) const {
    return m_pages[stream]->delays.find(sequence);
}

void RunAccount::sending(std::uint8_t stream, std::uint64_t sequence, core::Nanoseconds delay) {
    m_pages[stream]->delays.record(sequence, delay);
}

void RunAccount::delivered(std::uint8_t stream, std::uint64_t sequence, core::Delivery delivery) {
    Page& page = *m_pages[stream];
    const std::lock_guard lock(page.mutex);
    page.account.delivered(sequence, delivery);
}

core::Status RunAccount::audit(core::Store& store, const core::RunIdentity& run, bool holdsDeadLetters) {
    for (const auto& page : m_pages) {
        const std::lock_guard lock(page->mutex);
        page->account.forgetStored();
        if (holdsDeadLetters) {
            page->account.forgetDeadLettered();
        }
    }
    return store.eachId(run, [&](const core::StoredId& stored) {
        const auto parts = run.own(stored.id);
        if (!parts || parts->stream >= m_pages.size()) {
            return;
        }
        Page& page = *m_pages[parts->stream];
        const std::lock_guard lock(page.mutex);
        if (stored.deadLettered) {
            page.account.deadLettered(parts->sequence);
        } else {
            page.account.stored(parts->sequence);
        }
    });
}

core::IdCounts RunAccount::close() const {
    core::IdCounts sum;
    for (const auto& page : m_pages) {
        const std::lock_guard lock(page->mutex);
        sum += page->account.close();
    }
    return sum;
}

std::uint64_t RunAccount::stored() const {
    std::uint64_t sum = 0;
    for (const auto& page : m_pages) {
        const std::lock_guard lock(page->mutex);
        sum += page->account.stored().size();
    }
    return sum;
}

core::StreamFates RunAccount::fates(std::uint8_t stream) const {
    const Page& page = *m_pages[stream];
    const std::lock_guard lock(page.mutex);
    return {stream, page.account.acked().intervals(), page.account.failed().intervals(),
            page.account.inDoubt().intervals()};
}

void RunAccount::delivered(const core::StreamShare& share, core::Delivery delivery, std::uint64_t from,
                           std::uint64_t until) {
    Page& page = *m_pages[share.stream];
    const std::lock_guard lock(page.mutex);
    for (std::uint64_t own = from; own < until; ++own) {
        page.account.delivered(share.share.sequenceOf(own), delivery);
    }
}

std::vector<std::uint64_t> RunAccount::inDoubt() const {
    std::vector<std::uint64_t> counts;
    for (const auto& page : m_pages) {
        const std::lock_guard lock(page->mutex);
        counts.push_back(page->account.inDoubt().size());
    }
    return counts;
}

std::vector<std::uint64_t> RunAccount::adoptUnreported() {
    std::vector<std::uint64_t> adopted;
    for (const auto& page : m_pages) {
        const std::lock_guard lock(page->mutex);
        adopted.push_back(page->account.adoptUnreported());
    }
    return adopted;
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> RunAccount::acked(std::uint8_t stream) const {
    const Page& page = *m_pages[stream];
    const std::lock_guard lock(page.mutex);
    return page.account.acked().intervals();
}

} // namespace services
