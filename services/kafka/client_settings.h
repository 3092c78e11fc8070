// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/units.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct rd_kafka_s;
struct rd_kafka_conf_s;

namespace services {

/// Where a cluster is and how to speak to it: librdkafka settings such as security.protocol, from the scenario.
struct ClusterAccess {
    std::string bootstrap; ///< HOST:PORT,…
    std::map<std::string, std::string> client;
};

/// librdkafka settings by name, in the order in which they are applied.
using KafkaSettingList = std::vector<std::pair<std::string, std::string>>;

struct KafkaConfDeleter {
    void operator()(rd_kafka_conf_s* conf) const;
};
using KafkaConf = std::unique_ptr<rd_kafka_conf_s, KafkaConfDeleter>;

/// A configuration of ours: `defaults`, which the user's client settings may override, then those, then `fixed`, on
/// which the correctness of the run depends. Log lines go to spdlog. Invalid where librdkafka refuses a setting, or
/// where one would load code or start programs.
core::Result<KafkaConf> kafkaConf(const ClusterAccess& access, const KafkaSettingList& defaults,
                                  const KafkaSettingList& fixed);

/// What differs from librdkafka's defaults, for the result file. Without secrets, whatever they are called.
std::map<std::string, std::string> effectiveSettings(const rd_kafka_conf_s& conf);

/// True for settings whose value nobody may read.
bool isSecretSetting(std::string_view name);

/// A duration as librdkafka wants it: whole milliseconds, rounded up.
int wholeMilliseconds(core::Nanoseconds duration);

/// Destroys the client. librdkafka joins its threads, which may hang in a name look-up or a handshake: after `limit` a
/// thread of its own goes on with it and the caller is free.
void destroyWithin(rd_kafka_s* client, core::Nanoseconds limit);

} // namespace services
