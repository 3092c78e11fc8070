// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/scenario_reader.h"

#include "core/scenario/environment.h"
#include "core/scenario/fields.h"
#include "core/scenario/overrides.h"
#include "core/scenario/scalars.h"
#include "core/scenario/sections.h"
#include "core/text/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace core {

namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kMostRules = 1'000;

/// False if the file is written for another version, of which nothing else can be said.
bool readVersion(Fields& fields) {
    const auto at = fields.require("version");
    const auto version = at ? readInteger(*at) : std::nullopt;
    if (!version || *version == kVersion) {
        return true;
    }
    at->refuse(*version > kVersion
                   ? fmt::format("version {} is written for a newer Millrace; this one reads version 1", *version)
                   : std::string("there is no version 0; write version: 1"));
    return false;
}

std::optional<std::string> readDuring(const Cursor& at, const std::vector<std::string>& spans) {
    auto span = readText(at, {1, 64});
    if (!span || std::ranges::find(spans, *span) != spans.end()) {
        return span;
    }
    const std::vector<std::string_view> names(spans.begin(), spans.end());
    const auto meant = nearest(*span, names);
    if (*span == kWarmupSpan) {
        at.refuse("this scenario has no warm-up; set 'warmup'");
    } else {
        at.refuse(fmt::format("{} is neither a stream nor warmup{}", inQuotes(at.node->written),
                              meant ? fmt::format("; did you mean {}?", inQuotes(*meant)) : ""));
    }
    return std::nullopt;
}

std::optional<ThresholdSpec> readThreshold(const Cursor& at, const std::vector<std::string>& spans, ConsumedBy consumer,
                                           const ReaderOptions& options) {
    const std::size_t problems = at.problems->count();
    const auto readRule = [](const Cursor& value) { return readText(value, {1, 200}); };
    ThresholdSpec spec;
    Cursor rule = at;
    if (at.isMapping()) {
        Fields fields(at);
        fields.takeRequired("rule", spec.rule, readRule);
        fields.read("during", spec.during, [&spans](const Cursor& value) { return readDuring(value, spans); });
        fields.read("abort", spec.abort, readBool);
        fields.finish();
        if (const YamlEntry* entry = at.node->find("rule")) {
            rule = at.entry(*entry);
        }
    } else if (at.isScalar()) {
        spec.rule = readRule(at).value_or("");
    } else {
        at.refuseKind("a rule such as end_to_end p99 < 45ms");
    }
    if (at.problems->count() != problems || spec.rule.empty() || !options.checkRule) {
        return spec;
    }
    if (const auto wrong = options.checkRule(spec, consumer)) {
        rule.refuse(*wrong);
    }
    return spec;
}

std::vector<std::string> spansOf(const Scenario& scenario) {
    std::vector<std::string> spans;
    for (const Stream& stream : scenario.streams) {
        spans.push_back(stream.name);
    }
    if (scenario.warmup > Nanoseconds(0)) {
        spans.emplace_back(kWarmupSpan);
    }
    return spans;
}

/// What an outsider does with events that cannot be read is not known: nobody could tell them from lost ones.
void refuseUnreadable(const Cursor& consumer, const Scenario& scenario) {
    for (const Stream& stream : scenario.streams) {
        if (scenario.consumer.by == ConsumedBy::Outsider && stream.event.unreadable.value > 0) {
            consumer.refuse(
                fmt::format("the stream {} sends unreadable events, and an audit cannot tell those that the "
                            "consumer threw away from lost ones; take 'unreadable' out, or let Millrace "
                            "consume",
                            inQuotes(stream.name)));
        }
    }
}

void readSections(Fields& fields, Scenario& scenario, const ReaderOptions& options) {
    if (const auto at = fields.require("streams")) {
        scenario.streams = readStreams(*at, scenario.warmup, options.folder);
    }
    if (const auto at = fields.find("kafka")) {
        scenario.kafka = readKafka(*at);
    }
    if (const auto at = fields.find("consumer")) {
        scenario.consumer = readConsumer(*at, scenario.kafka);
        refuseUnreadable(*at, scenario);
    }
    if (const auto at = fields.find("dedupe")) {
        scenario.dedupe = readDedupe(*at);
    }
    if (const auto at = fields.find("thresholds")) {
        scenario.thresholds = readThresholds(*at, spansOf(scenario), scenario.consumer.by, options);
    }
    if (const auto at = fields.find("target")) {
        scenario.target = readTarget(*at, options.readPostgres);
    }
}

Scenario readRoot(const Cursor& root, const ReaderOptions& options) {
    Scenario scenario;
    Fields fields(root);
    if (!readVersion(fields)) {
        return scenario;
    }
    fields.takeRequired("name", scenario.name, [](const Cursor& at) { return readText(at, {1, 100}); });
    fields.read("seed", scenario.seed, [](const Cursor& at) { return readInteger(at); });
    fields.read("warmup", scenario.warmup, [](const Cursor& at) { return readDuration(at); });
    fields.read("drain", scenario.drain, [](const Cursor& at) { return readDuration(at); });
    readSections(fields, scenario, options);
    fields.finish();
    return scenario;
}

/// Because of this problem nobody knows what is to be sent when.
bool concernsLoad(const Problem& problem) {
    constexpr std::array<std::string_view, 3> kKeys{"version", "warmup", "streams"};
    return std::ranges::any_of(kKeys, [&problem](std::string_view key) {
        return problem.path.starts_with(key) && (problem.path.size() == key.size() || problem.path[key.size()] == '.' ||
                                                 problem.path[key.size()] == '[');
    });
}

} // namespace

std::vector<ThresholdSpec> readThresholds(const Cursor& at, const std::vector<std::string>& spans, ConsumedBy consumer,
                                          const ReaderOptions& options) {
    std::vector<ThresholdSpec> thresholds;
    for (const Cursor& item : readItems(at, "a list of rules", kMostRules)) {
        if (auto spec = readThreshold(item, spans, consumer, options)) {
            thresholds.push_back(std::move(*spec));
        }
    }
    return thresholds;
}

ScenarioReading readScenario(std::string_view text, const std::string& fileName, const ReaderOptions& options) {
    ProblemList problems(fileName);
    YamlReading reading = readYaml(text);
    for (const YamlProblem& problem : reading.problems) {
        problems.add(problem.at, problem.message);
    }
    if (reading.root.kind == YamlNode::Kind::Broken) {
        return {std::nullopt, problems.inOrder()};
    }

    applyOverrides(reading.root, options.overrides, problems);
    expandEnvironment(reading.root, options.environment, problems);
    Scenario scenario = readRoot({&reading.root, "", &problems}, options);
    if (problems.count() > 0) {
        std::vector<Problem> wrong = problems.inOrder();
        const bool isLoadKnown =
            reading.problems.empty() && !scenario.streams.empty() && std::ranges::none_of(wrong, concernsLoad);
        return {std::nullopt, std::move(wrong), isLoadKnown ? std::optional(std::move(scenario)) : std::nullopt};
    }
    scenario.text = text;
    return {std::move(scenario), {}};
}

} // namespace core
