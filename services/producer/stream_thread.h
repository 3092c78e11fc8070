// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/event_generator.h"
#include "core/load/plan.h"
#include "core/measure/recorder.h"
#include "core/ports/broker.h"
#include "services/producer/delivery_slots.h"
#include "services/producer/run_account.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <variant>
#include <vector>

namespace services {

/// What the supervisor orders a stream to do. Pauses begin and end at the instants given, for all streams alike,
/// however late each gets to know; rates and bursts at those, or when they arrive, if that is later; a stop when it
/// arrives.
struct StreamPause {
    core::Instant at;
};
struct StreamResume {
    core::Instant at;
};
struct StreamRate {
    core::Instant at;
    core::Rate rate;
};
struct StreamBurst { ///< only for the stream that stands ready for it
    core::Instant at;
    core::Rate rate;
    core::Nanoseconds duration{};
};
/// Nothing later is planned. `giveUp`: what is due and could not be handed over yet is unsent.
struct StreamStop {
    bool giveUp = false;
};
using StreamCommand = std::variant<StreamPause, StreamResume, StreamRate, StreamBurst, StreamStop>;

struct StreamSettings {
    std::uint8_t number = 0;
    core::Tier tier = core::Tier::Normal; ///< analytics events that find no room for half a second are shed
    core::Nanoseconds deadline{};         ///< an event that could not be handed over for this long is unsent
    std::uint32_t queue = 0;              ///< events in flight at most
    core::Share share;                    ///< of the stream's events, others send the rest
    core::ClockPair clocks;
};

/// When to wake for an event due at `due`, now being `at`. Events of a dense stream are sent in small bunches.
core::Instant wakeFor(core::Instant due, core::Instant at, core::Rate rate);

/// One stream of events: generates each when it is due and hands it to its publisher, whatever became of earlier ones
/// (open loop). run() is the body of the stream's thread.
class StreamThread final : public core::DeliverySink {
public:
    StreamThread(StreamSettings settings, core::Plan plan, core::EventGenerator generator, core::StreamLanes& lanes,
                 const core::RunTimes& times, RunAccount& account);

    /// Before run(): the publisher, which was created with this object as its sink and is used by this thread only.
    void attach(core::Publisher& publisher) { m_publisher = &publisher; }

    /// Sends until the plan is over and finished() or the stop comes. Offsets of the plan count from times.origin().
    void run(const std::stop_token& stop);

    /// When the publisher has finished: what has no delivery is in doubt, for none will come.
    void leaveInDoubt();

    void command(const StreamCommand& command);                          ///< any thread
    bool idle() const { return m_idle.load(std::memory_order_acquire); } ///< any thread: nothing is left to send
    core::Rate target() const { return {m_target.load(std::memory_order_relaxed)}; }
    core::Instant end() const; ///< any thread: end of the last stage, as planned now
    /// Any thread: events that the plan's rates have asked for in the measured part so far.
    double asked() const { return m_asked.load(std::memory_order_relaxed); }

    void delivered(std::uint64_t token, core::Delivery delivery, core::Instant at) override;

private:
    core::Nanoseconds offset(core::Instant at) const { return at - m_base; }
    void apply(core::Instant now);
    void apply(const StreamCommand& command, core::Instant at);
    void publishPlan(core::Instant now);
    double askedUntil(core::Instant now) const;
    void rest(core::Instant until, const std::stop_token& stop);
    void turnTo(core::Instant due, core::Instant now);
    bool handOver(core::Instant now);
    void unsent();
    void taken();

    StreamSettings m_settings;
    core::Plan m_plan;
    core::Instant m_base; // where the plan's offset 0 lies
    core::EventGenerator m_generator;
    core::StreamLanes& m_lanes;
    const core::RunTimes& m_times;
    RunAccount& m_account;
    core::Publisher* m_publisher = nullptr;
    DeliverySlots m_slots;

    const core::GeneratedEvent* m_event = nullptr; // made, not yet handed over
    core::Instant m_due;
    core::Instant m_blockedSince;  // of m_event; its epoch: not blocked
    core::Nanoseconds m_excused{}; // delay that waits for queue or credit caused and that is not caught up yet
    bool m_givingUp = false;

    std::atomic<bool> m_idle;
    std::atomic<double> m_target{0};
    std::atomic<double> m_asked{0};
    double m_askedBefore = 0; // by the plans before this one
    std::atomic<std::int64_t> m_end{0};
    std::atomic<bool> m_hasCommands{false};
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::vector<StreamCommand> m_commands; // guarded by m_mutex
};

} // namespace services
