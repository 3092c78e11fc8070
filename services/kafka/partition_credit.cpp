// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/partition_credit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace services {

TopicCredit::TopicCredit(int partitions, core::Bytes limit) : m_limit(limit.count) {
    m_partitions.reserve(static_cast<std::size_t>(partitions));
    for (int i = 0; i < partitions; ++i) {
        m_partitions.push_back(std::make_unique<PartitionState>());
    }
}

bool TopicCredit::acquire(core::Partition partition, std::uint64_t bytes) {
    auto& state = at(partition);
    const std::scoped_lock lock(state.mutex);
    if (state.inFlight > 0 && state.inFlight + bytes > m_limit) {
        return false;
    }
    state.inFlight += bytes;
    return true;
}

void TopicCredit::acked(core::Partition partition, core::Offset offset, std::uint64_t bytes) {
    auto& state = at(partition);
    {
        const std::scoped_lock lock(state.mutex);
        if (offset.value >= state.base) {
            const auto index = static_cast<std::size_t>(offset.value - state.base);
            if (index >= state.sizes.size()) {
                state.sizes.resize(index + 1);
            }
            state.sizes[index] += bytes;
            return;
        }
        state.inFlight -= bytes; // stored before its acknowledgement was seen
    }
    returned();
}

void TopicCredit::ackedSomewhere(core::Partition partition, std::uint64_t bytes) {
    auto& state = at(partition);
    const std::scoped_lock lock(state.mutex);
    state.sizes.push_back(bytes);
}

void TopicCredit::failed(core::Partition partition, std::uint64_t bytes) {
    auto& state = at(partition);
    {
        const std::scoped_lock lock(state.mutex);
        state.inFlight -= bytes;
    }
    returned();
}

void TopicCredit::inDoubt(core::Partition partition, std::uint64_t bytes) {
    auto& state = at(partition);
    {
        const std::scoped_lock lock(state.mutex);
        // The embedded broker writes a request to its log before it delays or drops the answer. By the time the
        // client gives up, the message lies before the log's end or nowhere.
        if (!state.sizes.empty()) {
            state.sizes.back() += bytes;
            return;
        }
        state.inFlight -= bytes;
    }
    returned();
}

void TopicCredit::stored(core::Partition partition, core::Offset next) {
    auto& state = at(partition);
    std::uint64_t back = 0;
    {
        const std::scoped_lock lock(state.mutex);
        if (next.value <= state.base) {
            return;
        }
        const auto passed =
            std::min(static_cast<std::uint64_t>(next.value - state.base), std::uint64_t{state.sizes.size()});
        const auto end = state.sizes.begin() + static_cast<std::ptrdiff_t>(passed);
        for (auto size = state.sizes.begin(); size != end; ++size) {
            back += *size;
        }
        state.sizes.erase(state.sizes.begin(), end);
        state.base = next.value;
        state.inFlight -= back;
    }
    if (back > 0) {
        returned();
    }
}

std::uint64_t TopicCredit::inFlight(core::Partition partition) const {
    const auto& state = *m_partitions[static_cast<std::size_t>(partition.id)];
    const std::scoped_lock lock(state.mutex);
    return state.inFlight;
}

void TopicCredit::returned() {
    m_returns.fetch_add(1, std::memory_order_seq_cst);
    if (m_waiting.load(std::memory_order_seq_cst) == 0) {
        return;
    }
    {
        const std::scoped_lock lock(m_mutex);
    } // whoever is about to wait has looked, or waits already
    m_changed.notify_all();
}

void TopicCredit::waitForReturn(std::uint64_t seen, core::Instant until) {
    std::unique_lock lock(m_mutex);
    m_waiting.fetch_add(1, std::memory_order_seq_cst);
    m_changed.wait_until(lock, until, [&] { return m_returns.load(std::memory_order_seq_cst) != seen; });
    m_waiting.fetch_sub(1, std::memory_order_seq_cst);
}

PartitionCredit::PartitionCredit(const std::vector<std::string>& topics, int partitions, core::Bytes limit) {
    for (const auto& name : topics) {
        m_topics.try_emplace(name, partitions, limit);
    }
}

TopicCredit* PartitionCredit::topic(const std::string& name) {
    const auto found = m_topics.find(name);
    return found == m_topics.end() ? nullptr : &found->second;
}

void PartitionCredit::stored(const core::TopicPartition& partition, core::Offset next) {
    auto* credit = topic(partition.topic);
    if (credit && partition.partition.id >= 0 && partition.partition.id < credit->partitions()) {
        credit->stored(partition.partition, next);
    }
}

core::Result<int> partitionsFor(core::Rate peak, core::Bytes meanEvent, std::optional<int> wanted) {
    constexpr int kFewest = 6;
    constexpr int kMost = 48;
    constexpr double kSeconds = 2;
    constexpr double kLeastSeconds = 0.5;
    constexpr std::size_t kKey = 36; // an event id as text, the usual key
    const double bytesPerSecond = peak.perSecond * static_cast<double>(messageSize(meanEvent.count, kKey, 0));
    const auto room = static_cast<double>(kPartitionCredit.count);

    const int enough = static_cast<int>(std::clamp(std::ceil(kSeconds * bytesPerSecond / room), 1.0, double{kMost}));
    const int partitions = wanted.value_or(std::max(kFewest, enough));
    const double seconds = bytesPerSecond > 0 ? partitions * room / bytesPerSecond : kSeconds;
    if (seconds >= kLeastSeconds) {
        return partitions;
    }
    return core::invalid(
        fmt::format("The embedded broker holds {:.2f} s of {:.0f} events per second in {} partitions, and "
                    "needs to hold {} s: lower the rate or the event size{}, or give --broker.",
                    seconds, peak.perSecond, partitions, kLeastSeconds, wanted ? ", leave kafka.partitions out" : ""));
}

} // namespace services
