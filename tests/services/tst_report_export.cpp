// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/junit_xml.h"
#include "services/archive/report_export.h"
#include "services/archive/result_source.h"
#include "services/archive/whole_file.h"
#include "tests/files.h"
#include "tests/services/report_fixture.h"
#include "tests/test_class.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

namespace {

using services::ReportFormat;

std::vector<services::ExportedFile> filesOf(const core::RunResult& run, ReportFormat format) {
    const auto files = services::exportedFiles(run, format, {});
    return files ? *files : std::vector<services::ExportedFile>();
}

void judgeJunit(const core::RunResult& run) {
    judgedBy(QStringLiteral("xmllint"),
             {QStringLiteral("--noout"), QStringLiteral("--schema"),
              QStringLiteral(MILLRACE_SOURCE_DIR "/tests/services/junit.xsd"), QStringLiteral("-")},
             QByteArray::fromStdString(core::junitXml(run)));
}

} // namespace

class TestReportExport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void junitHasACaseARuleAndOneForTheLedger() {
        const core::RunResult run = reportedRun();
        judgeJunit(run);
        const QString xml = QString::fromStdString(core::junitXml(run));
        QVERIFY(xml.contains(QStringLiteral("tests=\"3\" failures=\"0\" errors=\"0\"")));
        QVERIFY(xml.contains(QStringLiteral("name=\"end_to_end p99 &lt; 45ms\" time=\"0\"/>")));
        QVERIFY(xml.contains(QStringLiteral("name=\"ledger: every acknowledged event is stored once\" time=\"0\"/>")));
    }

    void junitNamesValueAndLimit() {
        core::RunResult run = reportedRun();
        run.verdict.status = core::VerdictStatus::Lost;
        auto& rule = run.verdict.rules[0];
        rule.status = core::RuleStatus::Failed;
        rule.value = 60'000;
        rule.brokeAtSeconds = 12.04;
        run.verdict.rules[1].status = core::RuleStatus::NotEvaluated;
        run.verdict.rules[1].reason = "nothing was polled";
        run.ledger.ids.lost = 3;
        judgeJunit(run);
        const QString xml = QString::fromStdString(core::junitXml(run));
        for (const char* const text :
             {"tests=\"3\" failures=\"3\" errors=\"0\"",
              "message=\"60 ms; the rule is end_to_end p99 &lt; 45ms: 15 ms over the limit of 45 ms, since 12.0 s\"",
              "message=\"could not be evaluated: nothing was polled\"",
              "message=\"lost 3, doubled 0, unexpected 0, undrained 0; all must be 0\""}) {
            QVERIFY2(xml.contains(QString::fromUtf8(text)), text);
        }
    }

    void junitSaysThatARunDoesNotCount() {
        core::RunResult run = reportedRun();
        run.verdict.status = core::VerdictStatus::Invalid;
        run.verdict.summary = "Invalid: the generator was saturated";
        judgeJunit(run);
        QVERIFY(QString::fromStdString(core::junitXml(run))
                    .contains(QStringLiteral("<error type=\"invalid\" message=\"Invalid: the generator")));
    }

    void junitTellsEqualRulesApart() {
        core::RunResult run = reportedRun();
        run.name = "baseline v1.2";
        run.verdict.rules.insert(run.verdict.rules.end(), {run.verdict.rules[0], run.verdict.rules[0]});
        judgeJunit(run); // the schema knows no two cases of one name
        const QString xml = QString::fromStdString(core::junitXml(run));
        for (const char* const text : {"name=\"end_to_end p99 &lt; 45ms (2)\"", "name=\"end_to_end p99 &lt; 45ms (3)\"",
                                       "classname=\"millrace.baseline v1_2\"", "<testsuite name=\"baseline v1.2\""}) {
            QVERIFY2(xml.contains(QString::fromUtf8(text)), text);
        }
    }

    void junitTakesAStoppedRunForNeitherSuccessNorFailure() {
        core::RunResult run = reportedRun();
        run.verdict.status = core::VerdictStatus::Interrupted;
        run.verdict.summary = "Interrupted: after 5 s of 40 s";
        judgeJunit(run);
        QString xml = QString::fromStdString(core::junitXml(run));
        QVERIFY2(xml.contains(QStringLiteral("tests=\"4\" failures=\"0\" errors=\"0\"")), qPrintable(xml));
        QVERIFY2(xml.contains(QStringLiteral("skipped=\"3\"")), qPrintable(xml));
        QVERIFY(xml.contains(QStringLiteral("<skipped message=\"Interrupted: after 5 s of 40 s\"/>")));
        run.verdict.rules[0].status = core::RuleStatus::Failed; // what it missed is missed all the same
        run.ledger.closed = false;
        judgeJunit(run);
        xml = QString::fromStdString(core::junitXml(run));
        QVERIFY2(xml.contains(QStringLiteral("failures=\"1\" errors=\"0\"")), qPrintable(xml));
    }

    void junitEscapesNames() {
        for (const std::string& name : hostileNames()) {
            core::RunResult run = reportedRun();
            run.name = run.verdict.rules[0].rule.text = name;
            judgeJunit(run);
        }
    }

    void jsonIsTheResultItself() {
        const auto files = filesOf(reportedRun(), ReportFormat::Json);
        QCOMPARE(files.front().content, core::toJson(reportedRun(), false));
    }

    void csvHasAFileATableAndChart() {
        QStringList names;
        for (const auto& file : filesOf(reportedRun(), ReportFormat::Csv)) {
            names += QString::fromStdString(file.name);
        }
        for (const char* const name : {"rules.csv", "ledger.csv", "latencies.csv", "streams.csv", "chart-rates.csv",
                                       "chart-latency.csv", "chart-heat-map.csv", "samples.csv"}) {
            QVERIFY2(names.contains(QString::fromLatin1(name)), name);
        }
        QCOMPARE(names.removeDuplicates(), 0);
    }

    void csvOfATableIsData_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QStringList>("lines"); // the first ones
        const auto row = [](const char* rule, const char* file, const QStringList& lines) {
            QTest::newRow(rule) << QString::fromLatin1(file) << lines;
        };
        row("a rule's value and limit are numbers of the unit beside them", "rules.csv",
            {QStringLiteral("rule (embedded broker),value,limit,unit,status,broke at (s)"),
             QStringLiteral("end_to_end p99 < 45ms,13.1,45,ms,passed,"), QStringLiteral("lost == 0,0,0,events,passed,"),
             QStringLiteral("error_rate <= 0.0001%,0.0004,0.0001,%,failed,")});
        row("counts have no separators", "ledger.csv",
            {QStringLiteral("events,count,that"), QStringLiteral("planned,30000,were due")});
        row("latencies are in ms, however long, and empty where too few carry them", "latencies.csv",
            {QStringLiteral(
                 "latency (embedded broker),mean (ms),p50 (ms),p90 (ms),p95 (ms),p99 (ms),p99.9 (ms),p99.99 (ms),max "
                 "(ms),events"),
             QStringLiteral("send delay,0.08,0.08,0.08,0.08,0.08,0.08,,0.08,30000"), QStringLiteral("ack,,,,,,,,,0")});
        row("streams have a unit per column", "streams.csv",
            {QStringLiteral("stream (embedded "
                            "broker),tier,planned,acked,stored,duplicate,dead-lettered,unsent,shed,send delay p99 (ms),"
                            "end-to-end p50 (ms),end-to-end p99 (ms),max (ms)"),
             QStringLiteral("baseline,normal,30000,30000,30000,0,0,0,0,0.08,8.003,13.007,13.007")});
        row("a share is a number of percent", "duplicates.csv",
            {QStringLiteral("duplicates,events,share (%)"),
             QStringLiteral("\"caught by the duplicate filter, which saved the database the work\",0,0"),
             QStringLiteral("found twice in one batch,1,0.00004"),
             QStringLiteral("found by the store's primary key,2500000,99.99996")});
        row("steps have a unit per column", "steps.csv",
            {QStringLiteral("step (embedded broker),whole run (ms),share"), QStringLiteral("due to sent,0.08, 1 %"),
             QStringLiteral("sent to acked,0, 0 %"), QStringLiteral("acked to polled,10.927,█████████████████ 84 %"),
             QStringLiteral("polled to stored,2,███ 15 %")});
        row("instants are seconds", "timeline.csv",
            {QStringLiteral("at (s),what,details"), QStringLiteral("0,phase,warm-up"), QStringLiteral("2,phase,stages"),
             QStringLiteral("30,phase,drain")});
        row("what has another unit has another column", "resources.csv",
            {QStringLiteral("resources,CPU of this process (cores),CPU of the machine (cores),memory of this process "
                            "(B)"),
             QStringLiteral("mean,0.25,0.5,"), QStringLiteral("highest,0.25,0.5,67108864")});
        row("a text that could be a formula is none", "settings.csv",
            {QStringLiteral("name,value"), QStringLiteral("\"'=HYPERLINK(\"\"x\"\")\",'-a"),
             QStringLiteral("linger.ms,5")});
    }

    void csvOfATableIsData() {
        QFETCH(QString, file);
        QFETCH(QStringList, lines);
        core::RunResult run = reportedRun();
        run.settings["=HYPERLINK(\"x\")"] = "-a";
        run.verdict.status = core::VerdictStatus::Failed; // else there are no steps
        run.verdict.rules.push_back({.rule = *core::Threshold::parse({"error_rate <= 0.0001%", {}, false}),
                                     .status = core::RuleStatus::Failed,
                                     .value = 4e-6});
        run.ledger.consumer.duplicateBatch = 1;
        run.ledger.consumer.duplicateStore = 2'500'000;
        const auto files = filesOf(run, ReportFormat::Csv);
        const auto found = std::ranges::find(files, file.toStdString(), &services::ExportedFile::name);
        QVERIFY(found != files.end());
        const QStringList all = QString::fromStdString(found->content).split(QStringLiteral("\r\n"));
        QCOMPARE(all.mid(0, lines.size()), lines);
    }

    void svgAndHgrmHaveAFileEach() {
        QCOMPARE(filesOf(reportedRun(), ReportFormat::Svg).size(), std::size_t{5});
        QCOMPARE(filesOf(reportedRun(), ReportFormat::Hgrm).size(), std::size_t{6});
    }

    void whatNeedsQtIsRefusedWithoutIt() {
        for (const ReportFormat format : {ReportFormat::Pdf, ReportFormat::Png}) {
            const auto files = services::exportedFiles(reportedRun(), format, {});
            QVERIFY(!files);
            QVERIFY(files.error().message.find("'millrace report' does") != std::string::npos);
        }
    }

    void aFullDiskKeepsWhatWasThere() {
        const QTemporaryDir folder;
        const std::string path = folder.filePath(QStringLiteral("report.html")).toStdString();
        QVERIFY(services::writeWholeFile(path, "the old one"));
        QVERIFY(QFile::link(QStringLiteral("/dev/full"), folder.filePath(QStringLiteral("report.html.part"))));
        const auto written = services::writeExport({{"report.html", "the new one"}}, ReportFormat::Html, path);
        QVERIFY(!written);
        QVERIFY(written.error().message.find("the disk is full; free some space") != std::string::npos);
        QCOMPARE(contentOfFile(QString::fromStdString(path)), QByteArray("the old one"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::System | QDir::Hidden).size(), 1);
    }

    void aFolderThatCannotBeMadeIsAnError() {
        const auto written = services::writeExport({{"a.svg", "x"}}, ReportFormat::Svg, "/proc/none/svg");
        QVERIFY(!written);
        QVERIFY(written.error().message.starts_with("The folder /proc/none/svg could not be created: "));
    }

    void saysWhyThereIsNoResult() {
        const QTemporaryDir folder;
        const std::string path = folder.path().toStdString();
        QVERIFY(services::readResult(path).error().message.ends_with("result.json does not exist."));
        QVERIFY(services::writeWholeFile(path + "/run.journal", "{}"));
        QVERIFY(
            services::readResult(path).error().message.ends_with("run.journal:1:1: the result file is cut off here"));
        QVERIFY(services::writeWholeFile(path + "/result.json", "{\"schema\": \"millrace.result/9\"}"));
        QVERIFY(services::readResult(path).error().message.find("written by a newer Millrace") != std::string::npos);
        QVERIFY(services::writeWholeFile(path + "/result.json", "{\"schema\": "));
        QVERIFY(services::readResult(path).error().message.find("cut off here") != std::string::npos);
        QVERIFY(services::writeWholeFile(path + "/result.json", core::toJson(reportedRun(), false)));
        QVERIFY(*services::readResult(path) == reportedRun());
    }
};

TEST_CLASS(TestReportExport)
#include "tst_report_export.moc"
