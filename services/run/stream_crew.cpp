// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/stream_crew.h"

#include <algorithm>

namespace services {

namespace {

core::Plan planOf(const core::Stream& stream, core::Nanoseconds warmup, std::uint64_t seed) {
    return core::Plan(core::Schedule(core::stagesWithWarmup(stream, warmup), stream.arrival, seed));
}

} // namespace

core::Stream StreamCrew::burstStream(const core::Scenario& scenario) {
    core::Stream stream = scenario.streams.front();
    stream.name = "live burst";
    stream.start = {};
    stream.stages.clear();
    return stream;
}

core::Result<std::unique_ptr<StreamCrew>> StreamCrew::create(const core::Scenario& scenario, const RunHead& head,
                                                             const MessageFiles& files, Pipeline& pipeline,
                                                             RunLanes& lanes, RunBook& book) {
    auto crew = std::make_unique<StreamCrew>();
    std::vector<core::Stream> streams = scenario.streams;
    streams.push_back(burstStream(scenario));
    for (std::size_t i = 0; i < streams.size(); ++i) {
        const core::Stream& stream = streams[i];
        const core::TierSettings& tier = scenario.kafka.tier(stream.tier);
        const auto number = static_cast<std::uint8_t>(i);
        const auto file = files.find(stream.event.messageFile);
        auto member = std::make_unique<Member>();
        member->name = stream.name;
        member->thread = std::make_unique<StreamThread>(
            StreamSettings{number, tier.deadline, tier.queue, head.clocks},
            planOf(stream, scenario.warmup, core::arrivalSeed(scenario.seed, number)),
            core::EventGenerator(stream.event, scenario.seed, number, head.identity.runTag,
                                 file == files.end() ? nullptr : &file->second),
            lanes.stream(i), lanes.times(), book);
        auto publisher = pipeline.publisher(stream, *member->thread);
        if (!publisher) {
            return publisher.error();
        }
        member->publisher = std::move(*publisher);
        member->thread->attach(*member->publisher);
        crew->m_streams.push_back(std::move(member));
    }
    return crew;
}

StreamCrew::~StreamCrew() {
    finish({});
}

void StreamCrew::start() {
    m_started = true;
    for (const auto& member : m_streams) {
        member->body = std::jthread([this, m = member.get()](std::stop_token stop) {
            m->thread->run(stop);
            m->publisher->finish(core::Nanoseconds(m_finishLimit.load(std::memory_order_acquire)));
            m->left.store(true, std::memory_order_release);
        });
    }
}

void StreamCrew::command(const StreamCommand& command) {
    for (std::size_t i = 0; i < burst(); ++i) {
        m_streams[i]->thread->command(command);
    }
}

void StreamCrew::command(std::size_t stream, const StreamCommand& command) {
    m_streams[stream]->thread->command(command);
}

void StreamCrew::finish(core::Nanoseconds limit) {
    m_finishLimit.store(limit.count(), std::memory_order_release);
    for (const auto& member : m_streams) {
        member->body.request_stop();
    }
}

bool StreamCrew::left() const {
    return !m_started || std::ranges::all_of(m_streams, [](const auto& m) { return m->left.load(); });
}

bool StreamCrew::idle() const {
    return std::ranges::all_of(m_streams, [](const auto& m) { return m->thread->idle(); });
}

core::Instant StreamCrew::end() const {
    core::Instant latest{};
    for (const auto& member : m_streams) {
        latest = std::max(latest, member->thread->end());
    }
    return latest;
}

std::vector<core::Mark> StreamCrew::takeNotices() {
    std::vector<core::Mark> notices;
    for (const auto& member : m_streams) {
        if (auto notice = member->publisher->takeNotice()) {
            notices.push_back({.kind = core::MarkKind::Warning,
                               .name = member->name,
                               .detail = std::move(*notice),
                               .end = core::End::Broker});
        }
    }
    return notices;
}

} // namespace services
