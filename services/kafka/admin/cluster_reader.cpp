// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/admin/cluster_reader.h"

#include "services/kafka/admin/reader_state.h"
#include "services/kafka/group_members.h"
#include "services/kafka/handle_deleter.h"
#include "services/kafka/kafka_error.h"
#include "services/kafka/partition_list.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <span>
#include <string_view>

namespace services {

using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

using Event = std::unique_ptr<rd_kafka_event_t, HandleDeleter<rd_kafka_event_destroy>>;
using AdminOptions = std::unique_ptr<rd_kafka_AdminOptions_t, HandleDeleter<rd_kafka_AdminOptions_destroy>>;
using Metadata = std::unique_ptr<const rd_kafka_metadata_t, HandleDeleter<rd_kafka_metadata_destroy>>;
using GroupInfos = std::unique_ptr<const rd_kafka_group_list, HandleDeleter<rd_kafka_group_list_destroy>>;
using Queue = std::unique_ptr<rd_kafka_queue_t, HandleDeleter<rd_kafka_queue_destroy>>;
using ConfigResource = std::unique_ptr<rd_kafka_ConfigResource_t, HandleDeleter<rd_kafka_ConfigResource_destroy>>;
using CommitsQuestion =
    std::unique_ptr<rd_kafka_ListConsumerGroupOffsets_t, HandleDeleter<rd_kafka_ListConsumerGroupOffsets_destroy>>;
using Settings = std::map<std::string, std::string>;

/// The statistics end with the sums over all brokers.
int countRequests(rd_kafka_t*, char* json, std::size_t length, void* opaque) {
    constexpr std::string_view kSent = "\"tx\":";
    const std::string_view text(json, length);
    const auto found = text.rfind(kSent);
    if (found != text.npos) {
        const char* const number = text.data() + found + kSent.size();
        std::from_chars(number, text.data() + text.size(), *static_cast<std::uint64_t*>(opaque));
    }
    return 0; // librdkafka frees the text
}

core::TopicView topicOf(const rd_kafka_metadata_topic& found, const std::string& bootstrap) {
    core::TopicView topic{.name = found.topic};
    if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        topic.problem =
            kafkaFailure(found.err, fmt::format("Kafka at {} does not describe topic {}", bootstrap, topic.name))
                .text();
    }
    const std::span partitions(found.partitions, static_cast<std::size_t>(found.partition_cnt));
    topic.partitions.resize(partitions.size());
    for (const auto& each : partitions) {
        if (each.id >= 0 && each.id < found.partition_cnt) {
            topic.partitions[static_cast<std::size_t>(each.id)] = {each.leader, each.replica_cnt, each.isr_cnt};
        }
    }
    return topic;
}

core::GroupView groupOf(const rd_kafka_group_info& found, const std::string& bootstrap) {
    core::GroupView group{.name = found.group, .state = found.state != nullptr ? found.state : ""};
    if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        group.problem =
            kafkaFailure(found.err, fmt::format("Kafka at {} does not describe group {}", bootstrap, group.name))
                .text();
    }
    for (const auto& member : std::span(found.members, static_cast<std::size_t>(found.member_cnt))) {
        const std::string_view host = member.client_host != nullptr ? member.client_host : "";
        const std::string_view assignment(static_cast<const char*>(member.member_assignment),
                                          static_cast<std::size_t>(std::max(member.member_assignment_size, 0)));
        group.members.push_back({member.client_id != nullptr ? member.client_id : "",
                                 std::string(host.substr(host.starts_with('/') ? 1 : 0)),
                                 assignedPartitions(assignment)});
    }
    return group;
}

Settings settingsOf(const rd_kafka_ConfigResource_t& resource) {
    Settings settings;
    std::size_t count = 0;
    const auto* const* entries = rd_kafka_ConfigResource_configs(&resource, &count);
    for (const auto* entry : std::span(entries, count)) {
        const char* value = rd_kafka_ConfigEntry_value(entry);
        settings.emplace(rd_kafka_ConfigEntry_name(entry), value != nullptr ? value : "");
    }
    return settings;
}

std::optional<std::int64_t> numberIn(const Settings& settings, const std::string& name) {
    const auto found = settings.find(name);
    std::int64_t number = 0;
    if (found == settings.end() ||
        std::from_chars(found->second.data(), found->second.data() + found->second.size(), number).ec != std::errc()) {
        return std::nullopt;
    }
    return number;
}

/// One DescribeConfigs request. Nothing: no answer in time.
Event describe(rd_kafka_t* client, std::vector<rd_kafka_ConfigResource_t*> resources, core::Nanoseconds limit) {
    const Queue queue(rd_kafka_queue_new(client));
    const AdminOptions options(rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS));
    const int wait = wholeMilliseconds(limit);
    rd_kafka_AdminOptions_set_request_timeout(options.get(), wait, nullptr, 0);
    rd_kafka_DescribeConfigs(client, resources.data(), resources.size(), options.get(), queue.get());
    return Event(rd_kafka_queue_poll(queue.get(), wait + 1000));
}

std::span<const rd_kafka_ConfigResource_t* const> resourcesOf(rd_kafka_event_t* event) {
    std::size_t count = 0;
    const auto* const* found =
        rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event), &count);
    return {found, count};
}

core::Commits commitsIn(rd_kafka_event_t* event) {
    core::Commits commits;
    std::size_t groups = 0;
    const auto* const* results =
        rd_kafka_ListConsumerGroupOffsets_result_groups(rd_kafka_event_ListConsumerGroupOffsets_result(event), &groups);
    const auto* list = groups == 0 ? nullptr : rd_kafka_group_result_partitions(results[0]);
    for (int i = 0; list != nullptr && i < list->cnt; ++i) {
        const auto& each = list->elems[i];
        if (each.err == RD_KAFKA_RESP_ERR_NO_ERROR && each.offset >= 0) {
            commits[{each.topic, {each.partition}}] = {each.offset};
        }
    }
    return commits;
}

} // namespace

ClusterReader::State::~State() {
    if (answers != nullptr) {
        rd_kafka_queue_destroy(answers);
    }
    if (client != nullptr) {
        destroyWithin(client, seconds(5));
    }
}

core::Result<std::unique_ptr<ClusterReader>> ClusterReader::create(const ClusterAccess& access,
                                                                   core::Nanoseconds limit) {
    auto conf = kafkaConf(access, {{"client.id", "millrace-monitor"}, {"reconnect.backoff.max.ms", "1000"}},
                          {{"allow.auto.create.topics", "false"}, // to ask for a topic must not create it
                           {"enable.auto.commit", "false"},
                           {"enable.auto.offset.store", "false"},
                           {"auto.offset.reset", "error"},
                           {"enable.partition.eof", "true"}, // says that nothing waits
                           {"isolation.level", "read_uncommitted"},
                           // One message is wanted, and librdkafka would go on fetching until it has 100,000.
                           {"queued.min.messages", "1"},
                           {"fetch.message.max.bytes", "65536"},
                           {"fetch.wait.max.ms", "500"}, // a request each
                           {"statistics.interval.ms", "1000"}});
    if (!conf) {
        return conf.error();
    }
    auto state = std::make_unique<State>();
    rd_kafka_conf_set_opaque(conf->get(), &state->requestsSent);
    rd_kafka_conf_set_stats_cb(conf->get(), &countRequests);
    std::array<char, 512> reason{};
    // A consumer, because a producer's questions create topics; without a group, so it joins none.
    state->client = rd_kafka_new(RD_KAFKA_CONSUMER, conf->get(), reason.data(), reason.size());
    if (state->client == nullptr) {
        return core::invalid(
            fmt::format("The Kafka client for {} could not be created: {}.", access.bootstrap, reason.data()));
    }
    static_cast<void>(conf->release()); // the client owns it now
    state->answers = rd_kafka_queue_new(state->client);
    state->bootstrap = access.bootstrap;
    state->limit = limit;
    return std::unique_ptr<ClusterReader>(new ClusterReader(std::move(state)));
}

ClusterReader::ClusterReader(std::unique_ptr<State> state) : m_state(std::move(state)) {}
ClusterReader::~ClusterReader() = default;

core::Result<ClusterShape> ClusterReader::shape() {
    const rd_kafka_metadata_t* answer = nullptr;
    const auto error = rd_kafka_metadata(m_state->client, 1, nullptr, &answer, wholeMilliseconds(m_state->limit));
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafkaFailure(error, fmt::format("Kafka at {} does not answer", m_state->bootstrap));
    }
    const Metadata metadata(answer);
    const auto controller = rd_kafka_controllerid(m_state->client, 0);
    ClusterShape shape;
    for (const auto& each : std::span(answer->brokers, static_cast<std::size_t>(answer->broker_cnt))) {
        shape.brokers.push_back({each.id, fmt::format("{}:{}", each.host, each.port), {}, each.id == controller});
    }
    for (const auto& each : std::span(answer->topics, static_cast<std::size_t>(answer->topic_cnt))) {
        shape.topics.push_back(topicOf(each, m_state->bootstrap));
    }
    std::ranges::sort(shape.brokers, {}, &core::BrokerView::id);
    std::ranges::sort(shape.topics, {}, &core::TopicView::name);
    return shape;
}

std::string ClusterReader::clusterId() {
    char* const id = rd_kafka_clusterid(m_state->client, 0);
    std::string text = id != nullptr ? id : "";
    if (id != nullptr) {
        rd_kafka_mem_free(m_state->client, id);
    }
    return text;
}

// Not by ListConsumerGroups and DescribeConsumerGroups: the latter sends a request per group, and librdkafka 2.0 ends
// the process where one of them times out before its coordinator is found.
core::Result<GroupList> ClusterReader::groups() {
    const rd_kafka_group_list* answer = nullptr;
    const auto error = rd_kafka_list_groups(m_state->client, nullptr, &answer, wholeMilliseconds(m_state->limit));
    const GroupInfos infos(answer);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR && error != RD_KAFKA_RESP_ERR__PARTIAL) {
        return kafkaFailure(error, fmt::format("Kafka at {} did not list its consumer groups", m_state->bootstrap));
    }
    GroupList list{{}, error == RD_KAFKA_RESP_ERR__PARTIAL};
    for (const auto& each : std::span(answer->groups, static_cast<std::size_t>(answer->group_cnt))) {
        list.groups.push_back(groupOf(each, m_state->bootstrap));
    }
    std::ranges::sort(list.groups, {}, &core::GroupView::name);
    return list;
}

// --- where logs begin and end -----------------------------------------------------------------------------------

void ClusterReader::State::addOffsets(std::int64_t place, const std::vector<core::TopicPartition>& partitions,
                                      core::Instant until, LogOffsets& found) {
    const PartitionList list = partitionList(partitions);
    std::for_each_n(list->elems, list->cnt, [place](auto& each) { each.offset = place; });
    const int left = std::max(1, wholeMilliseconds(until - steady_clock::now()));
    const auto error = rd_kafka_offsets_for_times(client, list.get(), left);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
        for (const auto& each : std::span(list->elems, static_cast<std::size_t>(list->cnt))) {
            if (each.err == RD_KAFKA_RESP_ERR_NO_ERROR && each.offset >= 0) {
                found.offsets[{each.topic, {each.partition}}] = {each.offset};
            }
        }
        return;
    }
    std::set<std::string> topics;
    std::ranges::transform(partitions, std::inserter(topics, topics.end()), &core::TopicPartition::topic);
    if (topics.size() == 1 || error == RD_KAFKA_RESP_ERR__TIMED_OUT) {
        for (const std::string& topic : topics) {
            found.problems[topic] =
                kafkaFailure(error, fmt::format("Kafka at {} did not say where topic {} ends", bootstrap, topic))
                    .text();
        }
        return;
    }
    const std::string& middle = *std::next(topics.begin(), static_cast<std::ptrdiff_t>(topics.size() / 2));
    std::vector<core::TopicPartition> lower;
    std::vector<core::TopicPartition> upper;
    for (const auto& each : partitions) {
        (each.topic < middle ? lower : upper).push_back(each);
    }
    addOffsets(place, lower, until, found);
    addOffsets(place, upper, until, found);
}

LogOffsets ClusterReader::begins(const std::vector<core::TopicPartition>& partitions) {
    LogOffsets found;
    if (!partitions.empty()) {
        m_state->addOffsets(RD_KAFKA_OFFSET_BEGINNING, partitions, steady_clock::now() + m_state->limit, found);
    }
    return found;
}

LogOffsets ClusterReader::ends(const std::vector<core::TopicPartition>& partitions) {
    LogOffsets found;
    if (!partitions.empty()) {
        m_state->addOffsets(RD_KAFKA_OFFSET_END, partitions, steady_clock::now() + m_state->limit, found);
    }
    return found;
}

// --- what groups have committed ---------------------------------------------------------------------------------

void ClusterReader::askCommits(const std::string& group) {
    constexpr int kOneHour = 3'600'000;
    const AdminOptions options(rd_kafka_AdminOptions_new(m_state->client, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS));
    // The longest there is: a question that times out while its coordinator is looked for would end the process in
    // librdkafka 2.0 when the coordinator is found after all. takeCommits() has a limit of its own.
    rd_kafka_AdminOptions_set_request_timeout(options.get(), kOneHour, nullptr, 0);
    const auto number = ++m_state->questions;
    // The number is all that an answer has in common with its question; it is no address.
    rd_kafka_AdminOptions_set_opaque(options.get(), reinterpret_cast<void*>(number));
    const CommitsQuestion question(rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), nullptr));
    auto* one = question.get();
    m_state->asked[number] = group;
    rd_kafka_ListConsumerGroupOffsets(m_state->client, &one, 1, options.get(), m_state->answers);
}

bool ClusterReader::isAsked(const std::string& group) const {
    return std::ranges::any_of(m_state->asked, [&group](const auto& each) { return each.second == group; });
}

bool ClusterReader::isOutdated() const {
    return m_state->isOutdated;
}

std::vector<GroupCommits> ClusterReader::takeCommits(core::Nanoseconds limit) {
    std::vector<GroupCommits> found;
    const auto until = steady_clock::now() + limit;
    while (!m_state->asked.empty()) {
        const int left = std::max(0, wholeMilliseconds(until - steady_clock::now()));
        const Event event(rd_kafka_queue_poll(m_state->answers, left));
        if (!event) {
            break;
        }
        const auto question =
            m_state->asked.extract(reinterpret_cast<std::uintptr_t>(rd_kafka_event_opaque(event.get())));
        if (question.empty()) {
            continue;
        }
        const std::string& group = question.mapped();
        const auto error = rd_kafka_event_error(event.get());
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
            found.push_back({group, commitsIn(event.get())});
            continue;
        }
        m_state->isOutdated |= error == RD_KAFKA_RESP_ERR_NOT_COORDINATOR;
        auto failure = kafkaFailure(
            error, fmt::format("Kafka at {} did not say what group {} has committed", m_state->bootstrap, group));
        if (meansRefusal(error)) {
            failure.hint = "Grant DESCRIBE on the group.";
        }
        found.push_back({group, std::move(failure)});
    }
    return found;
}

// --- settings ---------------------------------------------------------------------------------------------------

core::Result<std::map<std::string, core::Result<core::TopicSettings>>>
ClusterReader::topicSettings(const std::vector<std::string>& topics) {
    std::map<std::string, core::Result<core::TopicSettings>> found;
    std::vector<ConfigResource> owned;
    std::vector<rd_kafka_ConfigResource_t*> list;
    for (const std::string& topic : topics) {
        owned.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
        list.push_back(owned.back().get());
    }
    const Event answer = describe(m_state->client, list, m_state->limit);
    const auto attempt = fmt::format("Kafka at {} did not return its topics' settings", m_state->bootstrap);
    if (!answer) {
        return core::transient(attempt + ": no answer in time.");
    }
    if (const auto error = rd_kafka_event_error(answer.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafkaFailure(error, attempt, rd_kafka_event_error_string(answer.get()));
    }
    for (const auto* resource : resourcesOf(answer.get())) {
        const std::string topic = rd_kafka_ConfigResource_name(resource);
        if (const auto error = rd_kafka_ConfigResource_error(resource); error != RD_KAFKA_RESP_ERR_NO_ERROR) {
            auto failure = kafkaFailure(
                error, fmt::format("Kafka at {} did not return the settings of topic {}", m_state->bootstrap, topic));
            failure.hint = meansRefusal(error) ? "Grant DESCRIBE_CONFIGS on it." : "";
            found.emplace(topic, std::move(failure));
            continue;
        }
        const Settings settings = settingsOf(*resource);
        const auto policy = settings.find("cleanup.policy");
        found.emplace(topic,
                      core::TopicSettings{numberIn(settings, "retention.ms"), numberIn(settings, "retention.bytes"),
                                          policy == settings.end() ? "" : policy->second});
    }
    return found;
}

core::Result<std::string> ClusterReader::rackOf(int broker) {
    const ConfigResource resource(
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_BROKER, std::to_string(broker).c_str()));
    const Event answer = describe(m_state->client, {resource.get()}, m_state->limit);
    const auto attempt =
        fmt::format("Kafka at {} did not return the settings of broker {}", m_state->bootstrap, broker);
    if (!answer) {
        return core::transient(attempt + ": no answer in time.");
    }
    auto error = rd_kafka_event_error(answer.get());
    const auto found =
        error == RD_KAFKA_RESP_ERR_NO_ERROR ? resourcesOf(answer.get()) : decltype(resourcesOf(answer.get()))();
    if (!found.empty()) {
        error = rd_kafka_ConfigResource_error(found.front());
    }
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR || found.empty()) {
        auto failure = kafkaFailure(error, attempt);
        failure.hint = meansRefusal(error) ? "Grant DESCRIBE_CONFIGS on the cluster, or do without racks." : "";
        return failure;
    }
    const Settings settings = settingsOf(*found.front());
    const auto rack = settings.find("broker.rack");
    return rack == settings.end() ? std::string() : rack->second;
}

std::uint64_t ClusterReader::requestsSent() {
    rd_kafka_poll(m_state->client, 0); // calls countRequests()
    return m_state->requestsSent;
}

} // namespace services
