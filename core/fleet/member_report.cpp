// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/member_report.h"

#include "core/measure/snapshot_json.h"

#include <nlohmann/json.hpp>

namespace core {
namespace {

using Json = nlohmann::json;

// Both ways through one list, so that nothing is written that is not read.
template <typename Run, typename Each>
void eachField(Run& run, const Each& each) {
    each("id", run.id);
    each("joined", run.joined);
    each("begun", run.begun);
    each("idle", run.idle);
    each("burst_on", run.burstOn);
    each("left", run.left);
    each("commands", run.commands);
    each("marks", run.marks);
    each("trouble", run.trouble);
    each("failure", run.failure);
    each("violation", run.violation);
    each("refusal", run.refusal);
}

constexpr std::array kEnds{End::Broker, End::Store, End::Filter};
constexpr std::array kChanges{PartitionChange::Assigned, PartitionChange::Revoked, PartitionChange::Lost};

Json markJson(const Mark& mark) {
    Json json{{"kind", nameOf(mark.kind)},     {"name", mark.name},
              {"detail", mark.detail},         {"change", nameOf(mark.change)},
              {"partitions", mark.partitions}, {"end", mark.end ? nameOf(*mark.end) : ""}};
    return json;
}

Mark markFrom(const Json& json) {
    Mark mark;
    mark.kind = markKindOf(json.at("kind").get_ref<const std::string&>());
    json.at("name").get_to(mark.name);
    json.at("detail").get_to(mark.detail);
    json.at("partitions").get_to(mark.partitions);
    for (const PartitionChange each : kChanges) {
        if (nameOf(each) == json.at("change").get_ref<const std::string&>()) {
            mark.change = each;
        }
    }
    for (const End each : kEnds) {
        if (nameOf(each) == json.at("end").get_ref<const std::string&>()) {
            mark.end = each;
        }
    }
    return mark;
}

Json runJson(const MemberRun& run) {
    Json json;
    eachField(run, [&json](const char* name, const auto& value) { json[name] = value; });
    json["burst_end_ns"] = run.burstEnd.count();
    Json& newest = json["newest"] = Json::array();
    for (const Mark& mark : run.newest) {
        newest.push_back(markJson(mark));
    }
    return json;
}

MemberRun runFrom(const Json& json) {
    MemberRun run;
    eachField(run, [&json](const char* name, auto& value) { json.at(name).get_to(value); });
    run.burstEnd = Nanoseconds(json.at("burst_end_ns").get<std::int64_t>());
    for (const Json& mark : json.at("newest")) {
        run.newest.push_back(markFrom(mark));
    }
    return run;
}

SequenceIntervals intervalsFrom(const Json& json) {
    SequenceIntervals intervals;
    std::uint64_t last = 0;
    for (const Json& each : json) {
        const auto from = each.at(0).get<std::uint64_t>();
        const auto until = each.at(1).get<std::uint64_t>();
        if (from < last || until <= from) {
            throw std::invalid_argument("no intervals"); // caught where the others are
        }
        last = until;
        intervals.emplace_back(from, until);
    }
    return intervals;
}

Json fatesJson(const std::vector<StreamFates>& fates) {
    Json json = Json::array();
    for (const StreamFates& each : fates) {
        json.push_back(
            {{"stream", each.stream}, {"acked", each.acked}, {"failed", each.failed}, {"in_doubt", each.inDoubt}});
    }
    return json;
}

std::vector<StreamFates> fatesFrom(const Json& json) {
    std::vector<StreamFates> fates;
    for (const Json& each : json) {
        StreamFates& read = fates.emplace_back();
        each.at("stream").get_to(read.stream);
        read.acked = intervalsFrom(each.at("acked"));
        read.failed = intervalsFrom(each.at("failed"));
        read.inDoubt = intervalsFrom(each.at("in_doubt"));
    }
    return fates;
}

} // namespace

std::string toJson(const MemberReport& report) {
    Json json{{"protocol", report.protocol}, {"version", report.version}, {"role", report.role}};
    if (report.run) {
        json["run"] = runJson(*report.run);
    }
    std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (report.snapshot) {
        text += "\n" + toJson(*report.snapshot);
    }
    if (report.snapshot && report.fates) {
        text += "\n" + fatesJson(*report.fates).dump();
    }
    return text;
}

std::optional<MemberReport> memberReportFromJson(std::string_view text) {
    const auto nextLine = [&text] {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        return line;
    };
    try {
        const Json json = Json::parse(nextLine());
        MemberReport report;
        json.at("protocol").get_to(report.protocol);
        json.at("version").get_to(report.version);
        json.at("role").get_to(report.role);
        if (report.protocol != kFleetProtocol) { // nothing more of it is known
            return report;
        }
        if (json.contains("run")) {
            report.run = runFrom(json.at("run"));
        }
        if (!text.empty() && !(report.snapshot = snapshotFromJson(nextLine()))) {
            return std::nullopt;
        }
        if (!text.empty()) {
            report.fates = fatesFrom(Json::parse(nextLine()));
        }
        return report;
    } catch (const std::exception&) { // the parser's and its conversions'
        return std::nullopt;
    }
}

} // namespace core
