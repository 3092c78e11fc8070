// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/live/run_model.h"

#include "app/desktop/bridge/run_session.h"

#include <algorithm>

namespace app {

namespace {

constexpr core::Nanoseconds kKept = std::chrono::seconds(10);
constexpr core::Nanoseconds kBaseEvery = std::chrono::seconds(5);
constexpr core::Nanoseconds kTrendOver = std::chrono::seconds(5);

} // namespace

RunModel::RunModel(RunSession& session, QObject* parent)
    : QObject(parent), m_status(std::make_shared<const core::RunStatus>()) {
    connect(&session, &RunSession::started, this, [this](const RunStarted& run) { apply(run); });
    connect(&session, &RunSession::progressed, this, [this](const RunProgress& progress) { apply(progress); });
    connect(&session, &RunSession::ended, this, [this](const RunEnded& run) { apply(run); });
    connect(&session, &RunSession::failed, this, &RunModel::fail);
    connect(&session, &RunSession::commandRefused, this, [this](const QString& reason) {
        m_refusal = reason;
        Q_EMIT refused();
    });
}

void RunModel::starting(const QString& name) {
    m_name = name;
    m_failure.clear();
    m_refusal.clear();
    m_run.reset();
    m_ended.reset();
    m_status = std::make_shared<const core::RunStatus>();
    m_series.clear();
    m_streams.clear();
    m_olderBase.reset();
    m_base.reset();
    m_nextBase.reset();
    m_sums.clear();
    enter(State::Starting);
}

void RunModel::apply(const RunStarted& run) {
    m_run = run;
    m_name = QString::fromStdString(run.scenario.name);
    enter(State::Running);
}

void RunModel::apply(const RunProgress& progress) {
    m_status = progress.status;
    if (m_status->phase != core::Phase::Preparing && (m_sums.empty() || m_status->snapshot.at > m_sums.back().at)) {
        keep();
    }
    Q_EMIT progressed();
}

void RunModel::keep() {
    const core::Snapshot& newest = m_sums.emplace_back(core::summed(m_status->snapshot));
    m_series.append(newest);
    while (m_sums.size() > 2 && newest.at - m_sums[1].at >= kKept) {
        m_sums.pop_front();
    }
    keepStreams();
    if (!m_nextBase) {
        m_nextBase = m_status;
    } else if (!m_base || newest.at - m_nextBase->snapshot.at >= kBaseEvery) {
        m_olderBase = std::exchange(m_base, std::exchange(m_nextBase, m_status));
    }
}

/// A quarter of them per look, in turn: each costs a copy of its histograms.
void RunModel::keepStreams() {
    const core::Snapshot& snapshot = m_status->snapshot;
    const std::size_t kept = std::min(snapshot.streams.size(), kStreamsKept);
    m_streams.resize(kept, core::LiveSeries({{1, 300}, {10, 360}, {60, 360}}));
    for (std::size_t looked = 0; looked < (kept + 3) / 4; ++looked) {
        m_nextStream = (m_nextStream + 1) % kept;
        m_streams[m_nextStream].append(core::alone(snapshot, m_nextStream));
    }
}

const core::LiveSeries* RunModel::series(std::size_t stream) const {
    return stream < m_streams.size() ? &m_streams[stream] : nullptr;
}

void RunModel::apply(const RunEnded& run) {
    m_ended = run;
    auto last = std::make_shared<core::RunStatus>(*m_status);
    last->phase = core::Phase::Finished;
    last->timeline = run.result->timeline;
    last->rules = run.result->verdict.rules;
    const core::Nanoseconds since = core::Instant::clock::now() - last->snapshot.at; // the account was taken just now
    last->snapshot.at += since;
    last->snapshot.sinceStart += since;
    last->snapshot.streams = run.result->streams;
    last->snapshot.consumer = run.result->ledger.consumer;
    last->progress = 1;
    m_status = std::move(last);
    enter(State::Ended);
}

void RunModel::fail(const QString& reason) {
    m_failure = reason;
    enter(reason.isEmpty() ? State::Idle : State::Failed);
}

void RunModel::enter(State state) {
    m_state = state;
    Q_EMIT stateChanged();
}

const core::Snapshot* RunModel::earlier(core::Nanoseconds length) const {
    if (m_sums.size() < 2) {
        return nullptr;
    }
    const core::Instant wanted = m_sums.back().at - length;
    const auto later = std::upper_bound(m_sums.begin(), std::prev(m_sums.end()), wanted,
                                        [](core::Instant at, const core::Snapshot& each) { return at < each.at; });
    return later == m_sums.begin() ? &m_sums.front() : &*std::prev(later);
}

std::optional<core::Window> RunModel::recent(core::Nanoseconds length) const {
    const core::Snapshot* const before = earlier(length);
    if (before == nullptr) {
        return std::nullopt;
    }
    return core::windowBetween(*before, m_sums.back());
}

core::BacklogTrend RunModel::trend() const {
    const core::Snapshot* const before = earlier(kTrendOver);
    if (before == nullptr) {
        return {};
    }
    return core::backlogTrend(core::waitingIn(*before), core::windowBetween(*before, m_sums.back()));
}

} // namespace app
