// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <algorithm>
#include <random>

namespace services {

/// Pauses between tries: 0.1 s doubling up to 10 s, each shortened at random by up to half so that workers that lost
/// the same server do not come back in step.
class BackOff {
public:
    core::Nanoseconds next() {
        const double share = std::uniform_real_distribution<double>(0.5, 1.0)(m_random);
        const auto pause = std::chrono::duration_cast<core::Nanoseconds>(m_next * share);
        m_next = std::min(m_next * 2, kLongest);
        return pause;
    }
    void reset() { m_next = kShortest; }

    static constexpr core::Nanoseconds kShortest = std::chrono::milliseconds(100);
    static constexpr core::Nanoseconds kLongest = std::chrono::seconds(10);

private:
    core::Nanoseconds m_next = kShortest;
    std::minstd_rand m_random{std::random_device{}()};
};

} // namespace services
