// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/consumer_pool.h"

#include "core/scenario/tiers_in_use.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace services {

std::size_t ConsumerPool::workersOf(const core::Scenario& scenario) {
    return core::tiersInUse(scenario).size() * static_cast<std::size_t>(scenario.consumer.concurrency);
}

ConsumerPool::ConsumerPool(const core::Scenario& scenario, const SetUp& setUp, core::RunLanes& lanes,
                           core::EventAccount& account) {
    for (const core::Tier tier : core::tiersInUse(scenario)) {
        for (int i = 0; i < scenario.consumer.concurrency; ++i) {
            auto member = std::make_unique<Member>();
            const std::string name = fmt::format("{}-{}", nameOf(tier), i + 1);
            ConsumerSetup setup = setUp(tier, name);
            member->worker = std::make_unique<ConsumerWorker>(std::move(setup.options), std::move(setup.ports),
                                                              lanes.worker(m_workers.size()), lanes.times(), account);
            m_workers.push_back(std::move(member));
        }
    }
    for (const auto& member : m_workers) {
        member->body = std::jthread([this, m = member.get()](const std::stop_token& stop) {
            if (const core::Status status = m->worker->run(stop); !status) {
                const std::lock_guard lock(m_mutex);
                if (!m_failure) {
                    m_failure = status.error();
                }
                if (!m_violation) {
                    m_violation = m->worker->violation();
                }
            }
            m->left.store(true, std::memory_order_release);
        });
    }
}

ConsumerPool::~ConsumerPool() {
    stop();
}

bool ConsumerPool::joined() const {
    return std::ranges::all_of(m_workers, [](const auto& m) { return m->worker->joined(); });
}

std::optional<core::Error> ConsumerPool::failure() const {
    const std::lock_guard lock(m_mutex);
    return m_failure;
}

std::optional<std::string> ConsumerPool::violation() const {
    const std::lock_guard lock(m_mutex);
    return m_violation;
}

std::string ConsumerPool::trouble() const {
    for (const auto& member : m_workers) {
        if (std::string trouble = member->worker->trouble(); !trouble.empty()) {
            return trouble;
        }
    }
    return {};
}

core::ConsumerWaits ConsumerPool::waits() const {
    core::ConsumerWaits longest;
    const auto longer = [](std::optional<core::Instant>& known, const std::optional<core::Instant>& other) {
        if (other && (!known || *other < *known)) {
            known = other;
        }
    };
    for (const auto& member : m_workers) {
        const core::ConsumerWaits waits = member->worker->waits();
        longer(longest.store, waits.store);
        longer(longest.filter, waits.filter);
    }
    const bool answers = std::ranges::any_of(m_workers, [&longest](const auto& m) {
        const auto answered = m->worker->filterAnswered();
        return longest.filter && answered && *answered > *longest.filter;
    });
    longest.filter = answers ? std::nullopt : longest.filter;
    return longest;
}

void ConsumerPool::rejoin() {
    for (const auto& member : m_workers) {
        member->worker->rejoin();
    }
}

void ConsumerPool::stop() {
    for (const auto& member : m_workers) {
        member->body.request_stop();
    }
}

bool ConsumerPool::left() const {
    return std::ranges::all_of(m_workers, [](const auto& m) { return m->left.load(); });
}

} // namespace services
