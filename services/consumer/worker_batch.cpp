// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/worker_state.h"

#include <fmt/format.h>

#include <thread>

namespace services {

namespace {

constexpr core::Nanoseconds kSlice = std::chrono::milliseconds(100);

} // namespace

void ConsumerWorker::State::commitBatch() {
    const auto done = tryCommit();
    if (done) {
        return;
    }
    if (done.error().kind == core::ErrorKind::Transient) {
        hold(done.error());
    } else {
        failure = done.error();
    }
}

core::Status ConsumerWorker::State::tryCommit(core::Nanoseconds limit) {
    const auto done = steps.attempt(batch, held, *store, *filter, limit);
    if (!done) {
        return done.error();
    }
    if (done->unsound) {
        violation = done->reason;
        return core::fatal(done->reason);
    }
    if (done->fenced) {
        note(core::MarkKind::Fault, core::End::Store, done->reason);
        abandonBatch("another consumer owns its partitions");
        rejoin = true;
        return {};
    }
    std::vector<std::pair<core::TopicPartition, core::Offset>> positions;
    for (const core::OffsetAdvance& advance : held.advances()) {
        positions.emplace_back(advance.partition, advance.to);
    }
    held.stored();
    batch.clear();
    steps.reset();
    rejoinBackOff.reset();
    if (troubled) {
        setTrouble({});
        note(core::MarkKind::Recovery, core::End::Store);
    }
    subscriber->mirror(positions);
    return {};
}

/// Keeps the batch until the store is back. Polling goes on, paused, so that the group keeps us and rebalances are
/// served; one of them may take the batch away.
void ConsumerWorker::State::hold(const core::Error& fault) {
    note(core::MarkKind::Fault, core::End::Store, fault.message);
    setTrouble(fault.message);
    subscriber->pause();
    BackOff backOff;
    while (!over() && !batch.empty()) {
        waitPolling(backOff.next());
        if (over() || batch.empty()) {
            break;
        }
        const auto done = tryCommit();
        if (done) {
            break;
        }
        if (done.error().kind == core::ErrorKind::Transient) {
            setTrouble(done.error().message);
        } else {
            failure = done.error();
        }
    }
    if (!over()) {
        subscriber->resume();
    }
}

void ConsumerWorker::State::waitPolling(core::Nanoseconds pause) {
    const core::Instant until = ports.now() + pause;
    while (!over() && !batch.empty()) {
        const core::Nanoseconds left = until - ports.now();
        if (left <= core::Nanoseconds::zero()) {
            return;
        }
        auto polled = subscriber->poll(std::min(left, kSlice));
        if (!polled) {
            pollFailed(polled.error());
        } else if (*polled) {
            // Partitions that were assigned since are not paused: put the message back and pause them too.
            const core::PolledMessage& message = **polled;
            subscriber->seek({std::string(message.topic()), message.partition()}, message.offset());
            subscriber->pause();
        }
        checkAround();
    }
}

/// Commits the batch in hand within `limit`, or drops it: false. Does not poll, so it may be called inside poll().
bool ConsumerWorker::State::finishBatch(core::Nanoseconds limit) {
    const core::Instant until = ports.now() + limit;
    BackOff backOff;
    for (;;) {
        const auto done = tryCommit(until - ports.now());
        if (done) {
            return !rejoin;
        }
        if (done.error().kind != core::ErrorKind::Transient) {
            failure = done.error();
        }
        const core::Nanoseconds pause = backOff.next();
        if (failure || ports.now() + pause >= until) {
            return !abandonBatch(done.error().message);
        }
        std::this_thread::sleep_for(pause); // not wait(): after a stop it would spin
    }
}

/// Answers true, for that the batch was dropped.
bool ConsumerWorker::State::abandonBatch(const std::string& why) {
    note({.kind = core::MarkKind::Warning,
          .detail = fmt::format("A batch of {} messages was given up: {}", batch.counts().polled, why)});
    account.abandon(batch.counts().polled);
    batch.clear();
    steps.reset();
    held.rewind();
    return true;
}

} // namespace services
