// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/consumer_worker.h"

#include "services/consumer/worker_state.h"

namespace services {

ConsumerWorker::ConsumerWorker(ConsumerOptions options, ConsumerPorts ports, core::WorkerLane& lane,
                               const core::RunTimes& times, core::EventAccount& account)
    : m_state(std::make_unique<State>(std::move(options), std::move(ports), lane, times, account)) {}

ConsumerWorker::~ConsumerWorker() = default;

core::Status ConsumerWorker::run(std::stop_token stop) {
    return m_state->run(std::move(stop));
}

bool ConsumerWorker::joined() const {
    return m_state->joined.load(std::memory_order_acquire);
}

std::string ConsumerWorker::trouble() const {
    const std::scoped_lock lock(m_state->troubleMutex);
    return m_state->trouble;
}

std::optional<std::string> ConsumerWorker::violation() const {
    return m_state->violation;
}

} // namespace services
