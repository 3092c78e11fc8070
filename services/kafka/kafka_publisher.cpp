// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/kafka_publisher.h"

#include "services/kafka/delivery_reports.h"
#include "services/kafka/key_partition.h"
#include "services/kafka/producer_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <vector>

namespace services {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

constexpr auto kRetireGrace = seconds(1); // for answers under way when a fatal error struck
constexpr auto kRetryClient = milliseconds(200);
constexpr core::Nanoseconds kShortestTurn = milliseconds(10); // as librdkafka's, for events without a key
constexpr auto kReportPatience = seconds(5);                  // for the reports of what was purged
constexpr auto kHurriedPatience = milliseconds(800);          // the same, once finishBy() was called
constexpr core::Nanoseconds kFlushSlice = milliseconds(100);  // how late finishBy() may be noticed

/// A batch is no larger than librdkafka's usual limit of a message, whatever larger event may pass: Kafka's own limit
/// counts for batches, and is not much higher.
std::uint64_t batchSize(const PublisherOptions& options) {
    constexpr std::uint64_t kUsualLimit = 1'000'000;
    const bool limited = options.cluster.client.contains("message.max.bytes"); // by the user; librdkafka keeps to it
    const std::uint64_t most = limited ? std::numeric_limits<std::int32_t>::max() : kUsualLimit;
    return std::clamp<std::uint64_t>(options.tier.batch.count, 1, most);
}

bool idempotent(const PublisherOptions& options) {
    return options.idempotence && options.acks == core::Acks::All;
}

/// Requests on the way on a connection. With idempotence librdkafka (2.0.2 to 2.8 at least) sends no second request for
/// a partition before the first one's answer. While it has one, its thread polls without a pause, a whole core's worth,
/// unless another request lies in its output queue. With fewer requests on the way than the broker has partitions one
/// does lie there as soon as the broker is what is waited for.
int requestsOnTheWay(const PublisherOptions& options) {
    constexpr int kMostWithIdempotence = 5;
    return idempotent(options) && options.partitionsPerBroker
               ? std::clamp(*options.partitionsPerBroker - 1, 1, kMostWithIdempotence)
               : kMostWithIdempotence;
}

KafkaSettingList tunable(const PublisherOptions& options) {
    const auto& tier = options.tier;
    const auto linger = std::chrono::duration<double, std::milli>(tier.linger).count();
    return {
        {"client.id", fmt::format("millrace-{}", options.stream)},
        {"queue.buffering.max.kbytes", "1048576"}, // the queue's limit is the number of events
        {"linger.ms", fmt::format("{}", linger)},
        {"message.max.bytes", fmt::format("{}", options.largestEvent)},
        {"batch.size", fmt::format("{}", batchSize(options))},
        {"batch.num.messages", "100000"},
        {"message.timeout.ms", fmt::format("{}", std::max(1, wholeMilliseconds(tier.deadline)))},
        {"compression.codec", std::string(core::nameOf(tier.compression))},
        {"max.in.flight.requests.per.connection", std::to_string(requestsOnTheWay(options))},
        {"socket.nagle.disable", "true"},
        {"reconnect.backoff.ms", "100"},
        {"reconnect.backoff.max.ms", "1000"}, // K7
    };
}

KafkaSettingList fixed(const PublisherOptions& options) {
    const char* acks = options.acks == core::Acks::All ? "all" : options.acks == core::Acks::Leader ? "1" : "0";
    return {
        {"acks", acks},
        {"enable.idempotence", idempotent(options) ? "true" : "false"},
        {"queue.buffering.max.messages", fmt::format("{}", std::max<std::uint32_t>(1, options.tier.queue))},
        {"delivery.report.only.error", "false"},
        {"statistics.interval.ms", "0"},
    };
}

} // namespace

struct KafkaPublisher::State {
    PublisherOptions options;
    std::shared_ptr<DeliveryReports> reports; // shared with report threads, see DeliveryReports
    std::unique_ptr<ProducerClient> client;
    std::vector<std::unique_ptr<ProducerClient>> retired;
    std::map<std::string, std::string> settings;
    int replacements = 0;
    core::Nanoseconds throttledBefore{}; // by former clients

    core::Partition sticky{0}; // with credit: where this turn's events go
    std::uint64_t turnBytes = 0;
    steady_clock::time_point turnEnd;
    std::uint64_t batchesSeen = 0; // before the send() that found the queue full
    std::uint64_t returnsSeen = 0; // before the send() that found no credit
    bool outOfCredit = false;
    steady_clock::time_point retryAt; // of a replacement that failed
    std::atomic<core::Instant> finishBy{core::Instant::max()};

    core::Status open();
    bool replaceIfBroken();
    void reap();
    bool hasTurns(const core::OutgoingEvent& event) const { return event.key.empty() || !options.keysRepeat; }
    bool turnIsOver(std::uint64_t size);
    bool pick(const core::OutgoingEvent& event, std::uint64_t size, core::Partition& partition);
    bool pickSticky(std::uint64_t size, core::Partition& partition);
    std::uint64_t outstanding() const;
    void flush(core::Instant limit);
    void tellThrottled();
    void purgeAll();
};

core::Result<std::unique_ptr<KafkaPublisher>> KafkaPublisher::create(PublisherOptions options,
                                                                     core::DeliverySink& sink) {
    auto state = std::make_unique<State>();
    state->reports = std::make_shared<DeliveryReports>(sink, options.credit);
    state->options = std::move(options);
    if (auto status = state->open(); !status) {
        return status.error();
    }
    return std::unique_ptr<KafkaPublisher>(new KafkaPublisher(std::move(state)));
}

KafkaPublisher::KafkaPublisher(std::unique_ptr<State> state) : m_state(std::move(state)) {}

KafkaPublisher::~KafkaPublisher() {
    finish(core::Nanoseconds{0});
    m_state->client.reset();
    m_state->retired.clear();
    m_state->reports->close();
}

core::Status KafkaPublisher::State::open() {
    auto conf = kafkaConf(options.cluster, tunable(options), fixed(options));
    if (!conf) {
        return conf.error();
    }
    settings = effectiveSettings(**conf);
    auto created = ProducerClient::create(std::move(*conf), options.tier.topic, reports, options.topicLimit);
    if (!created) {
        return created.error();
    }
    client = std::move(*created);
    turnEnd = {}; // it has no partition yet
    return {};
}

/// False while the client is broken and no new one could be created.
bool KafkaPublisher::State::replaceIfBroken() {
    if (client && !client->broken()) {
        return true;
    }
    if (client) {
        reports->notices().post(fmt::format("The Kafka producer of stream {} met a fatal error and is replaced: {}.",
                                            options.stream, client->breakage()));
        throttledBefore += client->throttled();
        client->retire(kRetireGrace);
        retired.push_back(std::move(client));
    }
    reap();
    const auto now = steady_clock::now();
    if (now < retryAt) {
        return false;
    }
    if (auto status = open(); !status) {
        retryAt = now + kRetryClient;
        reports->notices().post(status.error().text());
        return false;
    }
    ++replacements;
    return true;
}

void KafkaPublisher::State::reap() {
    std::erase_if(retired, [](const auto& old) { return old->ended(); });
}

bool KafkaPublisher::State::pick(const core::OutgoingEvent& event, std::uint64_t size, core::Partition& partition) {
    if (hasTurns(event)) {
        return pickSticky(size, partition);
    }
    partition = partitionOfKey(event.key, options.credit->partitions());
    return options.credit->acquire(partition, size);
}

/// A turn is a linger but no less than kShortestTurn, or a batch's worth: so each batch is for one partition, and
/// fuller than turn by turn.
bool KafkaPublisher::State::turnIsOver(std::uint64_t size) {
    const auto now = steady_clock::now();
    if (now < turnEnd && turnBytes + size <= options.tier.batch.count) {
        turnBytes += size;
        return false;
    }
    turnEnd = now + std::max<core::Nanoseconds>(options.tier.linger, kShortestTurn);
    turnBytes = size;
    return true;
}

bool KafkaPublisher::State::pickSticky(std::uint64_t size, core::Partition& partition) {
    const auto count = options.credit->partitions();
    const auto next = [&] { sticky.id = (sticky.id + 1) % count; };
    if (turnIsOver(size)) {
        next();
    }
    for (int tried = 0; tried < count; ++tried, next()) {
        if (options.credit->acquire(sticky, size)) {
            partition = sticky;
            return true;
        }
    }
    return false;
}

core::SendOutcome KafkaPublisher::send(const core::OutgoingEvent& event) {
    auto& state = *m_state;
    state.outOfCredit = false;
    state.batchesSeen = state.reports->batches();
    if (!state.replaceIfBroken()) {
        return core::SendOutcome::Full;
    }

    core::Partition partition{-1};
    auto* credit = state.options.credit;
    const auto size = messageSize(event.payload.size(), event.key.size(), event.headerId.size());
    if (credit) {
        state.returnsSeen = credit->returns();
        if (!state.pick(event, size, partition)) {
            state.outOfCredit = true;
            return core::SendOutcome::Full;
        }
    } else if (!state.options.keysRepeat && state.turnIsOver(size)) {
        state.client->nextTurn();
    }
    const auto produced = state.client->produce(event, partition);
    if (produced == ProducerClient::Produced::Accepted) {
        return core::SendOutcome::Accepted;
    }
    if (credit) {
        credit->failed(partition, size);
    }
    return produced == ProducerClient::Produced::Refused ? core::SendOutcome::Refused : core::SendOutcome::Full;
}

void KafkaPublisher::waitForRoom(core::Instant until) {
    auto& state = *m_state;
    // Short slices: a fatal error must be seen soon, and a broken client makes no room.
    const auto slice = std::min<core::Instant>(until, steady_clock::now() + milliseconds(100));
    if (state.outOfCredit) {
        state.options.credit->waitForReturn(state.returnsSeen, slice);
    } else {
        state.reports->wait(slice, [&] { return state.reports->batches() != state.batchesSeen; });
        state.batchesSeen =
            state.reports->batches(); // who waits again without a send(), for a slot, waits for the next
    }
}

std::uint64_t KafkaPublisher::State::outstanding() const {
    std::uint64_t sum = client ? client->outstanding() : 0;
    for (const auto& old : retired) {
        sum += old->outstanding();
    }
    return sum;
}

void KafkaPublisher::State::purgeAll() {
    if (client) {
        client->purge();
    }
    // Retired ones purge themselves.
}

void KafkaPublisher::State::flush(core::Instant limit) {
    while (client && !client->broken() && client->outstanding() > 0) {
        const core::Nanoseconds left = std::min(limit, finishBy.load()) - steady_clock::now();
        if (left <= core::Nanoseconds::zero()) {
            return;
        }
        client->flush(std::min(left, kFlushSlice));
    }
}

void KafkaPublisher::finish(core::Nanoseconds limit) {
    auto& state = *m_state;
    const auto begin = steady_clock::now();
    state.flush(begin + limit);
    const auto done = [&] { return state.outstanding() == 0; };
    const auto purged = steady_clock::now();
    const auto late = [&] {
        const bool hurried = state.finishBy.load() != core::Instant::max();
        return steady_clock::now() >= purged + (hurried ? kHurriedPatience : milliseconds(kReportPatience));
    };
    while (!done() && !late()) {
        state.purgeAll();
        // A purge may come too early for what a broker thread holds in its hands: again soon.
        state.reports->wait(steady_clock::now() + kFlushSlice, done);
    }
    state.tellThrottled();
    if (!done()) { // a thread of librdkafka's is stuck, in a name look-up for example
        state.reports->close();
    }
    state.reap();
}

void KafkaPublisher::State::tellThrottled() {
    const core::Nanoseconds sum = (client ? client->throttled() : core::Nanoseconds{}) + throttledBefore;
    if (sum > core::Nanoseconds::zero()) {
        reports->notices().postOnce("throttled in all", [&] {
            return fmt::format("In all, Kafka's quotas held the producer of stream {} back for {:.1f} s.",
                               options.stream, core::secondsOf(sum));
        });
    }
}

void KafkaPublisher::finishBy(core::Instant latest) {
    m_state->finishBy.store(latest);
}

std::optional<std::string> KafkaPublisher::popNotice() {
    return m_state->reports->notices().pop();
}

const std::map<std::string, std::string>& KafkaPublisher::settings() const {
    return m_state->settings;
}

int KafkaPublisher::replacements() const {
    return m_state->replacements;
}

} // namespace services
