// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/plan.h"

#include "core/load/random.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace core {

namespace {

/// Offset that no event is due at or before.
constexpr Nanoseconds kBeforeAll{-1};

} // namespace

Plan::Plan(Schedule schedule) {
    auto shared = std::make_shared<const Schedule>(std::move(schedule));
    m_pieces.push_back({shared, {}, kBeforeAll, shared->duration(), 0, shared->count(), 0});
    findNext();
}

Nanoseconds Plan::Piece::due(std::uint64_t n, DueReader& reader) const {
    // Rounding to nanoseconds may put an event onto the command's instant, whose account is closed.
    return std::max(origin + reader.due(*schedule, n), from + Nanoseconds(1));
}

std::uint64_t Plan::Piece::planned(Nanoseconds at) const {
    if (at <= from) {
        return 0;
    }
    return std::clamp(schedule->countUntil(at - origin + Nanoseconds(1)), first, last) - first;
}

double Plan::Piece::missing() const {
    // The interval in which a command falls goes on: what has gathered of its event is not thrown away.
    const double area = schedule->areaUntil(from - origin) - schedule->phase();
    const double next = schedule->arrival() == Arrival::Even ? static_cast<double>(first) : std::floor(area) + 1;
    return std::max(0.0, next - area);
}

std::optional<Nanoseconds> Plan::nextDue() const {
    return m_due;
}

void Plan::pop() {
    assert(m_due);
    ++m_taken;
    ++m_next;
    findNext();
}

void Plan::findNext() {
    while (m_current + 1 < m_pieces.size() && m_next >= m_pieces[m_current].last) {
        ++m_current;
        m_next = m_pieces[m_current].first;
        m_reader.forget();
    }
    const Piece& piece = m_pieces[m_current];
    m_due = m_next < piece.last ? std::optional(piece.due(m_next, m_reader)) : std::nullopt;
}

bool Plan::paused() const {
    return m_rest.has_value();
}

bool Plan::finished() const {
    return !m_due && (!m_rest || m_rest->events() == 0);
}

std::uint64_t Plan::taken() const {
    return m_taken;
}

std::uint64_t Plan::planned(Nanoseconds at) const {
    for (auto piece = m_pieces.rbegin(); piece != m_pieces.rend(); ++piece) {
        if (at > piece->from) {
            return piece->before + piece->planned(at);
        }
    }
    return 0;
}

Rate Plan::rateAt(Nanoseconds at) const {
    for (auto piece = m_pieces.rbegin(); piece != m_pieces.rend(); ++piece) {
        if (at >= piece->from) {
            return at < piece->until ? piece->schedule->rateAt(at - piece->origin) : Rate{};
        }
    }
    return {};
}

double Plan::areaBetween(Nanoseconds from, Nanoseconds until) const {
    double area = 0;
    for (const Piece& piece : m_pieces) {
        const Nanoseconds begin = std::max({from, piece.from, Nanoseconds::zero()});
        const Nanoseconds end = std::min(until, piece.until);
        if (begin < end) {
            area += piece.schedule->areaUntil(end - piece.origin) - piece.schedule->areaUntil(begin - piece.origin);
        }
    }
    return area;
}

Nanoseconds Plan::end() const {
    return m_rest ? m_rest->until : m_pieces.back().until;
}

Nanoseconds Plan::commandAt(Nanoseconds at) {
    m_lastCommand = std::max(at, m_lastCommand);
    return m_lastCommand;
}

Plan::Piece Plan::cut(Nanoseconds at) {
    Piece& piece = m_pieces.back();
    Piece rest = piece;
    rest.first = piece.first + piece.planned(at);
    if (m_current + 1 == m_pieces.size()) {
        rest.first = std::max(rest.first, m_next); // taken ahead of its time: planned all the same
    }
    rest.from = at;
    rest.before = piece.before + (rest.first - piece.first);
    piece.last = rest.first;
    piece.until = std::min(at, piece.until);
    return rest;
}

void Plan::append(Piece rest) {
    m_pieces.push_back(std::move(rest));
    findNext();
}

void Plan::pause(Nanoseconds at) {
    const Nanoseconds instant = commandAt(at);
    if (m_rest) {
        return;
    }
    m_rest = cut(instant);
    findNext();
}

void Plan::resume(Nanoseconds at) {
    const Nanoseconds instant = commandAt(at);
    if (!m_rest) {
        return;
    }
    Piece rest = std::move(*m_rest);
    m_rest.reset();
    const Nanoseconds paused = instant - rest.from;
    rest.origin += paused;
    if (rest.until > rest.from) {
        rest.until += paused;
    }
    rest.from += paused;
    append(std::move(rest));
}

void Plan::setRate(Nanoseconds at, Rate rate) {
    const Nanoseconds instant = commandAt(at);
    const bool wasPaused = paused();
    Piece rest = wasPaused ? *m_rest : cut(instant);
    const std::vector<Stage> stages{ConstantStage{std::max(Nanoseconds::zero(), rest.until - rest.from), rate}};
    rest.schedule =
        std::make_shared<const Schedule>(stages, rest.schedule->arrival(),
                                         Random::mixed(rest.schedule->seed(), m_pieces.size()), Rate{}, rest.missing());
    rest.origin = rest.from;
    rest.first = 0;
    rest.last = rest.schedule->count();
    if (wasPaused) {
        m_rest = std::move(rest);
    } else {
        append(std::move(rest));
    }
}

void Plan::stop(Nanoseconds at) {
    const Nanoseconds instant = commandAt(at);
    if (m_rest) {
        m_rest.reset();
        return;
    }
    cut(instant);
    findNext();
}

} // namespace core
