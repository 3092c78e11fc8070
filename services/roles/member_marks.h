// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/member_report.h"

#include <deque>

namespace services {

/// What happened to a daemon's part of a run, for whoever leads it: the newest, and how many there were.
class MemberMarks {
public:
    void add(const core::Mark& mark) {
        m_newest.push_back(mark);
        ++m_count;
        if (m_newest.size() > kRetained) {
            m_newest.pop_front();
        }
    }
    void writeTo(core::MemberRun& run) const {
        run.marks = m_count;
        run.newest.assign(m_newest.begin(), m_newest.end());
    }

private:
    static constexpr std::size_t kRetained = 32; // some seconds of a bad time
    std::deque<core::Mark> m_newest;
    std::uint64_t m_count = 0;
};

} // namespace services
