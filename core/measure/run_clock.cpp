// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/run_clock.h"

#include <algorithm>

namespace core {

RunClock::RunClock(Nanoseconds warmup, Nanoseconds planned) : m_warmup(warmup), m_end(planned) {}

void RunClock::begin(Instant origin) {
    m_origin = origin;
    m_begun = true;
}

void RunClock::pause(Instant at) {
    if (m_paused || m_over) {
        return;
    }
    m_pausedAt = std::max(at, m_origin);
    m_pauses.push_back({played(m_pausedAt), {}});
    m_paused = true;
}

void RunClock::resume(Instant at) {
    if (!m_paused) {
        return;
    }
    m_pauses.back().length = open(at);
    m_pausedInAll += open(at);
    m_paused = false;
}

void RunClock::extend(Instant end) {
    m_end = std::max(m_end, end - m_origin - m_pausedInAll);
}

void RunClock::endLoad(Instant at) {
    if (!m_over) {
        m_loadEnded = at;
        m_over = true;
    }
}

Nanoseconds RunClock::open(Instant now) const {
    return m_paused ? std::max(Nanoseconds{}, now - m_pausedAt) : Nanoseconds{};
}

Nanoseconds RunClock::played(Instant now) const {
    if (!m_begun) {
        return {};
    }
    const Instant at = m_over ? std::min(now, m_loadEnded) : now;
    return at - m_origin - m_pausedInAll - open(at);
}

Phase RunClock::phase(Instant now) const {
    if (!m_begun) {
        return Phase::Preparing;
    }
    if (m_over) {
        return Phase::Drain;
    }
    return m_warmup > Nanoseconds{} && played(now) < m_warmup ? Phase::Warmup : Phase::Stages;
}

Nanoseconds RunClock::left(Instant now) const {
    return std::max(Nanoseconds{}, m_end - played(now));
}

double RunClock::progress(Instant now) const {
    return m_end > Nanoseconds{} ? std::clamp(secondsOf(played(now)) / secondsOf(m_end), 0.0, 1.0) : 1;
}

Nanoseconds RunClock::lengthOf(Part part, Instant now) const {
    return std::max(Nanoseconds{}, std::min(played(now), part.until) - part.from);
}

Nanoseconds RunClock::pausedBefore(Nanoseconds offset, Instant now) const {
    Nanoseconds sum{};
    for (const Pause& pause : m_pauses) {
        if (pause.at < offset) {
            sum += pause.length;
        }
    }
    return m_paused && m_pauses.back().at < offset ? sum + open(now) : sum;
}

Instant RunClock::instantOf(Nanoseconds offset, Instant now) const {
    const Instant at = m_origin + offset + pausedBefore(offset, now);
    return m_over ? std::min(at, m_loadEnded) : at;
}

RunClock::Period RunClock::periodOf(Part part, Instant now) const {
    return {instantOf(part.from, now), instantOf(part.until, now)};
}

} // namespace core
