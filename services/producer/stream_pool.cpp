// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/producer/stream_pool.h"

#include <algorithm>
#include <numeric>

namespace services {

namespace {

/// How much of its load a stream may have in flight: what its queue holds, but no more than twice what comes due
/// until their deadline, for memory is touched for each. Some thousand in any case: a command may raise the rate.
std::uint32_t inFlightAtMost(const core::TierSettings& tier, core::Rate peak) {
    constexpr double kFewest = 8'192;
    const double due = 2 * peak.perSecond * core::secondsOf(tier.deadline);
    return due < kFewest ? std::min(tier.queue, static_cast<std::uint32_t>(kFewest))
                         : static_cast<std::uint32_t>(std::min<double>(tier.queue, due));
}

/// The stream for live bursts: its shape is the first stream's.
core::Stream burstStream(const core::Scenario& scenario) {
    core::Stream stream = scenario.streams.front();
    stream.name = core::kLiveBurst;
    stream.start = {};
    stream.stages.clear();
    return stream;
}

/// Of every stream, and of the live bursts.
std::vector<core::StreamShare> everything(const core::Scenario& scenario) {
    std::vector<core::StreamShare> whole;
    for (std::size_t i = 0; i <= scenario.streams.size(); ++i) {
        whole.push_back({static_cast<std::uint8_t>(i), {}});
    }
    return whole;
}

core::Stream streamOf(const core::Scenario& scenario, const core::StreamShare& share) {
    return share.stream < scenario.streams.size() ? scenario.streams[share.stream] : burstStream(scenario);
}

} // namespace

std::vector<core::RunLanes::StreamName> StreamPool::names(const core::Scenario& scenario,
                                                          const std::vector<core::StreamShare>& shares) {
    std::vector<core::RunLanes::StreamName> names;
    for (const core::StreamShare& share : shares.empty() ? everything(scenario) : shares) {
        const core::Stream stream = streamOf(scenario, share);
        names.push_back({stream.name, stream.tier});
    }
    return names;
}

core::Result<std::unique_ptr<StreamPool>> StreamPool::create(const core::Scenario& scenario,
                                                             const core::ClockPair& clocks, std::uint32_t runTag,
                                                             const MessageFiles& files, const OpenPublisher& open,
                                                             core::RunLanes& lanes, RunAccount& account,
                                                             const std::vector<core::StreamShare>& shares) {
    auto pool = std::make_unique<StreamPool>();
    const std::vector<core::StreamShare> sent = shares.empty() ? everything(scenario) : shares;
    for (std::size_t i = 0; i < sent.size(); ++i) {
        const core::StreamShare& share = sent[i];
        const core::Stream stream = streamOf(scenario, share);
        const core::TierSettings& tier = scenario.kafka.tier(stream.tier);
        const std::uint8_t number = share.stream;
        const auto file = files.find(stream.event.messageFile);
        auto member = std::make_unique<Member>();
        member->name = stream.name;
        core::Schedule schedule(core::stagesWithWarmup(stream, scenario.warmup), stream.arrival,
                                core::arrivalSeed(scenario.seed, number));
        const bool standsReady = i + 1 == sent.size();
        const std::uint32_t places = standsReady ? tier.queue : inFlightAtMost(tier, schedule.peakRate());
        member->thread = std::make_unique<StreamThread>(
            StreamSettings{number, stream.tier, tier.deadline, places, share.share, clocks},
            core::Plan(std::move(schedule)),
            core::EventGenerator(stream.event, scenario.seed, number, runTag,
                                 file == files.end() ? nullptr : &file->second, share.share),
            lanes.stream(i), lanes.times(), account);
        auto publisher = open(stream, *member->thread);
        if (!publisher) {
            return publisher.error();
        }
        member->publisher = std::move(*publisher);
        member->thread->attach(*member->publisher);
        pool->m_streams.push_back(std::move(member));
    }
    return pool;
}

StreamPool::~StreamPool() {
    finish({});
}

void StreamPool::start() {
    m_started = true;
    for (const auto& member : m_streams) {
        member->body = std::jthread([this, m = member.get()](const std::stop_token& stop) {
            m->thread->run(stop);
            m->publisher->finish(core::Nanoseconds(m_finishLimit.load(std::memory_order_acquire)));
            m->thread->leaveInDoubt();
            m->left.store(true, std::memory_order_release);
        });
    }
}

void StreamPool::command(const StreamCommand& command) {
    for (const auto& member : m_streams) {
        member->thread->command(command);
    }
}

void StreamPool::pause(core::Instant at) {
    for (const auto& member : m_streams) {
        if (member != m_streams.back() || burstOn()) {
            member->thread->command(StreamPause{at});
        }
    }
}

void StreamPool::resume(core::Instant at) {
    command(StreamResume{at});
}

void StreamPool::setRate(const std::string& stream, core::Rate rate, core::Instant at) {
    std::vector<core::Rate> now = targets();
    now.pop_back(); // the burst's stays
    double total = 0;
    for (const core::Rate each : now) {
        total += each.perSecond;
    }
    for (std::size_t i = 0; i < now.size(); ++i) {
        if (stream == m_streams[i]->name) {
            m_streams[i]->thread->command(StreamRate{at, rate});
        } else if (stream.empty() && total > 0 && now[i].perSecond > 0) {
            m_streams[i]->thread->command(StreamRate{at, {rate.perSecond * now[i].perSecond / total}});
        }
    }
}

void StreamPool::startBurst(core::Rate rate, core::Nanoseconds duration, core::Instant at) {
    m_streams.back()->thread->command(StreamBurst{at, rate, duration});
}

void StreamPool::stop(bool giveUp) {
    command(StreamStop{giveUp});
}

void StreamPool::finish(core::Nanoseconds limit) {
    m_finishLimit.store(limit.count(), std::memory_order_release);
    for (const auto& member : m_streams) {
        member->body.request_stop();
    }
}

void StreamPool::finishBy(core::Instant latest) {
    for (const auto& member : m_streams) {
        member->publisher->finishBy(latest);
    }
}

bool StreamPool::left() const {
    return !m_started || std::ranges::all_of(m_streams, [](const auto& m) { return m->left.load(); });
}

bool StreamPool::idle() const {
    return std::ranges::all_of(m_streams, [](const auto& m) { return m->thread->idle(); });
}

std::vector<core::Rate> StreamPool::targets() const {
    std::vector<core::Rate> targets;
    for (const auto& member : m_streams) {
        targets.push_back(member->thread->target());
    }
    return targets;
}

double StreamPool::asked() const {
    return std::accumulate(m_streams.begin(), m_streams.end(), 0.0,
                           [](double sum, const auto& member) { return sum + member->thread->asked(); });
}

std::vector<core::Mark> StreamPool::popNotices() {
    std::vector<core::Mark> notices;
    for (const auto& member : m_streams) {
        if (auto notice = member->publisher->popNotice()) {
            notices.push_back({.kind = core::MarkKind::Warning,
                               .name = member->name,
                               .detail = std::move(*notice),
                               .end = core::End::Broker});
        }
    }
    return notices;
}

} // namespace services
