// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/fields.h"
#include "core/scenario/quantities.h"
#include "core/scenario/scalars.h"
#include "core/scenario/sections.h"
#include "core/text/wording.h"

#include <fmt/format.h>

#include <array>
#include <unordered_map>

namespace core {

namespace {

constexpr double kMostEvents = 68'719'476'736.0; // 2^36: the sequence number's place in the event id

std::optional<Tier> readTier(const Cursor& at) {
    constexpr std::array<std::string_view, 3> kNames{"critical", "normal", "analytics"};
    const auto choice = readChoice(at, kNames);
    return choice ? std::optional(kTiers[*choice]) : std::nullopt;
}

std::optional<Arrival> readArrival(const Cursor& at) {
    constexpr std::array<std::string_view, 2> kNames{"even", "poisson"};
    const auto choice = readChoice(at, kNames);
    return choice ? std::optional(static_cast<Arrival>(*choice)) : std::nullopt;
}

std::optional<std::string> readStreamName(const Cursor& at) {
    const auto name = readText(at, {1, 64});
    if (name && *name == kWarmupSpan) {
        at.refuse("'warmup' names the warm-up in rules; choose another name");
        return std::nullopt;
    }
    return name;
}

void checkLoad(const Cursor& stages, const Stream& stream, Nanoseconds warmup) {
    const PlannedLoad load = plannedLoad(stream.stages);
    const auto inSeconds = [](Nanoseconds duration) { return std::chrono::duration<double>(duration).count(); };
    const double events = load.events + load.firstRate * inSeconds(warmup);
    if (load.events <= 0) {
        stages.refuse("these stages plan no event");
    }
    if (events >= kMostEvents) {
        stages.refuse(
            fmt::format("these stages plan {:.0f} events; a stream may plan fewer than {:.0f}", events, kMostEvents));
    }
    if (load.seconds + inSeconds(stream.start) > inSeconds(kLongestDuration)) {
        stages.refuse("these stages take longer than 366 days");
    }
}

Stream readStream(const Cursor& at, Nanoseconds warmup, const std::string& folder) {
    Stream stream;
    Fields fields(at);
    fields.takeRequired("name", stream.name, readStreamName);
    fields.read("tier", stream.tier, readTier);
    fields.read("arrival", stream.arrival, readArrival);
    fields.read("start", stream.start, [](const Cursor& value) { return readDuration(value); });
    if (const auto stages = fields.require("stages")) {
        const std::size_t problems = at.problems->count();
        stream.stages = readStages(*stages);
        if (at.problems->count() == problems && !stages->isBroken()) {
            checkLoad(*stages, stream, warmup);
        }
    }
    if (const auto event = fields.find("event")) {
        stream.event = readEventShape(*event, folder);
    }
    fields.finish();
    return stream;
}

} // namespace

std::vector<Stream> readStreams(const Cursor& at, Nanoseconds warmup, const std::string& folder) {
    std::vector<Stream> streams;
    std::unordered_map<std::string, std::string> paths; // of the names
    for (const Cursor& item : readItems(at, "a list of streams", kMostStreams)) {
        streams.push_back(readStream(item, warmup, folder));
        const std::string& name = streams.back().name;
        const auto [known, isNew] = paths.emplace(name, item.path);
        if (!isNew && !name.empty()) {
            item.entry(*item.node->find("name"))
                .refuse(fmt::format("the name {} belongs to {} already", inQuotes(name), known->second));
        }
    }
    return streams;
}

} // namespace core
