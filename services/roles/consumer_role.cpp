// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/roles/consumer_role.h"

#include "services/consumer/back_off.h"
#include "services/consumer/consumer_pool.h"
#include "services/host/host_probe.h"
#include "services/roles/rest.h"
#include "services/run/pipeline.h"

#include <spdlog/spdlog.h>

namespace services {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr core::Nanoseconds kTick = 100ms;
constexpr core::Nanoseconds kAskEvery = 5s;  // the store, whether it answers
constexpr core::Nanoseconds kKeepEvery = 6h; // partitions are created two days ahead

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

/// One group of workers on connected servers. Destroyed from the last to the first.
struct ConsumerRole::Session {
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
    m_health.found(core::End::Broker, reason);
    m_health.found(core::End::Store, reason);
}

core::Result<std::unique_ptr<ConsumerRole::Session>> ConsumerRole::open(const std::stop_token& stop) {
    const core::Scenario scenario = withAllTiers(m_options.settings);
    RunHead head = newRunHead(clockPair(), static_cast<std::uint32_t>(core::kTiers.size()), {});
    head.identity.everyEventAs = 0; // each tier's workers put their own number here
    const auto note = [this](const core::Mark& mark) { m_health.note(mark); };
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
    std::unique_ptr<Session> session(
        new Session{core::RunLanes(laneNames(), ConsumerPool::workersOf(scenario), {}), {}, std::move(*pipeline)});
    session->lanes.times().measureAll();
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
    while (!stop.stop_requested()) {
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
        addTo(m_former, m_session->lanes.snapshot(Clock::now()));
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

bool ConsumerRole::ready() const {
    const std::scoped_lock lock(m_mutex);
    return m_session && m_session->pool->joined();
}

} // namespace services
