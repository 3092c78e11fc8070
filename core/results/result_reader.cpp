// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/results/result_fields.h"
#include "core/results/result_file.h"
#include "core/results/version_1.h"
#include "core/text/wording.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <utility>

namespace core {

namespace {

using Json = nlohmann::ordered_json;

/// Keeps the first thing that is wrong; what is read after it does not matter.
struct Trouble {
    std::optional<std::string> text;

    void note(std::string found) {
        if (!text) {
            text = std::move(found);
        }
    }
};

/// A value in the file that knows its path. Wrong types read as empty and are noted.
class Node {
public:
    Node(const Json& value, std::string path, Trouble& trouble)
        : m_value(&value), m_path(std::move(path)), m_trouble(&trouble) {}

    Node at(std::string_view key) const {
        static const Json kNothing;
        const auto path = m_path.empty() ? std::string(key) : fmt::format("{}.{}", m_path, key);
        if (!m_value->is_object()) {
            expected("an object");
            return {kNothing, path, *m_trouble};
        }
        const auto found = m_value->find(std::string(key));
        if (found == m_value->end()) {
            m_trouble->note(path + " is missing");
            return {kNothing, path, *m_trouble};
        }
        return {*found, path, *m_trouble};
    }

    bool has(std::string_view key) const { return m_value->is_object() && m_value->contains(std::string(key)); }
    bool isNull() const { return m_value->is_null(); }

    std::uint64_t count() const {
        if (!m_value->is_number_unsigned()) {
            expected("a whole number from 0");
            return 0;
        }
        return m_value->get<std::uint64_t>();
    }

    /// Not a number where the file says null: not known.
    double number() const {
        if (isNull()) {
            return std::numeric_limits<double>::quiet_NaN();
        }
        if (!m_value->is_number()) {
            expected("a number");
            return 0;
        }
        return m_value->get<double>();
    }

    std::optional<double> numberOrNull() const { return isNull() ? std::nullopt : std::optional(number()); }

    bool boolean() const {
        if (!m_value->is_boolean()) {
            expected("true or false");
            return false;
        }
        return m_value->get<bool>();
    }

    /// Of seconds.
    Nanoseconds duration() const {
        constexpr double kLongest = 9e9; // what nanoseconds hold
        const auto seconds = number();
        if (!(std::abs(seconds) < kLongest)) {
            expected("a shorter time");
            return {};
        }
        return Nanoseconds(std::llround(seconds * 1e9));
    }

    std::string text() const {
        if (!m_value->is_string()) {
            expected("a text");
            return {};
        }
        return m_value->get<std::string>();
    }

    std::string textOrNull() const { return isNull() ? std::string() : text(); }

    LatencyHistogram histogram() const {
        const auto encoded = text();
        auto decoded = LatencyHistogram::fromHdrText(encoded);
        if (!decoded) {
            decoded = LatencyHistogram::decode(encoded); // until millrace.result/2
        }
        if (!decoded) {
            expected("a histogram");
        }
        return decoded.value_or(LatencyHistogram());
    }

    std::map<std::string, std::string> texts() const {
        std::map<std::string, std::string> map;
        if (!m_value->is_object()) {
            expected("an object");
            return map;
        }
        for (const auto& [key, value] : m_value->items()) {
            map[key] = at(key).text();
        }
        return map;
    }

    template <typename Value, typename Read>
    std::vector<Value> list(const Read& read) const {
        std::vector<Value> values;
        if (!m_value->is_array()) {
            expected("a list");
            return values;
        }
        for (std::size_t i = 0; i < m_value->size(); ++i) {
            values.push_back(read(Node((*m_value)[i], fmt::format("{}[{}]", m_path, i), *m_trouble)));
        }
        return values;
    }

    /// The value of an enumeration whose name this is.
    template <typename Value>
    Value oneOf(std::initializer_list<Value> values) const {
        const auto name = text();
        const auto* const found = std::ranges::find(values, name, [](Value value) { return nameOf(value); });
        if (found == values.end()) {
            m_trouble->note(fmt::format("{}: {} is not known here", m_path, inQuotes(name)));
            return *values.begin();
        }
        return *found;
    }

    void expected(std::string_view what) const { m_trouble->note(fmt::format("{}: expected {}", m_path, what)); }

private:
    const Json* m_value;
    std::string m_path;
    Trouble* m_trouble;
};

template <typename Counts, std::size_t size>
void readCounts(const Node& node, const std::array<CountField<Counts>, size>& fields, Counts& counts) {
    for (const auto& [name, member] : fields) {
        counts.*member = node.at(name).count();
    }
}

ConsumerCounts readConsumer(const Node& node) {
    ConsumerCounts counts;
    readCounts(node, kConsumedFields, counts);
    readCounts(node.at("duplicate"), kDuplicateFields, counts);
    readCounts(node, kOtherFields, counts);
    return counts;
}

MetricHistograms readHistograms(const Node& node) {
    MetricHistograms latencies;
    for (const auto metric : kMetrics) {
        if (node.has(nameOf(metric))) {
            of(latencies, metric) = node.at(nameOf(metric)).histogram();
        }
    }
    return latencies;
}

RuleOutcome readRule(const Node& node) {
    RuleOutcome outcome;
    const bool version1 = !node.has("measured");
    auto rule = Threshold::parse({.rule = node.at("rule").text(),
                                  .during = node.at("during").textOrNull(),
                                  .abort = !version1 && node.at("abort").boolean()});
    if (!rule) {
        node.at("rule").expected("a rule; " + rule.error().message);
        return outcome;
    }
    outcome.rule = std::move(*rule);
    outcome.status = node.at("status").oneOf({RuleStatus::Passed, RuleStatus::Failed, RuleStatus::NotEvaluated});
    outcome.brokeAtSeconds = node.at("broke_at_s").numberOrNull();
    outcome.reason = node.at("reason").textOrNull();
    if (version1) {
        readFiguresOfVersion1(outcome, node.at("value").textOrNull(), node.at("margin").textOrNull());
        return outcome;
    }
    outcome.value = node.at("measured").numberOrNull();
    if (outcome.rule.quantity == Threshold::Quantity::Throughput) {
        outcome.target = {node.at("target_per_s").number()};
    }
    return outcome;
}

ExitCode readExit(const Node& node) {
    const auto code = node.count();
    for (const auto known :
         {ExitCode::Passed, ExitCode::Internal, ExitCode::Usage, ExitCode::ThresholdMissed, ExitCode::LostOrDoubled,
          ExitCode::GeneratorSaturated, ExitCode::Unreachable, ExitCode::Interrupted}) {
        if (static_cast<std::uint64_t>(known) == code) {
            return known;
        }
    }
    node.expected("an exit code");
    return ExitCode::Internal;
}

Verdict readVerdict(const Node& node) {
    using enum VerdictStatus;
    Verdict verdict;
    verdict.status = node.at("status").oneOf({Passed, Failed, Lost, Invalid, Unreachable, Interrupted, Internal});
    verdict.exit = readExit(node.at("exit"));
    verdict.summary = node.at("summary").text();
    verdict.rules = node.at("rules").list<RuleOutcome>(readRule);
    return verdict;
}

void readHead(const Node& root, RunResult& result) {
    const auto run = root.at("run");
    result.id = run.at("id").text();
    result.name = run.at("name").text();
    result.started = run.at("started").text();
    result.seconds = run.at("seconds").number();
    result.seed = run.at("seed").count();
    const auto tag = run.at("run_tag").count();
    if (tag > std::numeric_limits<std::uint32_t>::max()) {
        run.at("run_tag").expected("a smaller number");
    }
    result.runTag = static_cast<std::uint32_t>(tag);
    result.drainSeconds = run.at("drain_s").number();
    result.verdict = readVerdict(root.at("verdict"));
    const auto ledger = root.at("ledger");
    result.ledger.closed = !ledger.has("closed") || ledger.at("closed").boolean(); // older ones were always closed
    readCounts(ledger, kProducerFields, result.ledger.producer);
    result.ledger.consumer = readConsumer(ledger);
    readCounts(ledger, kIdFields, result.ledger.ids);
    const auto rates = root.at("rate_per_s");
    result.targetRate = rates.at("target").number();
    result.sentRate = rates.at("sent").number();
    result.ackedRate = rates.at("acked").number();
    result.storedRate = rates.at("stored").number();
}

StreamSnapshot readStream(const Node& node) {
    StreamSnapshot stream;
    stream.name = node.at("name").text();
    stream.tier = node.at("tier").oneOf({Tier::Critical, Tier::Normal, Tier::Analytics});
    stream.target = {node.at("target_per_s").number()};
    readCounts(node, kProducerFields, stream.producer);
    stream.stored = node.at("stored").count();
    stream.duplicate = node.at("duplicate").count();
    stream.deadLettered = node.at("dead_lettered").count();
    const auto histograms = node.at("histograms");
    stream.latency = readHistograms(histograms);
    if (histograms.has("wake_delay")) {
        stream.wakeDelay = histograms.at("wake_delay").histogram();
    }
    return stream;
}

Sample readSample(const Node& node) {
    Sample sample;
    sample.from = node.at("from_s").number();
    sample.until = node.at("until_s").number();
    sample.target = node.at("target_per_s").number();
    readCounts(node, kProducerFields, sample.producer);
    sample.consumer = readConsumer(node.at("consumer"));
    sample.backlog = node.at("backlog").count();
    sample.processCpu = node.at("process_cpu").number();
    sample.machineCpu = node.at("machine_cpu").number();
    sample.residentSet = {node.at("resident_bytes").count()};
    sample.latency = PackedHistograms(readHistograms(node.at("histograms")));
    return sample;
}

SpanSnapshot readSpan(const Node& node) {
    SpanSnapshot span;
    span.name = node.at("name").text();
    span.length = node.at("seconds").duration();
    span.planned = node.at("planned").count();
    span.stored = node.at("stored").count();
    span.latency = readHistograms(node.at("histograms"));
    return span;
}

Mark readMark(const Node& node) {
    Mark mark{.seconds = node.at("s").number(), .kind = markKindOf(node.at("kind").text())};
    const auto given = [&node](const char* key, const auto& read) {
        if (node.has(key)) {
            read(node.at(key));
        }
    };
    using enum Phase;
    given("name", [&](const Node& value) { mark.name = value.text(); });
    given("detail", [&](const Node& value) { mark.detail = value.text(); });
    given("phase", [&](const Node& value) { mark.phase = value.oneOf({Preparing, Warmup, Stages, Drain, Finished}); });
    given("cause", [&](const Node& value) {
        mark.cause = value.oneOf({StopCause::Asked, StopCause::Interrupted, StopCause::Aborted, StopCause::RuleBroken});
    });
    given("change", [&](const Node& value) {
        mark.change = value.oneOf({PartitionChange::Assigned, PartitionChange::Revoked, PartitionChange::Lost});
    });
    given("partitions", [&](const Node& value) { mark.partitions = value.count(); });
    given("rule", [&](const Node& value) { mark.rule = value.count(); });
    given("rate_per_s", [&](const Node& value) { mark.rate = {value.number()}; });
    given("duration_s", [&](const Node& value) { mark.duration = value.duration(); });
    given("end", [&](const Node& value) { mark.end = value.oneOf({End::Broker, End::Store, End::Filter}); });
    if (mark.kind == MarkKind::Message) {
        mark.detail = node.at("text").text();
    }
    return mark;
}

Mark readMarkOfVersion1(const Node& node) {
    return markOfVersion1(node.at("s").number(), node.at("kind").text(), node.at("text").text());
}

void readRest(const Node& root, RunResult& result) {
    result.streams = root.at("streams").list<StreamSnapshot>(readStream);
    result.timeline =
        root.at("timeline").list<Mark>(root.at("schema").text() == kResultSchema ? readMark : readMarkOfVersion1);
    result.samples = root.at("samples").list<Sample>(readSample);
    result.host = root.at("host").texts();
    result.target = root.at("target").texts();
    result.scenario = root.at("scenario").text();
    result.settings = root.at("settings").texts();
    result.versions = root.at("versions").texts();
    result.spans = root.at("spans").list<SpanSnapshot>(readSpan);
    result.latency = readHistograms(root.at("histograms"));
    result.filterBypassed = root.at("filter_bypassed").count();
    result.negativeLatencies = root.at("negative_latencies").count();
    result.offsetGap = root.at("offset_gap").count();
}

/// The file is read to `position`, counted from 1.
Error damaged(const std::string& text, const std::string& fileName, std::size_t position) {
    const auto good = std::min(position == 0 ? 0 : position - 1, text.size());
    const auto before = std::string_view(text).substr(0, good);
    const auto line = 1 + std::ranges::count(before, '\n');
    const auto lastBreak = before.rfind('\n');
    const auto column = lastBreak == std::string_view::npos ? good + 1 : good - lastBreak;
    return invalid(fmt::format("{}:{}:{}: the result file is {}", fileName, line, column,
                               position > text.size() ? "cut off here" : "damaged here; this is not JSON"));
}

std::optional<Error> schemaProblem(const Json& json, const std::string& fileName) {
    constexpr std::string_view kFamily = "millrace.result/";
    const auto schema = json.is_object() && json.contains("schema") && json["schema"].is_string()
                            ? json["schema"].get<std::string>()
                            : std::string();
    if (isReadableSchema(schema)) {
        return std::nullopt;
    }
    if (schema.starts_with(kFamily)) {
        return invalid(fmt::format("{}: written by a newer Millrace (schema {}; this program reads {})", fileName,
                                   inQuotes(schema), kResultSchema));
    }
    const auto found = schema.empty() ? "it names no schema" : "its schema is " + inQuotes(schema);
    return invalid(fmt::format("{}: not a result of Millrace: {}", fileName, found));
}

} // namespace

Result<RunResult> resultFromJson(const std::string& text, const std::string& fileName) {
    Json json;
    try {
        json = Json::parse(text);
    } catch (const Json::parse_error& error) {
        return damaged(text, fileName, error.byte);
    } catch (const Json::exception&) { // a number that no type holds
        return invalid(fileName + ": the result file is damaged: a number is out of range");
    }
    if (auto problem = schemaProblem(json, fileName)) {
        return std::move(*problem);
    }
    Trouble trouble;
    RunResult result;
    const Node root(json, {}, trouble);
    readHead(root, result);
    readRest(root, result);
    if (trouble.text) {
        return invalid(fmt::format("{}: the result file is damaged: {}", fileName, *trouble.text));
    }
    return result;
}

} // namespace core
