// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/results/result_file.h"

#include <QProcess>
#include <QString>
#include <QTest>

/// A run of 30 s at 1,000/s, embedded, that passed but for what a test changes; warm-up 2 s.
inline core::RunResult reportedRun() {
    using namespace std::chrono_literals;
    using core::Metric;
    core::RunResult run;
    run.id = "019b7c2e-0000-7000-8000-000000000001";
    run.name = "baseline with a burst";
    run.started = "2026-01-02T03:04:05.678Z";
    run.seconds = 28;
    run.seed = 42;
    run.targetRate = run.sentRate = run.ackedRate = run.storedRate = 1'000;
    run.drainSeconds = 0.25;
    run.verdict = {
        core::VerdictStatus::Passed,
        core::ExitCode::Passed,
        "Passed: 1,000 events/s for 28 s, all 30,000 stored once",
        {{.rule = *core::Threshold::parse({"end_to_end p99 < 45ms", {}, false}),
          .status = core::RuleStatus::Passed,
          .value = 13'100},
         {.rule = *core::Threshold::parse({"lost == 0", {}, false}), .status = core::RuleStatus::Passed, .value = 0}}};
    run.ledger.producer = {
        .planned = 30'000, .sent = 30'000, .unsent = 0, .shed = 0, .acked = 30'000, .failed = 0, .inDoubt = 0};
    run.ledger.consumer.polled = run.ledger.consumer.stored = 30'000;
    run.timeline = {{.seconds = 0, .kind = core::MarkKind::Phase, .phase = core::Phase::Warmup},
                    {.seconds = 2, .kind = core::MarkKind::Phase, .phase = core::Phase::Stages},
                    {.seconds = 30, .kind = core::MarkKind::Phase, .phase = core::Phase::Drain}};
    for (int second = 0; second < 30; ++second) {
        core::Sample sample;
        sample.from = second;
        sample.until = second + 1;
        sample.target = 1'000;
        sample.producer.planned = sample.producer.sent = sample.producer.acked = 1'000;
        sample.consumer.polled = sample.consumer.stored = 1'000;
        sample.processCpu = 0.25;
        sample.machineCpu = 0.5;
        sample.residentSet = {64U << 20U};
        core::MetricHistograms latency;
        of(latency, Metric::EndToEnd).record(8ms, 985);
        of(latency, Metric::EndToEnd).record(13ms, 15);
        of(latency, Metric::EndToEndUncorrected).record(7ms, 1'000);
        of(latency, Metric::SendDelay).record(80us, 1'000);
        of(latency, Metric::Processing).record(2ms, 1'000);
        for (const Metric metric : core::kMetrics) {
            of(run.latency, metric).add(of(latency, metric));
        }
        sample.latency = core::PackedHistograms(latency);
        run.samples.push_back(std::move(sample));
    }
    core::StreamSnapshot stream;
    stream.name = "baseline";
    stream.producer = run.ledger.producer;
    stream.stored = 30'000;
    stream.latency = run.latency;
    run.streams.push_back(stream);
    run.target = {{"broker", "embedded"}, {"store", "SQLite file x/events.sqlite"}, {"dedupe", "memory"}};
    run.host = {{"cores", "2"}, {"cpu", "AMD EPYC"}, {"memory", "23.5 GiB"}};
    run.settings = {{"linger.ms", "5"}};
    run.versions = {{"millrace", "0.1.0"}};
    run.scenario = "version: 1\nname: baseline with a burst\n";
    return run;
}

/// Runs a program that is not ours on what ours wrote; fails the test where it is missing or complains.
inline QByteArray judgedBy(const QString& program, const QStringList& arguments, const QByteArray& input = {}) {
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForStarted()) {
        QTest::qFail(qPrintable(program + QStringLiteral(" is not installed")), __FILE__, __LINE__);
        return {};
    }
    process.write(input);
    process.closeWriteChannel();
    process.waitForFinished(60'000);
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0) {
        QTest::qFail(process.readAllStandardError().constData(), __FILE__, __LINE__);
    }
    return process.readAllStandardOutput();
}

/// Names that break what does not escape them.
inline std::vector<std::string> hostileNames() {
    return {"<script>alert(1)</script>", "]]></text><script>",  "\"quoted\" & 'single' --><b>",
            "خط أنابيب السجلات",         std::string(300, 'x'), "bad \x01 bytes \xFF\xC3",
            "=HYPERLINK(\"x\")"};
}
