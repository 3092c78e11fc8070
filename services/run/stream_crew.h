// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/scenario/scenario.h"
#include "services/producer/message_files.h"
#include "services/producer/run_book.h"
#include "services/producer/stream_thread.h"
#include "services/run/pipeline.h"
#include "services/run/run_lanes.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace services {

/// A scenario's streams, and behind them one more that stands ready for live bursts: their threads and publishers.
class StreamCrew {
public:
    /// Makes the publishers; nothing is sent before start().
    static core::Result<std::unique_ptr<StreamCrew>> create(const core::Scenario& scenario, const RunHead& head,
                                                            const MessageFiles& files, Pipeline& pipeline,
                                                            RunLanes& lanes, RunBook& book);
    ~StreamCrew();

    /// The stream for live bursts: its shape is the first stream's.
    static core::Stream burstStream(const core::Scenario& scenario);

    void start();                               ///< the origin of the lanes' times is set
    void command(const StreamCommand& command); ///< to every stream but the burst's
    void command(std::size_t stream, const StreamCommand& command);
    /// Ends the load: each thread delivers what its publisher holds within `limit` and leaves.
    void finish(core::Nanoseconds limit);
    bool left() const; ///< all threads have gone

    std::size_t size() const { return m_streams.size(); }
    std::size_t burst() const { return m_streams.size() - 1; }
    bool idle() const; ///< nothing is left to send in any stream
    bool idle(std::size_t stream) const { return m_streams[stream]->thread->idle(); }
    core::Rate target(std::size_t stream) const { return m_streams[stream]->thread->target(); }
    core::Instant end() const; ///< of the longest stream, as planned now
    core::Instant end(std::size_t stream) const { return m_streams[stream]->thread->end(); }
    std::vector<core::Mark> takeNotices();

private:
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
