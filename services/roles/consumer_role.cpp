// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/roles/consumer_role.h"

#include "services/consumer/back_off.h"
#include "services/consumer/consumer_pool.h"
#include "services/host/host_probe.h"
#include "services/producer/stream_pool.h"
#include "services/roles/foreign_scenario.h"
#include "services/roles/member_marks.h"
#include "services/roles/rest.h"
#include "services/run/load_clock.h"
#include "services/run/pipeline.h"
#include "services/target/software_versions.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace services {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr core::Nanoseconds kTick = 100ms;
constexpr core::Nanoseconds kAskEvery = 5s;          // the store, whether it answers
constexpr core::Nanoseconds kKeepEvery = 6h;         // partitions are created two days ahead
constexpr core::Nanoseconds kForgottenAfter = 10min; // a run that nobody leads any more

/// Nobody follows single events here: they belong to other processes.
class NoAccount final : public core::EventAccount {
public:
    void committed(std::span<const core::OwnFate>) override {}
    std::optional<core::Nanoseconds> sendDelay(std::uint8_t, std::uint64_t) const override { return std::nullopt; }
};

/// The settings with one stream per tier, which nothing is sent by, so that each tier's topic is in use.
core::Scenario withAllTiers(core::Scenario settings) {
    settings.streams.clear();
    for (const core::Tier tier : core::kTiers) {
        core::Stream& stream = settings.streams.emplace_back();
        stream.name = nameOf(tier);
        stream.tier = tier;
    }
    return settings;
}

std::vector<core::RunLanes::StreamName> laneNames() {
    std::vector<core::RunLanes::StreamName> names;
    for (const core::Tier tier : core::kTiers) {
        names.push_back({std::string(nameOf(tier)), tier});
    }
    return names;
}

} // namespace

/// A run that is led from elsewhere. Guarded by the role's mutex, but for what never changes.
struct ConsumerRole::Task {
    const core::RunOrder order;
    const core::Scenario scenario;
    core::RunLanes counted; // by the run's streams; nothing writes there: the shape of what follows
    core::Snapshot former;  // of sessions that have ended
    core::PartTimes times{};
    std::string trouble{};
    MemberMarks marks{};
    std::uint64_t commands = 0;
    core::Instant heard = Clock::now();
    bool over = false; // asked to end its part
    bool left = false; // and has done so

    Task(const core::RunOrder& told, core::Scenario read)
        : order(told),
          scenario(std::move(read)),
          counted(StreamPool::names(scenario), 0, LoadClock::spansOf(scenario.thresholds)),
          former(counted.snapshot({})) {}
};

/// One group of workers on connected servers. Destroyed from the last to the first.
struct ConsumerRole::Session {
    std::shared_ptr<Task> task; // the run that it counts for; null: none
    core::RunLanes lanes;
    NoAccount account;
    std::unique_ptr<Pipeline> pipeline;
    std::unique_ptr<ConsumerPool> pool{};
};

ConsumerRole::ConsumerRole(Options options)
    : m_options(std::move(options)), m_body([this](const std::stop_token& stop) { run(stop); }) {}

ConsumerRole::~ConsumerRole() = default;

void ConsumerRole::run(const std::stop_token& stop) {
    BackOff backOff;
    while (!stop.stop_requested()) {
        auto session = open(stop);
        core::Status status;
        if (session) {
            Session& opened = **session;
            {
                const std::scoped_lock lock(m_mutex);
                m_session = std::move(*session);
            }
            found(std::nullopt);
            backOff.reset();
            status = watch(opened, stop);
            endSession();
        } else {
            status = session.error();
        }
        if (!status && !stop.stop_requested()) {
            found("Nothing is consumed: " + status.error().text());
            rest(backOff.next(), stop);
        }
    }
}

void ConsumerRole::found(const std::optional<std::string>& reason) {
    {
        const std::scoped_lock lock(m_mutex);
        if (m_task) {
            m_task->trouble = reason.value_or("");
            m_task->left = m_task->left || (m_task->over && !m_session); // it never came to a session
        }
    }
    m_health.found(core::End::Broker, reason);
    m_health.found(core::End::Store, reason);
}

core::Result<std::unique_ptr<ConsumerRole::Session>> ConsumerRole::open(const std::stop_token& stop) {
    const core::Scenario scenario = withAllTiers(m_options.settings);
    const std::shared_ptr<Task> task = wanted();
    RunHead head = newRunHead(clockPair(), static_cast<std::uint32_t>(core::kTiers.size()), {});
    head.identity.everyEventAs = 0; // each tier's workers put their own number here
    if (task) {
        head = headOf(task->order);
    }
    const auto note = [this, task](const core::Mark& mark) {
        m_health.note(mark);
        if (task) {
            const std::scoped_lock lock(m_mutex);
            task->marks.add(mark);
        }
    };
    auto pipeline = Pipeline::create({.scenario = scenario,
                                      .target = m_options.target,
                                      .directory = {},
                                      .head = head,
                                      .resetOffsets = m_options.resetOffsets,
                                      .resuming = true,
                                      .giveUp = stop},
                                     note);
    if (!pipeline) {
        return pipeline.error();
    }
    std::unique_ptr<Session> session(new Session{
        task,
        core::RunLanes(task ? StreamPool::names(task->scenario) : laneNames(), ConsumerPool::workersOf(scenario),
                       task ? LoadClock::spansOf(task->scenario.thresholds) : std::vector<std::string>()),
        {},
        std::move(*pipeline)});
    if (task) {
        const std::scoped_lock lock(m_mutex);
        apply(task->times, task->order.monotonic, session->lanes.times());
    } else {
        session->lanes.times().measureAll();
    }
    const auto worker = [&ends = *session->pipeline](core::Tier tier, const std::string& name) {
        return ends.consumers().worker(tier, name);
    };
    session->pool = std::make_unique<ConsumerPool>(scenario, worker, session->lanes, session->account);
    return session;
}

/// Until the stop, or until a worker has given up: the reason.
core::Status ConsumerRole::watch(Session& session, const std::stop_token& stop) {
    core::Instant nextAsked = Clock::now() + kAskEvery;
    core::Instant nextKept = Clock::now();
    std::uint64_t bypassed = 0;
    std::uint64_t polled = 0;
    while (!stop.stop_requested() && session.task == wanted()) {
        if (auto failure = session.pool->failure()) {
            return *failure;
        }
        const core::Instant now = Clock::now();
        if (now >= nextKept) {
            const core::Status kept = keepStore(session.pipeline->store());
            if (!kept) {
                spdlog::warn("{}", kept.error().text());
            }
            nextKept = now + (kept ? kKeepEvery : core::Nanoseconds(1min));
        }
        if (now >= nextAsked) {
            nextAsked = now + kAskEvery;
            const auto tag = session.pipeline->store().tag();
            m_health.found(core::End::Store, tag ? std::nullopt : std::optional(tag.error().text()));
            if (tag &&
                *tag != session.pipeline
                            ->storeTag()) { // restored, say: what the filter knows of the other proves nothing here
                return core::transient("The store is another one than before; the consumers begin anew on it.");
            }
            const core::Snapshot counts = session.lanes.snapshot(now);
            if (counts.filterBypassed > bypassed) {
                m_health.found(core::End::Filter, "The duplicate filter does not answer; PostgreSQL finds duplicates "
                                                  "alone.");
            } else if (counts.consumer.polled > polled) { // it was asked, and answered
                m_health.found(core::End::Filter, std::nullopt);
            }
            bypassed = counts.filterBypassed;
            polled = counts.consumer.polled;
        }
        rest(kTick, stop);
    }
    return {};
}

/// Partitions for the days to come, and none for those that nobody wants any more.
core::Status ConsumerRole::keepStore(core::Store& store) const {
    const core::WallTime now = std::chrono::system_clock::now();
    const core::Status prepared = store.prepare(now);
    for (const std::string& sentence : store.shortcomings()) {
        spdlog::warn("{}", sentence);
    }
    return prepared && m_options.retention ? store.dropBefore(now - *m_options.retention) : prepared;
}

void ConsumerRole::endSession() {
    m_session->pool->stop();
    while (!m_session->pool->left()) {
        std::this_thread::sleep_for(5ms);
    }
    std::unique_ptr<Session> ended;
    {
        const std::scoped_lock lock(m_mutex);
        const core::Snapshot counted = m_session->lanes.snapshot(Clock::now());
        addTo(m_former, counted);
        if (Task* const task = m_session->task.get()) {
            addPart(task->former, counted);
            task->left = task->over;
        }
        ended = std::move(m_session);
    }
    m_health.forgetWorkers();
}

core::Snapshot ConsumerRole::snapshot() const {
    const std::scoped_lock lock(m_mutex);
    core::Snapshot sum = m_former;
    sum.at = Clock::now();
    sum.sinceStart = sum.at - m_begun;
    if (m_session) {
        addTo(sum, m_session->lanes.snapshot(sum.at));
    }
    return sum;
}

std::vector<core::Component> ConsumerRole::components() const {
    const auto component = [this](std::string name, core::End end, bool vital) {
        const auto reason = m_health.reason(end);
        return core::Component{std::move(name), !reason, vital, reason.value_or("")};
    };
    std::vector<core::Component> all{component("kafka", core::End::Broker, true),
                                     component("postgresql", core::End::Store, true)};
    if (!m_options.target.dedupe.isMemory()) {
        all.push_back(component("redis", core::End::Filter, false));
    }
    return all;
}

/// A run that nobody has asked about for long is over.
std::shared_ptr<ConsumerRole::Task> ConsumerRole::wanted() const {
    const std::scoped_lock lock(m_mutex);
    const bool on = m_task && !m_task->over && Clock::now() - m_task->heard < kForgottenAfter;
    return on ? m_task : nullptr;
}

core::Status ConsumerRole::known(std::string_view id) const {
    if (m_task && m_task->order.id == id) {
        m_task->heard = Clock::now();
        return {};
    }
    return core::invalid(fmt::format("This consumer does not know of run {}.", id));
}

core::Status ConsumerRole::prepare(const core::RunOrder& order) {
    auto scenario = readForeign(order, m_options.settings.kafka);
    if (!scenario) {
        return scenario.error();
    }
    const std::scoped_lock lock(m_mutex);
    if (m_task && m_task->order.id == order.id) {
        m_task->heard = Clock::now();
        return {};
    }
    if (m_task && !m_task->over && Clock::now() - m_task->heard < m_task->order.lease) {
        return core::transient(
            fmt::format("This consumer is busy with run {} ('{}').", m_task->order.id, m_task->scenario.name));
    }
    m_task = std::make_shared<Task>(order, std::move(*scenario));
    return {};
}

core::Status ConsumerRole::command(std::string_view id, std::uint64_t number, core::Nanoseconds /*at*/,
                                   const core::Command& /*command*/) {
    const std::scoped_lock lock(m_mutex);
    core::Status status = known(id);
    if (status) {
        m_task->commands = std::max(m_task->commands, number);
    }
    return status;
}

core::Status ConsumerRole::follow(std::string_view id, const core::PartTimes& times) {
    const std::scoped_lock lock(m_mutex);
    core::Status status = known(id);
    if (status) {
        m_task->times = times;
        if (m_session && m_session->task == m_task) {
            apply(times, m_task->order.monotonic, m_session->lanes.times());
        }
    }
    return status;
}

core::Status ConsumerRole::finish(std::string_view id, core::Nanoseconds /*limit*/) {
    const std::scoped_lock lock(m_mutex);
    core::Status status = known(id);
    if (status) {
        m_task->over = true;
        m_task->left = m_task->left || !m_session || m_session->task != m_task;
    }
    return status;
}

core::MemberReport ConsumerRole::report() const {
    const std::scoped_lock lock(m_mutex);
    core::MemberReport report;
    report.version = millraceVersion();
    report.role = "consumer";
    if (m_task) {
        report.run = core::MemberRun{.id = m_task->order.id, .left = m_task->left};
    }
    return report;
}

core::Result<core::MemberReport> ConsumerRole::report(std::string_view id, bool /*fates*/) {
    const std::scoped_lock lock(m_mutex);
    if (const core::Status status = known(id); !status) {
        return status.error();
    }
    core::MemberReport report;
    report.version = millraceVersion();
    report.role = "consumer";
    core::MemberRun& run = report.run.emplace();
    run.id = m_task->order.id;
    run.left = m_task->left;
    run.commands = m_task->commands;
    run.trouble = m_task->trouble;
    m_task->marks.writeTo(run);
    core::Snapshot& counted = report.snapshot.emplace(m_task->former);
    if (m_session && m_session->task == m_task) {
        run.joined = m_session->pool->joined();
        run.violation = m_session->pool->violation().value_or("");
        run.refusal = m_session->pipeline->consumers().refusal();
        if (run.trouble.empty()) {
            run.trouble = m_session->pool->trouble();
        }
        addPart(counted, m_session->lanes.snapshot(Clock::now()));
    }
    return report;
}

core::Result<core::RunTold> ConsumerRole::told(std::string_view id) const {
    const std::scoped_lock lock(m_mutex);
    const core::Status status = known(id);
    return status ? core::Result(core::RunTold{m_task->order, m_task->times, {}}) : status.error();
}

bool ConsumerRole::ready() const {
    const std::scoped_lock lock(m_mutex);
    return m_session && m_session->pool->joined();
}

} // namespace services
