// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/doctor.h"

#include "core/load/schedule.h"
#include "services/dedupe/redis_filter.h"
#include "services/kafka/cluster_admin.h"
#include "services/kafka/cluster_probe.h"
#include "services/store/store_probe.h"
#include "services/target/message_sizes.h"
#include "services/target/plain_text.h"
#include "services/target/remedy.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <mutex>
#include <thread>

namespace services {

namespace {

std::string absenceOf(ServerPart part) {
    static constexpr std::array kPrograms{"Kafka", "PostgreSQL", "Redis"};
    return fmt::format("Check the address, and that {} is running there.",
                       kPrograms.at(static_cast<std::size_t>(part)));
}

/// The findings of one server.
class Chart {
public:
    Chart(ServerPart part, const std::function<void(const Finding&)>& take) : m_part(part), m_take(take) {}

    void ok(std::string sentence, std::optional<core::Nanoseconds> roundTrip = {}) const {
        m_take({m_part, Health::Ok, std::move(sentence), roundTrip});
    }
    void warn(std::string sentence) const { m_take({m_part, Health::Warn, std::move(sentence), {}}); }
    void warn(const std::optional<std::string>& sentence) const {
        if (sentence) {
            warn(*sentence);
        }
    }
    void warn(const std::vector<std::string>& sentences) const {
        for (const std::string& sentence : sentences) {
            warn(sentence);
        }
    }
    void fail(const core::Error& error) const {
        m_take({m_part, Health::Fail, withRemedy(error, absenceOf(m_part)), {}});
    }

private:
    ServerPart m_part;
    const std::function<void(const Finding&)>& m_take;
};

void examineTopics(const Examination& asked, const ClusterAccess& access, const std::stop_token& stop,
                   const Chart& chart) {
    auto admin = ClusterAdmin::create(access);
    if (!admin) {
        return chart.fail(admin.error());
    }
    std::map<std::string, int> known;
    std::map<std::string, std::uint64_t> limits;
    for (const std::string& topic : asked.topics) {
        if (stop.stop_requested()) {
            return;
        }
        const auto partitions = (*admin)->partitionCount(topic);
        if (!partitions) {
            chart.fail(partitions.error());
        } else if (*partitions == 0) {
            chart.warn(fmt::format("Topic {} does not exist yet; 'init' creates it, and so does a run.", topic));
        } else {
            known[topic] = *partitions;
            chart.ok(fmt::format("Topic {} has {} partitions.", topic, *partitions));
            if (const auto facts = (*admin)->topicFacts(topic); facts && facts->maxMessageBytes) {
                limits[topic] = *facts->maxMessageBytes;
            }
        }
    }
    if (asked.judgesLoad) {
        chart.warn(sizeWarnings(asked.scenario, limits));
    }
    chart.warn(ClusterAdmin::shortages(known, asked.scenario.consumer.concurrency));
}

void examineBroker(const Examination& asked, const std::stop_token& stop, const Chart& chart) {
    if (asked.target.broker.isEmbedded()) {
        return chart.ok("Embedded: a run brings its own.");
    }
    const ClusterAccess access{asked.target.broker.shown(), asked.scenario.kafka.client};
    const auto probe = probeCluster(access, std::chrono::seconds(5), stop);
    if (!probe) {
        return chart.fail(probe.error());
    }
    chart.ok(probe->sentence, probe->roundTrip);
    chart.warn(plainTextWarning(asked.target.broker, asked.scenario.kafka));
    examineTopics(asked, access, stop, chart);
}

void examineStore(const Examination& asked, const std::stop_token& stop, const Chart& chart) {
    if (asked.target.store.isEmbedded()) {
        return chart.ok("Embedded: a run creates events.sqlite in its folder.");
    }
    StoreOptions options;
    options.address = asked.target.store;
    options.group = asked.scenario.kafka.group;
    options.timeout = std::chrono::seconds(10);
    const auto probe = probeStore(options, stop);
    if (!probe) {
        return chart.fail(probe.error());
    }
    const bool wasAsked = probe->roundTrip.count() > 0; // a file that does not exist yet is not
    chart.ok(probe->sentence, wasAsked ? std::optional(probe->roundTrip) : std::nullopt);
    chart.warn(probe->warnings);
    chart.warn(plainTextWarning(asked.target.store));
}

void examineDedupe(const Examination& asked, const Chart& chart) {
    const core::RedisAddress* const redis = asked.target.dedupe.redis();
    if (redis == nullptr) {
        return chart.ok("In memory: nothing to check.");
    }
    RedisOptions options;
    options.address = *redis;
    options.prefix = asked.scenario.dedupe.prefix;
    options.ttl = asked.scenario.dedupe.ttl;
    const auto probe = probeRedis(options);
    if (!probe) {
        return chart.fail(probe.error());
    }
    chart.ok(probe->sentence, probe->roundTrip);
    chart.warn(probe->warnings);
    chart.warn(plainTextWarning(asked.target.dedupe));
    if (asked.judgesLoad) {
        chart.warn(redisMemoryWarning(options, core::peakRate(asked.scenario)));
    }
}

} // namespace

void examine(const Examination& examination, const std::stop_token& stop,
             const std::function<void(const Finding&)>& take) {
    std::mutex mutex;
    const std::function<void(const Finding&)> takeInTurn = [&](const Finding& finding) {
        const std::scoped_lock lock(mutex);
        if (!stop.stop_requested()) {
            take(finding);
        }
    };
    const std::jthread broker([&] { examineBroker(examination, stop, {ServerPart::Broker, takeInTurn}); });
    const std::jthread store([&] { examineStore(examination, stop, {ServerPart::Store, takeInTurn}); });
    examineDedupe(examination, {ServerPart::Dedupe, takeInTurn});
}

} // namespace services
