// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/roles/run_producer.h"

#include "core/ports/command_json.h"
#include "services/roles/foreign_scenario.h"
#include "services/roles/member_marks.h"
#include "services/target/software_versions.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

constexpr core::Nanoseconds kLookAtRunEvery = 100ms;
constexpr core::Nanoseconds kLeaveLimit = 5s;   // for what was sent, when the daemon ends
constexpr core::Nanoseconds kAloneLimit = 120s; // and when nobody leads the run any more: as the slowest deadline

} // namespace

struct RunProducer::Task {
    core::RunOrder order;
    core::Scenario scenario;
    std::unique_ptr<Load> load{}; // once it is open
    MemberMarks marks{};
    std::string failure{};
    core::PartTimes times{};
    std::vector<core::RunTold::Command> commands{}; // in their order; the last number counts
    core::Instant heard = Clock::now();
    std::optional<core::Instant> finishBy{};  // asked for: until when what was sent may be delivered
    std::optional<core::Instant> finishing{}; // what of it the load knows
    bool begun = false;
    bool left = false;
    bool alone = false; // nobody leads the run any more

    core::Instant base() const { return order.monotonic; }
    std::uint64_t lastCommand() const { return commands.empty() ? 0 : commands.back().number; }
};

RunProducer::RunProducer(core::KafkaSettings kafka, core::BrokerAddress broker, TargetNote note)
    : m_kafka(std::move(kafka)),
      m_broker(std::move(broker)),
      m_note(std::move(note)),
      m_body([this](const std::stop_token& stop) { run(stop); }) {}

RunProducer::~RunProducer() = default;

void RunProducer::run(const std::stop_token& stop) {
    std::shared_ptr<Task> task;
    while (!stop.stop_requested()) {
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait_for(lock, stop, kLookAtRunEvery, [&] {
                return task != m_task || (task && task->finishBy != task->finishing && !task->left);
            });
            task = m_task;
        }
        if (!task) {
            continue;
        }
        if (!task->load && task->failure.empty()) {
            open(*task);
        } else if (task->load && !task->left) {
            checkLease(*task);
            end(*task);
        }
    }
    if (task && task->load && !task->left) {
        task->load->finish(kLeaveLimit);
    }
}

void RunProducer::open(Task& task) {
    auto opened = Load::open({task.scenario, m_broker, headOf(task.order), task.order.shares},
                             [this, &task](const core::Mark& mark) {
                                 m_note(mark);
                                 const std::scoped_lock lock(m_mutex);
                                 task.marks.add(mark);
                             });
    const std::scoped_lock lock(m_mutex);
    if (opened) {
        task.load = std::move(*opened);
    } else {
        task.failure = opened.error().text();
        task.left = true;
    }
}

/// Without anybody to lead it the load goes on to its end, or ends at once: as the order says.
void RunProducer::checkLease(Task& task) {
    const std::scoped_lock lock(m_mutex);
    for (const core::Mark& notice : task.load->popNotices()) {
        task.marks.add(notice);
    }
    const bool alone = Clock::now() - task.heard > task.order.lease;
    if (std::exchange(task.alone, alone) == alone) {
        return;
    }
    if (!alone) {
        spdlog::info("run {}: it is led again", task.order.id);
        return;
    }
    const bool ends = task.order.onControllerLoss == core::ControllerLoss::Stop;
    spdlog::warn("run {}: nobody has led it for {} s; its load {}", task.order.id, task.order.lease / 1s,
                 ends ? "ends" : "goes on to its end");
    if (ends && task.begun) {
        task.load->streams().stop(false);
    }
}

/// Ends what was asked to end, and what has nothing left to send and nobody who asks.
void RunProducer::end(Task& task) {
    const std::scoped_lock lock(m_mutex);
    core::Producers& streams = task.load->streams();
    if (!task.finishBy && task.alone && (!task.begun || streams.idle())) {
        task.finishBy = Clock::now() + kAloneLimit;
    }
    if (!task.finishBy) {
        return;
    }
    if (const auto known = std::exchange(task.finishing, task.finishBy); !known) {
        streams.finish(std::max(core::Nanoseconds{}, *task.finishBy - Clock::now()));
    } else if (*task.finishBy < *known) {
        streams.finishBy(*task.finishBy);
    }
    task.left = streams.left();
}

core::Status RunProducer::known(std::string_view id) const {
    if (m_task && m_task->order.id == id) {
        m_task->heard = Clock::now();
        return {};
    }
    return core::invalid(fmt::format("This producer does not know of run {}.", id));
}

core::Status RunProducer::prepare(const core::RunOrder& order) {
    auto scenario = readForeign(order, m_kafka);
    if (!scenario) {
        return scenario.error();
    }
    if (order.shares.empty() || order.shares.back().stream != scenario->streams.size()) {
        return core::invalid("The order does not say what this producer is to send.");
    }
    std::shared_ptr<Task> former;
    const std::scoped_lock lock(m_mutex);
    if (m_task && m_task->order.id == order.id) {
        m_task->heard = Clock::now();
        return {};
    }
    if (m_task && !m_task->left) {
        return core::transient(
            fmt::format("This producer is busy with run {} ('{}').", m_task->order.id, m_task->scenario.name));
    }
    if (m_task && m_task->load) {
        core::addTo(m_former, m_task->load->snapshot());
    }
    former = std::exchange(m_task, std::make_shared<Task>(Task{order, std::move(*scenario)}));
    m_wake.notify_all();
    return {};
}

void RunProducer::apply(Task& task, const core::PartTimes& times) {
    task.times = times;
    core::apply(times, task.base(), task.load->times());
}

core::Status RunProducer::begin(std::string_view id, const core::PartTimes& times) {
    const std::scoped_lock lock(m_mutex);
    if (core::Status status = known(id); !status) {
        return status;
    }
    if (!m_task->load) {
        return core::transient("This producer is not ready yet.");
    }
    apply(*m_task, times);
    if (!std::exchange(m_task->begun, true)) {
        m_task->load->streams().start();
    }
    return {};
}

core::Status RunProducer::follow(std::string_view id, const core::PartTimes& times) {
    const std::scoped_lock lock(m_mutex);
    core::Status status = known(id);
    if (status && m_task->load) {
        apply(*m_task, times);
    }
    return status;
}

core::Status RunProducer::command(std::string_view id, std::uint64_t number, core::Nanoseconds at,
                                  const core::Command& command) {
    const std::scoped_lock lock(m_mutex);
    if (core::Status status = known(id); !status) {
        return status;
    }
    if (number <= m_task->lastCommand()) {
        return {}; // it was taken; the answer was lost
    }
    if (!m_task->begun) {
        return core::invalid("The load has not begun.");
    }
    m_task->commands.push_back({number, at, core::toJson(command)});
    core::Producers& streams = m_task->load->streams();
    const core::Instant instant = m_task->base() + at;
    if (std::holds_alternative<core::PauseCommand>(command)) {
        streams.pause(instant);
    } else if (std::holds_alternative<core::ResumeCommand>(command)) {
        streams.resume(instant);
    } else if (const auto* rate = std::get_if<core::RateCommand>(&command)) {
        streams.setRate(rate->stream, rate->rate, instant);
    } else if (const auto* burst = std::get_if<core::BurstCommand>(&command)) {
        streams.startBurst(burst->rate, burst->duration, instant);
    } else {
        streams.stop(std::holds_alternative<core::AbortCommand>(command));
    }
    return {};
}

core::Status RunProducer::finish(std::string_view id, core::Nanoseconds limit) {
    const std::scoped_lock lock(m_mutex);
    core::Status status = known(id);
    if (status) {
        const core::Instant latest = Clock::now() + limit;
        m_task->finishBy = std::min(m_task->finishBy.value_or(latest), latest);
        m_wake.notify_all();
    }
    return status;
}

core::Status RunProducer::release(std::string_view id) {
    const std::scoped_lock lock(m_mutex);
    core::Status status = known(id);
    if (status && !m_task->left) {
        m_task->finishBy = Clock::now();
        if (m_task->load) {
            m_task->load->streams().stop(true);
        }
        m_wake.notify_all();
    }
    return status;
}

core::MemberReport RunProducer::report() const {
    const std::scoped_lock lock(m_mutex);
    core::MemberReport report;
    report.version = millraceVersion();
    report.role = "producer";
    if (m_task) {
        report.run = core::MemberRun{.id = m_task->order.id, .left = m_task->left};
    }
    return report;
}

core::Result<core::MemberReport> RunProducer::report(std::string_view id, bool fates) {
    const std::scoped_lock lock(m_mutex);
    if (const core::Status status = known(id); !status) {
        return status.error();
    }
    core::MemberReport report = reportOf(*m_task);
    if (fates && m_task->load) { // after the counts: what these hold is among the fates
        report.fates.emplace();
        for (const core::StreamShare& each : m_task->order.shares) {
            report.fates->push_back(m_task->load->account().fates(each.stream));
        }
    }
    return report;
}

core::MemberReport RunProducer::reportOf(const Task& task) const {
    core::MemberReport report;
    report.version = millraceVersion();
    report.role = "producer";
    core::MemberRun& run = report.run.emplace();
    run.id = task.order.id;
    run.joined = task.load != nullptr;
    run.begun = task.begun;
    run.left = task.left;
    run.commands = task.lastCommand();
    run.failure = task.failure;
    task.marks.writeTo(run);
    if (task.load) {
        const core::Producers& streams = task.load->streams();
        run.idle = streams.idle();
        run.burstOn = streams.burstOn();
        run.burstEnd = streams.burstEnd() - task.base();
        report.snapshot = task.load->snapshot();
    }
    return report;
}

core::Result<core::RunTold> RunProducer::told(std::string_view id) const {
    const std::scoped_lock lock(m_mutex);
    if (const core::Status status = known(id); !status) {
        return status.error();
    }
    return core::RunTold{m_task->order, m_task->begun ? std::optional(m_task->times) : std::nullopt, m_task->commands};
}

void RunProducer::addTo(core::Snapshot& tierTotals) const {
    const std::scoped_lock lock(m_mutex);
    core::addTo(tierTotals, m_former);
    if (m_task && m_task->load) {
        core::addTo(tierTotals, m_task->load->snapshot());
    }
}

} // namespace services
