// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/run_order.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace core {
namespace {

using Json = nlohmann::json;
using Period = std::pair<Nanoseconds, Nanoseconds>;

constexpr std::size_t kMostSpans = 1'024; // an answer to a hostile text that costs nothing

template <typename Time>
std::int64_t nanosecondsOf(Time time) {
    return time.time_since_epoch().count();
}

Json jsonOf(const Period& period) {
    return {period.first.count(), period.second.count()};
}
Period periodOf(const Json& json) {
    return {Nanoseconds(json.at(0).get<std::int64_t>()), Nanoseconds(json.at(1).get<std::int64_t>())};
}

StreamShare shareOf(const Json& json) {
    StreamShare share;
    const auto stream = json.at("stream").get<std::uint64_t>();
    share.share.part = json.at("part").get<std::uint32_t>();
    share.share.of = json.at("of").get<std::uint32_t>();
    if (stream > 255 || share.share.part >= share.share.of) {
        throw std::invalid_argument("no share"); // caught where the others are
    }
    share.stream = static_cast<std::uint8_t>(stream);
    return share;
}

Json jsonOf(const RunOrder& order) {
    Json shares = Json::array();
    for (const StreamShare& each : order.shares) {
        shares.push_back({{"stream", each.stream}, {"part", each.share.part}, {"of", each.share.of}});
    }
    return {{"protocol", order.protocol},
            {"version", order.version},
            {"id", order.id},
            {"started", order.started},
            {"run_tag", order.runTag},
            {"streams", order.streams},
            {"from_ns", nanosecondsOf(order.from)},
            {"until_ns", nanosecondsOf(order.until)},
            {"wall_ns", nanosecondsOf(order.wall)},
            {"monotonic_ns", nanosecondsOf(order.monotonic)},
            {"scenario", order.scenario},
            {"overrides", order.overrides},
            {"shares", std::move(shares)},
            {"on_controller_loss", nameOf(order.onControllerLoss)},
            {"lease_ns", order.lease.count()}};
}

RunOrder orderFrom(const Json& json) {
    RunOrder read;
    json.at("protocol").get_to(read.protocol);
    json.at("version").get_to(read.version);
    if (read.protocol != kFleetProtocol) { // nothing more of it is known
        return read;
    }
    json.at("id").get_to(read.id);
    json.at("started").get_to(read.started);
    json.at("run_tag").get_to(read.runTag);
    json.at("streams").get_to(read.streams);
    read.from = WallTime(Nanoseconds(json.at("from_ns").get<std::int64_t>()));
    read.until = WallTime(Nanoseconds(json.at("until_ns").get<std::int64_t>()));
    read.wall = WallTime(Nanoseconds(json.at("wall_ns").get<std::int64_t>()));
    read.monotonic = Instant(Nanoseconds(json.at("monotonic_ns").get<std::int64_t>()));
    json.at("scenario").get_to(read.scenario);
    json.at("overrides").get_to(read.overrides);
    for (const Json& each : json.at("shares")) {
        read.shares.push_back(shareOf(each));
    }
    read.onControllerLoss = controllerLossOf(json.at("on_controller_loss").get_ref<const std::string&>()).value();
    read.lease = Nanoseconds(json.at("lease_ns").get<std::int64_t>());
    return read;
}

Json jsonOf(const PartTimes& parts) {
    Json spans = Json::array();
    for (const Period& each : parts.spans) {
        spans.push_back(jsonOf(each));
    }
    return {{"origin_ns", parts.origin.count()}, {"measured_ns", jsonOf(parts.measured)}, {"spans_ns", spans}};
}

PartTimes partsFrom(const Json& json) {
    PartTimes parts;
    parts.origin = Nanoseconds(json.at("origin_ns").get<std::int64_t>());
    parts.measured = periodOf(json.at("measured_ns"));
    for (const Json& each : json.at("spans_ns")) {
        if (parts.spans.size() < kMostSpans) {
            parts.spans.push_back(periodOf(each));
        }
    }
    return parts;
}

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What `read` makes of the text.
template <typename Value, typename Read>
Result<Value> parsed(std::string_view text, std::string_view what, const Read& read) {
    try {
        return read(Json::parse(text));
    } catch (const std::exception&) { // the parser's and its conversions'
        return invalid(fmt::format("This is no {}.", what));
    }
}

} // namespace

std::string_view nameOf(ControllerLoss loss) {
    return loss == ControllerLoss::Stop ? "stop" : "finish";
}

std::optional<ControllerLoss> controllerLossOf(std::string_view name) {
    for (const ControllerLoss each : {ControllerLoss::Finish, ControllerLoss::Stop}) {
        if (nameOf(each) == name) {
            return each;
        }
    }
    return std::nullopt;
}

PartTimes partTimesOf(const RunTimes& times, Instant base) {
    PartTimes parts;
    parts.origin = times.origin() - base;
    parts.measured = {times.measuredFrom() - base, times.measuredUntil() - base};
    for (std::size_t i = 0; i < times.spans(); ++i) {
        parts.spans.emplace_back(times.spanFrom(i) - base, times.spanUntil(i) - base);
    }
    return parts;
}

void apply(const PartTimes& parts, Instant base, RunTimes& times) {
    times.setOrigin(base + parts.origin);
    times.setMeasured(base + parts.measured.first, base + parts.measured.second);
    for (std::size_t i = 0; i < std::min(times.spans(), parts.spans.size()); ++i) {
        times.setSpan(i, base + parts.spans[i].first, base + parts.spans[i].second);
    }
}

Result<RunOrder> runOrderFromJson(std::string_view text) {
    auto order = parsed<RunOrder>(text, "order of a run", orderFrom);
    if (order && order->protocol != kFleetProtocol) {
        return invalid(fmt::format("Millrace {} leads the run by protocol {} of fleets, this daemon knows protocol {}",
                                   order->version, order->protocol, kFleetProtocol),
                       "Run the same version on all machines");
    }
    return order;
}

std::string toJson(const RunOrder& order) {
    return dumped(jsonOf(order));
}

std::string toJson(const PartTimes& parts) {
    return dumped(jsonOf(parts));
}

std::string toJson(const RunTold& told) {
    Json json{{"order", jsonOf(told.order)}, {"commands", Json::array()}};
    if (told.begun) {
        json["times"] = jsonOf(*told.begun);
    }
    for (const RunTold::Command& each : told.commands) {
        json["commands"].push_back({{"number", each.number}, {"at_ns", each.at.count()}, {"command", each.text}});
    }
    return dumped(json);
}

Result<PartTimes> partTimesFromJson(std::string_view text) {
    return parsed<PartTimes>(text, "list of a run's times", partsFrom);
}

Result<RunTold> runToldFromJson(std::string_view text) {
    return parsed<RunTold>(text, "account of what a daemon was told", [](const Json& json) {
        RunTold told;
        told.order = orderFrom(json.at("order"));
        if (json.contains("times")) {
            told.begun = partsFrom(json.at("times"));
        }
        for (const Json& each : json.at("commands")) {
            told.commands.push_back({each.at("number").get<std::uint64_t>(),
                                     Nanoseconds(each.at("at_ns").get<std::int64_t>()),
                                     each.at("command").get<std::string>()});
        }
        return told;
    });
}

} // namespace core
