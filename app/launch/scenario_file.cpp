// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/scenario_file.h"

#include "app/launch/target_choice.h"
#include "core/load/schedule.h"
#include "core/text/wording.h"
#include "core/units.h"
#include "core/verdict/rule_reach.h"
#include "services/producer/message_files.h"
#include "services/store/postgres/postgres_url.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace app {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLongestScenario = 1024 * 1024;
constexpr std::uint64_t kBytesPerRow = 250 + 40; // a row in PostgreSQL, and its entry in the primary key's index
constexpr std::uint64_t kBytesPerKey = 100;      // id and time-to-live in Redis: 90 to 124

std::vector<std::string> readyMade(const std::vector<fs::path>& folders) {
    std::vector<std::string> names;
    for (const fs::path& folder : folders) {
        std::error_code none;
        for (const auto& entry : fs::directory_iterator(folder, none)) {
            if (entry.path().extension() == ".yaml") {
                names.push_back(entry.path().stem().string());
            }
        }
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

std::string suggestion(const std::string& name, const std::vector<fs::path>& folders) {
    const std::vector<std::string> names = readyMade(folders);
    if (names.empty()) {
        return {};
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    if (const auto near = core::nearest(fs::path(name).stem().string(), views)) {
        return fmt::format(" Did you mean the ready-made scenario '{}'?", *near);
    }
    return fmt::format(" The ready-made scenarios are {}.", core::listed(views, "and"));
}

core::ScenarioReading unreadable(const fs::path& file, const std::string& why) {
    return {std::nullopt, {core::Problem{file.string(), 0, 0, "", why}}};
}

} // namespace

std::vector<fs::path> scenarioFolders() {
    std::error_code failed;
    const fs::path program = fs::read_symlink("/proc/self/exe", failed);
    if (failed) {
        return {};
    }
    return {program.parent_path().parent_path() / "share" / "millrace" / "scenarios"};
}

core::Result<fs::path> findScenario(const std::string& name, const std::vector<fs::path>& folders) {
    std::error_code failed;
    if (fs::exists(name, failed)) {
        return fs::path(name);
    }
    const bool isName = name.find('/') == std::string::npos;
    for (const fs::path& folder : folders) {
        const fs::path stem = folder / fs::path(name).filename();
        const fs::path file = stem.extension() == ".yaml" ? stem : fs::path(stem.string() + ".yaml");
        if (isName && fs::exists(file, failed)) {
            return file;
        }
    }
    return core::invalid(
        fmt::format("There is no scenario file {}.{}", core::inQuotes(name), suggestion(name, folders)));
}

core::ScenarioReading loadScenario(const fs::path& file,
                                   const std::vector<std::pair<std::string, std::string>>& overrides) {
    std::error_code failed;
    if (fs::is_directory(file, failed)) {
        return unreadable(file, "this is a folder; name a scenario file in it");
    }
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return unreadable(file, fmt::format("cannot be opened: {}", std::strerror(errno)));
    }
    std::string text(kLongestScenario + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kLongestScenario) {
        return unreadable(file, "is longer than 1 MiB, which no scenario is");
    }

    core::ScenarioReading reading = readScenarioText(text, file, overrides);
    checkMessageFiles(file, reading);
    return reading;
}

core::ScenarioReading readScenarioText(std::string_view text, const fs::path& file,
                                       const std::vector<std::pair<std::string, std::string>>& overrides) {
    core::ReaderOptions options;
    options.environment = environmentVariable;
    options.overrides = overrides;
    options.folder = file.parent_path().string();
    options.checkRule = core::complaintAboutRule;
    options.readPostgres = services::readPostgresUrl;
    return core::readScenario(text, file.string(), options);
}

void checkMessageFiles(const fs::path& file, core::ScenarioReading& reading) {
    if (!reading.scenario) {
        return;
    }
    const auto& streams = reading.scenario->streams;
    for (std::size_t i = 0; i < streams.size(); ++i) {
        const std::string& lines = streams[i].event.messageFile;
        if (lines.empty()) {
            continue;
        }
        const core::Status readable = services::checkMessageFile(lines);
        if (readable) {
            continue;
        }
        reading.problems.push_back(
            {file.string(), 0, 0, fmt::format("streams[{}].event.messages.file", i),
             fmt::format("the lines of {} cannot be read: {}", core::inQuotes(lines), readable.error().message)});
    }
    if (!reading.problems.empty()) {
        reading.scenario.reset();
    }
}

ScenarioLoad loadOf(const core::Scenario& scenario) {
    ScenarioLoad load;
    double bytes = 0;
    for (const core::Stream& stream : scenario.streams) {
        const core::Schedule whole(core::stagesWithWarmup(stream, scenario.warmup), stream.arrival, scenario.seed);
        const std::uint64_t measuredFrom = whole.countUntil(scenario.warmup);
        load.events += whole.count();
        load.warmupEvents += measuredFrom;
        load.length = std::max(load.length, whole.duration());
        const core::EventSize& size = stream.event.size;
        bytes += static_cast<double>(whole.count()) * static_cast<double>(size.min.count + size.max.count) / 2;
    }
    load.bytes = {static_cast<std::uint64_t>(bytes)};
    load.peak = core::peakRate(scenario);
    load.disk = {load.events * kBytesPerRow};
    const double share =
        std::min(1.0, core::secondsOf(scenario.dedupe.ttl) / std::max(core::secondsOf(load.length), 1e-9));
    load.redisMemory = {static_cast<std::uint64_t>(static_cast<double>(load.events) * share) * kBytesPerKey};
    return load;
}

} // namespace app
