// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/stand_still_watch.h"

#include <utility>

namespace services {

namespace {

using namespace std::chrono_literals;

constexpr core::Nanoseconds kStep = 50ms;
constexpr core::Nanoseconds kShortest = 500ms; // a busy machine keeps a thread waiting for less

} // namespace

StandStillWatch::StandStillWatch() : m_thread([this](const std::stop_token& stop) { run(stop); }) {}

void StandStillWatch::run(const std::stop_token& stop) {
    core::Instant last = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
        std::this_thread::sleep_for(kStep);
        const core::Instant now = std::chrono::steady_clock::now();
        if (now - last >= kShortest) {
            const std::lock_guard lock(m_mutex);
            m_found.push_back({last, now});
        }
        last = now;
    }
}

std::vector<StandStillWatch::StandStill> StandStillWatch::popAll() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_found, {});
}

} // namespace services
