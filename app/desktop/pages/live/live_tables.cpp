// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/live/live_tables.h"

#include "app/desktop/charts/mark_text.h"
#include "app/desktop/widgets/figures.h"

#include <fmt/format.h>

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <map>

namespace app {

namespace {

struct LiveTablesTexts { // the translator's context
    Q_DECLARE_TR_FUNCTIONS(app::LiveTables)
};

CellRow count(const QString& name, std::uint64_t value, const QString& tip, bool alarm = false) {
    return {{name, tip, alarm}, {countFigure(value), tip, alarm}};
}

/// A count that is known only when the ledger is closed.
CellRow closed(const QString& name, const std::optional<core::IdCounts>& ids, std::uint64_t core::IdCounts::* which,
               const QString& tip, bool bad) {
    if (!ids) {
        return {{name, tip},
                {unknownFigure(), LiveTablesTexts::tr("Known when the ledger is closed, at the end of the run.")}};
    }
    return count(name, (*ids).*which, tip, bad && (*ids).*which > 0);
}

/// A count that nobody can know.
CellRow hiddenCount(CellRow row, core::ConsumedBy consumedBy) {
    row[1] = {unknownFigure(), consumedBy == core::ConsumedBy::Nobody
                                   ? LiveTablesTexts::tr("Not known: nobody consumes.")
                                   : LiveTablesTexts::tr("Not known: somebody else's program consumes, and only its "
                                                         "table tells of it.")};
    return row;
}

double perSecond(std::uint64_t later, std::uint64_t earlier, core::Nanoseconds between) {
    return static_cast<double>(later - earlier) / std::chrono::duration<double>(between).count();
}

core::LatencyHistogram since(const core::StreamSnapshot& later, const core::StreamSnapshot& earlier,
                             core::Metric metric) {
    core::LatencyHistogram histogram = core::of(later.latency, metric);
    histogram.subtract(core::of(earlier.latency, metric));
    return histogram;
}

Cell p99(const core::LatencyHistogram& histogram) {
    const QString text = percentileFigure(histogram, 99);
    const bool unknown = text == unknownFigure();
    return {.text = text,
            .tip = unknown ? LiveTablesTexts::tr("Too few events for this percentile since the last look.")
                           : LiveTablesTexts::tr("Of %1 events.").arg(countFigure(histogram.count())),
            .order = unknown ? -1.0 : static_cast<double>(histogram.percentile(99).value_or(0))};
}

/// What matters most comes first: the rest may have to be scrolled to.
CellRow flowRow(const CellRow& head, const core::StreamSnapshot& later, const core::StreamSnapshot& earlier,
                core::Nanoseconds between) {
    const auto rate = [](double value) { return Cell{.text = rateFigure({value}), .order = value}; };
    const core::ProducerCounts& counts = later.producer;
    const std::uint64_t errors = counts.failed + counts.inDoubt + counts.unsent + later.deadLettered;
    CellRow row = head;
    row.push_back(rate(later.target.perSecond));
    row.push_back(rate(perSecond(counts.sent, earlier.producer.sent, between)));
    row.push_back(rate(perSecond(later.stored, earlier.stored, between)));
    row.push_back(p99(since(later, earlier, core::Metric::EndToEnd)));
    row.push_back({.text = countFigure(errors),
                   .tip = LiveTablesTexts::tr("Unsent %1, failed %2, in doubt %3, dead-lettered %4; since the start.")
                              .arg(countFigure(counts.unsent), countFigure(counts.failed), countFigure(counts.inDoubt),
                                   countFigure(later.deadLettered)),
                   .alarm = errors > 0,
                   .order = static_cast<double>(errors)});
    row.push_back(rate(perSecond(counts.acked, earlier.producer.acked, between)));
    row.push_back(p99(since(later, earlier, core::Metric::SendDelay)));
    row.push_back(p99(since(later, earlier, core::Metric::Ack)));
    return row;
}

QStringList flowColumns() {
    return {LiveTablesTexts::tr("Target"),         LiveTablesTexts::tr("Sent"),   LiveTablesTexts::tr("Stored"),
            LiveTablesTexts::tr("End-to-end p99"), LiveTablesTexts::tr("Errors"), LiveTablesTexts::tr("Acked"),
            LiveTablesTexts::tr("Send delay p99"), LiveTablesTexts::tr("Ack p99")};
}

void add(core::StreamSnapshot& sum, const core::StreamSnapshot& stream) {
    sum.producer += stream.producer;
    sum.stored += stream.stored;
    sum.deadLettered += stream.deadLettered;
    sum.target.perSecond += stream.target.perSecond;
    for (std::size_t i = 0; i < sum.latency.size(); ++i) {
        sum.latency[i].add(stream.latency[i]);
    }
}

std::map<core::Tier, core::StreamSnapshot> byTier(const core::Snapshot& snapshot) {
    std::map<core::Tier, core::StreamSnapshot> tiers;
    for (const core::StreamSnapshot& stream : snapshot.streams) {
        add(tiers[stream.tier], stream);
    }
    return tiers;
}

/// LiveTablesTexts that differ in figures only are of one group.
std::string withoutFigures(const std::string& text) {
    std::string group;
    for (const char each : text) {
        const bool digit = each >= '0' && each <= '9';
        if (!digit) {
            group += each;
        } else if (!group.ends_with('#')) {
            group += '#';
        }
    }
    return group;
}

QString instant(double seconds) {
    return LiveTablesTexts::tr("%1 s").arg(QLocale().toString(std::max(seconds, 0.0), 'f', 1));
}

} // namespace

std::vector<CellRow> ledgerRows(const core::ProducerCounts& producer, const core::ConsumerCounts& consumer,
                                const std::optional<core::IdCounts>& ids, core::ConsumedBy consumedBy) {
    const auto inside = [hidden = consumedBy != core::ConsumedBy::Millrace, consumedBy](CellRow row) {
        return hidden ? hiddenCount(std::move(row), consumedBy) : row;
    };
    const auto behind = [hidden = consumedBy == core::ConsumedBy::Nobody, consumedBy](CellRow row) {
        return hidden ? hiddenCount(std::move(row), consumedBy) : row;
    };
    std::vector<CellRow> rows{
        count(LiveTablesTexts::tr("planned"), producer.planned,
              LiveTablesTexts::tr("Events that have become due so far.")),
        count(LiveTablesTexts::tr("sent"), producer.sent, LiveTablesTexts::tr("Handed to the broker's client.")),
        count(LiveTablesTexts::tr("acked"), producer.acked, LiveTablesTexts::tr("Acknowledged by the broker.")),
        count(LiveTablesTexts::tr("queued"), producer.queued(), LiveTablesTexts::tr("Sent, and not yet reported on.")),
        count(LiveTablesTexts::tr("unsent"), producer.unsent,
              LiveTablesTexts::tr("Could not be handed over within the tier's deadline, or before the end."),
              producer.unsent > 0),
        count(LiveTablesTexts::tr("failed"), producer.failed,
              LiveTablesTexts::tr("Surely not persisted by the broker."), producer.failed > 0),
        count(LiveTablesTexts::tr("in doubt"), producer.inDoubt,
              LiveTablesTexts::tr("Possibly persisted: the broker's answer was lost."), producer.inDoubt > 0),
        inside(count(LiveTablesTexts::tr("polled"), consumer.polled,
                     LiveTablesTexts::tr("Read by the consumers, in committed batches."))),
        behind(count(LiveTablesTexts::tr("stored"), consumer.stored, LiveTablesTexts::tr("Committed in the store."))),
        inside(count(LiveTablesTexts::tr("duplicate"), consumer.duplicate(),
                     LiveTablesTexts::tr("Came twice and was stored once."))),
        inside(count(LiveTablesTexts::tr("dead-lettered"), consumer.deadLettered,
                     LiveTablesTexts::tr("Could not be read; kept with its bytes."))),
        behind(
            count(LiveTablesTexts::tr("foreign"), consumer.foreign, LiveTablesTexts::tr("Not generated by this run."))),
    };
    if (producer.shed > 0) { // of one tier, and only under pressure
        const auto unsent = rows.begin() + 5;
        rows.insert(unsent,
                    count(LiveTablesTexts::tr("shed"), producer.shed,
                          LiveTablesTexts::tr("Events of the analytics tier that found no room for half a second "
                                              "and were given up."),
                          true));
    }
    rows.push_back(
        behind(closed(LiveTablesTexts::tr("lost"), ids, &core::IdCounts::lost,
                      LiveTablesTexts::tr("Acknowledged by the broker and never stored: must be 0."), true)));
    rows.push_back(behind(closed(LiveTablesTexts::tr("doubled"), ids, &core::IdCounts::doubled,
                                 LiveTablesTexts::tr("Stored twice: must be 0."), true)));
    return rows;
}

QStringList liveStreamColumns() {
    return QStringList{LiveTablesTexts::tr("Stream"), LiveTablesTexts::tr("Tier"), LiveTablesTexts::tr("Last minute")} +
           flowColumns();
}

std::vector<CellRow> streamRows(const core::Snapshot& snapshot, const core::Snapshot& earlier, const StreamLine& line) {
    std::vector<CellRow> rows;
    const core::Nanoseconds between = snapshot.at - earlier.at;
    for (std::size_t i = 0; i < snapshot.streams.size(); ++i) {
        const core::StreamSnapshot& stream = snapshot.streams[i];
        const auto tier = core::nameOf(stream.tier);
        const QString name = QString::fromStdString(stream.name);
        const CellRow head{{name, name},
                           {QString::fromLatin1(tier.data(), static_cast<qsizetype>(tier.size()))},
                           {.text = {}, .tip = LiveTablesTexts::tr("Stored events per second."), .line = line(i)}};
        rows.push_back(flowRow(head, stream, earlier.streams[i], between));
    }
    return rows;
}

QStringList liveTierColumns() {
    return QStringList{LiveTablesTexts::tr("Tier")} + flowColumns();
}

std::vector<CellRow> tierRows(const core::Snapshot& snapshot, const core::Snapshot& earlier) {
    std::vector<CellRow> rows;
    const auto before = byTier(earlier);
    for (const auto& [tier, now] : byTier(snapshot)) {
        const auto name = core::nameOf(tier);
        const CellRow head{{QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()))}};
        rows.push_back(flowRow(head, now, before.at(tier), snapshot.at - earlier.at));
    }
    return rows;
}

std::vector<CellRow> filterRows(const core::Snapshot& snapshot, core::ConsumedBy consumedBy) {
    const core::ConsumerCounts& counts = snapshot.consumer;
    const std::uint64_t caught = counts.duplicateFilter + counts.duplicateStore;
    const QString saved =
        LiveTablesTexts::tr("Share of all duplicates that the filter caught before the database had to look.");
    std::vector<CellRow> rows{
        count(LiveTablesTexts::tr("caught by the filter"), counts.duplicateFilter,
              LiveTablesTexts::tr("Known to the duplicate filter: database work saved.")),
        count(LiveTablesTexts::tr("caught within a batch"), counts.duplicateBatch,
              LiveTablesTexts::tr("Twice in one batch.")),
        count(LiveTablesTexts::tr("caught by the database"), counts.duplicateStore,
              LiveTablesTexts::tr("Found by the primary key.")),
        {{LiveTablesTexts::tr("hit ratio"), saved},
         caught == 0
             ? Cell{unknownFigure(), LiveTablesTexts::tr("No duplicate has come yet.")}
             : Cell{percentFigure(static_cast<double>(counts.duplicateFilter) / static_cast<double>(caught)), saved}},
        count(LiveTablesTexts::tr("not asked"), snapshot.filterBypassed,
              LiveTablesTexts::tr("Events stored without asking the filter, because it was unavailable."),
              snapshot.filterBypassed > 0)};
    for (CellRow& row : rows) {
        row = consumedBy == core::ConsumedBy::Millrace ? row : hiddenCount(std::move(row), consumedBy);
    }
    return rows;
}

std::vector<CellRow> hostRows(const core::HostSample& now, const core::HostSample& earlier, core::Nanoseconds between) {
    const auto cores = [](double used) { return inLocale(fmt::format("{:.2f}", used)); };
    const auto rate = [&](core::Bytes later, core::Bytes before) -> Cell {
        const double bytes = perSecond(later.count, std::min(before.count, later.count), between);
        return {LiveTablesTexts::tr("%1/s").arg(bytesFigure({static_cast<std::uint64_t>(bytes)}))};
    };
    const QString process = LiveTablesTexts::tr("Processor cores in use by this process.");
    const QString machine = LiveTablesTexts::tr("Processor cores in use on the whole machine, of those there are.");
    return {{{LiveTablesTexts::tr("CPU of this process"), process}, {cores(now.processCpu), process}},
            {{LiveTablesTexts::tr("CPU of the machine"), machine},
             {LiveTablesTexts::tr("%1 of %2").arg(cores(now.machineCpu)).arg(now.cores), machine,
              now.machineCpu > 0.95 * now.cores}},
            {{LiveTablesTexts::tr("memory of this process")}, {bytesFigure(now.residentSet)}},
            {{LiveTablesTexts::tr("memory available")}, {bytesFigure(now.memoryAvailable)}},
            {{LiveTablesTexts::tr("disk written")}, rate(now.diskWritten, earlier.diskWritten)},
            {{LiveTablesTexts::tr("network in")}, rate(now.networkIn, earlier.networkIn)},
            {{LiveTablesTexts::tr("network out")}, rate(now.networkOut, earlier.networkOut)}};
}

QStringList faultColumns() {
    return {LiveTablesTexts::tr("What"), LiveTablesTexts::tr("Times"), LiveTablesTexts::tr("First"),
            LiveTablesTexts::tr("Last")};
}

std::vector<CellRow> faultRows(const std::vector<core::Mark>& timeline) {
    struct Group {
        std::string text;
        std::uint64_t times = 0;
        double first = 0, last = 0;
    };
    std::map<std::string, Group> groups;
    for (const core::Mark& mark : timeline) {
        if (!core::isTrouble(mark.kind)) {
            continue;
        }
        const std::string text = fmt::format("{}: {}", nameOf(mark.kind), textOf(mark));
        Group& group = groups[withoutFigures(text)];
        if (group.times++ == 0) {
            group.first = mark.seconds;
        }
        group.text = text;
        group.last = mark.seconds;
    }
    std::vector<CellRow> rows;
    for (const auto& [key, group] : groups) {
        const QString text = QString::fromStdString(group.text);
        rows.push_back({{text, text}, {countFigure(group.times)}, {instant(group.first)}, {instant(group.last)}});
    }
    return rows;
}

QStringList eventColumns() {
    return {LiveTablesTexts::tr("At"), LiveTablesTexts::tr("Kind"), LiveTablesTexts::tr("Event")};
}

std::vector<CellRow> eventRows(const std::vector<core::Mark>& timeline) {
    constexpr std::size_t kMost = 500;
    std::vector<CellRow> rows;
    for (auto mark = timeline.rbegin(); mark != timeline.rend() && rows.size() < kMost; ++mark) {
        const QString text = QString::fromStdString(textOf(*mark));
        rows.push_back(
            {{instant(mark->seconds)}, {markWord(nameOf(mark->kind)), {}, core::isTrouble(mark->kind)}, {text, text}});
    }
    return rows;
}

} // namespace app
