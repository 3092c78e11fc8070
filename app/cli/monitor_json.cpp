// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/monitor_json.h"

#include "core/format/timestamp_text.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>

namespace app {
namespace {

using Json = nlohmann::ordered_json;

template <typename T>
Json known(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}
Json knownOffset(const std::optional<core::Offset>& offset) {
    return offset ? Json(offset->value) : Json();
}
/// Nothing where there is nothing to say.
Json said(std::string_view text) {
    return text.empty() ? Json() : Json(std::string(text));
}
double milli(double seconds) {
    return std::round(seconds * 1e3) / 1e3;
}
Json knownSeconds(const std::optional<double>& seconds) {
    return seconds ? Json(milli(*seconds)) : Json();
}

std::string timeText(core::WallTime time) {
    std::array<char, core::TimestampText::kLength> text{};
    char* const end = core::TimestampText().write(text.data(), time);
    return {text.data(), end};
}

Json topicJson(const core::TopicView& topic) {
    const auto settings = topic.settings.value_or(core::TopicSettings{});
    return {{"name", topic.name},
            {"partitions", topic.partitions.size()},
            {"replication", topic.replication()},
            {"under_replicated", topic.underReplicated()},
            {"leaderless", topic.leaderless()},
            {"rate_per_s", topic.perSecond ? Json(std::round(*topic.perSecond * 100) / 100) : Json()},
            {"kept", known(topic.kept())},
            {"bytes", Json()}, // the protocol's DescribeLogDirs, which librdkafka does not send
            {"retention_ms", known(settings.retentionMs)},
            {"retention_bytes", known(settings.retentionBytes)},
            {"cleanup_policy", said(settings.cleanupPolicy)},
            {"problem", said(topic.problem)},
            {"settings_problem", said(topic.settingsProblem)}};
}

Json memberJson(const core::MemberView& member) {
    Json partitions = Json::array();
    for (const auto& each : member.partitions) {
        partitions.push_back({{"topic", each.topic}, {"partition", each.partition.id}});
    }
    return {{"client_id", member.clientId}, {"host", member.host}, {"partitions", std::move(partitions)}};
}

Json partitionJson(const core::PartitionLag& lag) {
    return {{"topic", lag.partition.topic},
            {"partition", lag.partition.partition.id},
            {"committed", knownOffset(lag.committed)},
            {"end", knownOffset(lag.end)},
            {"lag", known(lag.events)},
            {"lag_s", knownSeconds(lag.seconds)},
            {"lag_s_within", lag.seconds ? Json(milli(lag.secondsBound)) : Json()},
            {"member", known(lag.member)},
            {"note", said(core::sentenceOf(lag.note))}};
}

Json trendJson(const core::BacklogTrend& trend) {
    constexpr std::array<const char*, 3> kWords{"steady", "growing", "draining"};
    const bool drains = trend.word == core::BacklogTrend::Word::Draining;
    return {{"word", kWords.at(static_cast<std::size_t>(trend.word))},
            {"per_s", std::round((drains ? -trend.perSecond : trend.perSecond) * 100) / 100},
            {"drain_s", drains ? Json(milli(core::secondsOf(trend.empty))) : Json()}};
}

Json groupJson(const core::GroupView& group, core::Instant now) {
    Json members = Json::array();
    for (const auto& each : group.members) {
        members.push_back(memberJson(each));
    }
    Json partitions = Json::array();
    for (const auto& each : group.partitions) {
        partitions.push_back(partitionJson(each));
    }
    const bool isKnown = group.at != core::Instant();
    return {{"name", group.name},
            {"state", said(group.state)},
            {"lag", known(group.events)},
            {"lag_s", knownSeconds(group.seconds)},
            {"unknown_partitions", group.unknown},
            {"trend", group.events ? trendJson(group.trend) : Json()},
            {"age_s", isKnown ? Json(milli(core::secondsOf(now - group.at))) : Json()},
            {"problem", said(group.problem)},
            {"members", std::move(members)},
            {"partitions", std::move(partitions)}};
}

Json ruleJson(const core::LagRuleOutcome& outcome, core::Instant now) {
    return {{"rule", outcome.rule.text},
            {"status", std::string(nameOf(outcome.status))},
            {"group", said(outcome.group)},
            {"value", known(outcome.value)},
            {"worst", known(outcome.worst)},
            {"was_broken", outcome.wasBroken},
            {"broken_for_s", outcome.brokenSince ? Json(milli(core::secondsOf(now - *outcome.brokenSince))) : Json()},
            {"reason", said(outcome.reason)}};
}

} // namespace

std::string monitorJson(const core::ClusterView& view, const std::vector<core::LagRuleOutcome>& rules,
                        const std::string& problem, core::Instant now) {
    Json json{{"schema", "millrace.monitor/1"},
              {"time", timeText(view.wall)},
              {"age_s", milli(core::secondsOf(now - view.at))},
              {"problem", said(problem)},
              {"cluster_id", said(view.clusterId)},
              {"requests_per_s", std::round(view.requestsPerSecond * 100) / 100}};
    json["missing"] = view.missing;
    for (const char* list : {"brokers", "topics", "groups", "rules"}) {
        json[list] = Json::array();
    }
    for (const auto& each : view.brokers) {
        json["brokers"].push_back({{"id", each.id},
                                   {"address", each.address},
                                   {"rack", known(each.rack)},
                                   {"controller", each.isController}});
    }
    for (const auto& each : view.topics) {
        json["topics"].push_back(topicJson(each));
    }
    for (const auto& each : view.groups) {
        json["groups"].push_back(groupJson(each, now));
    }
    for (const auto& each : rules) {
        json["rules"].push_back(ruleJson(each, now));
    }
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace app
