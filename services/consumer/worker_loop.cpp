// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/grace_period.h"
#include "services/consumer/worker_state.h"

#include <algorithm>
#include <condition_variable>

namespace services {

namespace {

using std::chrono::milliseconds;

constexpr core::Nanoseconds kIdlePoll = milliseconds(100);
constexpr core::Nanoseconds kStopGrace = std::chrono::seconds(2); // for the batch in hand when told to stop

} // namespace

ConsumerWorker::State::State(ConsumerOptions givenOptions, ConsumerPorts givenPorts, core::WorkerLane& workerLane,
                             const core::RunTimes& times, core::EventAccount& events)
    : options(std::move(givenOptions)),
      ports(std::move(givenPorts)),
      lane(workerLane),
      batch(options.batch, options.run),
      account(workerLane, times, events, options.clocks),
      steps(ports, options.criticalTier, account, workerLane) {}

core::Status ConsumerWorker::State::run(std::stop_token stopToken) {
    stop = std::move(stopToken);
    const GracePeriod grace(stop, kStopGrace);
    if (auto opened = openStore(grace.token()); !opened) {
        return opened;
    }
    if (!store) {
        return {};
    }
    filter = ports.openFilter();
    while (!stop.stop_requested() && !failure) {
        if (auto subscribed = subscribe(); !subscribed) {
            return subscribed;
        }
        if (!subscriber) {
            break;
        }
        consume();
        leave();
    }
    filter.reset();
    store.reset();
    return failure ? core::Status(*failure) : core::Status();
}

/// Leaves `store` empty only when told to stop.
core::Status ConsumerWorker::State::openStore(std::stop_token storeStop) {
    BackOff backOff;
    while (!stop.stop_requested()) {
        auto opened = ports.openStore(storeStop);
        if (opened) {
            store = std::move(*opened);
            setTrouble({});
            return {};
        }
        if (opened.error().kind != core::ErrorKind::Transient) {
            return opened.error();
        }
        setTrouble(opened.error().message);
        wait(backOff.next());
    }
    return {};
}

/// Leaves `subscriber` empty only when told to stop.
core::Status ConsumerWorker::State::subscribe() {
    rejoin = false;
    while (!stop.stop_requested()) {
        auto subscribed = ports.subscribe(*this);
        if (subscribed) {
            subscriber = std::move(*subscribed);
            return {};
        }
        if (subscribed.error().kind != core::ErrorKind::Transient) {
            return subscribed.error();
        }
        setTrouble(subscribed.error().message);
        wait(rejoinBackOff.next());
    }
    return {};
}

void ConsumerWorker::State::consume() {
    while (!over()) {
        pollOnce();
    }
    if (batch.empty()) {
        return;
    }
    if (failure) {
        abandonBatch(failure->message);
    } else {
        finishBatch(kStopGrace);
    }
}

void ConsumerWorker::State::leave() {
    checkAround();
    subscriber->close(); // may revoke, with no batch in hand
    formerGap += subscriber->offsetGap();
    subscriber.reset();
    held.clear();
    if (!stop.stop_requested() && !failure) {
        wait(rejoinBackOff.next());
    }
}

void ConsumerWorker::State::pollOnce() {
    auto polled = subscriber->poll(pollTimeout());
    if (!polled) {
        pollFailed(polled.error());
    } else if (*polled) {
        idle = false;
        accept(**polled);
        if (batch.full()) {
            commitBatch();
            checkAround();
        }
        return;
    }
    checkAround();
    idle = true;
    if (!over() && !batch.empty() && ports.now() - batch.firstPolled() >= options.settings.linger) {
        commitBatch();
    }
}

/// The linger counts only while nothing is at hand: first a look without waiting, then the rest of the linger.
core::Nanoseconds ConsumerWorker::State::pollTimeout() const {
    if (batch.empty()) {
        return kIdlePoll;
    }
    if (!idle) {
        return core::Nanoseconds::zero();
    }
    const core::Nanoseconds left = batch.firstPolled() + options.settings.linger - ports.now();
    return std::clamp(left, core::Nanoseconds::zero(), kIdlePoll);
}

void ConsumerWorker::State::pollFailed(const core::Error& error) {
    if (failure || rejoin) { // by a call of the listener inside poll(), which knows better why
        return;
    }
    if (error.kind != core::ErrorKind::Transient) {
        failure = error;
        return;
    }
    if (!pollTrouble) {
        note(core::MarkKind::Fault, core::End::Broker, error.message);
    }
    pollTrouble = true;
    setTrouble(error.message);
    wait(milliseconds(10)); // in case that the client answers the same at once, again and again
}

void ConsumerWorker::State::accept(const core::PolledMessage& message) {
    if (pollTrouble) {
        pollTrouble = false;
        setTrouble({});
        note(core::MarkKind::Recovery, core::End::Broker);
    }
    AssignedPartition* const holding = held.find(message.topic(), message.partition());
    // A partition that is no longer ours, or a repetition of what the batch or the store has already.
    if (holding == nullptr || message.offset() < holding->read) {
        account.abandon(1);
        return;
    }
    if (batch.empty()) {
        wallNow = ports.wallNow();
    }
    batch.add(message, holding->partition, ports.now(), wallNow);
    holding->read = core::Offset{message.offset().value + 1};
}

/// What the others have to say; asked when there is time.
void ConsumerWorker::State::checkAround() {
    if (!subscriber) {
        return;
    }
    lane.offsetGap.set(formerGap + subscriber->offsetGap());
    if (auto notice = subscriber->popNotice()) {
        note(core::MarkKind::Warning, core::End::Broker, std::move(*notice));
    }
    if (auto notice = filter->popNotice()) {
        note(core::MarkKind::Warning, core::End::Filter, std::move(*notice));
    }
}

void ConsumerWorker::State::wait(core::Nanoseconds pause) {
    std::mutex mutex;
    std::condition_variable_any sleeper;
    std::unique_lock lock(mutex);
    sleeper.wait_for(lock, stop, pause, [] { return false; });
}

void ConsumerWorker::State::setTrouble(std::string text) {
    const std::scoped_lock lock(troubleMutex);
    troubled = !text.empty();
    trouble = std::move(text);
}

void ConsumerWorker::State::note(core::Mark met) const {
    if (ports.note) {
        ports.note(std::move(met));
    }
}

void ConsumerWorker::State::note(core::MarkKind kind, core::End end, std::string detail) const {
    note({.kind = kind, .detail = std::move(detail), .end = end});
}

} // namespace services
