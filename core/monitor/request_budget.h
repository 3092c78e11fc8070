// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <algorithm>

namespace core {

/// How many requests may be sent now: a bucket that fills at a steady rate up to its size. What cost more than was
/// thought is taken off what comes next.
class RequestBudget {
public:
    RequestBudget(double perSecond, double size) : m_perSecond(perSecond), m_size(size), m_left(size) {}

    /// Fills it up for the time that has passed since the last call.
    void refill(Instant now) {
        if (m_at != Instant()) {
            m_left = std::min(m_size, m_left + secondsOf(now - m_at) * m_perSecond);
        }
        m_at = now;
    }
    /// What costs more than fits into the bucket is allowed where it is full.
    bool allows(double requests) const { return m_left >= std::min(requests, m_size); }
    void spend(double requests) {
        m_left -= requests;
        m_spent += requests;
    }
    /// So many were sent so far in truth: what was not thought of is taken off.
    void correct(double sent) {
        if (sent > m_spent) {
            spend(sent - m_spent);
        }
    }
    double left() const { return m_left; }

private:
    double m_perSecond;
    double m_size;
    double m_left;
    double m_spent = 0;
    Instant m_at;
};

} // namespace core
