// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/cluster_admin.h"

#include "services/kafka/handle_deleter.h"
#include "services/kafka/kafka_error.h"
#include "services/kafka/partition_list.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <span>
#include <thread>

namespace services {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

using TopicHandle = std::unique_ptr<rd_kafka_topic_t, HandleDeleter<rd_kafka_topic_destroy>>;
using Queue = std::unique_ptr<rd_kafka_queue_t, HandleDeleter<rd_kafka_queue_destroy>>;
using Event = std::unique_ptr<rd_kafka_event_t, HandleDeleter<rd_kafka_event_destroy>>;
using AdminOptions = std::unique_ptr<rd_kafka_AdminOptions_t, HandleDeleter<rd_kafka_AdminOptions_destroy>>;
using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, HandleDeleter<rd_kafka_NewTopic_destroy>>;
using GroupList = std::unique_ptr<const rd_kafka_group_list, HandleDeleter<rd_kafka_group_list_destroy>>;
using ConfigResource = std::unique_ptr<rd_kafka_ConfigResource_t, HandleDeleter<rd_kafka_ConfigResource_destroy>>;

/// Metadata without its C ownership.
struct Metadata {
    struct Topic {
        rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
        int partitions = 0;
        int replication = 0;
    };
    int brokers = 0;
    std::int32_t someBroker = -1;
    Topic topic;
};

bool isLeaderMissing(rd_kafka_resp_err_t error) {
    return error == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION || error == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
           error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || error == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

} // namespace

struct ClusterAdmin::State {
    rd_kafka_t* client = nullptr;
    std::string bootstrap;
    core::Nanoseconds timeout{};

    ~State() {
        if (client) {
            destroyWithin(client, seconds(5));
        }
    }

    int limit() const { return wholeMilliseconds(timeout); }
    core::Result<Metadata> metadata(const std::string& topic, std::optional<core::Nanoseconds> within = {});
    core::Result<int> partitionCount(const std::string& topic, core::Nanoseconds within);
    core::Result<std::map<core::TopicPartition, core::Offset>>
    offsetsAt(std::int64_t place, const std::vector<core::TopicPartition>& partitions, core::Instant until);
    core::Status create(const std::map<std::string, int>& topics);
    core::Status checkCreated(const rd_kafka_event_t& event) const;
    core::Result<std::map<std::string, std::string>> settings(rd_kafka_ResourceType_t type, const std::string& name);
    Event ask(const std::function<void(rd_kafka_AdminOptions_t*, rd_kafka_queue_t*)>& request, rd_kafka_admin_op_t op,
              std::optional<core::Nanoseconds> within = {});
};

core::Result<std::unique_ptr<ClusterAdmin>> ClusterAdmin::create(const ClusterAccess& access, core::Nanoseconds timeout,
                                                                 LogEnd logEnd) {
    const char* const isolation = logEnd == LogEnd::Newest ? "read_uncommitted" : "read_committed";
    auto conf = kafkaConf(access, {{"client.id", "millrace-admin"}, {"reconnect.backoff.max.ms", "1000"}},
                          {{"allow.auto.create.topics", "false"}, // to ask for a topic must not make it
                           {"isolation.level", isolation}});      // of the answer where a log ends
    if (!conf) {
        return conf.error();
    }
    auto state = std::make_unique<State>();
    std::array<char, 512> reason{};
    // A consumer, because a producer's questions create topics; it joins no group.
    state->client = rd_kafka_new(RD_KAFKA_CONSUMER, conf->get(), reason.data(), reason.size());
    if (!state->client) {
        return core::invalid(
            fmt::format("The Kafka client for {} could not be created: {}.", access.bootstrap, reason.data()));
    }
    static_cast<void>(conf->release()); // the client owns it now
    state->bootstrap = access.bootstrap;
    state->timeout = timeout;
    return std::unique_ptr<ClusterAdmin>(new ClusterAdmin(std::move(state)));
}

ClusterAdmin::ClusterAdmin(std::unique_ptr<State> state) : m_state(std::move(state)) {}
ClusterAdmin::~ClusterAdmin() = default;

core::Result<Metadata> ClusterAdmin::State::metadata(const std::string& topic,
                                                     std::optional<core::Nanoseconds> within) {
    const TopicHandle handle(topic.empty() ? nullptr : rd_kafka_topic_new(client, topic.c_str(), nullptr));
    if (!topic.empty() && !handle) {
        return core::invalid(fmt::format("'{}' is no name for a topic.", topic));
    }
    const rd_kafka_metadata_t* answer = nullptr;
    const auto error = rd_kafka_metadata(client, 0, handle.get(), &answer, wholeMilliseconds(within.value_or(timeout)));
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafkaFailure(error, fmt::format("Kafka at {} does not answer", bootstrap));
    }
    Metadata metadata;
    metadata.brokers = answer->broker_cnt;
    if (answer->broker_cnt > 0) {
        metadata.someBroker = answer->brokers[0].id;
    }
    for (int i = 0; i < answer->topic_cnt; ++i) {
        const auto& found = answer->topics[i];
        if (found.topic == topic) {
            metadata.topic = {found.err, found.partition_cnt,
                              found.partition_cnt > 0 ? found.partitions[0].replica_cnt : 0};
        }
    }
    rd_kafka_metadata_destroy(answer);
    return metadata;
}

Event ClusterAdmin::State::ask(const std::function<void(rd_kafka_AdminOptions_t*, rd_kafka_queue_t*)>& request,
                               rd_kafka_admin_op_t op, std::optional<core::Nanoseconds> within) {
    const Queue queue(rd_kafka_queue_new(client));
    const AdminOptions options(rd_kafka_AdminOptions_new(client, op));
    const int wait = wholeMilliseconds(within.value_or(timeout));
    rd_kafka_AdminOptions_set_request_timeout(options.get(), wait, nullptr, 0);
    request(options.get(), queue.get());
    return Event(rd_kafka_queue_poll(queue.get(), wait + 1000));
}

// --- topics -----------------------------------------------------------------------------------------------------

core::Result<std::map<std::string, int>> ClusterAdmin::topics() {
    const rd_kafka_metadata_t* answer = nullptr;
    const auto error = rd_kafka_metadata(m_state->client, 1, nullptr, &answer, m_state->limit());
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafkaFailure(error, fmt::format("Kafka at {} did not list its topics", m_state->bootstrap));
    }
    std::map<std::string, int> topics;
    for (const auto& each : std::span(answer->topics, static_cast<std::size_t>(answer->topic_cnt))) {
        if (each.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            topics[each.topic] = each.partition_cnt;
        }
    }
    rd_kafka_metadata_destroy(answer);
    return topics;
}

core::Result<int> ClusterAdmin::partitionCount(const std::string& topic) {
    return m_state->partitionCount(topic, m_state->timeout);
}

core::Result<int> ClusterAdmin::State::partitionCount(const std::string& topic, core::Nanoseconds within) {
    auto facts = metadata(topic, within);
    if (!facts) {
        return facts.error();
    }
    const auto error = facts->topic.error;
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return facts->topic.partitions;
    }
    if (error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
        return 0;
    }
    if (error == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
        auto denied = kafkaFailure(error, fmt::format("Kafka at {} denies access to topic {}", bootstrap, topic));
        denied.hint = "Grant DESCRIBE on it.";
        return denied;
    }
    if (error == RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION) {
        return core::invalid(fmt::format("'{}' is no name for a topic.", topic));
    }
    return kafkaFailure(error, fmt::format("Kafka at {} does not describe topic {}", bootstrap, topic));
}

core::Result<std::map<std::string, int>> ClusterAdmin::ensureTopics(const std::map<std::string, int>& wanted) {
    std::map<std::string, int> partitions;
    std::map<std::string, int> missing;
    for (const auto& [topic, count] : wanted) {
        auto found = partitionCount(topic);
        if (!found) {
            return found.error();
        }
        (*found > 0 ? partitions : missing)[topic] = *found > 0 ? *found : count;
    }
    if (missing.empty()) {
        return partitions;
    }
    if (auto status = m_state->create(missing); !status) {
        return status.error();
    }
    for (const auto& [topic, count] : missing) {
        const auto until = steady_clock::now() + m_state->timeout;
        int found = 0;
        while (found == 0 && steady_clock::now() < until) { // brokers learn of it one after the other
            auto answer = partitionCount(topic);
            if (answer) {
                found = *answer;
            }
            if (found == 0) {
                std::this_thread::sleep_for(milliseconds(20));
            }
        }
        if (found == 0) {
            return core::transient(
                fmt::format("Kafka at {} created topic {} but does not know it yet.", m_state->bootstrap, topic));
        }
        partitions[topic] = found;
    }
    return partitions;
}

core::Status ClusterAdmin::State::create(const std::map<std::string, int>& topics) {
    constexpr int kClusterDefault = -1; // of the replication
    std::vector<NewTopic> owned;
    std::vector<rd_kafka_NewTopic_t*> list;
    for (const auto& [topic, partitions] : topics) {
        std::array<char, 256> reason{};
        owned.emplace_back(
            rd_kafka_NewTopic_new(topic.c_str(), partitions, kClusterDefault, reason.data(), reason.size()));
        if (!owned.back()) {
            return core::invalid(
                fmt::format("Topic {} cannot be created with {} partitions: {}.", topic, partitions, reason.data()));
        }
        list.push_back(owned.back().get());
    }
    const auto answer = ask(
        [&](auto* options, auto* queue) { rd_kafka_CreateTopics(client, list.data(), list.size(), options, queue); },
        RD_KAFKA_ADMIN_OP_CREATETOPICS);
    const auto attempt = fmt::format("Kafka at {} did not create the missing topics", bootstrap);
    if (!answer) {
        return core::transient(attempt + ": no answer in time.");
    }
    if (const auto error = rd_kafka_event_error(answer.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafkaFailure(error, attempt, rd_kafka_event_error_string(answer.get()));
    }
    return checkCreated(*answer);
}

core::Status ClusterAdmin::State::checkCreated(const rd_kafka_event_t& event) const {
    std::size_t count = 0;
    // The accessor takes a mutable event, but only reads.
    const auto* result = rd_kafka_event_CreateTopics_result(const_cast<rd_kafka_event_t*>(&event));
    const auto* const* created = rd_kafka_CreateTopics_result_topics(result, &count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto error = rd_kafka_topic_result_error(created[i]);
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
            continue; // somebody else was quicker
        }
        const char* name = rd_kafka_topic_result_name(created[i]);
        if (meansRefusal(error)) {
            return core::refused(fmt::format("Kafka at {} denies the creation of topic {}.", bootstrap, name),
                                 "Grant CREATE on it, or let somebody create it who may.");
        }
        auto refused = kafkaFailure(error, fmt::format("Kafka at {} did not create topic {}", bootstrap, name),
                                    rd_kafka_topic_result_error_string(created[i]));
        if (error != RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT && error != RD_KAFKA_RESP_ERR__TIMED_OUT) {
            refused.kind = core::ErrorKind::Invalid; // an impossible name, number or policy
        }
        return refused;
    }
    return {};
}

std::vector<std::string> ClusterAdmin::shortages(const std::map<std::string, int>& partitions, int concurrency) {
    std::vector<std::string> sentences;
    for (const auto& [topic, count] : partitions) {
        if (count < concurrency) {
            sentences.push_back(
                fmt::format("Topic {} has {} partition{} for {} consumers: {} will idle. Add partitions "
                            "or lower consumer.concurrency.",
                            topic, count, count == 1 ? "" : "s", concurrency, concurrency - count));
        }
    }
    return sentences;
}

// --- facts ------------------------------------------------------------------------------------------------------

core::Result<std::map<std::string, std::string>> ClusterAdmin::State::settings(rd_kafka_ResourceType_t type,
                                                                               const std::string& name) {
    const ConfigResource resource(rd_kafka_ConfigResource_new(type, name.c_str()));
    auto* list = resource.get();
    const auto answer =
        ask([&](auto* options, auto* queue) { rd_kafka_DescribeConfigs(client, &list, 1, options, queue); },
            RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    if (!answer) {
        return core::transient(fmt::format("Kafka at {} did not return its settings.", bootstrap));
    }
    if (const auto error = rd_kafka_event_error(answer.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafkaFailure(error, fmt::format("Kafka at {} did not return its settings", bootstrap));
    }
    std::size_t resources = 0;
    const auto* const* found =
        rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(answer.get()), &resources);
    std::map<std::string, std::string> settings;
    if (resources == 0) {
        return settings;
    }
    std::size_t count = 0;
    const auto* const* entries = rd_kafka_ConfigResource_configs(found[0], &count);
    for (std::size_t i = 0; i < count; ++i) {
        const char* value = rd_kafka_ConfigEntry_value(entries[i]);
        settings.emplace(rd_kafka_ConfigEntry_name(entries[i]), value ? value : "");
    }
    return settings;
}

core::Result<TopicFacts> ClusterAdmin::topicFacts(const std::string& topic) {
    auto facts = m_state->metadata(topic);
    if (!facts) {
        return facts.error();
    }
    if (facts->topic.error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
        return core::invalid(fmt::format("Kafka at {} has no topic {}.", m_state->bootstrap, topic));
    }
    if (facts->topic.error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafkaFailure(facts->topic.error,
                            fmt::format("Kafka at {} does not describe topic {}", m_state->bootstrap, topic));
    }
    TopicFacts answer{facts->topic.partitions, facts->topic.replication, "unknown"};
    const auto settings = m_state->settings(RD_KAFKA_RESOURCE_TOPIC, topic);
    if (!settings) { // not everybody may read them
        return answer;
    }
    if (const auto insync = settings->find("min.insync.replicas"); insync != settings->end()) {
        answer.minInsyncReplicas = insync->second;
    }
    if (const auto largest = settings->find("max.message.bytes"); largest != settings->end()) {
        std::uint64_t bytes = 0;
        const char* end = largest->second.data() + largest->second.size();
        if (std::from_chars(largest->second.data(), end, bytes).ptr == end) {
            answer.maxMessageBytes = bytes;
        }
    }
    return answer;
}

/// No request of the protocol returns the version. Up to 3.9 a broker's settings name it; from 4.0 on they tell it by
/// those that came with a version.
std::string ClusterAdmin::versionFrom(const std::map<std::string, std::string>& settings) {
    const auto named = settings.find("inter.broker.protocol.version");
    if (named != settings.end() && !named->second.empty()) {
        return named->second;
    }
    constexpr auto kCameWith =
        std::to_array<std::pair<const char*, const char*>>({{"cordoned.log.dirs", "4.3"},
                                                            {"group.share.assignors", "4.1"},
                                                            {"group.coordinator.rebalance.protocols", "4.0"}});
    const auto* const newest =
        std::ranges::find_if(kCameWith, [&settings](const auto& setting) { return settings.contains(setting.first); });
    return newest == kCameWith.end() ? "unknown" : fmt::format("{} or newer", newest->second);
}

core::Result<BrokerFacts> ClusterAdmin::brokerFacts() {
    auto metadata = m_state->metadata("");
    if (!metadata) {
        return metadata.error();
    }
    BrokerFacts facts{"unknown", metadata->brokers, "unknown"};
    if (char* id = rd_kafka_clusterid(m_state->client, m_state->limit())) {
        facts.clusterId = id;
        rd_kafka_mem_free(m_state->client, id);
    }
    if (const auto settings = m_state->settings(RD_KAFKA_RESOURCE_BROKER, fmt::format("{}", metadata->someBroker))) {
        facts.version = versionFrom(*settings);
    }
    return facts;
}

// --- offsets ----------------------------------------------------------------------------------------------------

core::Result<std::pair<core::Offset, core::Offset>> ClusterAdmin::watermarks(const core::TopicPartition& partition) {
    const auto giveUp = steady_clock::now() + m_state->timeout;
    std::int64_t low = 0;
    std::int64_t high = 0;
    auto error = RD_KAFKA_RESP_ERR_NO_ERROR;
    do { // a partition that was created a moment ago has its leader soon
        error = rd_kafka_query_watermark_offsets(m_state->client, partition.topic.c_str(), partition.partition.id, &low,
                                                 &high, m_state->limit());
    } while (isLeaderMissing(error) && steady_clock::now() < giveUp &&
             (std::this_thread::sleep_for(std::chrono::milliseconds(50)), true));
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafkaFailure(error, fmt::format("Kafka at {} did not say where {}/{} ends", m_state->bootstrap,
                                               partition.topic, partition.partition.id));
    }
    return std::pair(core::Offset{low}, core::Offset{high});
}

core::Result<std::vector<std::pair<core::TopicPartition, core::Offset>>>
ClusterAdmin::endOffsets(const std::vector<std::string>& topics) {
    const auto bounds = logBounds(topics, m_state->timeout);
    if (!bounds) {
        return bounds.error();
    }
    std::vector<std::pair<core::TopicPartition, core::Offset>> ends;
    for (const auto& [partition, each] : *bounds) {
        ends.emplace_back(partition, each.second);
    }
    return ends;
}

/// `place`: RD_KAFKA_OFFSET_BEGINNING or RD_KAFKA_OFFSET_END, which the protocol asks for as if they were times.
core::Result<std::map<core::TopicPartition, core::Offset>>
ClusterAdmin::State::offsetsAt(std::int64_t place, const std::vector<core::TopicPartition>& partitions,
                               core::Instant until) {
    for (;;) {
        const PartitionList list = partitionList(partitions);
        std::for_each_n(list->elems, list->cnt, [place](auto& each) { each.offset = place; });
        auto error = rd_kafka_offsets_for_times(client, list.get(), wholeMilliseconds(until - steady_clock::now()));
        std::map<core::TopicPartition, core::Offset> found;
        for (int i = 0; i < list->cnt; ++i) {
            const auto& each = list->elems[i];
            if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
                error = each.err;
            }
            found[{each.topic, {each.partition}}] = {each.offset};
        }
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
            return found;
        }
        if (!isLeaderMissing(error) || steady_clock::now() + milliseconds(50) > until) {
            return kafkaFailure(error, fmt::format("Kafka at {} did not say where its logs end", bootstrap));
        }
        std::this_thread::sleep_for(milliseconds(50)); // a partition that was created a moment ago has its leader soon
    }
}

core::Result<LogBounds> ClusterAdmin::logBounds(const std::vector<std::string>& topics, core::Nanoseconds limit) {
    const auto until = steady_clock::now() + limit;
    std::vector<core::TopicPartition> partitions;
    for (const auto& topic : topics) {
        const auto count = m_state->partitionCount(topic, until - steady_clock::now());
        if (!count) {
            return count.error();
        }
        for (std::int32_t i = 0; i < *count; ++i) {
            partitions.push_back({topic, {i}});
        }
    }
    LogBounds bounds;
    if (partitions.empty()) {
        return bounds;
    }
    const auto first = m_state->offsetsAt(RD_KAFKA_OFFSET_BEGINNING, partitions, until);
    const auto next = first ? m_state->offsetsAt(RD_KAFKA_OFFSET_END, partitions, until) : first;
    if (!next) {
        return next.error();
    }
    for (const auto& [partition, end] : *next) {
        bounds[partition] = {std::min(first->at(partition), end), end};
    }
    return bounds;
}

core::Result<std::map<core::TopicPartition, core::Offset>>
ClusterAdmin::firstSince(core::WallTime time, const std::vector<core::TopicPartition>& partitions) {
    const auto millis = std::chrono::ceil<milliseconds>(time.time_since_epoch()).count();
    auto found =
        m_state->offsetsAt(std::max<std::int64_t>(millis, 0), partitions, steady_clock::now() + m_state->timeout);
    if (found) {
        std::erase_if(*found, [](const auto& each) { return each.second.value < 0; });
    }
    return found;
}

// --- the group --------------------------------------------------------------------------------------------------

// Not by DescribeConsumerGroups: 2.0.2 ends the process by an assertion where the coordinator is too slow for it.
core::Result<std::optional<std::vector<GroupMember>>> ClusterAdmin::groupMembers(const std::string& group,
                                                                                 core::Nanoseconds limit) {
    const rd_kafka_group_list* answer = nullptr;
    const auto error = rd_kafka_list_groups(m_state->client, group.c_str(), &answer, wholeMilliseconds(limit));
    const GroupList groups(answer);
    const auto attempt = fmt::format("Kafka at {} did not describe group {}", m_state->bootstrap, group);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafkaFailure(error, attempt);
    }
    std::vector<GroupMember> members;
    if (groups->group_cnt == 0) {
        return std::optional(members);
    }
    const rd_kafka_group_info& found = groups->groups[0];
    if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafkaFailure(found.err, attempt);
    }
    const std::string_view state = found.state != nullptr ? found.state : "";
    if (state == "Dead" || state == "Empty") {
        return std::optional(members);
    }
    if (state != "Stable") {
        return std::optional<std::vector<GroupMember>>();
    }
    for (const rd_kafka_group_member_info& member :
         std::span(found.members, static_cast<std::size_t>(found.member_cnt))) {
        const std::string_view host = member.client_host != nullptr ? member.client_host : "";
        const std::string_view assignment(static_cast<const char*>(member.member_assignment),
                                          static_cast<std::size_t>(std::max(member.member_assignment_size, 0)));
        members.push_back({member.client_id != nullptr ? member.client_id : "",
                           std::string(host.substr(host.starts_with('/') ? 1 : 0)), assignedPartitions(assignment)});
    }
    return std::optional(std::move(members));
}

} // namespace services
