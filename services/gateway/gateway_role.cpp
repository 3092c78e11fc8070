// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/gateway_role.h"

#include "services/roles/rest.h"
#include "services/store/store_search.h"
#include "services/target/plain_text.h"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace services {
namespace {

constexpr core::Nanoseconds kAskRunsEvery = std::chrono::seconds(5);

} // namespace

GatewayRole::GatewayRole(Options options) : m_options(std::move(options)), m_parts(m_options.parts, m_options.access) {
    for (const auto& warning : {plainTextWarning(m_options.target.broker, m_options.settings.kafka),
                                plainTextWarning(m_options.target.store)}) {
        if (warning) {
            spdlog::warn("{}", *warning);
        }
    }
    if (!m_options.target.broker.isEmbedded()) {
        m_lag = std::make_unique<LagWatch>(m_options.settings, m_options.target);
    }
    if (!m_options.target.store.isEmbedded()) {
        m_runs = std::jthread([this](const std::stop_token& stop) { followRuns(stop); });
    }
}

core::Snapshot GatewayRole::snapshot() const {
    core::Snapshot sum = m_parts.total();
    sum.at = std::chrono::steady_clock::now();
    sum.sinceStart = sum.at - m_begun;
    const std::uint64_t acked = sum.producer().acked;
    sum.backlog = acked - std::min(acked, sum.consumer.polled);
    return sum;
}

std::vector<core::Component> GatewayRole::components() const {
    std::vector<core::Component> all;
    if (m_lag) {
        const GroupLag lag = m_lag->lag();
        all.push_back({"kafka", lag.brokerReason.empty(), false, lag.brokerReason});
        if (!m_options.target.store.isEmbedded()) {
            all.push_back({"postgresql", lag.storeReason.empty(), false, lag.storeReason});
        }
    }
    return all;
}

std::optional<GroupLag> GatewayRole::lag() const {
    return m_lag ? std::optional(m_lag->lag()) : std::nullopt;
}

void GatewayRole::followRuns(const std::stop_token& stop) {
    std::unique_ptr<core::StoreReader> reader;
    while (!stop.stop_requested()) {
        if (!reader) {
            if (auto opened = openStoreReader({.address = m_options.target.store})) {
                reader = std::move(*opened);
            }
        }
        constexpr std::uint32_t kNewest = 50; // among which one is finished, unless most were killed
        const auto runs = reader ? reader->runs(kNewest, stop) : core::transient("");
        if (runs) {
            const auto finished = std::ranges::find_if(*runs, [](const auto& run) { return !run.verdict.empty(); });
            std::optional<LastRun> last;
            if (finished != runs->end()) {
                const auto head = reader->runHead(finished->id, stop);
                const auto result = nlohmann::json::parse(head && *head ? **head : "", nullptr, false);
                if (const auto ledger = result.is_object() ? result.find("ledger") : result.end();
                    ledger != result.end() && ledger->is_object()) {
                    last = LastRun{ledger->value("lost", std::uint64_t{0}), ledger->value("doubled", std::uint64_t{0})};
                }
            }
            const std::scoped_lock lock(m_mutex);
            m_lastRun = last;
        }
        rest(kAskRunsEvery, stop);
    }
}

std::vector<ExtraGauge> GatewayRole::gauges(const core::Snapshot& snapshot) const {
    std::vector<ExtraGauge> all;
    const core::Instant now = std::chrono::steady_clock::now();
    const std::vector<PartReport> parts = m_parts.reports();
    const auto eachPart = [&](const char* name, const char* help, const auto& value) {
        for (const PartReport& part : parts) {
            if (const std::optional<double> number = value(part)) {
                all.push_back({name, help, {{"role", part.role}, {"part", part.address}}, *number});
            }
        }
    };
    eachPart("millrace_part_up", "1 while the part answers",
             [&](const PartReport& part) { return std::optional(part.fresh(now) ? 1.0 : 0.0); });
    eachPart("millrace_part_age_seconds", "Age of what is known of the part", [&](const PartReport& part) {
        return part.heard ? std::optional(core::secondsOf(now - *part.heard)) : std::nullopt;
    });
    all.push_back({"millrace_backlog_events",
                   "Acknowledged by all producers, not yet processed by all consumers",
                   {},
                   static_cast<double>(snapshot.backlog)});
    if (const auto group = lag(); group && group->at != core::Instant{}) {
        const auto eachPartition = [&](const char* name, const char* help, const auto& value) {
            for (const PartitionLag& one : group->partitions) {
                if (const std::optional<double> number = value(one)) {
                    all.push_back({name,
                                   help,
                                   {{"group", group->group},
                                    {"topic", one.partition.topic},
                                    {"partition", std::to_string(one.partition.partition.id)}},
                                   *number});
                }
            }
        };
        eachPartition("millrace_lag_events", "Messages in the partition that the group has not stored",
                      [](const PartitionLag& one) { return std::optional(static_cast<double>(one.events)); });
        eachPartition("millrace_lag_seconds", "Age of the first message that the group has not stored",
                      [](const PartitionLag& one) { return one.seconds; });
        all.push_back({"millrace_lag_slope_events_per_second",
                       "By how much the lag grows, over the last 5 s",
                       {{"group", group->group}},
                       group->slope});
        if (group->drainSeconds) {
            all.push_back({"millrace_time_to_drain_seconds",
                           "Until the lag is gone at its present pace",
                           {{"group", group->group}},
                           *group->drainSeconds});
        }
    }
    const std::scoped_lock lock(m_mutex);
    if (m_lastRun) {
        all.push_back({"millrace_ledger_lost_events",
                       "Lost in the run that finished last",
                       {},
                       static_cast<double>(m_lastRun->lost)});
        all.push_back({"millrace_ledger_doubled_events",
                       "Stored twice in the run that finished last",
                       {},
                       static_cast<double>(m_lastRun->doubled)});
    }
    return all;
}

} // namespace services
