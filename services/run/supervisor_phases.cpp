// SPDX-License-Identifier: GPL-3.0-or-later
// The phases of a run, one after the other, on the supervising thread.
#include "services/run/supervisor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

constexpr core::Nanoseconds kTick = 20ms;
constexpr core::Nanoseconds kGroupLimit = 40s;      // for all consumers to own their partitions
constexpr core::Nanoseconds kLead = 100ms;          // between the decision to begin and the first due time
constexpr core::Nanoseconds kInterruptedLimit = 8s; // for flushing, and again for draining, after Ctrl-C
constexpr core::Nanoseconds kAbortLimit = 500ms;

} // namespace

void Supervisor::supervise() {
    if (waitForGroup()) {
        runStages();
        drain();
    }
    endRun();
}

bool Supervisor::waitForGroup() {
    const core::Instant limit = Clock::now() + kGroupLimit;
    m_phaseLimit = limit;
    while (!m_consumers->joined()) {
        tick();
        if (m_stopping) {
            return false;
        }
        if (const auto failure = m_consumers->failure()) {
            m_unreachable = failure->message;
            return false;
        }
        if (Clock::now() > limit) {
            const std::string trouble = m_consumers->trouble();
            m_unreachable = fmt::format("The consumers did not get their partitions within {} s{}{}. Is another "
                                        "consumer of the group '{}' holding them?",
                                        std::chrono::duration_cast<std::chrono::seconds>(kGroupLimit).count(),
                                        trouble.empty() ? "" : ": ", trouble, m_options.scenario.kafka.group);
            return false;
        }
        std::this_thread::sleep_for(kTick);
    }
    return true;
}

void Supervisor::runStages() {
    const core::Instant origin = Clock::now() + kLead;
    m_clock.begin(origin);
    m_lanes.times().setOrigin(origin);
    publishTimes(origin);
    m_streams->start();
    m_nextSample = origin;
    enter(m_clock.phase(Clock::now()));
    while (true) {
        const core::Instant now = Clock::now();
        tick();
        if (const core::Phase phase = m_clock.phase(now); phase != m_status.phase) {
            enter(phase);
        }
        if (loadIsOver(now)) {
            return;
        }
        if (m_consumers->failure()) { // endRun() says what it means
            endLoad(true);
            return;
        }
        std::this_thread::sleep_for(kTick);
    }
}

bool Supervisor::loadIsOver(core::Instant now) const {
    if (m_stopping) {
        return m_streams->idle() || m_aborting;
    }
    return !m_clock.paused() && m_clock.left(now) == 0s && m_streams->idle();
}

core::Nanoseconds Supervisor::finishLimit() const {
    if (m_aborting) {
        return kAbortLimit;
    }
    return m_interrupted ? std::min(kInterruptedLimit, m_options.scenario.drain) : m_options.scenario.drain;
}

void Supervisor::drain() {
    m_drainFrom = Clock::now();
    countMeasured(m_drainFrom, true);
    m_clock.endLoad(m_drainFrom);
    publishTimes(m_drainFrom);
    m_phaseLimit = m_drainFrom + finishLimit();
    enter(core::Phase::Drain);
    m_streams->finish(finishLimit());
    while (!m_streams->left()) {
        tick();
        if (m_aborting) {
            m_streams->finish(kAbortLimit);
        }
        std::this_thread::sleep_for(kTick);
    }
    if (const core::Status marked = m_pipeline->consumers().markEnd(); !marked) {
        m_unreachable = marked.error().message;
        return;
    }
    waitForStore(std::max(m_phaseLimit, m_interrupted ? Clock::now() + 1s : Clock::now()));
    m_drained = Clock::now() - m_drainFrom;
}

void Supervisor::waitForStore(core::Instant limit) {
    while ((m_undrained = m_pipeline->consumers().undrained()) > 0) {
        tick();
        if (m_aborting || m_consumers->failure() || m_consumers->left()) {
            return;
        }
        if (Clock::now() > limit) {
            if (const std::string trouble = m_consumers->trouble(); !trouble.empty()) {
                m_unreachable = trouble;
            }
            return;
        }
        std::this_thread::sleep_for(5ms);
    }
}

void Supervisor::endRun() {
    m_consumers->stop();
    while (!m_consumers->left()) {
        tick();
        std::this_thread::sleep_for(5ms);
    }
    m_undrained = m_pipeline->consumers().undrained(); // the last batch may have come through while leaving
    m_identityViolation = m_consumers->violation();
    if (const auto failure = m_consumers->failure();
        failure && !m_internalError && !m_unreachable && !m_identityViolation) {
        m_internalError = "The consumer gave up: " + failure->message;
    }
    popNotices();
    core::RunResult result = account();
    m_streams.reset();
    if (const core::Status stored = m_pipeline->store().finishRun(m_head.id, core::toJson(result, true)); !stored) {
        result.timeline.push_back({.seconds = result.seconds,
                                   .kind = core::MarkKind::Warning,
                                   .detail = "The run's head was not stored: " + stored.error().message,
                                   .end = core::End::Store});
    }
    const std::lock_guard lock(m_mutex);
    m_status.phase = core::Phase::Finished;
    m_status.left = {};
    m_result = std::move(result);
    m_changed.notify_all();
}

} // namespace services
