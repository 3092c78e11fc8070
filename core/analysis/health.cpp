// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/health.h"

#include "core/text/count_text.h"
#include "core/text/figure_text.h"
#include "core/verdict/generator_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace core {

namespace {

using namespace std::chrono_literals;

constexpr Nanoseconds kPatience = 1500ms; // a busy window shows it a second later, and three are too many
constexpr Nanoseconds kWindow = 2s;       // of which a flow is judged
constexpr Nanoseconds kLongStep = 1s;     // between two looks: this process stood still
constexpr double kEnough = 0.97;
constexpr std::uint64_t kFewest = 10; // events more that wait: less is noise

std::string ageText(Nanoseconds age) {
    return fmt::format("{:.0f} s", secondsOf(age));
}

/// What it did, for an alarm that is over.
std::string pastText(const DependencyHealth& health, Nanoseconds length) {
    const std::string age = fmt::format("{:.1f} s", secondsOf(length));
    const std::string events = counted(health.events, "event");
    switch (health.ailment) {
    case Ailment::None:
        break;
    case Ailment::NothingAcked:
        return fmt::format("acknowledged nothing for {}; {} waited", age, events);
    case Ailment::TooFewAcked:
        return fmt::format("acknowledged less than was sent for {}; {} waited", age, events);
    case Ailment::NothingRead:
        return fmt::format("gave the consumers nothing for {}; {} waited", age, events);
    case Ailment::NothingStored:
        return fmt::format("stored nothing for {}; {} waited", age, events);
    case Ailment::TooFewStored:
        return fmt::format("stored less than was acknowledged for {}; {} waited", age, events);
    case Ailment::Bypassed:
        return fmt::format("was away for {}; {} went past the filter", age, events);
    case Ailment::Late:
        return fmt::format("turned to {} more than 10 ms late in {}", events, age);
    }
    return {};
}

std::optional<End> endOf(Dependency part) {
    switch (part) {
    case Dependency::Broker:
        return End::Broker;
    case Dependency::Store:
        return End::Store;
    case Dependency::Filter:
        return End::Filter;
    case Dependency::Program:
        break;
    }
    return std::nullopt;
}

} // namespace

std::string ailmentText(const DependencyHealth& health, Instant now) {
    const std::string age = ageText(now - health.since);
    const std::string waiting = fmt::format("{}, {} waiting", age, countText(health.events));
    switch (health.ailment) {
    case Ailment::None:
        return "ok";
    case Ailment::NothingAcked:
        return "acknowledges nothing, " + waiting;
    case Ailment::TooFewAcked:
        return fmt::format("acknowledges {} of {}, {}", rateText(health.got), rateText(health.wanted), waiting);
    case Ailment::NothingRead:
        return "gives the consumers nothing, " + waiting;
    case Ailment::NothingStored:
        return "does not answer, " + waiting;
    case Ailment::TooFewStored:
        return fmt::format("stores {} of {}, {}", rateText(health.got), rateText(health.wanted), waiting);
    case Ailment::Bypassed:
        return fmt::format("away, {}, {} past the filter", age, counted(health.events, "event"));
    case Ailment::Late:
        return fmt::format("is late, {}, {} late", age, counted(health.events, "event"));
    }
    return {};
}

HealthWatch::Look HealthWatch::lookAt(const Snapshot& snapshot) {
    const ProducerCounts producer = snapshot.producer();
    Look look{.at = snapshot.at,
              .sent = producer.sent,
              .acked = producer.acked,
              .done = producer.acked - std::min(producer.acked, snapshot.backlog),
              .queued = producer.queued(),
              .backlog =
                  snapshot.backlog - std::min(snapshot.backlog, snapshot.offsetGap), // what is gone waits for nobody
              .bypassed = snapshot.filterBypassed};
    for (const StreamSnapshot& stream : snapshot.streams) {
        look.woken += stream.wakeDelay.count();
        look.late += stream.wakeDelay.countAbove(kLateWakeMicros);
    }
    return look;
}

HealthWatch::HealthWatch(std::array<DependencyName, kDependencies.size()> names, Nanoseconds linger)
    : m_patience(kPatience + linger), m_window(kWindow + linger) {
    m_health.names = std::move(names);
}

std::vector<Outage> HealthWatch::observe(const Snapshot& snapshot, const ConsumerWaits& waits) {
    if (m_looks.empty()) {
        m_acks.moved = m_commits.moved = m_watchedFrom = snapshot.at;
    } else if (m_looks.size() > 1) {
        const Nanoseconds step = m_looks.back().at - m_looks[m_looks.size() - 2].at;
        const Nanoseconds gap = snapshot.at - m_looks.back().at;
        m_watchedFrom = gap > std::max<Nanoseconds>(kLongStep, 4 * step) ? snapshot.at : m_watchedFrom;
    }
    m_looks.push_back(lookAt(snapshot));
    while (m_looks.size() > 2 && snapshot.at - m_looks[1].at >= std::max(m_window, kWakeWindow)) {
        m_looks.pop_front();
    }
    const Look& first = before(m_window);
    const Look& last = m_looks.back();
    const bool stalled = lasts(m_acks.moved);
    follow(m_acks, &Look::sent, &Look::acked, last.queued, first.queued);
    if (stalled && !lasts(m_acks.moved)) { // whether consumers get something again is due to show soon
        m_commits.moved = std::min(m_commits.moved, last.at - m_patience / 2);
    }
    follow(m_commits, &Look::acked, &Look::done, last.backlog, first.backlog);
    std::vector<Outage> over;
    enter(Dependency::Broker, broker(waits), over);
    enter(Dependency::Store, store(waits), over);
    enter(Dependency::Filter, filter(waits), over);
    enter(Dependency::Program, program(), over);
    return over;
}

void HealthWatch::follow(Flow& flow, std::uint64_t Look::* in, std::uint64_t Look::* out, std::uint64_t waiting,
                         std::uint64_t waitedBefore) {
    const Look& first = before(m_window);
    const Look& last = m_looks.back();
    const Look& former = m_looks.size() > 1 ? m_looks[m_looks.size() - 2] : last;
    if (last.*out > former.*out || waiting == 0) {
        if (last.at - flow.moved >= m_patience) {
            flow.since.reset(); // what moves again is judged anew
        }
        flow.moved = last.at;
    }
    const auto came = static_cast<double>(last.*out - first.*out);
    const auto went = static_cast<double>(last.*in - first.*in);
    // What is under way anyway grows with the load: of a flow that was well, only a multiple of it is a sign.
    const bool more = flow.since ? waiting > waitedBefore : waiting >= 2 * waitedBefore + kFewest;
    const bool whole = last.at - first.at >= m_window && first.*in > 0;
    const bool tooFew = whole && more && came < kEnough * went;
    if (!tooFew) {
        flow.since.reset();
    } else if (!flow.since) {
        flow.since = last.at;
    }
}

/// What has begun then is no matter of a moment.
bool HealthWatch::lasts(Instant since, Nanoseconds length) const {
    return m_looks.back().at - std::max(since, m_watchedFrom) >= length;
}

/// The newest look that is so much older than the last; else the oldest.
const HealthWatch::Look& HealthWatch::before(Nanoseconds length) const {
    const auto found = std::find_if(m_looks.rbegin(), m_looks.rend(),
                                    [this, length](const Look& look) { return m_looks.back().at - look.at >= length; });
    return found == m_looks.rend() ? m_looks.front() : *found;
}

Rate HealthWatch::recent(std::uint64_t Look::* count) const {
    const Look& first = before(m_window);
    const Look& last = m_looks.back();
    return {static_cast<double>(last.*count - first.*count) / secondsOf(last.at - first.at)};
}

DependencyHealth HealthWatch::broker(const ConsumerWaits& waits) const {
    const Look& last = m_looks.back();
    if (lasts(m_acks.moved)) {
        return {Ailment::NothingAcked, m_acks.moved, last.queued};
    }
    if (m_acks.since && lasts(*m_acks.since, m_window)) {
        return {Ailment::TooFewAcked, *m_acks.since, last.queued, recent(&Look::acked), recent(&Look::sent)};
    }
    if (lasts(m_commits.moved) && !waits.store) {
        return {Ailment::NothingRead, m_commits.moved, last.backlog};
    }
    return {};
}

DependencyHealth HealthWatch::store(const ConsumerWaits& waits) const {
    const Look& last = m_looks.back();
    if (waits.store && lasts(*waits.store) && lasts(m_commits.moved)) {
        return {Ailment::NothingStored, *waits.store, last.backlog};
    }
    if (!lasts(m_commits.moved) && m_commits.since && lasts(*m_commits.since, m_window)) {
        return {Ailment::TooFewStored, *m_commits.since, last.backlog, recent(&Look::done), recent(&Look::acked)};
    }
    return {};
}

DependencyHealth HealthWatch::filter(const ConsumerWaits& waits) {
    const Look& last = m_looks.back();
    if (!waits.filter) {
        m_bypassedBefore.reset();
        return {};
    }
    if (!m_bypassedBefore) {
        m_bypassedBefore = m_looks.size() > 1 ? m_looks[m_looks.size() - 2].bypassed : last.bypassed;
    }
    if (!lasts(*waits.filter)) {
        return {};
    }
    return {Ailment::Bypassed, *waits.filter, last.bypassed - *m_bypassedBefore};
}

/// As GeneratorWatch does, but for what it says of few events.
DependencyHealth HealthWatch::program() {
    const Look& first = before(kWakeWindow);
    const Look& last = m_looks.back();
    const DependencyHealth& known = m_health.of(Dependency::Program);
    const std::uint64_t woken = last.woken - first.woken;
    m_lateAt = m_looks.size() > 1 && last.late > m_looks[m_looks.size() - 2].late ? last.at : m_lateAt;
    if (last.at - first.at >= kWakeWindow && tooManyLate(woken, last.late - first.late)) {
        if (known.ailment != Ailment::None) {
            return {Ailment::Late, known.since, last.late - m_lateBefore};
        }
        m_lateBefore = first.late;
        // Those before the look in which the first of them came were in time.
        const auto came = std::ranges::find_if(m_looks, [&first](const Look& look) { return look.late > first.late; });
        return {Ailment::Late, came == m_looks.begin() ? first.at : std::prev(came)->at, last.late - first.late};
    }
    return woken == 0 ? known : DependencyHealth{}; // nothing was due: no evidence
}

void HealthWatch::enter(Dependency part, const DependencyHealth& now, std::vector<Outage>& over) {
    DependencyHealth& known = m_health.parts[static_cast<std::size_t>(part)];
    std::uint64_t& most = m_most[static_cast<std::size_t>(part)];
    if (known.ailment != now.ailment) {
        if (known.ailment != Ailment::None) {
            // The program is known to be well again only when a whole window was.
            over.push_back(outage(part, part == Dependency::Program ? m_lateAt : m_looks.back().at));
        }
        most = 0;
    }
    most = std::max(most, now.events);
    known = now;
}

Outage HealthWatch::outage(Dependency part, Instant until) const {
    DependencyHealth health = m_health.of(part);
    health.events = m_most[static_cast<std::size_t>(part)];
    const Nanoseconds length = until - health.since;
    return {health.since,
            {.kind = MarkKind::Outage,
             .detail = m_health.nameOf(part).text() + " " + pastText(health, length),
             .rate = health.got, // 0 unless something came through all the time
             .duration = length,
             .end = endOf(part)}};
}

std::vector<Outage> HealthWatch::finish() {
    std::vector<Outage> over;
    for (const Dependency part : kDependencies) {
        if (!m_looks.empty()) {
            enter(part, {}, over);
        }
    }
    return over;
}

} // namespace core
