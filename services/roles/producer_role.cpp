// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/roles/producer_role.h"

#include "services/consumer/back_off.h"
#include "services/roles/foreign_scenario.h"
#include "services/roles/rest.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace services {

using Activity = core::LoadState::Activity;

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr core::Nanoseconds kLookEvery = 1s;
constexpr core::Nanoseconds kAskIdleEvery = 5s; // an idle producer's broker, whether it answers
constexpr core::Nanoseconds kSilence = 3s;      // of a broker that something waits for
constexpr core::Nanoseconds kFinishLimit = 5s;  // of each load
constexpr std::string_view kBaseline = "baseline";

/// As long as a load's sequence numbers last, with room to spare; then it begins anew.
core::Nanoseconds longest(core::Rate rate) {
    constexpr double kMostEvents = static_cast<double>(core::EventId::kSequences) / 2;
    constexpr double kMostSeconds = 30 * 86'400.0;
    return std::chrono::seconds(static_cast<std::int64_t>(std::min(kMostSeconds, kMostEvents / rate.perSecond)));
}

bool isBaseline(const core::Stream& stream) {
    return stream.name == kBaseline;
}

bool hasBaseline(const core::Scenario& settings) {
    return std::ranges::any_of(settings.streams, isBaseline);
}

/// What the producer sends from its start: see Options.
core::Scenario baselineOf(core::Scenario settings) {
    if (hasBaseline(settings)) {
        std::erase_if(settings.streams, [](const core::Stream& stream) { return !isBaseline(stream); });
        settings.warmup = {};
        for (core::Stream& stream : settings.streams) {
            auto* const last = std::get_if<core::ConstantStage>(&stream.stages.back());
            if (last != nullptr && last->rate.perSecond > 0) {
                last->duration = longest(last->rate);
            }
        }
    }
    if (settings.streams.empty()) { // one that sends nothing, for the shape of bursts
        settings.streams.emplace_back().name = kBaseline;
    }
    settings.thresholds.clear();
    return settings;
}

} // namespace

ProducerRole::ProducerRole(Options options)
    : m_options(std::move(options)),
      m_resetAt(Clock::now()),
      m_run(m_options.settings.kafka, m_options.broker, [this](const core::Mark& mark) { m_health.note(mark); }),
      m_body([this](const std::stop_token& stop) { run(stop); }) {}

ProducerRole::~ProducerRole() = default;

void ProducerRole::run(const std::stop_token& stop) {
    BackOff backOff;
    while (!stop.stop_requested()) {
        if (m_baseline) {
            tick();
            rest(kLookEvery, stop);
        } else if (const core::Status opened = openBaseline(); opened) {
            m_health.found(core::End::Broker, std::nullopt);
            backOff.reset();
        } else {
            m_health.found(core::End::Broker, "Nothing can be sent: " + opened.error().text());
            rest(backOff.next(), stop);
        }
    }
    retire(m_load);
    retire(m_baseline);
}

core::Status ProducerRole::openBaseline() {
    const core::Scenario baseline = baselineOf(m_options.settings);
    auto opened = Load::open({baseline, m_options.broker, Load::ownHead(baseline)},
                             [this](const core::Mark& mark) { m_health.note(mark); });
    if (!opened) {
        return opened.error();
    }
    const std::scoped_lock lock(m_mutex);
    m_baseline = std::move(*opened);
    m_baseline->start();
    m_lastProgress = Clock::now();
    return {};
}

/// Ends the load and adds up what it counted; its snapshot is part of the sum in every moment.
void ProducerRole::retire(std::unique_ptr<Load>& load) {
    if (!load) {
        return;
    }
    load->finish(kFinishLimit);
    std::unique_ptr<Load> ended;
    const std::scoped_lock lock(m_mutex);
    addTo(m_former, load->snapshot());
    for (core::StreamSnapshot& stream : m_former.streams) {
        stream.target = {};
    }
    ended = std::move(load);
}

void ProducerRole::tick() {
    {
        const std::scoped_lock lock(m_mutex);
        for (Load* const load : {m_baseline.get(), m_load.get()}) {
            for (const core::Mark& notice : load != nullptr ? load->popNotices() : std::vector<core::Mark>()) {
                m_health.note(notice);
            }
        }
    }
    const core::Instant now = Clock::now();
    const core::ProducerCounts counts = snapshot().producer();
    if (counts.queued() == 0 || std::exchange(m_lastAcked, counts.acked) != counts.acked) {
        m_lastProgress = now;
    }
    if (now - m_lastProgress > kSilence) {
        m_health.found(core::End::Broker,
                       fmt::format("Kafka has acknowledged nothing for {} s; {} events wait.",
                                   (now - m_lastProgress) / std::chrono::seconds(1), counts.queued()));
    } else if (counts.queued() > 0) {
        m_health.found(core::End::Broker, std::nullopt);
    } else if (now >= m_nextAsked) {
        m_nextAsked = now + kAskIdleEvery;
        const core::Status answered = m_baseline->reachable();
        m_health.found(core::End::Broker, answered ? std::nullopt : std::optional(answered.error().text()));
    }
    const auto usedUp = [this] {
        const std::scoped_lock lock(m_mutex);
        return m_baseline->idle() && hasBaseline(m_options.settings) && !m_baselineStopped;
    };
    if (usedUp()) { // the numbers of its events
        retire(m_baseline);
    }
}

core::Snapshot ProducerRole::snapshot() const {
    const std::scoped_lock lock(m_mutex);
    return total();
}

core::Snapshot ProducerRole::total() const {
    core::Snapshot sum = m_former;
    sum.at = Clock::now();
    sum.sinceStart = sum.at - m_begun;
    for (const Load* const load : {m_baseline.get(), m_load.get()}) {
        if (load != nullptr) {
            addTo(sum, load->snapshot());
        }
    }
    m_run.addTo(sum);
    return sum;
}

std::vector<core::Component> ProducerRole::components() const {
    const auto reason = m_health.reason(core::End::Broker);
    return {{"kafka", !reason, true, reason.value_or("")}};
}

bool ProducerRole::ready() const {
    const std::scoped_lock lock(m_mutex);
    return m_baseline != nullptr;
}

core::LoadState ProducerRole::state() const {
    core::LoadState state;
    const std::scoped_lock lock(m_mutex); // for all of it: a reset in between would leave less than nothing
    const core::Snapshot now = total();
    const auto any = [this](bool (Load::*is)() const) {
        return (m_baseline && (*m_baseline.*is)()) || (m_load && (*m_load.*is)());
    };
    const bool idle = (!m_baseline || m_baseline->idle()) && (!m_load || m_load->idle());
    state.activity = any(&Load::paused)     ? Activity::Paused
                     : any(&Load::bursting) ? Activity::Bursting
                     : idle                 ? Activity::Idle
                                            : Activity::Running;
    const Load* const named = m_load ? m_load.get() : m_baseline.get();
    state.scenario = named != nullptr ? named->name() : "";
    state.id = named != nullptr ? named->id() : "";
    state.started = m_starting || (m_load && !m_load->idle());
    state.counts = difference(now.producer(), m_resetCounts);
    state.target = targetOf(now);
    state.seconds = core::secondsOf(Clock::now() - m_resetAt);
    return state;
}

core::Status ProducerRole::start(std::string_view text) {
    auto scenario = readForeign(text, m_options.settings.kafka);
    if (!scenario) {
        return scenario.error();
    }
    {
        const std::scoped_lock lock(m_mutex);
        if (m_starting || (m_load && !m_load->idle())) {
            return core::invalid("A scenario is on already.", "Stop it first");
        }
        m_starting = true;
    }
    retire(m_load);
    auto opened = Load::open({*scenario, m_options.broker, Load::ownHead(*scenario)},
                             [this](const core::Mark& mark) { m_health.note(mark); });
    const std::scoped_lock lock(m_mutex);
    m_starting = false;
    if (!opened) {
        return opened.error();
    }
    m_load = std::move(*opened);
    m_load->start();
    return {};
}

core::Status ProducerRole::command(const core::Command& command) {
    const std::scoped_lock lock(m_mutex);
    if (!m_baseline) {
        return core::transient("There is no broker yet: " + m_health.reason(core::End::Broker).value_or("connecting"));
    }
    if (std::holds_alternative<core::BurstCommand>(command)) {
        return m_baseline->command(command);
    }
    if (const auto* const rate = std::get_if<core::RateCommand>(&command)) {
        const bool mine = m_load && (rate->stream.empty() ? !m_load->idle() : m_load->hasStream(rate->stream));
        if (!mine && !rate->stream.empty() && !m_baseline->hasStream(rate->stream)) {
            return core::invalid(fmt::format("No load has a stream '{}'.", rate->stream));
        }
        return (mine ? m_load : m_baseline)->command(command);
    }
    m_baselineStopped = m_baselineStopped || std::holds_alternative<core::StopCommand>(command);
    const core::Status first = m_baseline->command(command);
    const core::Status second = m_load ? m_load->command(command) : first;
    return first ? first : second;
}

void ProducerRole::reset() {
    const std::scoped_lock lock(m_mutex);
    m_resetCounts = total().producer();
    m_resetAt = Clock::now();
}

} // namespace services
