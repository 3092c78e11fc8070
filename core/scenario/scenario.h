// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/target/target.h"
#include "core/units.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// A scenario as data: what load to generate and what must hold. Created by readScenario() (scenario_reader.h), which
/// has checked every value; defaults here are the defaults of the file format.
namespace core {

enum class Tier { Critical, Normal, Analytics };
inline constexpr std::array kTiers{Tier::Critical, Tier::Normal, Tier::Analytics};
std::string_view nameOf(Tier tier); ///< "critical", "normal" or "analytics"

enum class Arrival { Even, Poisson };

// --- stages -----------------------------------------------------------------------------------------------------

struct ConstantStage {
    Nanoseconds duration{};
    Rate rate;
};
struct RampStage { ///< linear from the previous stage's last rate (0 at first) to `to`
    Nanoseconds duration{};
    Rate to;
};
struct PauseStage {
    Nanoseconds duration{};
};
struct SpikeStage { ///< linear up to `to` for half the duration, and back to the previous rate
    Nanoseconds duration{};
    Rate to;
};
struct StaircaseStage { ///< `steps` levels evenly spaced from `from` to `to`, each held for `hold`
    Rate from;
    Rate to;
    int steps = 1;
    Nanoseconds hold{};
};
struct SineStage { ///< mean + amplitude × sin(2π t / period)
    Nanoseconds duration{};
    Rate mean;
    Rate amplitude;
    Nanoseconds period{};
};
using Stage = std::variant<ConstantStage, RampStage, PauseStage, SpikeStage, StaircaseStage, SineStage>;

// --- events -----------------------------------------------------------------------------------------------------

enum class SizeDistribution { Uniform, Normal, Exponential };

/// Size of an encoded event in bytes. A fixed size has min == max. An event is never smaller than its fixed fields.
struct EventSize {
    Bytes min{285};
    Bytes max{285};
    SizeDistribution distribution = SizeDistribution::Uniform;
};

struct KeyById {};
struct KeyBySource {};
struct NoKey {};
struct ZipfKey {
    double exponent = 1.1;
    std::uint64_t keys = 10'000;
};
using EventKey = std::variant<KeyById, KeyBySource, NoKey, ZipfKey>;

struct Duplicates {
    Ratio ratio;          ///< share of sent events that repeat an earlier id
    Nanoseconds within{}; ///< a repeat is due at most this long after its original
};

enum class Level { Trace, Debug, Info, Warn, Error, Fatal };
inline constexpr std::array kLevels{Level::Trace, Level::Debug, Level::Info, Level::Warn, Level::Error, Level::Fatal};
std::string_view nameOf(Level level); ///< "TRACE" … "FATAL"
std::optional<Level> levelOf(std::string_view name);

struct EventShape {
    EventSize size;
    std::vector<std::pair<Level, double>> levels{
        {Level::Info, 70}, {Level::Warn, 20}, {Level::Error, 8}, {Level::Debug, 2}};
    std::vector<std::string> sources{"api-gateway", "auth-service", "payment-service", "user-service"};
    EventKey key = KeyById{};
    std::string messageFile; ///< empty: generated; else the resolved path of a file whose lines become messages
    Duplicates duplicates;
    Ratio unreadable; ///< share of sent events whose payload is broken on purpose
};

struct Stream {
    std::string name;
    Tier tier = Tier::Normal;
    Arrival arrival = Arrival::Even;
    Nanoseconds start{}; ///< counted from the end of the warm-up
    std::vector<Stage> stages;
    EventShape event;
};

// --- target and clients -----------------------------------------------------------------------------------------

enum class Acks { None, Leader, All };
enum class Compression { None, Gzip, Snappy, Lz4, Zstd };
std::string_view nameOf(Compression compression);

/// How one tier's events travel.
struct TierSettings {
    std::string topic;
    Nanoseconds linger{};
    Bytes batch{512 * 1024};
    Compression compression = Compression::Lz4;
    std::uint32_t queue = 100'000; ///< events a producer holds at most
    Nanoseconds deadline{};        ///< an event that could not be handed over for this long is unsent

    bool operator==(const TierSettings&) const = default;
};

struct KafkaSettings {
    std::array<TierSettings, 3> tiers; ///< indexed by Tier
    std::optional<int> partitions; ///< of topics that are created; embedded: worked out from the peak rate if not given
    Acks acks = Acks::All;
    bool idempotence = true;
    std::string group = "log-consumer-group";
    std::map<std::string, std::string> client; ///< librdkafka settings from the allow-list, such as security.protocol

    const TierSettings& tier(Tier tier) const { return tiers[static_cast<std::size_t>(tier)]; }
    bool operator==(const KafkaSettings&) const = default;
};

/// Defaults of design.md section 4.6: critical no linger, small batches; normal a short linger; analytics a long one.
KafkaSettings defaultKafkaSettings();

/// Who consumes the events of a run.
enum class ConsumedBy {
    Millrace, ///< the reference consumer, in this process
    Outsider, ///< somebody else's program, which stores them in a table of its own
    Nobody
};
std::string_view nameOf(ConsumedBy consumer); ///< "millrace", "outsider" or "nobody"

/// A table that somebody else's consumer fills, as an audit reads it.
struct AuditedTable {
    std::string table;      ///< as written: events, app.events or "Events"
    std::string id;         ///< the column with the events' ids
    std::string storedAt{}; ///< the column that says when a row was stored; empty: the commit does, where it is kept

    bool operator==(const AuditedTable&) const = default;
};

struct ConsumerSettings {
    ConsumedBy by = ConsumedBy::Millrace;
    AuditedTable audit; ///< of an outsider
    int concurrency = 3;
    std::uint32_t batch = 5'000;                       ///< events a database transaction holds at most
    Nanoseconds linger = std::chrono::milliseconds(1); ///< once nothing is at hand
    std::uint32_t criticalBatch = 500;
    Nanoseconds sessionTimeout = std::chrono::seconds(6);
    enum class DeadLetters { Store, Topic } deadLetters = DeadLetters::Store;
    std::string deadLetterTopic = "log-events-dead-letters";
};

struct DedupeSettings {
    Nanoseconds ttl = std::chrono::hours(1);
    std::string prefix = "log:";
};

/// A rule as written, with where it applies. Its grammar is Threshold's (core/verdict/threshold.h).
struct ThresholdSpec {
    std::string rule;
    std::string during; ///< empty: the measured part; else a stream's name or "warmup"
    bool abort = false; ///< stop the run as soon as it is broken
};

struct Scenario {
    std::string name;
    std::uint64_t seed = 1;
    Nanoseconds warmup{};
    Nanoseconds drain = std::chrono::seconds(30);
    std::vector<Stream> streams;
    KafkaSettings kafka = defaultKafkaSettings();
    ConsumerSettings consumer;
    DedupeSettings dedupe;
    std::vector<ThresholdSpec> thresholds;
    PartialTarget target;
    std::string text; ///< the file as read, with ${NAME} unexpanded
};

} // namespace core
