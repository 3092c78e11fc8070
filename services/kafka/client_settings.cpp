// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/client_settings.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
#include <thread>

namespace services {

namespace {

/// These load code, start programs or change what other settings mean.
constexpr std::array<std::string_view, 8> kForbidden{
    "plugin.library.paths",    "ssl.engine.location", "ssl.engine.id",         "ssl.providers",
    "sasl.kerberos.kinit.cmd", "interceptors",        "test.mock.num.brokers", "builtin.features"};

spdlog::level::level_enum levelOfSyslog(int level) {
    if (level <= 3) { // LOG_ERR and worse
        return spdlog::level::err;
    }
    if (level == 4) {
        return spdlog::level::warn;
    }
    return level <= 6 ? spdlog::level::info : spdlog::level::debug;
}

void logLine(const rd_kafka_t* client, int level, const char* facility, const char* text) {
    // No news: producer settings in a consumer's configuration (one map serves both), and the embedded broker's age.
    const bool known = std::string_view(facility) == "CONFWARN" || std::string_view(facility) == "AUTOCREATE";
    spdlog::log(known ? spdlog::level::debug : levelOfSyslog(level), "kafka {} {}: {}",
                client ? rd_kafka_name(client) : "", facility, text);
}

core::Status set(rd_kafka_conf_t& conf, const std::string& name, const std::string& value) {
    std::array<char, 512> reason{};
    if (rd_kafka_conf_set(&conf, name.c_str(), value.c_str(), reason.data(), reason.size()) == RD_KAFKA_CONF_OK) {
        return {};
    }
    if (isSecretSetting(name)) { // the reason may quote the value
        return core::invalid(fmt::format("The Kafka client refuses the value given for {}.", name));
    }
    return core::invalid(fmt::format("The Kafka client refuses {}={}: {}.", name, value, reason.data()));
}

core::Status setAll(rd_kafka_conf_t& conf, const KafkaSettingList& settings) {
    for (const auto& [name, value] : settings) {
        if (auto status = set(conf, name, value); !status) {
            return status;
        }
    }
    return {};
}

std::map<std::string, std::string> dump(const rd_kafka_conf_t& conf) {
    std::size_t count = 0;
    // librdkafka 2.0 takes a mutable pointer, but only reads.
    const char** entries = rd_kafka_conf_dump(const_cast<rd_kafka_conf_t*>(&conf), &count);
    std::map<std::string, std::string> settings;
    for (std::size_t i = 0; i + 1 < count; i += 2) {
        settings.emplace(entries[i], entries[i + 1]);
    }
    rd_kafka_conf_dump_free(entries, count);
    return settings;
}

bool isPointer(std::string_view name) {
    return name.ends_with("_cb") || name == "opaque" || name == "default_topic_conf" || name == "interceptors" ||
           name == "enabled_events";
}

} // namespace

void KafkaConfDeleter::operator()(rd_kafka_conf_s* conf) const {
    rd_kafka_conf_destroy(conf);
}

core::Result<KafkaConf> kafkaConf(const ClusterAccess& access, const KafkaSettingList& defaults,
                                  const KafkaSettingList& fixed) {
    KafkaConf conf(rd_kafka_conf_new());
    rd_kafka_conf_set_log_cb(conf.get(), &logLine);
    KafkaSettingList client;
    for (const auto& [name, value] : access.client) {
        if (std::ranges::find(kForbidden, name) != kForbidden.end()) {
            return core::invalid(
                fmt::format("The Kafka client setting {} is not allowed: it would run foreign code.", name));
        }
        client.emplace_back(name, value);
    }
    for (const auto* settings : std::array{&defaults, static_cast<const KafkaSettingList*>(&client), &fixed}) {
        if (auto status = setAll(*conf, *settings); !status) {
            return status.error();
        }
    }
    if (auto status = set(*conf, "bootstrap.servers", access.bootstrap); !status) {
        return status.error();
    }
    return conf;
}

std::map<std::string, std::string> effectiveSettings(const rd_kafka_conf_s& conf) {
    const KafkaConf pristine(rd_kafka_conf_new());
    const auto usual = dump(*pristine);
    std::map<std::string, std::string> settings;
    for (const auto& [name, value] : dump(conf)) {
        const auto found = usual.find(name);
        const bool same = found != usual.end() && found->second == value;
        if (!same && !isPointer(name) && !isSecretSetting(name)) {
            settings.emplace(name, value);
        }
    }
    return settings;
}

bool isSecretSetting(std::string_view name) {
    const auto contains = [name](std::string_view part) { return name.find(part) != std::string_view::npos; };
    return contains("password") || contains("secret") || contains(".pem") || contains("ssl_key") || contains("jaas") ||
           contains("oauthbearer") || contains("sasl.username");
}

int wholeMilliseconds(core::Nanoseconds duration) {
    const auto count = std::chrono::ceil<std::chrono::milliseconds>(duration).count();
    return static_cast<int>(std::clamp<std::int64_t>(count, 0, 2'000'000'000));
}

void destroyWithin(rd_kafka_s* client, core::Nanoseconds limit) {
    std::promise<void> promise;
    auto done = promise.get_future();
    const std::string name = rd_kafka_name(client);
    // The consumer has been closed by then, in bounded time, by its owner.
    std::jthread helper([client, gone = std::move(promise)]() mutable {
        rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
        gone.set_value();
    });
    if (done.wait_for(limit) == std::future_status::ready) {
        return;
    }
    spdlog::error("Kafka client {} did not end within {} ms and is left behind", name, wholeMilliseconds(limit));
    helper.detach(); // joining would hang us as well; it holds nothing of ours
}

} // namespace services
