// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event_id.h"
#include "core/measure/mark.h"
#include "core/measure/run_lanes.h"
#include "core/result.h"
#include "core/scenario/scenario.h"
#include "services/producer/message_files.h"
#include "services/producer/run_account.h"
#include "services/producer/stream_thread.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace services {

/// A scenario's streams, and behind them one more that stands ready for live bursts: their threads and publishers.
class StreamPool {
public:
    using OpenPublisher = std::function<core::Result<std::unique_ptr<core::Publisher>>(const core::Stream& stream,
                                                                                       core::DeliverySink& sink)>;

    /// Opens the publishers; nothing is sent before start(). The files' lines, lanes and account outlive the pool.
    static core::Result<std::unique_ptr<StreamPool>> create(const core::Scenario& scenario,
                                                            const core::ClockPair& clocks, std::uint32_t runTag,
                                                            const MessageFiles& files, const OpenPublisher& open,
                                                            core::RunLanes& lanes, RunAccount& account);
    ~StreamPool();

    /// Names and tiers for the lanes, that of the live bursts included.
    static std::vector<core::RunLanes::StreamName> names(const core::Scenario& scenario);

    void start(); ///< the origin of the lanes' times is set
    void pause(core::Instant at);
    void resume(core::Instant at);
    /// Of the stream with that name; empty: what the streams send now is brought to `rate` in all, in proportion.
    void setRate(const std::string& stream, core::Rate rate);
    void startBurst(core::Rate rate, core::Nanoseconds duration);
    void stop(bool giveUp); ///< nothing later is planned; see StreamStop
    /// Ends the load: each thread delivers what its publisher holds within `limit` and leaves.
    void finish(core::Nanoseconds limit);
    /// After finish(), any number of times: those that are still at it purge at `latest`.
    void finishBy(core::Instant latest);
    bool left() const; ///< all threads have gone

    std::size_t size() const { return m_streams.size(); }
    bool idle() const;                                                 ///< nothing is left to send in any stream
    bool burstOn() const { return !m_streams.back()->thread->idle(); } ///< any thread
    core::Instant burstEnd() const { return m_streams.back()->thread->end(); } ///< as planned now
    std::vector<core::Rate> targets() const;                                   ///< of all streams, as planned now
    double asked() const; ///< events that their rates have asked for in the measured part so far
    std::vector<core::Mark> popNotices();

private:
    void command(const StreamCommand& command); // to every stream

    struct Member {
        std::string name;
        std::unique_ptr<StreamThread> thread;
        std::unique_ptr<core::Publisher> publisher; // destroyed before the sink it reports to
        std::atomic<bool> left{false};
        std::jthread body; // joined first
    };
    std::vector<std::unique_ptr<Member>> m_streams;
    std::atomic<std::int64_t> m_finishLimit{0};
    bool m_started = false;
};

} // namespace services
