// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event_id.h"
#include "core/fleet/share_plan.h"
#include "core/measure/mark.h"
#include "core/measure/run_lanes.h"
#include "core/ports/producers.h"
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
class StreamPool final : public core::Producers {
public:
    using OpenPublisher = std::function<core::Result<std::unique_ptr<core::Publisher>>(const core::Stream& stream,
                                                                                       core::DeliverySink& sink)>;

    /// Opens the publishers; nothing is sent before start(). The files' lines, lanes and account outlive the pool.
    /// `shares`: what this process sends, the live bursts last; none: every stream as a whole.
    static core::Result<std::unique_ptr<StreamPool>> create(const core::Scenario& scenario,
                                                            const core::ClockPair& clocks, std::uint32_t runTag,
                                                            const MessageFiles& files, const OpenPublisher& open,
                                                            core::RunLanes& lanes, RunAccount& account,
                                                            const std::vector<core::StreamShare>& shares = {});
    ~StreamPool() override;

    /// Names and tiers for the lanes, that of the live bursts included; of `shares`, if there are any.
    static std::vector<core::RunLanes::StreamName> names(const core::Scenario& scenario,
                                                         const std::vector<core::StreamShare>& shares = {});

    void start() override;
    void pause(core::Instant at) override;
    void resume(core::Instant at) override;
    void setRate(const std::string& stream, core::Rate rate, core::Instant at) override;
    void startBurst(core::Rate rate, core::Nanoseconds duration, core::Instant at) override;
    void stop(bool giveUp) override;
    void finish(core::Nanoseconds limit) override;
    void finishBy(core::Instant latest) override;
    bool left() const override;

    bool idle() const override;
    bool burstOn() const override { return !m_streams.back()->thread->idle(); }
    core::Instant burstEnd() const override { return m_streams.back()->thread->end(); }
    std::vector<core::Rate> targets() const override;
    double asked() const override;
    std::vector<core::Mark> popNotices() override;

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
