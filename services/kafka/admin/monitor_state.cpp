// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/admin/monitor_state.h"

#include "core/monitor/message_due.h"
#include "services/kafka/cluster_probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace services {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using std::chrono::system_clock;

namespace {

constexpr core::Nanoseconds kShapeEvery = 10s;
constexpr core::Nanoseconds kGroupsEvery = 5s;
constexpr core::Nanoseconds kEndsEvery = 950ms; // looks come about once a second
constexpr core::Nanoseconds kBeginsEvery = 30s;
constexpr core::Nanoseconds kSettingsEvery = 10min;
constexpr core::Nanoseconds kReadAgainAfter = 10s;
constexpr core::Nanoseconds kAnswerWait = 1s; // for commits; later ones come with the next look
constexpr core::Nanoseconds kMissedPause = 10s;
constexpr core::Nanoseconds kReadLimit = 2'500ms; // librdkafka's broker threads may turn to it after a second only
constexpr core::Nanoseconds kRateOver = 10s;
constexpr double kEndsShare = 0.6;           // of the budget, in a cluster of many brokers
constexpr std::size_t kReadAtOnce = 16;      // partitions: a batch of up to 64 KiB each
constexpr std::size_t kSettingsAtOnce = 100; // topics
constexpr std::uint64_t kFew = 100;          // events that may be none
constexpr double kExact = 0.05;              // seconds, and share of an age

/// The further off an age may be, the sooner its message is read.
struct ReadWish {
    int rank = 0;
    double age = 0;
    core::TopicPartition partition;
    core::Offset position;
    WatchedGroup* group = nullptr;

    bool operator<(const ReadWish& other) const { return std::tie(rank, other.age) < std::tie(other.rank, age); }
};

bool isKnown(const WatchedGroup& group, const core::PartitionLag& lag, core::Offset position) {
    const auto read = group.reads.find(lag.partition);
    return read != group.reads.end() && read->second.position == position &&
           (read->second.first || read->second.end == *lag.end);
}

} // namespace

bool ClusterMonitor::State::isWanted(const std::vector<std::string>& names, const std::string& name) const {
    return names.empty() || std::ranges::find(names, name) != names.end();
}

core::Status ClusterMonitor::State::connect(const std::stop_token& stop) {
    if (reader && reader->isOutdated() && steady_clock::now() - readerSince > 30s) {
        requestsBefore += reader->requestsSent();
        reader.reset();
    }
    if (reader) {
        return {};
    }
    // Says why, where nobody answers.
    if (const auto probed = probeCluster(access, options.limit, stop); !probed) {
        return probed.error();
    }
    auto created = ClusterReader::create(access, options.limit);
    if (!created) {
        return created.error();
    }
    reader = std::move(*created);
    readerSince = steady_clock::now();
    return {};
}

core::Status ClusterMonitor::State::askShape(core::Instant now) {
    if (now < shapeDue) {
        return {};
    }
    budget.spend(1);
    auto shape = reader->shape();
    if (!shape) {
        return shape.error();
    }
    shapeDue = now + kShapeEvery;
    std::map<int, std::optional<std::string>> racks;
    for (const auto& each : view.brokers) {
        racks[each.id] = each.rack;
    }
    view.brokers = std::move(shape->brokers);
    for (auto& each : view.brokers) {
        each.rack = racks[each.id];
    }
    std::map<std::string, core::TopicView> before;
    for (auto& each : view.topics) {
        before[each.name] = std::move(each);
    }
    view.topics.clear();
    for (auto& each : shape->topics) {
        if (!isWanted(options.topics, each.name)) {
            continue;
        }
        auto& known = before[each.name];
        each.settings = known.settings;
        each.settingsProblem = known.settingsProblem;
        each.perSecond = known.perSecond;
        view.topics.push_back(std::move(each));
    }
    view.clusterId = reader->clusterId();
    std::erase_if(logs, [this](const auto& log) {
        const auto topic = std::ranges::find(view.topics, log.first.topic, &core::TopicView::name);
        return topic == view.topics.end() || log.first.partition.id >= static_cast<int>(topic->partitions.size());
    });
    for (auto* times : {&readAt, &missedAt}) {
        std::erase_if(*times, [this](const auto& each) { return !logs.contains(each.first); });
    }
    return {};
}

std::vector<core::TopicPartition> ClusterMonitor::State::partitions() const {
    std::vector<core::TopicPartition> all;
    for (const auto& topic : view.topics) {
        for (std::size_t i = 0; i < topic.partitions.size(); ++i) {
            if (topic.partitions[i].leader >= 0) {
                all.push_back({topic.name, {static_cast<std::int32_t>(i)}});
            }
        }
    }
    return all;
}

double ClusterMonitor::State::leaders() const {
    std::set<int> ids;
    for (const auto& topic : view.topics) {
        for (const auto& each : topic.partitions) {
            ids.insert(each.leader);
        }
    }
    ids.erase(-1);
    return std::max(1.0, static_cast<double>(ids.size()));
}

void ClusterMonitor::State::askGroups(core::Instant now) {
    const double cost = 2 * static_cast<double>(std::max<std::size_t>(1, view.brokers.size()));
    if (now < groupsDue) {
        return;
    }
    budget.spend(cost);
    groupsDue = now + std::max(kGroupsEvery, std::chrono::duration_cast<core::Nanoseconds>(
                                                 std::chrono::duration<double>(cost / kRequestsPerSecond * 5)));
    auto list = reader->groups();
    groupsProblem = list ? "" : list.error().text();
    if (!list) {
        return;
    }
    groupsPartial = list->partial;
    std::map<std::string, WatchedGroup> before = std::exchange(groups, {});
    for (auto& each : list->groups) {
        if (!isWanted(options.groups, each.name)) {
            continue;
        }
        WatchedGroup& group = groups[each.name] = std::move(before[each.name]);
        group.isDenied = !each.problem.empty();
        group.view.name = each.name;
        group.view.state = std::move(each.state);
        group.view.members = std::move(each.members);
        if (group.isDenied || group.view.at == core::Instant()) {
            group.view.problem = std::move(each.problem);
        }
    }
    if (groupsPartial) { // those of a broker that did not answer stay as they were
        groups.merge(before);
    }
}

void ClusterMonitor::State::askCommits(core::Instant now) {
    std::vector<WatchedGroup*> turns;
    for (auto& [name, group] : groups) {
        if (!group.isDenied && !reader->isAsked(name)) {
            turns.push_back(&group);
        }
    }
    const auto isFavourite = [this](const WatchedGroup* group) {
        return std::ranges::find(favourites, group->view.name) != favourites.end();
    };
    std::ranges::sort(turns, [&](const WatchedGroup* a, const WatchedGroup* b) {
        return std::pair(!isFavourite(a), a->askedAt) < std::pair(!isFavourite(b), b->askedAt);
    });
    const double kept = 2 * leaders(); // for the ends, and a read
    for (WatchedGroup* group : turns) {
        const double cost = group->askedAt == core::Instant() ? 2 : 1; // its coordinator is looked for
        if (!budget.allows(isFavourite(group) ? 0 : kept + cost)) {
            break;
        }
        budget.spend(cost);
        group->askedAt = now;
        reader->askCommits(group->view.name);
    }
}

void ClusterMonitor::State::takeCommits() {
    for (auto& answer : reader->takeCommits(kAnswerWait)) {
        const auto found = groups.find(answer.group);
        if (found == groups.end()) {
            continue;
        }
        WatchedGroup& group = found->second;
        group.view.problem = answer.commits ? "" : answer.commits.error().text();
        if (answer.commits) {
            group.commits = std::move(*answer.commits);
            std::erase_if(group.commits,
                          [this](const auto& each) { return !isWanted(options.topics, each.first.topic); });
            group.hasNewCommits = true;
        }
    }
}

core::Status ClusterMonitor::State::askEnds(core::Instant now) {
    const double cost = leaders();
    budget.spend(cost);
    endsDue = now + std::max(kEndsEvery, std::chrono::duration_cast<core::Nanoseconds>(
                                             std::chrono::duration<double>(cost / kRequestsPerSecond / kEndsShare)));
    const core::WallTime asked = system_clock::now();
    LogOffsets ends = reader->ends(partitions());
    if (ends.offsets.empty() && !ends.problems.empty()) {
        return core::transient(ends.problems.begin()->second);
    }
    const core::WallTime middle = asked + (system_clock::now() - asked) / 2;
    for (const auto& [partition, end] : ends.offsets) {
        core::LogState& log = logs[partition];
        log.end = end;
        log.history.addEnd(middle, end);
    }
    for (auto& topic : view.topics) {
        const auto problem = ends.problems.find(topic.name);
        topic.problem = problem == ends.problems.end() ? "" : std::move(problem->second);
        for (std::size_t i = 0; i < topic.partitions.size(); ++i) {
            core::LogState& log = logs[{topic.name, {static_cast<std::int32_t>(i)}}];
            if (!topic.problem.empty() || topic.partitions[i].leader < 0) {
                log.end.reset();
            }
            log.hasGaps = log.hasGaps || (topic.settings && topic.settings->isCompacted());
        }
    }
    view.at = steady_clock::now();
    view.wall = middle;
    addRates(view.at);
    for (auto& [name, group] : groups) {
        if (group.hasNewCommits) {
            measure(group, middle);
        }
    }
    return {};
}

void ClusterMonitor::State::addRates(core::Instant now) {
    for (auto& topic : view.topics) {
        std::int64_t sum = 0;
        bool isComplete = !topic.partitions.empty();
        for (std::size_t i = 0; i < topic.partitions.size(); ++i) {
            const auto& log = logs[{topic.name, {static_cast<std::int32_t>(i)}}];
            isComplete = isComplete && log.end;
            sum += log.end ? log.end->value : 0;
        }
        auto& looks = written[topic.name];
        if (!isComplete || (!looks.empty() && sum < looks.back().second)) {
            looks.clear();
            topic.perSecond.reset();
        }
        if (isComplete) {
            looks.emplace_back(now, sum);
        }
        while (looks.size() > 2 && now - looks[1].first >= kRateOver) {
            looks.pop_front();
        }
        if (looks.size() > 1) {
            topic.perSecond =
                static_cast<double>(sum - looks.front().second) / core::secondsOf(now - looks.front().first);
        }
    }
    std::erase_if(written, [this](const auto& each) {
        return std::ranges::find(view.topics, each.first, &core::TopicView::name) == view.topics.end();
    });
}

void ClusterMonitor::State::measure(WatchedGroup& group, core::WallTime now) {
    core::measureLag(group.view, group.commits, logs, group.reads, now);
    std::erase_if(group.view.partitions,
                  [this](const auto& each) { return !isWanted(options.topics, each.partition.topic); });
    group.view.at = view.at;
    if (std::exchange(group.hasNewCommits, false)) {
        std::uint64_t read = 0;
        for (const auto& [partition, offset] : group.commits) {
            read += static_cast<std::uint64_t>(offset.value);
        }
        group.view.trend = group.trend.add(view.at, group.view.events.value_or(0), read);
    }
}

void ClusterMonitor::State::askBegins(core::Instant now) {
    const double cost = leaders();
    const bool hasNew = std::ranges::any_of(logs, [](const auto& log) { return log.second.end && !log.second.begin; });
    if ((now < beginsDue && !hasNew) || !budget.allows(cost)) {
        return;
    }
    budget.spend(cost);
    beginsDue = now + kBeginsEvery;
    for (const auto& [partition, begin] : reader->begins(partitions()).offsets) {
        logs[partition].begin = begin;
    }
}

void ClusterMonitor::State::askSettings(core::Instant now) {
    if (!budget.allows(1)) {
        return;
    }
    std::vector<std::string> names;
    for (const auto& topic : view.topics) {
        const auto asked = settingsAt.find(topic.name);
        if (names.size() < kSettingsAtOnce && (asked == settingsAt.end() || now - asked->second > kSettingsEvery)) {
            names.push_back(topic.name);
            settingsAt[topic.name] = now;
        }
    }
    if (names.empty()) {
        return;
    }
    budget.spend(1);
    const auto settings = reader->topicSettings(names);
    for (auto& topic : view.topics) {
        if (std::ranges::find(names, topic.name) == names.end()) {
            continue;
        }
        const auto found = settings ? settings->find(topic.name) : decltype(settings->find(topic.name))();
        if (!settings || (found != settings->end() && !found->second)) {
            topic.settingsProblem = settings ? found->second.error().text() : settings.error().text();
        } else if (found != settings->end()) {
            topic.settings = *found->second;
            topic.settingsProblem.clear();
        }
    }
}

void ClusterMonitor::State::askRacks(core::Instant now) {
    if (now < racksDue || !budget.allows(1)) {
        return;
    }
    const auto next = std::ranges::find_if(view.brokers, [](const auto& each) { return !each.rack; });
    if (next == view.brokers.end()) {
        return;
    }
    budget.spend(1);
    auto rack = reader->rackOf(next->id);
    racksProblem = rack ? "" : rack.error().text();
    if (rack) {
        next->rack = std::move(*rack);
    } else {
        racksDue = now + kSettingsEvery;
    }
}

/// Reads the first waiting messages whose age is not known well enough, those that matter most first.
void ClusterMonitor::State::readAhead(core::Instant now) {
    std::vector<ReadWish> wishes;
    for (auto& [name, group] : groups) {
        if (group.view.at != view.at) { // not measured in this look
            continue;
        }
        for (const auto& lag : group.view.partitions) {
            if (lag.events.value_or(0) == 0) {
                continue;
            }
            const core::Offset position = std::max(*lag.committed, logs[lag.partition].begin.value_or(*lag.committed));
            const auto missed = missedAt.find(lag.partition);
            const bool hasMissed = missed != missedAt.end() && now - missed->second < kMissedPause;
            if (hasMissed || isKnown(group, lag, position)) {
                continue;
            }
            const auto last = readAt.find(lag.partition);
            const bool isVague = !lag.seconds || lag.secondsBound > std::max(kExact, kExact * *lag.seconds);
            const bool isFresh = last != readAt.end() && now - last->second < kReadAgainAfter;
            if (isVague || !isFresh || *lag.events < kFew) {
                wishes.push_back({isVague   ? 0
                                  : isFresh ? 2
                                            : 1,
                                  lag.seconds.value_or(1e9) + lag.secondsBound, lag.partition, position, &group});
            }
        }
    }
    if (wishes.empty() || !budget.allows(leaders())) {
        return;
    }
    std::ranges::sort(wishes, [](const ReadWish& a, const ReadWish& b) { return a < b; });
    std::map<core::TopicPartition, core::Offset> positions;
    for (const ReadWish& wish : wishes) {
        if (positions.size() < kReadAtOnce) {
            positions.try_emplace(wish.partition, wish.position);
        }
    }
    budget.spend(leaders());
    const auto found = reader->firstMessages(positions, kReadLimit);
    for (const auto& [partition, position] : positions) {
        if (found.contains(partition)) {
            missedAt.erase(partition);
        } else {
            missedAt[partition] = now;
        }
    }
    std::set<WatchedGroup*> changed;
    for (const ReadWish& wish : wishes) {
        const auto message = found.find(wish.partition);
        if (message == found.end() || positions.at(wish.partition) != wish.position) {
            continue;
        }
        const FirstMessage& first = message->second;
        if (!first.offset && first.end.value - wish.position.value > static_cast<std::int64_t>(kFew)) {
            continue; // as many markers in a row there are not
        }
        core::LogState& log = logs[wish.partition];
        const auto due = first.offset ? core::messageDue(first.payload, first.timestamp, view.wall).time : std::nullopt;
        log.hasGaps = log.hasGaps || !first.offset || *first.offset != wish.position;
        if (first.offset && due) {
            log.history.addMessage(*first.offset, *due);
        }
        wish.group->reads[wish.partition] = {wish.position, first.end, first.offset, due};
        readAt[wish.partition] = now;
        changed.insert(wish.group);
    }
    for (WatchedGroup* group : changed) {
        measure(*group, view.wall);
    }
}

core::ClusterView ClusterMonitor::State::assembled(core::Instant now) {
    core::ClusterView whole = view;
    for (auto& topic : whole.topics) {
        for (std::size_t i = 0; i < topic.partitions.size(); ++i) {
            const auto log = logs.find({topic.name, {static_cast<std::int32_t>(i)}});
            if (log != logs.end()) {
                topic.partitions[i].begin = log->second.begin;
                topic.partitions[i].end = log->second.end;
            }
        }
    }
    for (const auto& [name, group] : groups) {
        whole.groups.push_back(group.view);
    }
    for (const std::string& problem : {groupsProblem, racksProblem}) {
        if (!problem.empty()) {
            whole.missing.push_back(problem);
        }
    }
    if (groupsPartial) {
        whole.missing.emplace_back("Not every broker listed its consumer groups: some may be missing.");
    }
    for (const std::string& name : options.groups) {
        if (!groups.contains(name) && groupsProblem.empty()) {
            whole.missing.push_back(fmt::format(
                "Kafka at {} lists no group {}: it does not exist, or you may not see it. Grant DESCRIBE on the group.",
                access.bootstrap, name));
        }
    }
    for (const std::string& name : options.topics) {
        if (std::ranges::find(whole.topics, name, &core::TopicView::name) == whole.topics.end()) {
            whole.missing.push_back(fmt::format(
                "Kafka at {} lists no topic {}: it does not exist, or you may not see it. Grant DESCRIBE on the topic.",
                access.bootstrap, name));
        }
    }
    requests.emplace_back(now, requestsBefore + reader->requestsSent());
    while (requests.size() > 2 && now - requests[1].first >= kRateOver) {
        requests.pop_front();
    }
    if (requests.size() > 1) {
        whole.requestsPerSecond = static_cast<double>(requests.back().second - requests.front().second) /
                                  core::secondsOf(now - requests.front().first);
    }
    return whole;
}

} // namespace services
