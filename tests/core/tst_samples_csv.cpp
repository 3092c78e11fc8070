// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/results/result_file.h"
#include "core/text/csv_text.h"
#include "tests/test_class.h"

#include <QTest>

using core::Metric;
using core::Sample;

class TestSamplesCsv : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cells_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("cell");
        const auto row = [](const char* name, const char* text, const char* cell) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(cell);
        };
        row("a plain text stays", "baseline", "baseline");
        row("nothing stays nothing", "", "");
        row("a comma is quoted", "a,b", "\"a,b\"");
        row("quotes are doubled", "say \"hi\"", "\"say \"\"hi\"\"\"");
        row("a line break is quoted", "a\nb", "\"a\nb\"");
        row("a formula is made harmless", "=1+2", "'=1+2");
        row("also with quotes", "=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
        row("and by its other signs: +", "+1+2", "'+1+2");
        row("-", "-2+3", "'-2+3");
        row("@", "@SUM(A1)", "'@SUM(A1)");
        row("a tab in front", "\t=1", "'\t=1");
        row("a line break in front", "\r=1", "\"'\r=1\"");
        row("a negative number stays a number", "-12.5", "-12.5");
        row("a sign later on is harmless", "a=b", "a=b");
    }

    void cells() {
        QFETCH(QString, text);
        QTEST(QString::fromStdString(core::csvCell(text.toStdString())), "cell");
    }

    void aRowAnInterval() {
        Sample sample;
        sample.from = 0.5;
        sample.until = 1.5;
        sample.target = 10'000;
        sample.producer = {.planned = 1, .sent = 2, .unsent = 3, .shed = 4, .acked = 5, .failed = 6, .inDoubt = 7};
        sample.consumer = {.polled = 8,
                           .stored = 9,
                           .duplicateFilter = 1,
                           .duplicateBatch = 2,
                           .duplicateStore = 3,
                           .deadLettered = 10,
                           .foreign = 11,
                           .abandoned = 12};
        sample.backlog = 13;
        sample.processCpu = 0.25;
        sample.machineCpu = 1.5;
        sample.residentSet = {4'096};
        core::MetricHistograms latency;
        core::of(latency, Metric::EndToEnd).record(std::chrono::microseconds(13'103), 1'000);
        sample.latency = core::PackedHistograms(latency);
        const auto lines = QString::fromStdString(core::toCsv({sample, sample})).split(QStringLiteral("\r\n"));
        QCOMPARE(lines.size(), 4);
        QCOMPARE(
            lines[0],
            QStringLiteral("from_s,until_s,target_per_s,planned,sent,unsent,shed,acked,failed,in_doubt,polled,stored,"
                           "duplicate,dead_lettered,foreign,abandoned,backlog,process_cpu,machine_cpu,resident_bytes,"
                           "send_delay_count,send_delay_p50_ms,send_delay_p99_ms,send_delay_p99.9_ms,send_delay_max_ms,"
                           "ack_count,ack_p50_ms,ack_p99_ms,ack_p99.9_ms,ack_max_ms,"
                           "ack_uncorrected_count,ack_uncorrected_p50_ms,ack_uncorrected_p99_ms,"
                           "ack_uncorrected_p99.9_ms,ack_uncorrected_max_ms,"
                           "processing_count,processing_p50_ms,processing_p99_ms,processing_p99.9_ms,processing_max_ms,"
                           "end_to_end_count,end_to_end_p50_ms,end_to_end_p99_ms,end_to_end_p99.9_ms,end_to_end_max_ms,"
                           "end_to_end_uncorrected_count,end_to_end_uncorrected_p50_ms,end_to_end_uncorrected_p99_ms,"
                           "end_to_end_uncorrected_p99.9_ms,end_to_end_uncorrected_max_ms"));
        QCOMPARE(lines[1], QStringLiteral("0.500,1.500,10000.000,1,2,3,4,5,6,7,8,9,6,10,11,12,13,0.250,1.500,4096,"
                                          "0,,,,,0,,,,,0,,,,,0,,,,,1000,13.103,13.103,,13.103,0,,,,"));
        QCOMPARE(lines[2], lines[1]);
        QVERIFY(lines[3].isEmpty());
    }
};

TEST_CLASS(TestSamplesCsv)
#include "tst_samples_csv.moc"
