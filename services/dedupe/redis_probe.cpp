// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/dedupe/redis_address.h"
#include "services/dedupe/redis_connection.h"
#include "services/dedupe/redis_filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <iterator>

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
    if (facts.contains("role") && facts.at("role") == "slave") { // one that takes keys, else it has been refused
        warnings.emplace_back("it is a replica, which loses what is written to it: give the address of the master");
    }
    const double most = number(facts, "maxmemory");
    if (most > 0 && number(facts, "used_memory") > 0.9 * most) {
        warnings.push_back(fmt::format("it uses {} of its {}: raise maxmemory or shorten dedupe.ttl",
                                       gibibytes(number(facts, "used_memory")), gibibytes(most)));
    }
    return warnings;
}

/// The very commands of the filter (redis_filter.cpp), on keys that no event has and that go by themselves after a
/// second. Nothing: they work. A Redis that is full refuses to write, which passes: a warning.
core::Status tryTheWork(RedisConnection& connection, const RedisOptions& options, core::Instant deadline,
                        std::vector<std::string>& warnings) {
    const std::string key = options.prefix + "millrace-probe";
    const std::array<std::string, 3> others{key + "-2", key + "-3", key + "-4"}; // in other slots of a cluster
    if (auto looked = connection.ask({"MGET", key, others[0], others[1], others[2]}, deadline); !looked) {
        return looked.error();
    }
    const auto told = connection.ask({"SET", key, "probe", "EX", "1"}, deadline);
    if (!told && told.error().message.find("(OOM") != std::string::npos) {
        warnings.push_back(told.error().message);
        return {};
    }
    return told ? core::Status() : core::Status(told.error());
}

/// The refusal of the work, with the keys or commands that are not allowed.
core::Error inOurWords(const core::Error& error, const RedisOptions& options, RedisConnection& connection,
                       core::Instant deadline) {
    if (error.kind != core::ErrorKind::Refused) {
        return error;
    }
    if (error.message.find("unknown command") != std::string::npos && connection.isSentinel(deadline)) {
        return sentinel(options.address.description());
    }
    if (error.message.find("permissions to access") != std::string::npos) { // a key, not a command
        return core::refused(fmt::format("{} does not let this user read and write keys that begin with '{}': allow it "
                                         "them (ACL SETUSER NAME ~{}*), or set dedupe.prefix to what it may use",
                                         options.address.description(), options.prefix, options.prefix));
    }
    return error;
}

/// The question is not the work: a user without the right to it, or a server that does not know it, may do the work.
bool isRefused(const core::Error& error) {
    return error.kind == core::ErrorKind::Refused;
}

} // namespace

std::optional<std::string> redisMemoryWarning(const RedisOptions& options, core::Rate rate) {
    const core::Instant deadline = std::chrono::steady_clock::now() + kPatience;
    auto connection = connectTo(options, deadline);
    if (!connection) {
        return "the duplicate filter cannot be used now: " + connection.error().text();
    }
    std::vector<std::string> full; // has its own sentence below
    if (const auto works = tryTheWork(**connection, options, deadline, full); !works) {
        return "the duplicate filter cannot be used now: " +
               inOurWords(works.error(), options, **connection, deadline).text();
    }
    const auto facts = info(**connection, deadline);
    if (!facts) {
        return "the duplicate filter's memory could not be checked: " +
               (isRefused(facts.error()) ? "it refuses INFO" : facts.error().text());
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
    const auto facts = info(**connection, deadline);
    if (!facts && !isRefused(facts.error())) {
        return facts.error();
    }
    RedisProbe probe;
    const auto start = std::chrono::steady_clock::now();
    if (const auto works = tryTheWork(**connection, options, deadline, probe.warnings); !works) {
        return inOurWords(works.error(), options, **connection, deadline);
    }
    probe.roundTrip = (std::chrono::steady_clock::now() - start) / 2;
    const double milliseconds = std::chrono::duration<double, std::milli>(probe.roundTrip).count();
    if (!facts) {
        probe.sentence = fmt::format("{} answers in {:.1f} ms; its memory could not be checked, for it refuses INFO.",
                                     options.address.description(), milliseconds);
        return probe;
    }
    const auto value = [&](const std::string& name) { return facts->contains(name) ? facts->at(name) : std::string(); };
    probe.facts = {{"version", value("redis_version")},
                   {"maxmemory", value("maxmemory")},
                   {"maxmemory_policy", value("maxmemory_policy")},
                   {"keys", std::to_string(keysOf(*facts))}};
    std::ranges::move(warningsOf(*facts), std::back_inserter(probe.warnings));
    probe.sentence = fmt::format(
        "{} answers: version {}, {} keys, maxmemory {}, in {:.1f} ms.", options.address.description(),
        probe.facts["version"], probe.facts["keys"],
        number(*facts, "maxmemory") <= 0 ? "unlimited" : gibibytes(number(*facts, "maxmemory")), milliseconds);
    return probe;
}

} // namespace services
