// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/fleet_rows.h"

#include "app/desktop/widgets/figures.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>

namespace app {

namespace {

struct FleetRows { // the translator's context
    Q_DECLARE_TR_FUNCTIONS(app::FleetRows)
};

bool answers(const core::FleetMember& member) {
    return member.silent >= 0 && member.silent <= core::secondsOf(core::kStaleAfter);
}

QString roleOf(const core::FleetMember& member) {
    if (member.role == "producer") {
        return FleetRows::tr("producer");
    }
    return member.role == "consumer" ? FleetRows::tr("consumer") : QString();
}

QString stateOf(const core::FleetMember& member) {
    if (member.silent < 0) {
        return member.words.empty() ? FleetRows::tr("no answer yet") : FleetRows::tr("takes no part");
    }
    if (!answers(member)) {
        return FleetRows::tr("stale, %1").arg(durationFigure(std::chrono::seconds(std::llround(member.silent))));
    }
    return member.lost   ? FleetRows::tr("began anew")
           : member.well ? FleetRows::tr("answers")
                         : FleetRows::tr("in trouble");
}

Cell clockOf(const core::FleetMember& member) {
    if (member.clockError < 0) {
        return {unknownFigure(), FleetRows::tr("Its clocks have not been compared with ours yet.")};
    }
    return {
        FleetRows::tr("%1 ms").arg(QLocale().toString(std::round(member.wallOffset * 1e4) / 10 + 0.0, 'f', 1)),
        FleetRows::tr("By so much its wall clock is ahead of ours; known to ±%1 ms, half of the shortest round trip. "
                      "It does not change a figure: instants count from the run's beginning.")
            .arg(member.clockError * 1e3, 0, 'f', 2)};
}

/// What only daemons of this role count.
Cell countOf(std::uint64_t count, const core::FleetMember& member, const char* role, const QString& others) {
    return member.role == role   ? Cell{countFigure(count)}
           : member.role.empty() ? Cell{unknownFigure(), FleetRows::tr("It has not said yet what it is.")}
                                 : Cell{unknownFigure(), others};
}

Cell orDash(const QString& text) {
    return Cell{text.isEmpty() ? unknownFigure() : text};
}

} // namespace

QStringList fleetColumns() {
    return {FleetRows::tr("Daemon"), FleetRows::tr("Role"),  FleetRows::tr("State"),   FleetRows::tr("Sent"),
            FleetRows::tr("Stored"), FleetRows::tr("Clock"), FleetRows::tr("Version"), FleetRows::tr("What is wrong")};
}

std::vector<CellRow> fleetRows(const std::vector<core::FleetMember>& members) {
    std::vector<CellRow> rows;
    for (const core::FleetMember& each : members) {
        const QString words = QString::fromStdString(each.words);
        rows.push_back({Cell{QString::fromStdString(each.address), words, !each.well}, orDash(roleOf(each)),
                        Cell{stateOf(each), words, !each.well},
                        countOf(each.producer.sent, each, "producer", FleetRows::tr("Only a producer sends.")),
                        countOf(each.stored, each, "consumer", FleetRows::tr("Only a consumer stores.")), clockOf(each),
                        orDash(QString::fromStdString(each.version)), Cell{words, words}});
    }
    return rows;
}

QString fleetTrouble(const std::vector<core::FleetMember>& members) {
    const auto ill = [](const core::FleetMember& each) { return !each.well; };
    const auto first = std::ranges::find_if(members, ill);
    if (first == members.end()) {
        return {};
    }
    const auto more = static_cast<int>(std::ranges::count_if(members, ill)) - 1;
    const QString role = roleOf(*first);
    const QString one =
        FleetRows::tr("%1 at %2: %3")
            .arg(role.isEmpty() ? FleetRows::tr("daemon") : role, QString::fromStdString(first->address),
                 first->words.empty() || !answers(*first) ? stateOf(*first) : QString::fromStdString(first->words));
    return more == 0 ? one : FleetRows::tr("%1, and %n more", nullptr, more).arg(one);
}

} // namespace app
