// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/journal.h"

#include "services/archive/result_folder.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace services {

namespace {

/// As the library's, but whole numbers: it would make a large count of a negative one and a whole one of a fraction,
/// and what it makes of 1e99 is undefined. Throws std::out_of_range.
template <typename T, typename = void>
struct StrictNumbers : nlohmann::adl_serializer<T> {};

template <std::integral T>
    requires(!std::same_as<T, bool>)
struct StrictNumbers<T> : nlohmann::adl_serializer<T> {
    template <typename Json>
    static void from_json(const Json& value, T& number) {
        const bool fits =
            value.is_number_unsigned()
                ? std::in_range<T>(value.template get_ref<const std::uint64_t&>())
                : value.is_number_integer() && std::in_range<T>(value.template get_ref<const std::int64_t&>());
        if (!fits) {
            throw std::out_of_range(value.dump() + " is no whole number, or too large a one");
        }
        nlohmann::adl_serializer<T>::from_json(value, number);
    }
};

using json = nlohmann::basic_json<std::map, std::vector, std::string, bool, std::int64_t, std::uint64_t, double,
                                  std::allocator, StrictNumbers>;

constexpr const char* kSchema = "millrace.journal/1";

json headOf(const JournalEntry& entry) {
    const RunHead& head = entry.head;
    json positions = json::array();
    for (const auto& [partition, next] : entry.positions) {
        positions.push_back({partition.topic, partition.partition.id, next.value});
    }
    return {{"schema", kSchema},
            {"id", head.id},
            {"started", head.started},
            {"wall_ns", head.clocks.wall.time_since_epoch().count()},
            {"monotonic_ns", head.clocks.monotonic.time_since_epoch().count()},
            {"boot_id", head.clocks.bootId},
            {"run_tag", head.identity.runTag},
            {"streams", head.identity.streams},
            {"from_ns", head.identity.from.time_since_epoch().count()},
            {"until_ns", head.identity.until.time_since_epoch().count()},
            {"target", {entry.target.broker, entry.target.store, entry.target.dedupe}},
            {"overrides", entry.overrides},
            {"acked", entry.acked},
            {"positions", positions}};
}

JournalEntry entryOf(const json& head) {
    JournalEntry entry;
    entry.head.id = head.at("id");
    entry.head.started = head.at("started");
    entry.head.clocks.wall = core::WallTime(core::Nanoseconds(head.at("wall_ns").get<std::int64_t>()));
    entry.head.clocks.monotonic = core::Instant(core::Nanoseconds(head.at("monotonic_ns").get<std::int64_t>()));
    entry.head.clocks.bootId = head.at("boot_id");
    entry.head.identity.runTag = head.at("run_tag");
    entry.head.identity.streams = head.at("streams");
    entry.head.identity.from = core::WallTime(core::Nanoseconds(head.at("from_ns").get<std::int64_t>()));
    entry.head.identity.until = core::WallTime(core::Nanoseconds(head.at("until_ns").get<std::int64_t>()));
    entry.target = {head.at("target").at(0), head.at("target").at(1), head.at("target").at(2)};
    entry.overrides = head.at("overrides");
    entry.acked = head.at("acked");
    for (const json& position : head.at("positions")) {
        entry.positions.push_back({{position.at(0), {position.at(1)}}, {position.at(2)}});
    }
    return entry;
}

} // namespace

Journal::Journal(std::filesystem::path directory) : m_path(std::move(directory) / kJournalFile) {}

core::Status Journal::write(const JournalEntry& entry) {
    std::filesystem::path fresh = m_path;
    fresh += ".new";
    {
        std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
        out << headOf(entry).dump() << '\n' << core::toJson(entry.soFar, false);
        out.flush();
        if (!out) {
            const int reason = errno;
            std::error_code ignored;
            std::filesystem::remove(fresh, ignored);
            return core::fatal(
                fmt::format("The run's journal {} could not be written: {}.", m_path.string(), std::strerror(reason)),
                "Is the disk full?");
        }
    }
    std::error_code failure;
    std::filesystem::rename(fresh, m_path, failure);
    if (failure) {
        return core::fatal(
            fmt::format("The run's journal {} could not be replaced: {}", m_path.string(), failure.message()));
    }
    return {};
}

core::Result<JournalEntry> Journal::read(const std::filesystem::path& directory) {
    const std::filesystem::path path = directory / kJournalFile;
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        return core::invalid(fmt::format("{} holds no run.journal: either the run was finished (see result.json "
                                         "there) or this is not a run's folder",
                                         directory.string()));
    }
    std::string first;
    std::getline(in, first);
    const std::string rest((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    try {
        const json head = json::parse(first);
        if (head.at("schema") != kSchema) {
            return core::invalid(fmt::format("{}: written by another version of Millrace ({}), this one reads {}",
                                             path.string(), head.at("schema").get<std::string>(), kSchema));
        }
        JournalEntry entry = entryOf(head);
        auto soFar = core::resultFromJson(rest, path.string());
        if (!soFar) {
            return soFar.error();
        }
        entry.soFar = std::move(*soFar);
        return entry;
    } catch (const std::exception& problem) { // the parser's and its conversions'
        return core::invalid(fmt::format("{}: damaged: {}", path.string(), problem.what()));
    }
}

} // namespace services
