// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/dedupe/redis_address.h"
#include "services/dedupe/redis_connection.h"
#include "services/dedupe/redis_filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace services {

namespace {

constexpr double kBytesPerKey = 124; ///< key and value as ours in Redis 7; measured 90 to 124
constexpr std::chrono::seconds kPatience{2};

using Facts = std::map<std::string, std::string>;

core::Result<std::unique_ptr<RedisConnection>> connectTo(const RedisOptions& options, core::Instant deadline) {
    return RedisConnection::open(withEnvironmentPassword(options.address), deadline);
}

/// The lines "name:value" of INFO.
core::Result<Facts> info(RedisConnection& connection, core::Instant deadline) {
    const auto text = connection.ask({"INFO"}, deadline);
    if (!text) {
        return text.error();
    }
    Facts facts;
    std::string_view rest = *text;
    while (!rest.empty()) {
        const auto end = std::min(rest.find("\r\n"), rest.size());
        const std::string_view line = rest.substr(0, end);
        if (const auto colon = line.find(':'); colon != std::string_view::npos) {
            facts.emplace(line.substr(0, colon), line.substr(colon + 1));
        }
        rest.remove_prefix(std::min(end + 2, rest.size()));
    }
    return facts;
}

double number(const Facts& facts, const std::string& name) {
    const auto found = facts.find(name);
    return found == facts.end() ? 0 : std::strtod(found->second.c_str(), nullptr);
}

std::string gibibytes(double bytes) {
    constexpr double kMib = 1024.0 * 1024.0;
    return bytes < 1024 * kMib ? fmt::format("{:.0f} MiB", bytes / kMib)
                               : fmt::format("{:.1f} GiB", bytes / 1024 / kMib);
}

/// Sums up "db0:keys=12,expires=12,avg_ttl=1" of every database.
std::uint64_t keysOf(const Facts& facts) {
    std::uint64_t keys = 0;
    for (const auto& [name, value] : facts) {
        std::uint64_t count = 0;
        if (name.starts_with("db") && value.starts_with("keys=") &&
            std::from_chars(value.data() + 5, value.data() + value.size(), count).ec == std::errc()) {
            keys += count;
        }
    }
    return keys;
}

std::vector<std::string> warningsOf(const Facts& facts) {
    std::vector<std::string> warnings;
    if (facts.contains("role") && facts.at("role") == "slave") {
        warnings.emplace_back("it is a replica and takes no keys: give the address of the master");
    }
    if (facts.contains("loading") && facts.at("loading") == "1") {
        warnings.emplace_back("it is still loading its data: wait until it is done");
    }
    const double most = number(facts, "maxmemory");
    if (most > 0 && number(facts, "used_memory") > 0.9 * most) {
        warnings.push_back(fmt::format("it uses {} of its {}: raise maxmemory or shorten dedupe.ttl",
                                       gibibytes(number(facts, "used_memory")), gibibytes(most)));
    }
    return warnings;
}

} // namespace

std::optional<std::string> redisMemoryWarning(const RedisOptions& options, core::Rate rate) {
    const core::Instant deadline = std::chrono::steady_clock::now() + kPatience;
    auto connection = connectTo(options, deadline);
    if (!connection) {
        return "the duplicate filter cannot be used now: " + connection.error().text();
    }
    const auto facts = info(**connection, deadline);
    if (!facts) {
        return "the duplicate filter's memory cannot be checked: " + facts.error().text();
    }
    const double seconds = std::chrono::duration<double>(options.ttl).count();
    const double needed = rate.perSecond * seconds * kBytesPerKey;
    const bool unlimited = number(*facts, "maxmemory") <= 0;
    const double most = number(*facts, unlimited ? "total_system_memory" : "maxmemory");
    if (most <= 0 || needed <= most) {
        return std::nullopt;
    }
    return fmt::format(
        "the duplicate filter needs about {} for {:.0f} events/s kept for {:.0f} s, but Redis {} {}: raise "
        "maxmemory or shorten dedupe.ttl",
        gibibytes(needed), rate.perSecond, seconds, unlimited ? "is on a machine of" : "may use no more than",
        gibibytes(most));
}

core::Result<RedisProbe> probeRedis(const RedisOptions& options) {
    const core::Instant deadline = std::chrono::steady_clock::now() + kPatience;
    auto connection = connectTo(options, deadline);
    if (!connection) {
        return connection.error();
    }
    const auto start = std::chrono::steady_clock::now();
    if (const auto pong = (*connection)->ask({"PING"}, deadline); !pong) {
        return pong.error();
    }
    RedisProbe probe;
    probe.roundTrip = std::chrono::steady_clock::now() - start;
    const auto facts = info(**connection, deadline);
    if (!facts) {
        return facts.error();
    }
    const auto value = [&](const std::string& name) { return facts->contains(name) ? facts->at(name) : std::string(); };
    probe.facts = {{"version", value("redis_version")},
                   {"maxmemory", value("maxmemory")},
                   {"maxmemory_policy", value("maxmemory_policy")},
                   {"keys", std::to_string(keysOf(*facts))}};
    probe.warnings = warningsOf(*facts);
    // The password is good, for open() has logged in.
    probe.sentence =
        fmt::format("{} answers: version {}, {} keys, maxmemory {}, in {:.1f} ms.", options.address.description(),
                    probe.facts["version"], probe.facts["keys"],
                    number(*facts, "maxmemory") <= 0 ? "unlimited" : gibibytes(number(*facts, "maxmemory")),
                    std::chrono::duration<double, std::milli>(probe.roundTrip).count());
    return probe;
}

} // namespace services
