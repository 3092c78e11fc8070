// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/format/event_codec.h"
#include "services/consumer/consumer_worker.h"

#include <algorithm>
#include <deque>
#include <map>
#include <vector>

/// Hand-written stand-ins for what a consumer worker meets. All of them live on the test's own thread, in a world whose
/// clock moves only when somebody waits, and write what they are asked into one journal.
namespace fakes {

using core::Instant;
using core::Nanoseconds;
using core::Offset;
using core::Partition;
using core::TopicPartition;
using std::chrono::milliseconds;
using std::chrono::seconds;

inline const core::WallTime kWall{Nanoseconds(1'767'225'600'000'000'000)}; // 2026-01-01T00:00:00Z
inline const Instant kStart{seconds(1000)};
inline constexpr std::uint32_t kRunTag = 4242;

inline TopicPartition partition(int id) {
    return {"log-events", Partition{id}};
}

struct World {
    Instant now = kStart; ///< wall clock: kWall at kStart
    std::vector<std::string> journal;
    std::stop_source stop;
};

struct Message final : core::PolledMessage {
    TopicPartition from;
    Offset at;
    std::string keyText, text, headerId;
    std::optional<core::WallTime> written{};

    std::string_view topic() const override { return from.topic; }
    Partition partition() const override { return from.partition; }
    Offset offset() const override { return at; }
    std::string_view key() const override { return keyText; }
    std::string_view payload() const override { return text; }
    std::string_view header(const char* name) const override {
        return std::string_view(name) == "millrace-id" ? std::string_view(headerId) : std::string_view();
    }
    std::optional<core::WallTime> timestamp() const override { return written; }
};

/// Plays a script, one step a poll; when it is over, the worker is told to stop.
struct Subscriber final : core::Subscriber {
    using Polled = core::Result<std::unique_ptr<core::PolledMessage>>;
    struct Step {
        std::function<Polled(Subscriber&)> play;
        bool message = false; ///< kept back while paused
    };

    Subscriber(World& w, core::AssignmentListener& l, std::deque<Step>& s) : world(w), listener(l), script(s) {}

    Polled poll(Nanoseconds timeout) override {
        if (script.empty() || (paused && script.front().message)) {
            world.now += timeout;
            if (++idlePolls > kPatience) {
                world.stop.request_stop();
            }
            return std::unique_ptr<core::PolledMessage>();
        }
        const Step step = std::move(script.front());
        script.pop_front();
        return step.play(*this);
    }
    void pause() override { paused = true, world.journal.push_back("pause"); }
    void resume() override { paused = false, world.journal.push_back("resume"); }
    void seek(const TopicPartition& p, Offset o) override {
        world.journal.push_back("seek " + std::to_string(p.partition.id) + "@" + std::to_string(o.value));
    }
    void mirror(const std::vector<std::pair<TopicPartition, Offset>>& positions) override {
        for (const auto& [where, next] : positions) {
            world.journal.push_back("mirror " + std::to_string(where.partition.id) + "@" + std::to_string(next.value));
        }
    }
    void close() override { world.journal.push_back("close"); }
    std::uint64_t offsetGap() const override { return gap; }
    std::optional<std::string> popNotice() override { return std::nullopt; }

    World& world;
    core::AssignmentListener& listener;
    std::deque<Step>& script;
    bool paused = false;
    int idlePolls = 0;
    static constexpr int kPatience = 500;
    std::uint64_t gap = 0;
};

/// A store in memory with a primary key; `answers` are given before it does its work.
struct StoreSession final : core::StoreSession {
    using Answer = std::function<core::Result<core::CommitOutcome>(const core::StoreBatch&)>;
    struct Content {
        std::map<TopicPartition, Offset> offsets;
        std::vector<core::EventId> ids;
        std::vector<std::string> deadLetters; ///< payload: reason
        std::vector<core::ConsumerCounts> batches;
        std::vector<std::string> messages;
        std::deque<Answer> answers;
        std::deque<core::Error> ownFaults;
        std::vector<Nanoseconds> limits; ///< of the commits
        std::int64_t epoch = 0;
        core::Result<std::optional<core::CommitOutcome>> resolved{std::optional<core::CommitOutcome>()};
        std::string tag = "store";
    };
    StoreSession(World& w, Content& c) : world(w), content(c) {}

    core::Result<std::vector<core::Ownership>> own(const std::vector<TopicPartition>& partitions) override;
    core::Result<core::Ownership> setPosition(const core::Ownership& owned, Offset next) override {
        world.journal.push_back("position " + std::to_string(next.value));
        content.offsets[owned.partition] = next;
        return core::Ownership{owned.partition, owned.epoch, next};
    }
    core::Result<core::CommitOutcome> commit(const core::StoreBatch& batch, Nanoseconds limit) override;
    core::Result<std::optional<core::CommitOutcome>> resolve(Nanoseconds) override {
        world.journal.push_back("resolve");
        return content.resolved;
    }
    std::string tag() const override { return content.tag; }

    World& world;
    Content& content;
};

inline core::Result<std::vector<core::Ownership>> StoreSession::own(const std::vector<TopicPartition>& partitions) {
    if (!content.ownFaults.empty()) {
        core::Error fault = content.ownFaults.front();
        content.ownFaults.pop_front();
        return fault;
    }
    std::vector<core::Ownership> owned;
    ++content.epoch;
    for (const TopicPartition& each : partitions) {
        const auto known = content.offsets.find(each);
        owned.push_back({each, content.epoch,
                         known == content.offsets.end() ? std::nullopt : std::optional<Offset>(known->second)});
    }
    return owned;
}

inline core::Result<core::CommitOutcome> StoreSession::commit(const core::StoreBatch& batch, Nanoseconds limit) {
    content.limits.push_back(limit);
    world.journal.push_back("commit " + std::to_string(batch.rows.size()));
    world.now += milliseconds(1);
    if (!content.answers.empty()) {
        const Answer answer = std::move(content.answers.front());
        content.answers.pop_front();
        return answer(batch);
    }
    for (const core::OffsetAdvance& advance : batch.offsets) {
        if (content.offsets[advance.partition] != advance.from || advance.epoch != content.epoch) {
            return core::CommitOutcome{core::CommitOutcome::Kind::Fenced, {}, {}, "the position has moved"};
        }
        content.offsets[advance.partition] = advance.to;
    }
    core::CommitOutcome outcome;
    for (std::uint32_t row = 0; row < batch.rows.size(); ++row) {
        const core::EventRow& event = batch.rows[row];
        if (std::ranges::find(content.ids, event.id) != content.ids.end()) {
            outcome.alreadyStored.push_back(row);
            continue;
        }
        content.ids.push_back(event.id);
        content.messages.emplace_back(event.message);
    }
    for (const core::DeadLetter& letter : batch.deadLetters) {
        content.deadLetters.push_back(std::string(letter.payload) + ": " + letter.reason);
    }
    content.batches.push_back(batch.counts);
    return outcome;
}

struct Filter final : core::DuplicateFilter {
    struct Content {
        std::vector<core::EventId> known;
        std::vector<core::EventId> asked;
        bool down = false;
    };
    Filter(World& w, Content& c) : world(w), content(c) {}

    std::uint64_t lookUp(std::span<const core::EventId> ids, std::vector<std::uint8_t>& known) override {
        world.journal.push_back("look up " + std::to_string(ids.size()));
        content.asked.insert(content.asked.end(), ids.begin(), ids.end());
        for (std::size_t i = 0; i < ids.size() && !content.down; ++i) {
            known[i] = std::ranges::find(content.known, ids[i]) != content.known.end() ? 1 : 0;
        }
        return content.down ? ids.size() : 0;
    }
    void remember(std::span<const core::EventId> ids) override {
        world.journal.push_back("remember " + std::to_string(ids.size()));
        content.known.insert(content.known.end(), ids.begin(), ids.end());
    }
    std::optional<std::string> popNotice() override { return std::nullopt; }

    World& world;
    Content& content;
};

struct Account final : core::EventAccount {
    explicit Account(World& w) : world(w) {}
    void committed(std::span<const core::OwnFate> given) override {
        world.journal.push_back("count " + std::to_string(given.size()));
        for (const core::OwnFate& fate : given) {
            fates.push_back(std::to_string(fate.stream) + "/" + std::to_string(fate.sequence) + " " +
                            (fate.kind == core::OwnFate::Kind::Stored      ? "stored"
                             : fate.kind == core::OwnFate::Kind::Duplicate ? "duplicate"
                                                                           : "dead-lettered"));
        }
    }
    std::optional<Nanoseconds> sendDelay(std::uint8_t, std::uint64_t) const override { return delay; }

    World& world;
    std::vector<std::string> fates;
    std::optional<Nanoseconds> delay;
};

} // namespace fakes
