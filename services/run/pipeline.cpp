// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/pipeline.h"

#include "core/load/schedule.h"
#include "services/audit/audited_store.h"
#include "services/run/no_consumer.h"
#include "services/run/outside_consumer.h"
#include "services/run/own_consumers.h"
#include "services/store/audited_table.h"
#include "services/target/plain_text.h"
#include "services/target/software_versions.h"

#include <fmt/format.h>

#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

core::Result<std::unique_ptr<core::AuditedRows>> openTable(const Pipeline::Options& options) {
    return openAuditedTable({.address = options.target.store}, options.scenario.consumer.audit, options.giveUp);
}

core::Result<StoreEnd> openStoreEnd(const Pipeline::Options& options, const BrokerEnd& broker) {
    switch (options.scenario.consumer.by) {
    case core::ConsumedBy::Millrace:
        break;
    case core::ConsumedBy::Outsider: {
        auto rows = openTable(options);
        if (!rows) {
            return rows.error();
        }
        return StoreEnd{std::make_unique<AuditedStore>(std::move(*rows), options.giveUp), {}};
    }
    case core::ConsumedBy::Nobody:
        return StoreEnd{std::make_unique<NoStore>(), {}};
    }
    return StoreEnd::open({options.target.store, options.directory, options.head.id, options.head.clocks.wall}, broker,
                          options.giveUp);
}

} // namespace

core::Result<std::unique_ptr<Pipeline>> Pipeline::create(const Options& options, const TargetNote& note) {
    auto broker = BrokerEnd::open(
        {options.scenario, options.target.broker, options.head.id, options.resuming, options.byDaemons, options.giveUp},
        note);
    if (!broker) {
        return broker.error();
    }
    auto store = openStoreEnd(options, **broker);
    if (!store) {
        return store.error();
    }
    std::unique_ptr<core::AuditedRows> watched;
    if (options.scenario.consumer.by == core::ConsumedBy::Outsider) {
        auto opened = openTable(options);
        if (!opened) {
            return opened.error();
        }
        watched = std::move(*opened);
    }
    std::unique_ptr<Pipeline> pipeline(
        new Pipeline(options, std::move(*broker), std::move(*store), std::move(watched), note));
    pipeline->warnOfServers(options, note);
    if (pipeline->m_watched) {
        pipeline->warnOfTable(note);
    }
    return pipeline;
}

void Pipeline::warnOfServers(const Options& options, const TargetNote& note) const {
    if (m_consumerSettings.by == core::ConsumedBy::Nobody) {
        return; // they are not used
    }
    const auto warn = [&note](core::End end, const std::optional<std::string>& warning) {
        if (warning) {
            note({.kind = core::MarkKind::Warning, .detail = *warning, .end = end});
        }
    };
    warn(core::End::Store, plainTextWarning(options.target.store));
    for (const std::string& shortcoming : m_store.store->shortcomings()) {
        warn(core::End::Store, shortcoming);
    }
    if (m_consumers) {
        warn(core::End::Filter, plainTextWarning(options.target.dedupe));
        warn(core::End::Filter, m_filter.memoryWarning(core::peakRate(options.scenario)));
    }
}

/// What the table will not tell.
void Pipeline::warnOfTable(const TargetNote& note) const {
    const core::AuditedTableFacts& facts = m_watched->facts();
    const auto warn = [&note](std::string sentence) {
        note({.kind = core::MarkKind::Warning, .detail = std::move(sentence), .end = core::End::Store});
    };
    if (facts.storedAt == core::StoredAtSource::None) {
        warn(facts.storedAtText + " There are no end-to-end latencies without it");
    }
    if (!facts.notFollowed.empty()) {
        warn(fmt::format("All of {} is read at each look, which is rare where it is large: {}", facts.table,
                         facts.notFollowed));
    }
}

Pipeline::Pipeline(const Options& options, std::unique_ptr<BrokerEnd> broker, StoreEnd store,
                   std::unique_ptr<core::AuditedRows> watched, const TargetNote& note)
    : m_consumerSettings(options.scenario.consumer),
      m_dedupe(options.scenario.dedupe),
      m_broker(std::move(broker)),
      m_store(std::move(store)),
      m_filter(m_consumerSettings.by == core::ConsumedBy::Millrace ? options.target.dedupe : core::DedupeAddress(),
               m_dedupe, m_store.tag),
      m_watched(std::move(watched)) {
    if (m_consumerSettings.by == core::ConsumedBy::Millrace) {
        m_consumers.emplace(
            ConsumerEnds::Options{m_consumerSettings, options.head, options.resetOffsets, options.byDaemons}, *m_broker,
            m_store, m_filter, note);
    }
}

std::size_t Pipeline::consumerLanes(const core::Scenario& scenario) {
    switch (scenario.consumer.by) {
    case core::ConsumedBy::Millrace:
        return ConsumerPool::workersOf(scenario);
    case core::ConsumedBy::Outsider:
        return 1;
    case core::ConsumedBy::Nobody:
        break;
    }
    return 0;
}

std::unique_ptr<Consumption> Pipeline::consumption(const core::Scenario& scenario, const RunHead& head,
                                                   core::RunLanes& lanes, RunAccount& account) {
    switch (scenario.consumer.by) {
    case core::ConsumedBy::Millrace:
        return std::make_unique<OwnConsumers>(*m_consumers, scenario, lanes, account);
    case core::ConsumedBy::Outsider:
        return std::make_unique<OutsideConsumer>(std::move(m_watched), OutsideConsumer::Options{head, scenario.drain},
                                                 lanes.worker(0), lanes.times(), account);
    case core::ConsumedBy::Nobody:
        break;
    }
    return std::make_unique<NoConsumer>();
}

std::map<std::string, std::string> Pipeline::targetFacts() const {
    std::map<std::string, std::string> facts = m_broker->facts();
    facts.merge(m_store.facts());
    if (m_consumers) {
        facts["dedupe"] = m_filter.describe();
    }
    return facts;
}

std::map<std::string, std::string> Pipeline::settings() const {
    std::map<std::string, std::string> all = m_broker->settings();
    if (!m_consumers) {
        all["consumer"] = nameOf(m_consumerSettings.by);
        if (m_consumerSettings.by == core::ConsumedBy::Outsider) {
            all["consumer.table"] = m_consumerSettings.audit.table;
            all["consumer.id"] = m_consumerSettings.audit.id;
            all["consumer.stored_at"] =
                m_consumerSettings.audit.storedAt.empty() ? "commit" : m_consumerSettings.audit.storedAt;
        }
        return all;
    }
    all["group"] = m_broker->group();
    all["consumer.concurrency"] = std::to_string(m_consumerSettings.concurrency);
    all["consumer.batch"] = std::to_string(m_consumerSettings.batch);
    all["consumer.linger"] = fmt::format("{} us", m_consumerSettings.linger / 1us);
    all["dedupe.ttl"] = fmt::format("{} s", m_dedupe.ttl / 1s);
    return all;
}

std::map<std::string, std::string> Pipeline::versions() const {
    std::map<std::string, std::string> versions = softwareVersions();
    for (const auto& [name, value] : m_store.store->facts()) {
        if (name == "version") {
            versions["store"] = value;
        }
    }
    return versions;
}

} // namespace services
