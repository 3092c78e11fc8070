// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/producer/stream_thread.h"

#include <sys/prctl.h>

#include <algorithm>
#include <ctime>
#include <utility>

namespace services {

namespace {

using namespace std::chrono_literals;

constexpr core::Nanoseconds kLongestRest = 50ms; // how late a command or a stop may be noticed
/// Events less than this apart are sent in small bunches: a sleep for each took half of the process' time at 150,000/s,
/// and a bunch adds less to the send delay than the p99 that a busy machine's scheduler makes anyway (2 to 4 ms there).
constexpr core::Nanoseconds kDense = 50us;
constexpr core::Nanoseconds kBunch = 200us;
constexpr core::Nanoseconds kPublishEvery = 20ms; // how old the target rate that others see may be

core::Instant now() {
    return std::chrono::steady_clock::now();
}

/// How long an event of the analytics tier waits for room.
constexpr core::Nanoseconds kShedAfter = 500ms;

/// Sleeps to an absolute instant, so that the time since the decision to sleep adds no error.
void sleepUntil(core::Instant until) {
    const auto sinceBoot = until.time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(sinceBoot);
    const timespec at{seconds.count(), (sinceBoot - seconds).count()};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr);
}

} // namespace

core::Instant wakeFor(core::Instant due, core::Instant at, core::Rate rate) {
    const bool dense = rate.perSecond * core::secondsOf(kDense) > 1;
    return dense && due - at < kDense ? at + kBunch : due;
}

StreamThread::StreamThread(StreamSettings settings, core::Plan plan, core::EventGenerator generator,
                           core::StreamLanes& lanes, const core::RunTimes& times, RunAccount& account)
    : m_settings(std::move(settings)),
      m_plan(std::move(plan)),
      m_generator(std::move(generator)),
      m_lanes(lanes),
      m_times(times),
      m_account(account),
      m_slots(m_settings.queue),
      m_idle(m_plan.finished()) {}

core::Instant StreamThread::end() const {
    return core::Instant(core::Nanoseconds(m_end.load(std::memory_order_relaxed)));
}

void StreamThread::command(const StreamCommand& command) {
    {
        const std::lock_guard lock(m_mutex);
        m_commands.push_back(command);
        m_idle.store(false, std::memory_order_release); // until the stream has looked at it
        m_hasCommands.store(true, std::memory_order_release);
    }
    m_wake.notify_one();
}

void StreamThread::run(const std::stop_token& stop) {
    prctl(PR_SET_TIMERSLACK, 1UL); // the default lets the kernel wake us 50 µs late
    m_base = m_times.origin();
    core::Instant published{};
    while (!stop.stop_requested()) {
        const core::Instant at = now();
        if (m_hasCommands.load(std::memory_order_acquire)) {
            apply(at);
        }
        if (at - published > kPublishEvery) {
            publishPlan(at);
            published = at;
        }
        const auto due = m_event ? std::optional(offset(m_due)) : m_plan.nextDue();
        if (!due) {
            rest(at + kLongestRest, stop);
            continue;
        }
        const core::Instant dueAt = m_base + *due;
        if (dueAt > at) {
            m_excused = {};
            if (dueAt - at > kLongestRest) {
                rest(at + kLongestRest, stop);
            } else {
                sleepUntil(wakeFor(dueAt, at, m_plan.rateAt(*due)));
            }
            continue;
        }
        if (!m_event && !m_settings.share.has(m_plan.taken())) {
            m_plan.pop(); // another producer's
            continue;
        }
        if (!m_event) {
            turnTo(dueAt, at);
        }
        if (!handOver(at)) {
            m_publisher->waitForRoom(now() + kLongestRest);
        }
    }
    if (m_event) { // stopped at once: what was in hand is accounted for
        unsent();
    }
    publishPlan(now());
    m_idle.store(true, std::memory_order_release);
}

void StreamThread::rest(core::Instant until, const std::stop_token& stop) {
    std::unique_lock lock(m_mutex);
    if (m_commands.empty() && !m_event && m_plan.finished()) {
        m_idle.store(true, std::memory_order_release);
    }
    m_wake.wait_until(lock, stop, until, [this] { return !m_commands.empty(); });
}

void StreamThread::apply(core::Instant at) {
    std::vector<StreamCommand> commands;
    {
        const std::lock_guard lock(m_mutex);
        commands.swap(m_commands);
        m_hasCommands.store(false, std::memory_order_release);
    }
    for (const StreamCommand& command : commands) {
        apply(command, at);
    }
    publishPlan(at);
}

void StreamThread::apply(const StreamCommand& command, core::Instant at) {
    const auto sinceBegin = [this](core::Instant instant) { return std::max(offset(instant), core::Nanoseconds{}); };
    if (const auto* pause = std::get_if<StreamPause>(&command)) {
        m_plan.pause(sinceBegin(pause->at));
    } else if (const auto* resume = std::get_if<StreamResume>(&command)) {
        m_plan.resume(sinceBegin(resume->at));
    } else if (const auto* rate = std::get_if<StreamRate>(&command)) {
        m_plan.setRate(sinceBegin(std::max(at, rate->at)), rate->rate);
    } else if (const auto* burst = std::get_if<StreamBurst>(&command)) {
        m_askedBefore = askedUntil(at);
        m_plan =
            core::Plan(core::Schedule({core::ConstantStage{burst->duration, burst->rate}}, core::Arrival::Even, 0));
        m_base = std::max(at, burst->at);
    } else if (const auto* ending = std::get_if<StreamStop>(&command)) {
        m_givingUp = ending->giveUp;
        m_plan.stop(sinceBegin(at));
    }
}

void StreamThread::publishPlan(core::Instant at) {
    m_target.store(m_plan.rateAt(offset(at)).perSecond / m_settings.share.of, std::memory_order_relaxed);
    m_asked.store(askedUntil(at), std::memory_order_relaxed);
    m_end.store((m_base + m_plan.end()).time_since_epoch().count(), std::memory_order_relaxed);
}

double StreamThread::askedUntil(core::Instant at) const {
    const double whole =
        m_plan.areaBetween(offset(m_times.measuredFrom()), offset(std::min(at, m_times.measuredUntil())));
    return m_askedBefore + whole / m_settings.share.of;
}

void StreamThread::turnTo(core::Instant due, core::Instant at) {
    m_event = &m_generator.next(m_settings.clocks.wallOf(due));
    m_due = due;
    m_blockedSince = {};
    m_lanes.sending.planned.add();
    if (!m_times.measured(due)) {
        return;
    }
    m_lanes.sending.measuredPlanned.add();
    const core::Nanoseconds late = at - due;
    m_excused = std::min(m_excused, late); // what has been caught up is not excused twice
    m_lanes.sending.wakeDelay.record(late - m_excused);
}

/// True when the event in hand has been dealt with.
bool StreamThread::handOver(core::Instant at) {
    const auto slot = m_slots.acquire();
    core::SendOutcome outcome = core::SendOutcome::Full;
    const core::Nanoseconds delay = at - m_due;
    if (slot) {
        m_slots[*slot] = {m_event->sequence, m_due, at};
        if (!m_event->duplicate) {
            m_account.sending(m_settings.number, m_settings.share.ownOf(m_event->sequence), delay);
        }
        std::string idText;
        if (m_event->unreadable) {
            idText = m_event->id.text();
        }
        outcome = m_publisher->send({m_event->key, m_event->payload, idText, *slot});
    }
    if (outcome == core::SendOutcome::Full) {
        if (slot) {
            m_slots.giveBack(*slot);
        }
        if (m_blockedSince == core::Instant{}) {
            m_blockedSince = at;
        }
        const bool inTime = at - m_blockedSince < m_settings.deadline && delay < m_settings.deadline;
        // Those before it that waited for room made this one wait, too.
        const bool shed =
            m_settings.tier == core::Tier::Analytics && (!inTime || m_excused + (at - m_blockedSince) >= kShedAfter);
        if (!m_givingUp && !shed && inTime) {
            return false;
        }
        if (shed && !m_givingUp) {
            m_lanes.sending.shed.add();
            taken();
        } else {
            unsent();
        }
        m_excused = delay;
        return true;
    }
    if (m_blockedSince != core::Instant{}) {
        m_excused = delay;
    }
    m_lanes.sending.sent.add();
    if (outcome == core::SendOutcome::Refused) {
        m_slots.giveBack(*slot);
        m_lanes.sending.refused.add();
        m_account.delivered(m_settings.number, m_settings.share.ownOf(m_event->sequence), core::Delivery::Failed);
    }
    if (m_times.measured(m_due)) {
        m_lanes.sending.sendDelay.record(delay);
    }
    for (std::size_t span = 0; span < m_times.spans(); ++span) {
        if (m_times.inSpan(span, m_due)) {
            m_lanes.sending.spanSendDelay[span]->record(delay);
        }
    }
    taken();
    return true;
}

void StreamThread::unsent() {
    m_lanes.sending.unsent.add();
    taken();
}

void StreamThread::taken() {
    m_event = nullptr;
    m_plan.pop();
}

void StreamThread::leaveInDoubt() {
    for (const std::uint32_t slot : m_slots.inFlight()) {
        delivered(slot, core::Delivery::InDoubt, now());
    }
}

void StreamThread::delivered(std::uint64_t token, core::Delivery delivery, core::Instant at) {
    const auto slotNumber = static_cast<std::uint32_t>(token);
    const DeliverySlot slot = m_slots[slotNumber];
    m_slots.release(slotNumber);
    m_account.delivered(m_settings.number, m_settings.share.ownOf(slot.sequence), delivery);
    core::DeliveryLane& lane = m_lanes.delivery;
    if (delivery == core::Delivery::Failed) {
        return lane.failed.add();
    }
    if (delivery == core::Delivery::InDoubt) {
        return lane.inDoubt.add();
    }
    lane.acked.add();
    if (m_times.measured(slot.due)) {
        lane.ack.record(at - slot.due);
        lane.ackUncorrected.record(at - slot.sent);
    }
    for (std::size_t span = 0; span < m_times.spans(); ++span) {
        if (m_times.inSpan(span, slot.due)) {
            lane.spanAck[span]->record(at - slot.due);
        }
    }
}

} // namespace services
