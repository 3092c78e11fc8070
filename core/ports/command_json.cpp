// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ports/command_json.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace core {
namespace {

using Json = nlohmann::json;

Rate rateFrom(const Json& json) {
    const double rate = json.at("rate_per_s").get<double>();
    if (!std::isfinite(rate) || rate < 0) {
        throw std::invalid_argument("no rate"); // caught where the others are
    }
    return {rate};
}

} // namespace

std::string toJson(const Command& command) {
    Json json;
    if (std::holds_alternative<PauseCommand>(command)) {
        json["kind"] = "pause";
    } else if (std::holds_alternative<ResumeCommand>(command)) {
        json["kind"] = "resume";
    } else if (const auto* stop = std::get_if<StopCommand>(&command)) {
        json = {{"kind", "stop"}, {"interrupted", stop->interrupted}};
    } else if (const auto* rate = std::get_if<RateCommand>(&command)) {
        json = {{"kind", "rate"}, {"stream", rate->stream}, {"rate_per_s", rate->rate.perSecond}};
    } else if (const auto* burst = std::get_if<BurstCommand>(&command)) {
        json = {{"kind", "burst"}, {"rate_per_s", burst->rate.perSecond}, {"duration_ns", burst->duration.count()}};
    } else {
        json["kind"] = "abort";
    }
    return json.dump();
}

std::optional<Command> commandFromJson(std::string_view text) {
    try {
        const Json json = Json::parse(text);
        const auto& kind = json.at("kind").get_ref<const std::string&>();
        if (kind == "pause") {
            return PauseCommand{};
        }
        if (kind == "resume") {
            return ResumeCommand{};
        }
        if (kind == "stop") {
            return StopCommand{json.at("interrupted").get<bool>()};
        }
        if (kind == "rate") {
            return RateCommand{json.at("stream").get<std::string>(), rateFrom(json)};
        }
        if (const auto length = json.value("duration_ns", std::int64_t{0}); kind == "burst" && length > 0) {
            return BurstCommand{rateFrom(json), Nanoseconds(length)};
        }
        return kind == "abort" ? std::optional<Command>(AbortCommand{}) : std::nullopt;
    } catch (const std::exception&) { // the parser's and its conversions'
        return std::nullopt;
    }
}

} // namespace core
