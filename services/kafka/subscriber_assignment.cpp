// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/partition_list.h"
#include "services/kafka/subscriber_state.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>

namespace services {

namespace {

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
        {"topic.metadata.refresh.interval.ms", "5000"}, // partitions that are added under a run are consumed
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
        {"enable.partition.eof", "true"},                                  // tells positions behind control records
        {"allow.auto.create.topics", options.embedded ? "true" : "false"}, // the embedded one cannot be told
        {"statistics.interval.ms", "0"},
    };
}

} // namespace

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
    stateOf(opaque).report(error, reason);
}

void onThrottle(rd_kafka_t*, const char*, std::int32_t, int ms, void* opaque) {
    stateOf(opaque).throttledBy(std::chrono::milliseconds(ms));
}

} // namespace

core::Status KafkaSubscriber::State::open(core::AssignmentListener& whom) {
    listener = &whom;
    auto conf = kafkaConf(options.cluster, tunable(options), fixed(options));
    if (!conf) {
        return conf.error();
    }
    settings = effectiveSettings(**conf);
    if (settings["partition.assignment.strategy"].starts_with("cooperative")) {
        return core::invalid(
            "partition.assignment.strategy must be range or roundrobin: partitions that move one by one "
            "are not supported.");
    }
    rd_kafka_conf_set_opaque(conf->get(), this);
    rd_kafka_conf_set_rebalance_cb(conf->get(), &onRebalance);
    rd_kafka_conf_set_offset_commit_cb(conf->get(), &onCommit);
    rd_kafka_conf_set_error_cb(conf->get(), &onError);
    rd_kafka_conf_set_throttle_cb(conf->get(), &onThrottle);
    std::array<char, 512> reason{};
    client = rd_kafka_new(RD_KAFKA_CONSUMER, conf->get(), reason.data(), reason.size());
    if (!client) {
        return core::invalid(
            fmt::format("The Kafka consumer of group {} could not be created: {}.", options.group, reason.data()));
    }
    static_cast<void>(conf->release()); // the client owns it now
    rd_kafka_poll_set_consumer(client);
    if (options.share) {
        waitsForShare = true;
        return {};
    }
    std::vector<core::TopicPartition> topics;
    for (const auto& topic : options.topics) {
        topics.push_back({topic, {RD_KAFKA_PARTITION_UA}});
    }
    const auto error = rd_kafka_subscribe(client, partitionList(topics).get());
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return {};
    }
    destroyWithin(client, kSubscriberClose);
    return core::invalid(
        fmt::format("Group {} cannot subscribe to its topics: {}.", options.group, rd_kafka_err2str(error)));
}

void KafkaSubscriber::State::rebalance(int what, rd_kafka_topic_partition_list_t& list) {
    const auto partitions = partitionsOf(list);
    if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        assign(partitions);
        return;
    }
    if (what == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
        revoke(partitions);
    } else {
        report(what, "the group could not be rebalanced");
    }
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
    if (paused) {
        setPaused(partitions, true);
    }
}

void KafkaSubscriber::State::revoke(const std::vector<core::TopicPartition>& partitions) {
    if (paused) {
        setPaused(partitions, false); // librdkafka would remember it till they come back
    }
    const bool lost = rd_kafka_assignment_lost(client) != 0;
    listener->revoked(partitions, lost);
    if (!lost) {
        mirrorNow(); // the last time that these are ours
    }
    positions.remove(partitions);
    for (const auto& partition : partitions) {
        stalled.erase(partition);
        unmirrored.erase(partition);
    }
}

/// Assigns what is assigned once more, at the present positions: seeking is refused where a fetcher has stopped.
void KafkaSubscriber::State::restartFetchers() {
    std::vector<std::pair<core::TopicPartition, core::Offset>> starts;
    for (const auto& position : positions.all()) {
        starts.emplace_back(position.partition, position.next);
    }
    const auto error = rd_kafka_assign(client, partitionList(starts).get());
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        over = core::fatal(
            fmt::format("Group {} could not take its partitions over: {}.", options.group, rd_kafka_err2str(error)));
    }
}

void KafkaSubscriber::State::setPaused(const std::vector<core::TopicPartition>& partitions, bool pause) {
    if (partitions.empty()) {
        return;
    }
    const auto list = partitionList(partitions);
    // Partitions that are gone by now fail one by one, which is right.
    if (pause) {
        rd_kafka_pause_partitions(client, list.get());
    } else {
        rd_kafka_resume_partitions(client, list.get());
    }
}

std::vector<core::TopicPartition> KafkaSubscriber::State::assigned() const {
    std::vector<core::TopicPartition> partitions;
    for (const auto& position : positions.all()) {
        partitions.push_back(position.partition);
    }
    return partitions;
}

} // namespace services
