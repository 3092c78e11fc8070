// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/pipeline.h"

#include "core/load/schedule.h"
#include "services/target/plain_text.h"
#include "services/target/software_versions.h"

#include <fmt/format.h>

#include <utility>

namespace services {

using namespace std::chrono_literals;

core::Result<std::unique_ptr<Pipeline>> Pipeline::create(const Options& options, const TargetNote& note) {
    auto broker = BrokerEnd::open({options.scenario, options.target.broker, options.head.id, options.resuming}, note);
    if (!broker) {
        return broker.error();
    }
    auto store = StoreEnd::open({options.target.store, options.directory, options.head.id, options.head.clocks.wall},
                                **broker, options.giveUp);
    if (!store) {
        return store.error();
    }
    std::unique_ptr<Pipeline> pipeline(new Pipeline(options, std::move(*broker), std::move(*store), note));
    const auto warn = [&note](core::End end, const std::optional<std::string>& warning) {
        if (warning) {
            note({.kind = core::MarkKind::Warning, .detail = *warning, .end = end});
        }
    };
    warn(core::End::Store, plainTextWarning(options.target.store));
    for (const std::string& shortcoming : pipeline->m_store.store->shortcomings()) {
        warn(core::End::Store, shortcoming);
    }
    warn(core::End::Filter, plainTextWarning(options.target.dedupe));
    warn(core::End::Filter, pipeline->m_filter.memoryWarning(core::peakRate(options.scenario)));
    return pipeline;
}

Pipeline::Pipeline(const Options& options, std::unique_ptr<BrokerEnd> broker, StoreEnd store, const TargetNote& note)
    : m_consumerSettings(options.scenario.consumer),
      m_dedupe(options.scenario.dedupe),
      m_broker(std::move(broker)),
      m_store(std::move(store)),
      m_filter(options.target.dedupe, m_dedupe, m_store.tag),
      m_consumers({m_consumerSettings, options.head, options.resetOffsets}, *m_broker, m_store, m_filter, note) {}

std::map<std::string, std::string> Pipeline::targetFacts() const {
    std::map<std::string, std::string> facts = m_broker->facts();
    facts.merge(m_store.facts());
    facts["dedupe"] = m_filter.describe();
    return facts;
}

std::map<std::string, std::string> Pipeline::settings() const {
    std::map<std::string, std::string> all = m_broker->settings();
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
