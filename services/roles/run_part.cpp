// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/roles/run_part.h"

#include <array>
#include <map>

namespace services {
namespace {

using RunActivity = core::LoadState::Activity;

constexpr std::array<std::pair<core::End, const char*>, 3> kEnds{
    {{core::End::Broker, "kafka"}, {core::End::Store, "postgresql"}, {core::End::Filter, "redis"}}};

} // namespace

core::Snapshot RunPart::snapshot() const {
    const core::Snapshot taken = m_run.status().snapshot;
    core::Snapshot totals = core::tierTotals();
    addTo(totals, taken);
    totals.at = taken.at;
    totals.sinceStart = taken.sinceStart;
    return totals;
}

std::vector<core::Component> RunPart::components() const {
    std::map<core::End, std::map<std::string, std::string>> reasons; // by who met the fault
    for (const core::Mark& mark : m_run.status().timeline) {
        if (mark.end && mark.kind == core::MarkKind::Fault) {
            reasons[*mark.end][mark.name] = mark.detail;
        } else if (mark.end && mark.kind == core::MarkKind::Recovery) {
            reasons[*mark.end].erase(mark.name);
        }
    }
    std::vector<core::Component> all;
    for (const auto& [end, name] : kEnds) {
        const auto& now = reasons[end];
        all.push_back({name, now.empty(), end != core::End::Filter, now.empty() ? "" : now.begin()->second});
    }
    return all;
}

bool RunPart::ready() const {
    return m_run.status().phase != core::Phase::Preparing;
}

core::LoadState RunPart::state() const {
    const std::scoped_lock lock(m_mutex); // for all of it: a reset in between would leave less than nothing
    const core::RunStatus status = m_run.status();
    const bool underLoad = status.phase == core::Phase::Warmup || status.phase == core::Phase::Stages;
    core::LoadState state;
    state.activity = status.paused ? RunActivity::Paused : underLoad ? RunActivity::Running : RunActivity::Idle;
    state.scenario = m_scenario;
    state.started = !m_run.finished();
    state.target = targetOf(status.snapshot);
    state.counts = difference(status.snapshot.producer(), m_resetCounts);
    state.seconds = core::secondsOf(status.snapshot.sinceStart) - m_resetAt;
    return state;
}

core::Status RunPart::start(std::string_view) {
    return core::invalid("This is a run of one scenario; it takes no other.", "'serve --role producer' does");
}

void RunPart::reset() {
    const std::scoped_lock lock(m_mutex);
    const core::Snapshot now = m_run.status().snapshot;
    m_resetCounts = now.producer();
    m_resetAt = core::secondsOf(now.sinceStart);
}

} // namespace services
