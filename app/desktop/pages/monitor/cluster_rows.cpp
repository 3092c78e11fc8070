// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/monitor/cluster_rows.h"

#include "app/desktop/widgets/figures.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>

namespace app {

namespace {

struct ClusterRows {
    Q_DECLARE_TR_FUNCTIONS(app::ClusterRows)
};

constexpr core::Nanoseconds kFresh = std::chrono::seconds(3);

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

QString noteText(core::LagNote note) {
    switch (note) {
    case core::LagNote::None:
        return {};
    case core::LagNote::NoCommit:
        return ClusterRows::tr("No offset is committed.");
    case core::LagNote::Expired:
        return ClusterRows::tr("The committed offset has expired: the log begins later.");
    case core::LagNote::BeyondEnd:
        return ClusterRows::tr("The committed offset lies beyond the log's end.");
    case core::LagNote::NothingWaits:
        return ClusterRows::tr("All is read: only transaction markers or compacted offsets follow.");
    case core::LagNote::AtMost:
        return ClusterRows::tr("At most: offsets count transaction markers or compacted messages too.");
    case core::LagNote::EndUnknown:
        return ClusterRows::tr("The log's end is not known.");
    }
    Q_UNREACHABLE();
}

Cell unknown(const QString& reason) {
    return {unknownFigure(), reason, false, -1.0};
}

Cell countCell(std::optional<std::uint64_t> count, const QString& reason, const QString& tip = {}) {
    return count ? Cell{countFigure(*count), tip, false, static_cast<double>(*count)} : unknown(reason);
}

Cell secondsCell(std::optional<double> seconds, const QString& reason, const QString& tip = {}) {
    return seconds ? Cell{durationFigure(core::Nanoseconds(std::llround(*seconds * 1e9))), tip, false, seconds}
                   : unknown(reason);
}

QString trendText(const core::BacklogTrend& trend) {
    switch (trend.word) {
    case core::BacklogTrend::Word::Steady:
        return ClusterRows::tr("steady");
    case core::BacklogTrend::Word::Growing:
        return ClusterRows::tr("growing by %1").arg(rateFigure({trend.perSecond}));
    case core::BacklogTrend::Word::Draining:
        return ClusterRows::tr("draining: %1 to empty").arg(durationFigure(trend.empty));
    }
    Q_UNREACHABLE();
}

QString whyNoLag(const core::GroupView& group) {
    if (!group.problem.empty()) {
        return text(group.problem);
    }
    return group.at == core::Instant() ? ClusterRows::tr("The group has not been asked yet.")
                                       : ClusterRows::tr("It is not known of every partition.");
}

/// Of its partitions, each kind once.
QString remarksOf(const core::GroupView& group) {
    if (!group.problem.empty()) {
        return text(group.problem);
    }
    QStringList remarks;
    for (const auto& each : group.partitions) {
        const QString note = noteText(each.note);
        if (!note.isEmpty() && !remarks.contains(note)) {
            remarks += note;
        }
    }
    return remarks.join(QLatin1Char(' '));
}

QString retentionText(const core::TopicSettings& settings) {
    if (!settings.retentionMs) {
        return unknownFigure();
    }
    QString retention = *settings.retentionMs < 0
                            ? ClusterRows::tr("no limit")
                            : inLocale(core::retentionText(std::chrono::milliseconds(*settings.retentionMs)));
    if (settings.retentionBytes.value_or(-1) >= 0) {
        retention += QStringLiteral(", ") + bytesFigure({static_cast<std::uint64_t>(*settings.retentionBytes)});
    }
    return retention;
}

Cell topicState(const core::TopicView& topic) {
    if (!topic.problem.empty()) {
        return {text(topic.problem), text(topic.problem), true};
    }
    if (topic.leaderless() > 0) {
        return {ClusterRows::tr("%1 without a leader").arg(countFigure(static_cast<std::uint64_t>(topic.leaderless()))),
                {},
                true};
    }
    if (topic.underReplicated() > 0) {
        return {ClusterRows::tr("%1 under-replicated")
                    .arg(countFigure(static_cast<std::uint64_t>(topic.underReplicated()))),
                {},
                true};
    }
    return {ClusterRows::tr("in sync")};
}

} // namespace

QStringList groupColumns() {
    return {ClusterRows::tr("Group"), ClusterRows::tr("State"), ClusterRows::tr("Members"), ClusterRows::tr("Lag"),
            ClusterRows::tr("Age"),   ClusterRows::tr("Trend"), ClusterRows::tr("Remarks")};
}

std::vector<CellRow> groupRows(const core::ClusterView& view) {
    std::vector<CellRow> rows;
    rows.reserve(view.groups.size());
    for (const core::GroupView& each : view.groups) {
        const QString age = view.at - each.at > kFresh && each.at != core::Instant()
                                ? ClusterRows::tr("As it was %1 ago.")
                                      .arg(durationFigure(std::chrono::round<std::chrono::seconds>(view.at - each.at)))
                                : QString();
        const QString remarks = remarksOf(each);
        rows.push_back({{text(each.name), text(each.name)},
                        {text(each.state)},
                        countCell(each.members.size(), {}),
                        countCell(each.events, whyNoLag(each), age),
                        secondsCell(each.seconds, whyNoLag(each), age),
                        {each.events ? trendText(each.trend) : unknownFigure()},
                        {remarks, remarks, !each.problem.empty()}});
    }
    return rows;
}

QStringList topicColumns() {
    return {ClusterRows::tr("Topic"),     ClusterRows::tr("Partitions"), ClusterRows::tr("Replicas"),
            ClusterRows::tr("Rate"),      ClusterRows::tr("Kept"),       ClusterRows::tr("Size"),
            ClusterRows::tr("Retention"), ClusterRows::tr("Cleanup"),    ClusterRows::tr("State")};
}

std::vector<CellRow> topicRows(const core::ClusterView& view) {
    const QString noSize = ClusterRows::tr("The size in bytes is not available with this librdkafka.");
    const QString kept = ClusterRows::tr("Offsets between the log's begin and its end.");
    const QString notYet = ClusterRows::tr("It is not known yet.");
    std::vector<CellRow> rows;
    rows.reserve(view.topics.size());
    for (const core::TopicView& each : view.topics) {
        const QString why = each.problem.empty() ? notYet : text(each.problem);
        const QString noSettings = each.settingsProblem.empty() ? notYet : text(each.settingsProblem);
        rows.push_back({{text(each.name), text(each.name)},
                        countCell(each.partitions.size(), {}),
                        countCell(static_cast<std::uint64_t>(each.replication()), {}),
                        each.perSecond ? Cell{rateFigure({*each.perSecond}), {}, false, each.perSecond} : unknown(why),
                        countCell(each.kept(), why, kept),
                        unknown(noSize),
                        each.settings ? Cell{retentionText(*each.settings)} : unknown(noSettings),
                        each.settings ? Cell{text(each.settings->cleanupPolicy)} : unknown(noSettings),
                        topicState(each)});
    }
    return rows;
}

QStringList partitionColumns() {
    return {ClusterRows::tr("Topic"),  ClusterRows::tr("Partition"), ClusterRows::tr("Committed"),
            ClusterRows::tr("End"),    ClusterRows::tr("Lag"),       ClusterRows::tr("Age"),
            ClusterRows::tr("Member"), ClusterRows::tr("Remarks")};
}

std::vector<CellRow> partitionRows(const core::GroupView& group) {
    const auto offset = [](std::optional<core::Offset> value) {
        return countCell(value ? std::optional(static_cast<std::uint64_t>(value->value)) : std::nullopt, {});
    };
    std::vector<CellRow> rows;
    rows.reserve(group.partitions.size());
    for (const core::PartitionLag& each : group.partitions) {
        const QString note = noteText(each.note);
        const QString bound = each.secondsBound > 0
                                  ? ClusterRows::tr("Within %1, from when the log's end passed there.")
                                        .arg(durationFigure(core::Nanoseconds(std::llround(each.secondsBound * 1e9))))
                                  : QString();
        const QString member = each.member && *each.member < group.members.size()
                                   ? text(group.members[*each.member].clientId)
                                   : unknownFigure();
        rows.push_back({{text(each.partition.topic), text(each.partition.topic)},
                        countCell(static_cast<std::uint64_t>(each.partition.partition.id), {}),
                        offset(each.committed),
                        offset(each.end),
                        countCell(each.events, note, note),
                        secondsCell(each.seconds, note, bound),
                        {member},
                        {note, note}});
    }
    return rows;
}

QStringList memberColumns() {
    return {ClusterRows::tr("Client"), ClusterRows::tr("Host"), ClusterRows::tr("Partitions")};
}

std::vector<CellRow> memberRows(const core::GroupView& group) {
    std::vector<CellRow> rows;
    for (const core::MemberView& each : group.members) {
        rows.push_back(
            {{text(each.clientId), text(each.clientId)}, {text(each.host)}, countCell(each.partitions.size(), {})});
    }
    return rows;
}

QString brokersText(const core::ClusterView& view) {
    QStringList brokers;
    for (const core::BrokerView& each : view.brokers) {
        QString broker = QStringLiteral("%1 %2").arg(each.id).arg(text(each.address));
        if (each.rack && !each.rack->empty()) {
            broker = ClusterRows::tr("%1 in rack %2").arg(broker, text(*each.rack));
        }
        brokers += each.isController ? ClusterRows::tr("%1 (controller)").arg(broker) : broker;
    }
    return ClusterRows::tr("Brokers: %1 · asking %2 times per second")
        .arg(brokers.join(QStringLiteral(", ")), QLocale().toString(view.requestsPerSecond, 'f', 1));
}

QString lagText(const core::GroupView& group) {
    if (!group.events) {
        return whyNoLag(group);
    }
    return ClusterRows::tr("Lag: %1 events, age %2, %3")
        .arg(countFigure(*group.events), secondsCell(group.seconds, {}).text, trendText(group.trend));
}

} // namespace app
