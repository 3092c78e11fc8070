// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/time_axis.h"

#include <QMetaMethod>
#include <algorithm>

namespace app {

namespace {

constexpr double kShortest = 1;     // seconds; there are no finer points
constexpr double kEmptyExtent = 10; // seconds shown before there is anything

} // namespace

TimeAxis::TimeAxis(QObject* parent) : QObject(parent) {}

void TimeAxis::setExtent(double from, double until) {
    m_first = from;
    m_last = std::max(from, until);
    if (!m_frozen) {
        moveAlong();
    }
}

void TimeAxis::followLast(double seconds) {
    m_followed = std::max(seconds, kShortest);
    setFollow(Follow::Last);
    moveAlong();
}

void TimeAxis::followWhole() {
    setFollow(Follow::Whole);
    moveAlong();
}

void TimeAxis::setRange(double from, double until) {
    setFollow(Follow::Nothing);
    const double most = std::max(m_last - m_first, kEmptyExtent);
    const double span = std::clamp(until - from, kShortest, most);
    const double latest = m_first + most - span;
    const double start = std::clamp(from, m_first, latest);
    place(start, start + span);
}

void TimeAxis::zoom(double factor, double around) {
    const double most = std::max(m_last - m_first, kEmptyExtent);
    const double wanted = std::clamp(span() * factor, kShortest, most);
    const double share = std::clamp((around - m_from) / span(), 0.0, 1.0);
    setRange(around - share * wanted, around + (1 - share) * wanted);
}

void TimeAxis::pan(double seconds) {
    setRange(m_from + seconds, m_until + seconds);
}

void TimeAxis::showStart() {
    setRange(m_first, m_first + span());
}

void TimeAxis::showEnd() {
    followLast(span());
}

void TimeAxis::setFrozen(bool frozen) {
    if (frozen == m_frozen) {
        return;
    }
    m_frozen = frozen;
    Q_EMIT frozenChanged(frozen);
    if (!frozen) {
        moveAlong();
    }
}

bool TimeAxis::choose(double seconds) {
    Q_EMIT chosen(seconds);
    return isSignalConnected(QMetaMethod::fromSignal(&TimeAxis::chosen));
}

void TimeAxis::setInstant(std::optional<double> instant) {
    if (instant == m_instant) {
        return;
    }
    m_instant = instant;
    Q_EMIT instantChanged();
}

void TimeAxis::moveAlong() {
    if (m_follow == Follow::Whole) {
        place(m_first, std::max(m_last, m_first + kEmptyExtent));
    }
    // A run shorter than the span grows from left to right instead of sliding in from the right.
    if (m_follow == Follow::Last) {
        const double until = std::max(m_last, m_first + m_followed);
        place(until - m_followed, until);
    }
}

void TimeAxis::place(double from, double until) {
    if (from == m_from && until == m_until) {
        return;
    }
    m_from = from;
    m_until = until;
    Q_EMIT rangeChanged(from, until);
}

void TimeAxis::setFollow(Follow follow) {
    if (follow == m_follow) {
        return;
    }
    m_follow = follow;
    Q_EMIT followChanged(follow);
}

} // namespace app
