// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/consumer_crew.h"

#include <fmt/format.h>

#include <algorithm>

namespace services {

std::vector<core::Tier> ConsumerCrew::tiersOf(const core::Scenario& scenario) {
    std::vector<core::Tier> tiers;
    for (const core::Tier tier : core::kTiers) {
        if (std::ranges::any_of(scenario.streams, [tier](const core::Stream& s) { return s.tier == tier; })) {
            tiers.push_back(tier);
        }
    }
    return tiers;
}

std::size_t ConsumerCrew::workersOf(const core::Scenario& scenario) {
    return tiersOf(scenario).size() * static_cast<std::size_t>(scenario.consumer.concurrency);
}

ConsumerCrew::ConsumerCrew(const core::Scenario& scenario, Pipeline& pipeline, RunLanes& lanes, core::EventBook& book) {
    for (const core::Tier tier : tiersOf(scenario)) {
        for (int i = 0; i < scenario.consumer.concurrency; ++i) {
            auto member = std::make_unique<Member>();
            const std::string name = fmt::format("{}-{}", nameOf(tier), i + 1);
            member->worker =
                std::make_unique<ConsumerWorker>(pipeline.consumerOptions(tier), pipeline.consumerPorts(tier, name),
                                                 lanes.worker(m_workers.size()), lanes.times(), book);
            m_workers.push_back(std::move(member));
        }
    }
    for (const auto& member : m_workers) {
        member->body = std::jthread([this, m = member.get()](std::stop_token stop) {
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

ConsumerCrew::~ConsumerCrew() {
    stop();
}

bool ConsumerCrew::joined() const {
    return std::ranges::all_of(m_workers, [](const auto& m) { return m->worker->joined(); });
}

std::optional<core::Error> ConsumerCrew::failure() const {
    const std::lock_guard lock(m_mutex);
    return m_failure;
}

std::optional<std::string> ConsumerCrew::violation() const {
    const std::lock_guard lock(m_mutex);
    return m_violation;
}

std::string ConsumerCrew::trouble() const {
    for (const auto& member : m_workers) {
        if (std::string trouble = member->worker->trouble(); !trouble.empty()) {
            return trouble;
        }
    }
    return {};
}

void ConsumerCrew::stop() {
    for (const auto& member : m_workers) {
        member->body.request_stop();
    }
}

bool ConsumerCrew::left() const {
    return std::ranges::all_of(m_workers, [](const auto& m) { return m->left.load(); });
}

} // namespace services
