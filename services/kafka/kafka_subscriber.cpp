#include "services/kafka/kafka_subscriber.h"

#include "services/kafka/kafka_message.h"
#include "services/kafka/notice_board.h"
#include "services/kafka/partition_list.h"
#include "services/kafka/subscriber_positions.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <set>

namespace services {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

constexpr auto kCallLimit = seconds(2);  // a question to the broker from within poll()
constexpr auto kCloseLimit = seconds(5); // to leave the group (R6); as long again to end the client
constexpr auto kAskAgain = milliseconds(500);

KafkaSettingList tunable(const SubscriberOptions& options) {
    return {
        {"client.id", options.clientId},
        {"max.poll.interval.ms", "300000"},
        // The embedded broker answers an empty fetch only after the whole wait; a real one as soon as there is data.
        {"fetch.wait.max.ms", options.embedded ? "5" : "10"},
        {"fetch.min.bytes", "1"},
        {"fetch.error.backoff.ms", "50"},
        // A full queue makes 2.0.2 look again only up to a second later, so the limit on the number of messages is out
        // of reach and the one in bytes is half a second's worth at the highest rates.
        {"queued.min.messages", "10000000"},
        {"queued.max.messages.kbytes", "65536"},
        {"partition.assignment.strategy", "range"}, // R4
        {"check.crcs", "false"},
        {"socket.nagle.disable", "true"},
        {"reconnect.backoff.ms", "100"},
        {"reconnect.backoff.max.ms", "1000"}, // K7
    };
}

KafkaSettingList fixed(const SubscriberOptions& options) {
    // The embedded broker answers the first join after 3 s, and would forget a member before that.
    const int shortest = options.embedded ? 4000 : 10;
    const int session = std::max(shortest, wholeMilliseconds(options.sessionTimeout));
    return {
        {"group.id", options.group},
        {"enable.auto.commit", "false"}, // R3
        {"enable.auto.offset.store", "false"},
        {"auto.offset.reset", "error"},
        {"session.timeout.ms", fmt::format("{}", session)},
        {"heartbeat.interval.ms", fmt::format("{}", std::max(1, session / 3))},
        {"enable.partition.eof", "false"},
        {"allow.auto.create.topics", options.embedded ? "true" : "false"}, // the embedded one cannot be told
        {"statistics.interval.ms", "0"},
    };
}

std::string nameOf(const core::TopicPartition& partition) {
    return fmt::format("{}/{}", partition.topic, partition.partition.id);
}

} // namespace

struct KafkaSubscriber::State {
    rd_kafka_t* client = nullptr;
    core::AssignmentListener* listener = nullptr;
    SubscriberOptions options;
    std::map<std::string, std::string> settings;
    SubscriberPositions positions;
    NoticeBoard notices;
    std::optional<core::Error> over;        // poll() answers it from now on
    std::set<core::TopicPartition> stalled; // whose position the log's start has overtaken
    steady_clock::time_point askAt;         // where the log of the stalled ones begins
    std::uint64_t gap = 0;
    bool paused = false;
    bool troubled = false; // a fault of the cluster has been told, and no message came since
    bool mirrorFailed = false;
    bool closed = false;

    core::Status open(core::AssignmentListener& whom);
    void rebalance(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t& partitions);
    void assign(const std::vector<core::TopicPartition>& partitions);
    void revoke(const std::vector<core::TopicPartition>& partitions);
    void restartFetchers();
    void setPaused(const std::vector<core::TopicPartition>& partitions, bool pause);
    std::vector<core::TopicPartition> assigned() const;

    std::unique_ptr<core::PolledMessage> admit(rd_kafka_message_t* message);
    void fault(const rd_kafka_message_t& message);
    void tell(rd_kafka_resp_err_t error, const char* reason);
    void askForStarts();
    bool askForStart(const core::TopicPartition& partition);
    void countGap(const core::TopicPartition& partition, std::uint64_t messages);
    void committed(rd_kafka_resp_err_t error);
};

namespace {

KafkaSubscriber::State& stateOf(void* opaque) {
    return *static_cast<KafkaSubscriber::State*>(opaque);
}

void onRebalance(rd_kafka_t*, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* partitions, void* opaque) {
    stateOf(opaque).rebalance(what, *partitions);
}

void onCommit(rd_kafka_t*, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t*, void* opaque) {
    stateOf(opaque).committed(error);
}

void onError(rd_kafka_t*, int error, const char* reason, void* opaque) {
    stateOf(opaque).tell(static_cast<rd_kafka_resp_err_t>(error), reason);
}

} // namespace

core::Result<std::unique_ptr<KafkaSubscriber>> KafkaSubscriber::create(const SubscriberOptions& options,
                                                                       core::AssignmentListener& listener) {
    auto state = std::make_unique<State>();
    state->options = options;
    if (auto status = state->open(listener); !status)
        return status.error();
    return std::unique_ptr<KafkaSubscriber>(new KafkaSubscriber(std::move(state)));
}

KafkaSubscriber::KafkaSubscriber(std::unique_ptr<State> state) : m_state(std::move(state)) {}

KafkaSubscriber::~KafkaSubscriber() {
    close();
    destroyWithin(m_state->client, kCloseLimit);
}

core::Status KafkaSubscriber::State::open(core::AssignmentListener& whom) {
    listener = &whom;
    auto conf = kafkaConf(options.cluster, tunable(options), fixed(options));
    if (!conf)
        return conf.error();
    settings = effectiveSettings(**conf);
    if (settings["partition.assignment.strategy"].starts_with("cooperative"))
        return core::invalid(
            "partition.assignment.strategy must be range or roundrobin: partitions that move one by one "
            "are not supported.");
    rd_kafka_conf_set_opaque(conf->get(), this);
    rd_kafka_conf_set_rebalance_cb(conf->get(), &onRebalance);
    rd_kafka_conf_set_offset_commit_cb(conf->get(), &onCommit);
    rd_kafka_conf_set_error_cb(conf->get(), &onError);
    std::array<char, 512> reason{};
    client = rd_kafka_new(RD_KAFKA_CONSUMER, conf->get(), reason.data(), reason.size());
    if (!client)
        return core::invalid(
            fmt::format("The Kafka consumer of group {} could not be made: {}.", options.group, reason.data()));
    static_cast<void>(conf->release()); // the client owns it now
    rd_kafka_poll_set_consumer(client);
    std::vector<core::TopicPartition> topics;
    for (const auto& topic : options.topics)
        topics.push_back({topic, {RD_KAFKA_PARTITION_UA}});
    const auto error = rd_kafka_subscribe(client, partitionList(topics).get());
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
        return {};
    destroyWithin(client, kCloseLimit);
    return core::invalid(
        fmt::format("Group {} cannot subscribe to its topics: {}.", options.group, rd_kafka_err2str(error)));
}

// --- assignment -------------------------------------------------------------------------------------------------

void KafkaSubscriber::State::rebalance(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t& list) {
    const auto partitions = partitionsOf(list);
    if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        assign(partitions);
        return;
    }
    if (what == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS)
        revoke(partitions);
    else
        tell(what, "the group could not be rebalanced");
    rd_kafka_assign(client, nullptr);
}

void KafkaSubscriber::State::assign(const std::vector<core::TopicPartition>& partitions) {
    auto starts = listener->assigned(partitions);
    if (!starts) {
        over = starts.error();
        positions.clear();
        rd_kafka_assign(client, nullptr); // librdkafka waits for an answer of some kind
        return;
    }
    positions.assign(partitions, *starts);
    restartFetchers();
    if (paused)
        setPaused(partitions, true);
}

void KafkaSubscriber::State::revoke(const std::vector<core::TopicPartition>& partitions) {
    if (paused)
        setPaused(partitions, false); // librdkafka would remember it till they come back
    listener->revoked(partitions, rd_kafka_assignment_lost(client) != 0);
    positions.remove(partitions);
    for (const auto& partition : partitions)
        stalled.erase(partition);
}

/// Assigns what is assigned once more, at the present positions: seeking is refused where a fetcher has stopped.
void KafkaSubscriber::State::restartFetchers() {
    std::vector<std::pair<core::TopicPartition, core::Offset>> starts;
    for (const auto& position : positions.all())
        starts.emplace_back(position.partition, position.next);
    const auto error = rd_kafka_assign(client, partitionList(starts).get());
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
        over = core::fatal(
            fmt::format("Group {} could not take its partitions over: {}.", options.group, rd_kafka_err2str(error)));
}

void KafkaSubscriber::State::setPaused(const std::vector<core::TopicPartition>& partitions, bool pause) {
    if (partitions.empty())
        return;
    const auto list = partitionList(partitions);
    // Partitions that are gone by now fail one by one, which is right.
    if (pause)
        rd_kafka_pause_partitions(client, list.get());
    else
        rd_kafka_resume_partitions(client, list.get());
}

std::vector<core::TopicPartition> KafkaSubscriber::State::assigned() const {
    std::vector<core::TopicPartition> partitions;
    for (const auto& position : positions.all())
        partitions.push_back(position.partition);
    return partitions;
}

// --- polling ----------------------------------------------------------------------------------------------------

core::Result<std::unique_ptr<core::PolledMessage>> KafkaSubscriber::poll(core::Nanoseconds timeout) {
    auto& state = *m_state;
    int wait = wholeMilliseconds(timeout);
    const auto until = wait > 0 ? steady_clock::now() + timeout : steady_clock::time_point();
    for (;;) {
        if (!state.stalled.empty())
            state.askForStarts();
        auto* message = state.over || state.closed ? nullptr : rd_kafka_consumer_poll(state.client, wait);
        if (state.over) {
            if (message)
                rd_kafka_message_destroy(message);
            return *state.over;
        }
        if (!message)
            return std::unique_ptr<core::PolledMessage>();
        if (auto admitted = state.admit(message))
            return admitted;
        if (state.over)
            return *state.over;
        wait = wait > 0 ? wholeMilliseconds(until - steady_clock::now()) : 0;
    }
}

/// Nothing for an error and for a message that must not be handed out; takes the message in any case.
std::unique_ptr<core::PolledMessage> KafkaSubscriber::State::admit(rd_kafka_message_t* message) {
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        fault(*message);
        rd_kafka_message_destroy(message);
        return nullptr;
    }
    auto polled = std::make_unique<KafkaMessage>(message);
    const auto admission = positions.admit(message->rkt, polled->topic(), polled->partition(), polled->offset());
    if (admission.verdict == SubscriberPositions::Verdict::Stale)
        return nullptr;
    troubled = false;
    if (admission.skipped > 0 && options.embedded)
        countGap({std::string(polled->topic()), polled->partition()}, admission.skipped);
    return polled;
}

void KafkaSubscriber::State::fault(const rd_kafka_message_t& message) {
    const char* reason = rd_kafka_message_errstr(&message);
    switch (message.err) {
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
        if (auto* position = positions.find(rd_kafka_topic_name(message.rkt), {message.partition})) {
            stalled.insert(position->partition);
            askAt = {};
        }
        return;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
        over = core::fatal(fmt::format("Kafka refuses group {} to read its topics: {}. Grant it the right to read the "
                                       "topics and the group.",
                                       options.group, reason));
        return;
    case RD_KAFKA_RESP_ERR__FATAL:
        over = core::fatal(fmt::format("The Kafka consumer of group {} met a fatal error: {}.", options.group, reason));
        return;
    default:
        tell(message.err, reason);
    }
}

void KafkaSubscriber::State::tell(rd_kafka_resp_err_t error, const char* reason) {
    spdlog::debug("kafka consumer of group {}: {} ({})", options.group, reason, rd_kafka_err2name(error));
    if (troubled)
        return;
    troubled = true;
    notices.post(fmt::format("The consumer of group {} has trouble with Kafka: {} ({}).", options.group, reason,
                             rd_kafka_err2name(error)));
}

/// The log begins later than our position: what lies between is lost, counted, and the reading goes on behind it.
void KafkaSubscriber::State::askForStarts() {
    if (steady_clock::now() < askAt)
        return;
    askAt = steady_clock::now() + kAskAgain;
    const auto asked = stalled;
    for (const auto& partition : asked) {
        if (!askForStart(partition))
            return; // the cluster is away: later
        stalled.erase(partition);
    }
    if (over)
        return;
    restartFetchers();
    if (paused)
        setPaused(assigned(), true);
}

bool KafkaSubscriber::State::askForStart(const core::TopicPartition& partition) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    const auto error = rd_kafka_query_watermark_offsets(client, partition.topic.c_str(), partition.partition.id, &low,
                                                        &high, wholeMilliseconds(kCallLimit));
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        tell(error, rd_kafka_err2str(error));
        return false;
    }
    auto* position = positions.find(partition.topic, partition.partition);
    if (!position)
        return true;
    if (position->next.value > high) {
        over = core::fatal(fmt::format("The position {} of {} lies beyond the end of its log, {}: the topic was made "
                                       "anew or has lost its end. Start again with --reset-offsets.",
                                       position->next.value, nameOf(partition), high));
        return true;
    }
    if (position->next.value < low) {
        if (position->next.value >= 0)
            countGap(partition, static_cast<std::uint64_t>(low - position->next.value));
        position->next.value = low;
    }
    return true;
}

void KafkaSubscriber::State::countGap(const core::TopicPartition& partition, std::uint64_t messages) {
    gap += messages;
    notices.post(
        fmt::format("The broker had forgotten {} messages of {} before they were read.", messages, nameOf(partition)));
}

// --- commands ---------------------------------------------------------------------------------------------------

void KafkaSubscriber::pause() {
    if (m_state->paused)
        return;
    m_state->paused = true;
    m_state->setPaused(m_state->assigned(), true);
}

void KafkaSubscriber::resume() {
    if (!m_state->paused)
        return; // librdkafka would start the fetchers from an older place
    m_state->paused = false;
    m_state->setPaused(m_state->assigned(), false);
}

void KafkaSubscriber::seek(const core::TopicPartition& partition, core::Offset offset) {
    auto& state = *m_state;
    auto* position = state.positions.find(partition.topic, partition.partition);
    if (!position || state.closed)
        return;
    position->next = offset;
    state.stalled.erase(partition);
    const auto list = partitionList(std::vector{std::pair(partition, offset)});
    auto* error = rd_kafka_seek_partitions(state.client, list.get(), wholeMilliseconds(kCallLimit));
    const bool failed = error || list->elems[0].err != RD_KAFKA_RESP_ERR_NO_ERROR;
    if (error)
        rd_kafka_error_destroy(error);
    if (!failed)
        return;
    state.restartFetchers(); // its fetcher had stopped or not started yet
    if (state.paused)
        state.setPaused(state.assigned(), true);
}

void KafkaSubscriber::mirror(const std::vector<std::pair<core::TopicPartition, core::Offset>>& positions) {
    auto& state = *m_state;
    std::vector<std::pair<core::TopicPartition, core::Offset>> ours;
    for (const auto& [partition, offset] : positions) {
        if (state.positions.find(partition.topic, partition.partition))
            ours.emplace_back(partition, offset);
    }
    if (ours.empty() || state.closed)
        return;
    constexpr int kAsynchronous = 1;
    const auto error = rd_kafka_commit(state.client, partitionList(ours).get(), kAsynchronous);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
        state.committed(error);
}

void KafkaSubscriber::State::committed(rd_kafka_resp_err_t error) {
    const bool failed = error != RD_KAFKA_RESP_ERR_NO_ERROR && error != RD_KAFKA_RESP_ERR__NO_OFFSET;
    if (failed && !mirrorFailed)
        notices.post(fmt::format("The positions of group {} could not be mirrored to Kafka, so lag tools show old "
                                 "ones: {}. Nothing else depends on them.",
                                 options.group, rd_kafka_err2str(error)));
    mirrorFailed = failed;
}

void KafkaSubscriber::close() {
    auto& state = *m_state;
    if (state.closed)
        return;
    state.closed = true;
    rd_kafka_queue_t* queue = rd_kafka_queue_new(state.client);
    const auto until = steady_clock::now() + kCloseLimit;
    if (auto* error = rd_kafka_consumer_close_queue(state.client, queue)) {
        spdlog::warn("kafka consumer of group {} could not be closed: {}", state.options.group,
                     rd_kafka_error_string(error));
        rd_kafka_error_destroy(error);
    } else {
        while (rd_kafka_consumer_closed(state.client) == 0 && steady_clock::now() < until)
            rd_kafka_queue_poll_callback(queue, 20); // calls revoked()
        if (rd_kafka_consumer_closed(state.client) == 0)
            state.notices.post(fmt::format("Group {} could not be left in time; its place is free when the session "
                                           "time-out has passed.",
                                           state.options.group));
    }
    rd_kafka_queue_destroy(queue);
    state.positions.clear();
}

std::uint64_t KafkaSubscriber::offsetGap() const {
    return m_state->gap;
}

std::optional<std::string> KafkaSubscriber::takeNotice() {
    return m_state->notices.take();
}

const std::map<std::string, std::string>& KafkaSubscriber::settings() const {
    return m_state->settings;
}

} // namespace services
