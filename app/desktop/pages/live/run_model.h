// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/run_news.h"
#include "core/measure/backlog_trend.h"
#include "core/measure/live_series.h"

#include <QObject>
#include <deque>
#include <memory>
#include <optional>

namespace app {

class RunSession;

/// What the window knows of its run, for everything that shows it. GUI thread only; a value came in for each change.
class RunModel : public QObject {
    Q_OBJECT

public:
    enum class State { Idle, Starting, Running, Ended, Failed };

    explicit RunModel(RunSession& session, QObject* parent = nullptr);

    void starting(const QString& name); ///< the user has asked for a run
    void fail(const QString& reason);   ///< it cannot start; empty: the user gave it up

    State state() const { return m_state; }
    const QString& name() const { return m_name; }
    const std::optional<RunStarted>& run() const { return m_run; } ///< the present or the last one
    const core::RunStatus& status() const { return *m_status; }
    const std::optional<RunEnded>& result() const { return m_ended; } ///< of the last run, once it is over
    const QString& failure() const { return m_failure; }
    const QString& refusal() const { return m_refusal; } ///< of the last command; empty: it was carried out
    bool embeddedBroker() const { return m_run && m_run->target.broker.isEmbedded(); }

    const core::LiveSeries& series() const { return m_series; }
    static constexpr std::size_t kStreamsKept = 64; ///< of so many streams a time line of their own is kept
    /// Of one stream, by its place in the scenario; nullptr beyond those and before the run has begun.
    const core::LiveSeries* series(std::size_t stream) const;
    /// Between the newest snapshot and the one that is `length` older, or as old as there is; nothing before there are
    /// two.
    std::optional<core::Window> recent(core::Nanoseconds length) const;
    core::BacklogTrend trend() const; ///< of the last five seconds
    /// A snapshot that is five to ten seconds older than the newest, stream by stream; nothing before there are two.
    const core::Snapshot* base() const { return m_base ? &m_base->snapshot : nullptr; }
    /// One that is ten to fifteen seconds older, or as old as there is.
    const core::Snapshot* olderBase() const { return m_olderBase ? &m_olderBase->snapshot : base(); }

Q_SIGNALS:
    void stateChanged();
    void progressed();
    void refused();

private:
    using SharedStatus = std::shared_ptr<const core::RunStatus>;

    void apply(const RunStarted& run);
    void apply(const RunProgress& progress);
    void apply(const RunEnded& run);
    void enter(State state);
    void keep();
    void keepStreams();
    const core::Snapshot* earlier(core::Nanoseconds length) const;

    State m_state = State::Idle;
    QString m_name, m_failure, m_refusal;
    std::optional<RunStarted> m_run;
    std::optional<RunEnded> m_ended;
    SharedStatus m_status; // never null
    core::LiveSeries m_series;
    std::vector<core::LiveSeries> m_streams; // one per stream, a few of them per look
    std::size_t m_nextStream = 0;
    std::deque<core::Snapshot>
        m_sums; // of the last ten seconds, and one before; summed over the streams, which may be many
    SharedStatus m_olderBase, m_base, m_nextBase;
};

} // namespace app
