// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdict/generator_watch.h"

#include "core/text/count_text.h"
#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace core {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kEnough = 1'000; // of which ten may be late
constexpr std::uint64_t kFewestLate = 10;
constexpr std::uint64_t kFewestEvents = 3; // of which most were late
constexpr Nanoseconds kLongStandStill = 1s;

bool most(std::uint64_t events, std::uint64_t late) {
    return events >= kFewestEvents && late * 2 > events;
}

std::string secondsAt(Nanoseconds at) {
    return fmt::format("{:.0f} s", secondsOf(at));
}

} // namespace

bool tooManyLate(std::uint64_t events, std::uint64_t late) {
    return late >= kFewestLate && late * 100 > events;
}

void GeneratorWatch::observe(Nanoseconds at, const LatencyHistogram& wakeDelay) {
    m_looks.push_back({at, wakeDelay.count(), wakeDelay.countAbove(kLateWakeMicros)});
    if (m_looks.size() > 2 && m_looks[m_looks.size() - 2].events == wakeDelay.count() &&
        m_looks[m_looks.size() - 3].events == wakeDelay.count()) {
        m_looks.erase(m_looks.end() - 2); // nothing was due between three looks: the one in the middle says nothing
    }
    while (m_looks.size() > 1 && at - m_looks[1].at >= kWakeWindow &&
           wakeDelay.count() - m_looks[1].events >= kEnough) {
        m_looks.pop_front();
    }
    judgeStandStill();
    if (at - m_looks.front().at >= kWakeWindow) {
        judgeWindow();
    }
}

void GeneratorWatch::finish() {
    if (!m_looks.empty()) {
        judgeWindow();
    }
}

void GeneratorWatch::judgeWindow() {
    const Look& begin = m_looks.front();
    const Look& end = m_looks.back();
    const std::uint64_t events = end.events - begin.events;
    const std::uint64_t late = end.late - begin.late;
    const bool whole = end.at - begin.at >= kWakeWindow; // a shorter run shows only what is plain
    if (m_saturated || !(most(events, late) || (whole && tooManyLate(events, late)))) {
        return;
    }
    m_saturated = fmt::format("the generator was saturated: from {} to {} it turned to {} of {} events more than 10 ms "
                              "late (wake delay); one in a hundred may be",
                              secondsAt(begin.at), secondsAt(end.at), countText(late), countText(events));
}

void GeneratorWatch::stoodStill(Nanoseconds from, Nanoseconds until, bool waiting) {
    if (until - from < kLongStandStill) {
        return;
    }
    if (waiting) {
        blameStandStill(from, until);
    } else {
        const auto after = std::ranges::find_if(m_looks, [from](const Look& look) { return look.at > from; });
        m_standStill = StandStill{from, until, after == m_looks.begin() ? 0 : std::prev(after)->late};
    }
}

/// The next look tells whether an event was due meanwhile.
void GeneratorWatch::judgeStandStill() {
    if (!m_standStill || m_looks.back().at < m_standStill->until) {
        return;
    }
    if (m_looks.back().late > m_standStill->lateBefore) {
        blameStandStill(m_standStill->from, m_standStill->until);
    }
    m_standStill.reset();
}

void GeneratorWatch::blameStandStill(Nanoseconds from, Nanoseconds until) {
    if (!m_stoodStill) {
        m_stoodStill =
            fmt::format("the generator stood still for {}, from {} on", durationText(until - from), secondsAt(from));
    }
}

} // namespace core
