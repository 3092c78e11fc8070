// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/consumer_worker.h"

#include "services/consumer/grace_period.h"
#include "services/consumer/take_over.h"

#include <algorithm>
#include <condition_variable>
#include <utility>

namespace services {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr core::Nanoseconds kIdlePoll = milliseconds(100);
constexpr core::Nanoseconds kStopGrace = seconds(2); // for the batch in hand when told to stop
/// How long the store may keep an assignment waiting: well below max.poll.interval, since nothing is polled meanwhile.
constexpr core::Nanoseconds kTakeOverLimit = seconds(60);

} // namespace

ConsumerWorker::ConsumerWorker(ConsumerOptions options, ConsumerPorts ports, core::WorkerLane& lane,
                               const core::RunTimes& times, core::EventAccount& account)
    : m_options(std::move(options)),
      m_ports(std::move(ports)),
      m_lane(lane),
      m_batch(m_options, m_ports, m_assigned, lane, times, account) {}

core::Status ConsumerWorker::run(std::stop_token stop) {
    m_stop = std::move(stop);
    const GracePeriod grace(m_stop, kStopGrace);
    BackOff backOff;
    if (auto opened = open(m_store, backOff, [&] { return m_ports.openStore(grace.token()); }); !opened || !m_store) {
        return opened;
    }
    m_trouble.clear();
    openFilter();
    while (!m_stop.stop_requested() && !m_failure) {
        m_rejoin = false;
        const auto subscribe = [this] { return m_ports.subscribe(*this); };
        if (auto subscribed = open(m_subscriber, m_rejoinBackOff, subscribe); !subscribed) {
            return subscribed;
        }
        if (!m_subscriber) {
            break;
        }
        consume();
        leave();
    }
    m_filter.reset();
    m_store.reset();
    return m_failure ? core::Status(*m_failure) : core::Status();
}

/// Leaves `end` empty only when told to stop.
template <typename End, typename Open>
core::Status ConsumerWorker::open(std::unique_ptr<End>& end, BackOff& backOff, const Open& tryToOpen) {
    while (!m_stop.stop_requested()) {
        auto opened = tryToOpen();
        if (opened) {
            end = std::move(*opened);
            return {};
        }
        if (opened.error().kind != core::ErrorKind::Transient) {
            return opened.error();
        }
        m_trouble.set(opened.error().text());
        wait(backOff.next());
    }
    return {};
}

core::ConsumerWaits ConsumerWorker::waits() const {
    const auto takeOver = m_takeOver.value();
    return {takeOver ? takeOver : m_batch.storeWait().value(), m_batch.filterWait().value()};
}

void ConsumerWorker::consume() {
    while (!over()) {
        pollOnce();
    }
    if (m_batch.empty()) {
        return;
    }
    if (m_failure) {
        m_batch.abandon(*m_store, *m_filter, m_failure->text());
    } else {
        finishBatch(kStopGrace);
    }
}

void ConsumerWorker::leave() {
    m_subscriber->close(); // may revoke, with no batch in hand
    checkAround();
    m_formerGap += m_subscriber->offsetGap();
    m_subscriber.reset();
    std::vector<core::TopicPartition> left; // where closing took too long
    for (const AssignedPartition& holding : m_assigned.all()) {
        left.push_back(holding.partition);
    }
    giveBack(left);
    if (!m_stop.stop_requested() && !m_failure) {
        wait(m_rejoinBackOff.next());
    }
}

void ConsumerWorker::openFilter() {
    m_filterTag = m_store->tag();
    m_filter = m_ports.openFilter(m_filterTag);
}

void ConsumerWorker::pollOnce() {
    auto polled = m_subscriber->poll(pollTimeout());
    if (!polled) {
        pollFailed(polled.error());
    } else if (*polled) {
        m_idle = false;
        accept(**polled);
        if (m_batch.full()) {
            commitBatch();
            checkAround();
        }
        return;
    }
    checkAround();
    m_idle = true;
    if (!over() && !m_batch.empty() && m_ports.now() - m_batch.firstPolled() >= m_options.settings.linger) {
        commitBatch();
    }
}

/// The linger counts only while nothing is at hand: first a look without waiting, then the rest of the linger.
core::Nanoseconds ConsumerWorker::pollTimeout() const {
    if (m_batch.empty()) {
        return kIdlePoll;
    }
    if (!m_idle) {
        return core::Nanoseconds::zero();
    }
    const core::Nanoseconds left = m_batch.firstPolled() + m_options.settings.linger - m_ports.now();
    return std::clamp(left, core::Nanoseconds::zero(), kIdlePoll);
}

void ConsumerWorker::pollFailed(const core::Error& error) {
    if (m_failure || m_rejoin) { // by a call of the listener inside poll(), which knows better why
        return;
    }
    if (error.kind != core::ErrorKind::Transient) {
        m_failure = error;
        return;
    }
    if (!m_pollTrouble) {
        note(core::MarkKind::Fault, core::End::Broker, error.text());
    }
    m_pollTrouble = true;
    m_trouble.set(error.text());
    wait(milliseconds(10)); // in case that the client answers the same at once, again and again
}

void ConsumerWorker::accept(const core::PolledMessage& message) {
    if (m_pollTrouble) {
        m_pollTrouble = false;
        m_trouble.clear();
        note(core::MarkKind::Recovery, core::End::Broker);
    }
    m_batch.accept(message);
}

/// What the others have to say; asked when there is time.
void ConsumerWorker::checkAround() {
    m_lane.offsetGap.set(m_formerGap + m_subscriber->offsetGap());
    if (m_batch.empty() && m_filterTag != m_store->tag()) {
        openFilter(); // the store is another one, or an earlier one: what a filter knows of it does not count
    }
    if (m_rejoinAsked.exchange(false, std::memory_order_acq_rel)) {
        m_rejoin = true;
    }
    while (auto notice = m_subscriber->popNotice()) {
        note(core::MarkKind::Warning, core::End::Broker, std::move(*notice));
    }
    if (auto notice = m_filter->popNotice()) {
        note(core::MarkKind::Warning, core::End::Filter, std::move(*notice));
    }
}

void ConsumerWorker::commitBatch() {
    const auto done = m_batch.commit(*m_store, *m_filter);
    if (!apply(done)) {
        hold(done.error());
    }
}

/// Commits the batch in hand within `limit`, or drops it: false. Does not poll, so it may be called inside poll().
bool ConsumerWorker::finishBatch(core::Nanoseconds limit) {
    const auto done = m_batch.finish(*m_store, *m_filter, limit);
    apply(done);
    return done && !done->fenced;
}

/// Answers false where a retry may help.
bool ConsumerWorker::apply(const core::Result<BatchInHand::Done>& commit) {
    if (!commit) {
        if (commit.error().kind == core::ErrorKind::Transient) {
            return false;
        }
        m_failure = commit.error();
        return true;
    }
    if (commit->fenced) {
        m_rejoin = true;
        return true;
    }
    m_rejoinBackOff.reset();
    if (!m_trouble.text().empty()) {
        m_trouble.clear();
        note(core::MarkKind::Recovery, core::End::Store);
    }
    m_subscriber->mirror(commit->positions);
    return true;
}

/// Keeps the batch until the store is back. Polling goes on, paused, so that the group keeps us and rebalances are
/// served; one of them may take the batch away.
void ConsumerWorker::hold(const core::Error& fault) {
    note(core::MarkKind::Fault, core::End::Store, fault.text());
    m_trouble.set(fault.text());
    m_subscriber->pause();
    BackOff backOff;
    while (!over() && !m_batch.empty()) {
        waitPolling(backOff.next());
        if (over() || m_batch.empty()) {
            break;
        }
        if (const auto done = m_batch.commit(*m_store, *m_filter); !apply(done)) {
            m_trouble.set(done.error().text());
        }
    }
    if (!over()) {
        m_subscriber->resume();
    }
}

void ConsumerWorker::waitPolling(core::Nanoseconds pause) {
    const core::Instant until = m_ports.now() + pause;
    while (!over() && !m_batch.empty()) {
        const core::Nanoseconds left = until - m_ports.now();
        if (left <= core::Nanoseconds::zero()) {
            return;
        }
        auto polled = m_subscriber->poll(std::min(left, kIdlePoll));
        if (!polled) {
            pollFailed(polled.error());
        } else if (*polled) {
            // Partitions that were assigned since are not paused: put the message back and pause them too.
            const core::PolledMessage& message = **polled;
            m_subscriber->seek({std::string(message.topic()), message.partition()}, message.offset());
            m_subscriber->pause();
        }
        checkAround();
    }
}

core::Result<std::vector<core::Offset>> ConsumerWorker::assigned(const std::vector<core::TopicPartition>& partitions) {
    const core::Instant limit = m_ports.now() + kTakeOverLimit;
    BackOff backOff;
    m_takeOver.setFirst(m_ports.now());
    for (;;) {
        auto starts = takeOver(*m_store, m_ports, m_options.resetOffsets, partitions, m_assigned);
        if (starts) {
            m_takeOver.clear();
            m_trouble.clear();
            if (m_ports.taken) {
                m_ports.taken(partitions, *starts);
            }
            m_joined.store(true, std::memory_order_release);
            m_ports.note({.kind = core::MarkKind::Rebalance,
                          .change = core::PartitionChange::Assigned,
                          .partitions = partitions.size()});
            return starts;
        }
        const core::Error& error = starts.error();
        if (error.kind != core::ErrorKind::Transient) {
            m_takeOver.clear();
            m_failure = error;
            return error;
        }
        m_trouble.set(error.text());
        if (m_stop.stop_requested() || m_ports.now() >= limit) {
            m_takeOver.clear();
            m_rejoin = true;
            return error;
        }
        wait(backOff.next());
    }
}

void ConsumerWorker::revoked(const std::vector<core::TopicPartition>& partitions, bool lost) {
    m_ports.note({.kind = core::MarkKind::Rebalance,
                  .change = lost ? core::PartitionChange::Lost : core::PartitionChange::Revoked,
                  .partitions = partitions.size()});
    const bool rejoining = m_rejoin;
    bool dropped = false;
    if (!m_batch.empty() && lost) {
        dropped = !m_batch.abandon(*m_store, *m_filter, "its partitions were lost");
    } else if (!m_batch.empty()) {
        dropped = !finishBatch(m_options.settings.sessionTimeout / 2);
    }
    giveBack(partitions);
    // Being fenced of partitions that go anyway is no reason to leave the group.
    m_rejoin = rejoining || (m_rejoin && !m_assigned.all().empty());
    if (!dropped || over()) {
        return;
    }
    // What stays with us (cooperative assignors only) is read again from where the store stands.
    for (const AssignedPartition& holding : m_assigned.all()) {
        m_subscriber->seek(holding.partition, holding.stored);
    }
}

void ConsumerWorker::giveBack(const std::vector<core::TopicPartition>& partitions) {
    m_assigned.remove(partitions);
    if (m_ports.givenBack) {
        m_ports.givenBack(partitions);
    }
}

void ConsumerWorker::reached(const core::TopicPartition& partition, core::Offset next) {
    AssignedPartition* const holding = m_assigned.find(partition.topic, partition.partition);
    if (holding == nullptr || next <= holding->read) {
        return; // the messages say it all
    }
    holding->clear = next;
    if (holding->read != holding->stored) {
        return; // told when the batch in hand is committed
    }
    if (m_ports.positionStored) {
        m_ports.positionStored(partition, next);
    }
    m_subscriber->mirror({{partition, next}});
}

void ConsumerWorker::wait(core::Nanoseconds pause) {
    std::mutex mutex;
    std::condition_variable_any sleeper;
    std::unique_lock lock(mutex);
    sleeper.wait_for(lock, m_stop, pause, [] { return false; });
}

void ConsumerWorker::note(core::MarkKind kind, core::End end, std::string detail) const {
    m_ports.note({.kind = kind, .detail = std::move(detail), .end = end});
}

} // namespace services
