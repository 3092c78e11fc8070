// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "consumer_fakes.h"

#include <fmt/format.h>

#include <QString>

/// One consumer worker among fakes, and the words to write a script for it.
struct ConsumerBench {
    using Step = fakes::Subscriber::Step;
    using Polled = fakes::Subscriber::Polled;

    fakes::World world;
    std::deque<Step> script;
    fakes::StoreSession::Content store;
    fakes::Filter::Content filter;
    fakes::Account account{world};
    core::WorkerLane lane;
    core::RunTimes times{{"burst"}};
    std::vector<std::string> notes;
    std::vector<std::string> filterTags; ///< of the stores that filters were opened for
    bool unresolved = false;
    std::map<fakes::TopicPartition, core::Offset> logEnds;
    services::ConsumerOptions options;
    services::ConsumerPorts ports;

    ConsumerBench() {
        options.clocks = {fakes::kWall, fakes::kStart, "boot"};
        options.run = {fakes::kRunTag, 2, fakes::kWall - std::chrono::hours(1), fakes::kWall + std::chrono::hours(1)};
        for (int stream = 0; stream < 2; ++stream) {
            lane.streams.push_back(std::make_unique<core::WorkerStreamLane>());
        }
        lane.spanEndToEnd.push_back(std::make_unique<core::HistogramLane>());
        lane.spanStored.push_back(std::make_unique<core::Counter>());
        lane.spanStoredUntil.push_back(std::make_unique<core::Counter>());
        times.setMeasured(fakes::kStart - std::chrono::hours(1), fakes::kStart + std::chrono::hours(1));
        makePorts();
    }

    void makePorts() {
        ports.subscribe =
            [this](core::AssignmentListener& listener) -> core::Result<std::unique_ptr<core::Subscriber>> {
            world.journal.push_back("subscribe");
            return std::unique_ptr<core::Subscriber>(std::make_unique<fakes::Subscriber>(world, listener, script));
        };
        ports.openStore = [this](const std::stop_token&) -> core::Result<std::unique_ptr<core::StoreSession>> {
            return std::unique_ptr<core::StoreSession>(std::make_unique<fakes::StoreSession>(world, store));
        };
        ports.openFilter = [this](const std::string& storeTag) {
            filterTags.push_back(storeTag);
            return std::make_unique<fakes::Filter>(world, filter);
        };
        ports.startOf = [](const fakes::TopicPartition&) { return core::Offset{100}; };
        ports.bounds = [this](const fakes::TopicPartition& partition) {
            const auto end = logEnds.find(partition);
            return std::pair{core::Offset{0}, end == logEnds.end() ? core::Offset{1'000'000} : end->second};
        };
        ports.positionStored = [this](const fakes::TopicPartition& partition, core::Offset next) {
            world.journal.push_back(fmt::format("stored {}@{}", partition.partition.id, next.value));
        };
        ports.unresolved = [this] { unresolved = true; };
        ports.note = [this](const core::Mark& met) {
            notes.push_back(fmt::format("{}: {}", nameOf(met.kind), textOf(met)));
        };
        ports.now = [this] { return world.now; };
        ports.wallNow = [this] { return fakes::kWall + (world.now - fakes::kStart); };
    }

    core::Status run() {
        services::ConsumerWorker worker(options, ports, lane, times, account);
        return worker.run(world.stop.get_token());
    }

    core::Status play(std::vector<Step> steps) {
        script.assign(steps.begin(), steps.end());
        return run();
    }

    // --- what happens -------------------------------------------------------------------------------------------

    static core::EventId ownId(std::uint64_t sequence, std::uint8_t stream = 0, core::Nanoseconds due = {}) {
        return core::EventId::compose({fakes::kWall + due, fakes::kRunTag, stream, sequence});
    }
    static core::EventId foreignId(int last) {
        return *core::EventId::parse(fmt::format("6ba7b810-9dad-41d1-80b4-00c04fd4{:04x}", last));
    }
    static std::string payloadOf(const core::EventId& id) {
        std::string json;
        core::appendJson({id, core::Level::Info, "message of " + id.text(), "api-gateway", fakes::kWall, "trace"},
                         json);
        return json;
    }

    static Step message(int partition, std::int64_t offset, const std::string& payload, const std::string& key = {},
                        const std::string& headerId = {}) {
        return {[=](fakes::Subscriber&) -> Polled {
                    auto made = std::make_unique<fakes::Message>();
                    made->from = fakes::partition(partition);
                    made->at = core::Offset{offset};
                    made->text = payload;
                    made->keyText = key;
                    made->headerId = headerId;
                    return std::unique_ptr<core::PolledMessage>(std::move(made));
                },
                true};
    }
    static Step event(std::int64_t offset, const core::EventId& id, const std::string& key = {}) {
        return message(0, offset, payloadOf(id), key);
    }
    static Step nothing(core::Nanoseconds passing = std::chrono::milliseconds(5)) {
        return {[=](fakes::Subscriber& subscriber) -> Polled {
            subscriber.world.now += passing;
            return std::unique_ptr<core::PolledMessage>();
        }};
    }
    Step assign(const std::vector<int>& partitions) {
        return {[this, partitions](fakes::Subscriber& subscriber) -> Polled {
            const auto starts = subscriber.listener.assigned(named(partitions));
            if (!starts) {
                return starts.error();
            }
            for (const core::Offset start : *starts) {
                world.journal.push_back(fmt::format("start {}", start.value));
            }
            return std::unique_ptr<core::PolledMessage>();
        }};
    }
    static Step revoke(const std::vector<int>& partitions, bool lost = false) {
        return {[=](fakes::Subscriber& subscriber) -> Polled {
            subscriber.listener.revoked(named(partitions), lost);
            return std::unique_ptr<core::PolledMessage>();
        }};
    }
    static Step error(const core::Error& fault) {
        return {[=](fakes::Subscriber&) -> Polled { return fault; }};
    }
    static std::vector<fakes::TopicPartition> named(const std::vector<int>& partitions) {
        std::vector<fakes::TopicPartition> names;
        for (const int id : partitions) {
            names.push_back(fakes::partition(id));
        }
        return names;
    }

    // --- what the store answers, once ---------------------------------------------------------------------------

    void answer(const core::Error& fault, int times_ = 1) {
        for (int i = 0; i < times_; ++i) {
            store.answers.push_back([=](const core::StoreBatch&) { return fault; });
        }
    }
    void answer(const core::CommitOutcome& outcome) {
        store.answers.push_back([=](const core::StoreBatch&) { return outcome; });
    }
};

inline QString joined(const std::vector<std::string>& lines) {
    return QString::fromStdString(fmt::format("{}", fmt::join(lines, " | ")));
}

inline bool has(const std::vector<std::string>& lines, std::string_view part) {
    return std::ranges::any_of(lines, [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

/// polled, stored, filter, batch, store, dead-lettered, foreign, abandoned
inline QString countsOf(const core::WorkerLane& lane) {
    return QString::fromStdString(fmt::format("{} {} {} {} {} {} {} {}", lane.polled.value(), lane.stored.value(),
                                              lane.duplicateFilter.value(), lane.duplicateBatch.value(),
                                              lane.duplicateStore.value(), lane.deadLettered.value(),
                                              lane.foreign.value(), lane.abandoned.value()));
}

inline core::LatencyHistogram read(const core::HistogramLane& lane) {
    core::LatencyHistogram sum;
    lane.addTo(sum);
    return sum;
}

inline const core::Error kStoreDown = core::transient("PostgreSQL does not answer");
