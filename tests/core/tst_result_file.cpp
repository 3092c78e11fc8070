// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/results/result_file.h"
#include "tests/files.h"
#include "tests/test_class.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>
#include <cmath>
#include <limits>
#include <random>

using namespace std::chrono_literals;
using core::LatencyHistogram;
using core::Metric;
using core::RuleStatus;
using core::RunResult;

namespace {

LatencyHistogram randomLatencies(std::uint64_t seed, int values) {
    std::mt19937_64 generator(seed);
    LatencyHistogram histogram;
    for (int i = 0; i < values; ++i) {
        histogram.record(std::chrono::microseconds(generator() >> (35 + generator() % 29)));
    }
    return histogram;
}

core::MetricHistograms latencies(std::uint64_t seed) {
    core::MetricHistograms all;
    for (const auto metric : core::kMetrics) {
        core::of(all, metric) =
            randomLatencies(seed + static_cast<std::uint64_t>(metric), 50 * static_cast<int>(metric));
    }
    return all;
}

core::ProducerCounts producer(std::uint64_t n) {
    return {
        .planned = n, .sent = n + 1, .unsent = n + 2, .shed = n + 3, .acked = n + 4, .failed = n + 5, .inDoubt = n + 6};
}

core::ConsumerCounts consumer(std::uint64_t n) {
    return {.polled = n,
            .stored = n + 1,
            .duplicateFilter = n + 2,
            .duplicateBatch = n + 3,
            .duplicateStore = n + 4,
            .deadLettered = n + 5,
            .foreign = n + 6,
            .abandoned = n + 7};
}

core::StreamSnapshot stream(const char* name, core::Tier tier, std::uint64_t n) {
    core::StreamSnapshot stream;
    stream.name = name;
    stream.tier = tier;
    stream.producer = producer(n);
    stream.stored = n + 7;
    stream.duplicate = n + 8;
    stream.deadLettered = n + 9;
    stream.latency = latencies(n);
    stream.wakeDelay = randomLatencies(n, 5);
    stream.target = {0.1 * static_cast<double>(n)};
    return stream;
}

core::Sample sample(double from, std::uint64_t n) {
    core::Sample sample;
    sample.from = from;
    sample.until = from + 1.0 / 3;
    sample.producer = producer(n);
    sample.consumer = consumer(n);
    sample.latency = core::PackedHistograms(latencies(n));
    sample.target = 1e4 / 7;
    sample.backlog = n;
    sample.processCpu = 0.1;
    sample.machineCpu = 1.9;
    sample.residentSet = {n * 4'096};
    return sample;
}

core::Threshold ruleOf(const char* text, const char* during = "") {
    return *core::Threshold::parse({text, during, false});
}

/// A result in which every field has a value of its own.
RunResult everything() {
    RunResult result;
    result.id = "0196f3a2-0000-7000-8000-000000000001";
    result.name = "baseline with a burst – \"quoted\"";
    result.started = "2025-05-21T13:14:15.123456Z";
    result.seconds = 60.000000001;
    result.seed = std::numeric_limits<std::uint64_t>::max();
    result.runTag = 262'143;
    result.ledger.closed = false;
    result.verdict = {.status = core::VerdictStatus::Failed,
                      .exit = core::ExitCode::ThresholdMissed,
                      .summary = "Failed: so it was",
                      .rules = {}};
    result.verdict.rules = {{.rule = ruleOf("end_to_end p99 < 45ms"), .status = RuleStatus::Passed, .value = 13'103},
                            {.rule = ruleOf("throughput >= 99% of target", "burst"),
                             .status = RuleStatus::Failed,
                             .value = 0.98765,
                             .target = {10'000},
                             .brokeAtSeconds = 21.3},
                            {.rule = ruleOf("ack p99.9 < 5ms"), .reason = "no values"}};
    result.verdict.rules[1].rule.abort = true;
    result.ledger.producer = producer(1'000'000'000'000);
    result.ledger.consumer = consumer(2'000);
    result.ledger.ids = {.lost = 1, .doubled = 2, .recovered = 3, .unexpected = 4, .reordered = 5, .undrained = 6};
    result.targetRate = 10'000;
    result.sentRate = 9'999.5;
    result.ackedRate = 1.0 / 3;
    result.storedRate = 1e-9;
    result.drainSeconds = 1.25;
    result.latency = latencies(7);
    result.streams = {stream("baseline", core::Tier::Normal, 10), stream("alerts", core::Tier::Critical, 30),
                      stream("more", core::Tier::Normal, 50)};
    result.spans = {{.name = "burst", .latency = latencies(99), .planned = 4, .stored = 3, .length = 8s + 1ns}};
    using core::MarkKind;
    result.timeline = {
        {.seconds = 0.5, .kind = MarkKind::Phase, .phase = core::Phase::Warmup},
        {.seconds = 1, .kind = MarkKind::Burst, .rate = {1e4 / 3}, .duration = 8s + 1ns},
        {.seconds = 2, .kind = MarkKind::Rate, .name = "base\\line", .rate = {500}},
        {.seconds = 3, .kind = MarkKind::Rate},
        {.seconds = 4, .kind = MarkKind::Pause},
        {.seconds = 5, .kind = MarkKind::Resume},
        {.seconds = 6, .kind = MarkKind::Stop, .cause = core::StopCause::Interrupted},
        {.seconds = 7,
         .kind = MarkKind::Rebalance,
         .name = "normal-1",
         .change = core::PartitionChange::Lost,
         .partitions = 3},
        {.seconds = 8, .kind = MarkKind::Fault, .name = "normal-1", .detail = "für 8 s\n", .end = core::End::Broker},
        {.seconds = 9, .kind = MarkKind::Recovery, .name = "normal-1", .end = core::End::Store},
        {.seconds = 10, .kind = MarkKind::Rule, .name = "lost == 0", .rule = 2},
        {.seconds = 11, .kind = MarkKind::Warning, .detail = "slow", .end = core::End::Filter},
        {.seconds = 12, .kind = MarkKind::Error, .detail = "the disk is full"},
        {.seconds = 13, .kind = MarkKind::Message, .detail = "of a later version"},
    };
    result.samples = {sample(0, 100), sample(1.0 / 3, 200)};
    result.filterBypassed = 11;
    result.negativeLatencies = 12;
    result.offsetGap = 13;
    result.host = {{"cpu", "AMD EPYC"}, {"cores", "2"}};
    result.target = {{"broker", "embedded"}, {"store", "sqlite"}};
    result.settings = {{"linger.ms", "5"}};
    result.versions = {{"millrace", "0.1.0"}};
    result.scenario = "version: 1\nname: \"x\"\n# Ümlaut\n";
    return result;
}

QJsonObject parsed(const std::string& json) {
    return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
}

/// The keys of the outermost object, or of the one called `name`, in the order of the text.
QStringList keys(const std::string& json, int depth, const QString& name = {}) {
    QStringList found;
    const QRegularExpression line(QStringLiteral("^( *)\"([^\"]+)\": "));
    bool inside = name.isEmpty();
    for (const auto& text : QString::fromStdString(json).split(QLatin1Char('\n'))) {
        const auto match = line.match(text);
        if (!match.hasMatch()) {
            continue;
        }
        const auto level = match.capturedLength(1) / 2;
        if (!name.isEmpty() && level == depth - 1) {
            inside = match.captured(2) == name;
        } else if (inside && level == depth) {
            found.append(match.captured(2));
        }
    }
    return found;
}

QStringList words(const char* text) {
    return QString::fromLatin1(text).split(QLatin1Char(' '));
}

std::string errorOf(const std::string& text) {
    const auto read = core::resultFromJson(text, "result.json");
    return read ? "" : read.error().message;
}

std::string replaced(const std::string& before, const std::string& after) {
    auto text = core::toJson(everything(), false);
    text.replace(text.find(before), before.size(), after);
    return text;
}

} // namespace

class TestResultFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everythingComesBack() {
        const auto result = everything();
        const auto json = core::toJson(result, false);
        const auto back = core::resultFromJson(json, "result.json");
        QVERIFY2(back, back ? "" : back.error().message.c_str());
        QVERIFY(*back == result);
        QCOMPARE(core::toJson(*back, false), json);
    }

    void histogramsOfVersion1AreStillRead() {
        const auto text = contentOfFile(QStringLiteral(MILLRACE_SOURCE_DIR "/tests/core/data/results/passed.v1.json"));
        const auto back = core::resultFromJson(text.toStdString(), "result.json");
        QVERIFY2(back, back ? "" : back.error().message.c_str());
        const auto key = QStringLiteral("latency_ms");
        const auto before = QJsonDocument::fromJson(text).object()[key].toObject();
        QVERIFY(before[QStringLiteral("end_to_end")].toObject()[QStringLiteral("count")].toInt() > 0);
        QCOMPARE(parsed(core::toJson(*back, true))[key].toObject(), before);
    }

    void aResultOfBeforeKilledRunsWereReadIsClosed() {
        const auto back = core::resultFromJson(replaced("\"closed\"", "\"closedX\""), "result.json");
        QVERIFY2(back, back ? "" : back.error().message.c_str());
        QVERIFY(back->ledger.closed);
    }

    void anEmptyResultComesBack() {
        const auto back = core::resultFromJson(core::toJson({}, false), "result.json");
        QVERIFY(back && *back == RunResult());
    }

    void keysHaveTheOrderOfTheDesign() {
        const auto json = core::toJson(everything(), false);
        QCOMPARE(keys(json, 1),
                 words("schema run verdict ledger rate_per_s latency_ms target streams tiers timeline samples host "
                       "scenario settings versions spans histograms filter_bypassed "
                       "negative_latencies offset_gap"));
        QCOMPARE(keys(json, 2, QStringLiteral("run")), words("id name started seconds seed run_tag drain_s"));
        QCOMPARE(keys(json, 2, QStringLiteral("verdict")), words("status exit summary rules"));
        QCOMPARE(keys(json, 2, QStringLiteral("ledger")),
                 words("planned sent unsent shed acked failed in_doubt polled stored duplicate dead_lettered foreign "
                       "abandoned "
                       "recovered unexpected reordered lost doubled undrained closed"));
        QCOMPARE(keys(json, 2, QStringLiteral("rate_per_s")), words("target sent acked stored"));
        QCOMPARE(keys(json, 2, QStringLiteral("latency_ms")),
                 words("send_delay ack ack_uncorrected processing end_to_end end_to_end_uncorrected"));
    }

    void theHeadEndsBeforeTheStreams() {
        const auto head = core::toJson(everything(), true);
        QCOMPARE(keys(head, 1), words("schema run verdict ledger rate_per_s latency_ms"));
        QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(head)).isObject());
        QVERIFY(head.ends_with("}\n"));
    }

    void theHeadSaysWhatHappened() {
        const auto head = parsed(core::toJson(everything(), true));
        QCOMPARE(head[QStringLiteral("schema")].toString(), QStringLiteral("millrace.result/2"));
        const auto verdict = head[QStringLiteral("verdict")].toObject();
        QCOMPARE(verdict[QStringLiteral("status")].toString(), QStringLiteral("failed"));
        QCOMPARE(verdict[QStringLiteral("exit")].toInt(), 3);
        const auto rules = verdict[QStringLiteral("rules")].toArray();
        QVERIFY(rules[0].toObject()[QStringLiteral("broke_at_s")].isNull());
        QCOMPARE(rules[1].toObject()[QStringLiteral("broke_at_s")].toDouble(), 21.3);
        QVERIFY(rules[2].toObject()[QStringLiteral("value")].isNull());
        QCOMPARE(rules[2].toObject()[QStringLiteral("status")].toString(), QStringLiteral("not evaluated"));
        QVERIFY(rules[2].toObject()[QStringLiteral("measured")].isNull());
    }

    void numbersStandBesideTheTexts() {
        const auto json = core::toJson(everything(), false);
        for (const char* const text :
             {R"("value": "13.1 ms",)", R"("margin": "31.9 ms under the limit of 45 ms",)", R"("measured": 13103.0,)",
              R"("limit": 45000.0,)", R"("distance": -31897.0,)", R"("unit": "us")",
              R"x("value": "9,877/s (98.76 % of target)",)x", R"("unit": "share",)", R"("target_per_s": 10000.0)",
              R"("text": "normal-1: A consumer lost 3 partitions",)", R"("change": "lost",)", R"("partitions": 3)",
              R"("text": "base\\line set to 500/s",)", R"("text": "broken: lost == 0",)", R"("rule": 2)",
              R"("end": "broker")", R"("cause": "interrupted")", R"("duration_s": 8.000000001)"}) {
            QVERIFY2(json.find(text) != std::string::npos, text);
        }
    }

    void aKindOfALaterVersionIsAMessage() {
        const auto read = core::resultFromJson(replaced("\"kind\": \"pause\"", "\"kind\": \"nap\""), "result.json");
        QVERIFY(read);
        QCOMPARE(read->timeline[4].kind, core::MarkKind::Message);
        QCOMPARE(textOf(read->timeline[4]), std::string("paused"));
        const auto named =
            core::resultFromJson(replaced("\"kind\": \"rebalance\"", "\"kind\": \"nap\""), "result.json");
        QVERIFY(named);
        const auto again = core::resultFromJson(core::toJson(*named, false), "result.json");
        QVERIFY(again);
        const auto nap = std::ranges::find(again->timeline, core::MarkKind::Message, &core::Mark::kind);
        QCOMPARE(textOf(*nap), std::string("normal-1: A consumer lost 3 partitions")); // names it once
    }

    void whatIsNotKnownIsNull_data() {
        QTest::addColumn<int>("values");
        QTest::addColumn<QString>("known");
        QTest::newRow("nothing") << 0 << QStringLiteral("count");
        QTest::newRow("one value has a mean and a maximum") << 1 << QStringLiteral("count mean max");
        QTest::newRow("20: p50") << 20 << QStringLiteral("count mean p50 max");
        QTest::newRow("1,000: p99") << 1'000 << QStringLiteral("count mean p50 p90 p95 p99 max");
        QTest::newRow("9,999: not yet p99.9") << 9'999 << QStringLiteral("count mean p50 p90 p95 p99 max");
        QTest::newRow("10,000: p99.9") << 10'000 << QStringLiteral("count mean p50 p90 p95 p99 p99.9 max");
        QTest::newRow("100,000: all") << 100'000 << QStringLiteral("count mean p50 p90 p95 p99 p99.9 p99.99 max");
    }

    void whatIsNotKnownIsNull() {
        QFETCH(int, values);
        QFETCH(QString, known);
        RunResult result;
        core::of(result.latency, Metric::Ack).record(13'103us, static_cast<std::uint64_t>(values));
        const auto ack = parsed(core::toJson(result, true))[QStringLiteral("latency_ms")]
                             .toObject()[QStringLiteral("ack")]
                             .toObject();
        for (const auto& key : words("count mean p50 p90 p95 p99 p99.9 p99.99 max")) {
            const auto value = ack[key];
            QCOMPARE(!value.isNull() && !value.isUndefined(), known.split(QLatin1Char(' ')).contains(key));
            QVERIFY(!value.isUndefined());
            if (value.isDouble() && key != QStringLiteral("count")) {
                QVERIFY(qAbs(value.toDouble() - 13.103) < 0.01);
            }
        }
        QCOMPARE(ack[QStringLiteral("count")].toInt(), values);
    }

    void latenciesAreMillisecondsToAMicrosecond() {
        RunResult result;
        core::of(result.latency, Metric::Ack).record(1'234us);
        const auto json = core::toJson(result, true);
        QVERIFY(json.find("\"mean\": 1.234,") != std::string::npos);
        QVERIFY(json.find("\"max\": 1.234\n") != std::string::npos);
    }

    void tiersAreTheSumsOfTheirStreams() {
        const auto tiers = parsed(core::toJson(everything(), false))[QStringLiteral("tiers")].toArray();
        QCOMPARE(tiers.size(), 2);
        QCOMPARE(tiers[0].toObject()[QStringLiteral("tier")].toString(), QStringLiteral("critical"));
        const auto normal = tiers[1].toObject();
        QCOMPARE(normal[QStringLiteral("streams")].toInt(), 2);
        QCOMPARE(normal[QStringLiteral("planned")].toInt(), 60);
        QCOMPARE(normal[QStringLiteral("stored")].toInt(), 74);
        QCOMPARE(normal[QStringLiteral("latency_ms")]
                     .toObject()[QStringLiteral("ack")]
                     .toObject()[QStringLiteral("count")]
                     .toInt(),
                 100);
    }

    void aFigureThatIsNotKnownStaysUnknown() {
        auto result = everything();
        result.storedRate = std::numeric_limits<double>::quiet_NaN();
        const auto json = core::toJson(result, false);
        QVERIFY(json.find("\"stored\": null") != std::string::npos);
        const auto back = core::resultFromJson(json, "result.json");
        QVERIFY(back && std::isnan(back->storedRate));
    }

    void bytesThatAreNoTextAreReplaced() {
        auto result = everything();
        result.scenario = "name: \xFF\xFE caf\xC3";
        const auto json = core::toJson(result, false);
        const auto back = core::resultFromJson(json, "result.json");
        QVERIFY(back);
        QCOMPARE(back->scenario, std::string("name: \uFFFD\uFFFD caf\uFFFD"));
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const std::string& text, const char* message) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << QString::fromUtf8(message);
        };
        const std::string start = "{\"schema\": \"millrace.result/2\",\n  \"run\"";
        row("an empty file", "", "result.json:1:1: the result file is cut off here");
        row("a file that ends too early", start, "result.json:2:8: the result file is cut off here");
        row("something that is no JSON", start + ": nonsense}",
            "result.json:2:11: the result file is damaged here; this is not JSON");
        row("text after the end", "{}x", "result.json:1:3: the result file is damaged here; this is not JSON");
        row("JSON of another kind", "[1, 2]", "result.json: not a result of Millrace: it names no schema");
        row("another program's JSON", "{\"schema\": \"k6/1\"}",
            "result.json: not a result of Millrace: its schema is 'k6/1'");
        row("a newer result", "{\"schema\": \"millrace.result/3\"}",
            "result.json: written by a newer Millrace (schema 'millrace.result/3'; this program reads "
            "millrace.result/2)");
        row("a missing part", "{\"schema\": \"millrace.result/1\"}",
            "result.json: the result file is damaged: run is missing");
        row("a missing figure", replaced("\"in_doubt\"", "\"in_doubts\""),
            "result.json: the result file is damaged: ledger.in_doubt is missing");
        row("a count below zero", replaced("\"run_tag\": 262143", "\"run_tag\": -1"),
            "result.json: the result file is damaged: run.run_tag: expected a whole number from 0");
        row("a run tag that is too large", replaced("\"run_tag\": 262143", "\"run_tag\": 4294967296"),
            "result.json: the result file is damaged: run.run_tag: expected a smaller number");
        row("a fraction of an event", replaced("\"recovered\": 3", "\"recovered\": 3.5"),
            "result.json: the result file is damaged: ledger.recovered: expected a whole number from 0");
        row("a text for a number", replaced("\"drain_s\": 1.25", "\"drain_s\": \"long\""),
            "result.json: the result file is damaged: run.drain_s: expected a number");
        row("a number out of range", replaced("\"drain_s\": 1.25", "\"drain_s\": 1e999"),
            "result.json: the result file is damaged: a number is out of range");
        row("an unknown status", replaced("\"status\": \"not evaluated\"", "\"status\": \"maybe\""),
            "result.json: the result file is damaged: verdict.rules[2].status: 'maybe' is not known here");
        row("a rule that is none", replaced("\"rule\": \"ack p99.9", "\"rule\": \"ask p99.9"),
            "result.json: the result file is damaged: verdict.rules[2].rule: expected a rule; column 1: "
            "'ask' is not measured; did you mean 'ack'?");
        row("an unknown exit code", replaced("\"exit\": 3", "\"exit\": 77"),
            "result.json: the result file is damaged: verdict.exit: expected an exit code");
        row("an unknown tier", replaced("\"tier\": \"critical\"", "\"tier\": \"royal\""),
            "result.json: the result file is damaged: streams[1].tier: 'royal' is not known here");
        row("a rule without its figure", replaced("\"measured\"", "\"measuredX\""),
            "result.json: the result file is damaged: verdict.rules[0].measured is missing");
        row("a list of histograms", replaced("\"histograms\": {", "\"histograms\": [], \"x\": {"),
            "result.json: the result file is damaged: streams[0].histograms: expected an object");
        row("a histogram as version 1 wrote them",
            replaced("\"wake_delay\": \"", "\"wake_delay\": \"AwE=\", \"x\": \""),
            "result.json: the result file is damaged: streams[0].histograms.wake_delay: expected a histogram");
        row("a damaged histogram", replaced("\"wake_delay\": \"", "\"wake_delay\": \"!"),
            "result.json: the result file is damaged: streams[0].histograms.wake_delay: expected a histogram");
        row("an object for a list", replaced("\"timeline\": [", "\"timeline\": {}, \"x\": ["),
            "result.json: the result file is damaged: timeline: expected a list");
        row("a list for an object", replaced("\"settings\": {", "\"settings\": [], \"x\": {"),
            "result.json: the result file is damaged: settings: expected an object");
        row("a part that is longer than time", replaced("\"seconds\": 8.000000001", "\"seconds\": 1e300"),
            "result.json: the result file is damaged: spans[0].seconds: expected a shorter time");
        row("a million brackets", std::string(1'000'000, '['),
            "result.json:1:1000001: the result file is cut off here");
    }

    void refuses() {
        QFETCH(QByteArray, text);
        QTEST(QString::fromStdString(errorOf(text.toStdString())), "message");
    }

    void keysOfALaterVersionAreLeftAlone() {
        const auto read = core::resultFromJson(replaced("\"run_tag\"", "\"colour\": [1], \"run_tag\""), "result.json");
        QVERIFY(read && *read == everything());
    }

    void aCutFileIsNeverTakenForAWholeOne() {
        const auto whole = core::toJson(everything(), false);
        for (std::size_t length = 0; length + 2 < whole.size(); length += 1 + length / 100) {
            QVERIFY(!core::resultFromJson(whole.substr(0, length), "result.json"));
        }
    }

    void damageIsNeverFatal() {
        const auto whole = core::toJson(everything(), false);
        std::mt19937_64 generator(11);
        for (int round = 0; round < 400; ++round) {
            auto text = whole;
            for (auto changes = 1 + generator() % 4; changes > 0; --changes) {
                text[generator() % text.size()] = "{}[]\":,0129-.eE truefalsn\\\xFF"[generator() % 27];
            }
            const auto read = core::resultFromJson(text, "result.json");
            QVERIFY(read || !read.error().message.empty());
        }
    }
};

TEST_CLASS(TestResultFile)
#include "tst_result_file.moc"
