// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/results/result_file.h"
#include "services/archive/result_catalogue.h"
#include "services/archive/whole_file.h"
#include "tests/services/report_fixture.h"
#include "tests/test_class.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <memory>

namespace {

struct Answer {
    int exit = -1;
    QString output, complaints;
};

/// Runs one of the programs in the folder, without a display.
Answer run(const char* program, const QString& folder, const QStringList& arguments) {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* const name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
        environment.remove(QString::fromLatin1(name));
    }
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(folder);
    process.start(QString::fromUtf8(program), arguments);
    process.waitForFinished(60'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

QStringList words(const char* line) {
    return QString::fromUtf8(line).split(QLatin1Char(' '));
}

} // namespace

/// The verbs 'report' and 'compare' of both programs, from outside.
class TestReportVerbs : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    QString path(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
    Answer millraced(const char* line) const { return run(MILLRACED, m_folder->path(), words(line)); }
    Answer millrace(const char* line) const { return run(MILLRACE, m_folder->path(), words(line)); }
    QByteArray contentOf(const char* name) const {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void put(const char* folder, const core::RunResult& result) const {
        QVERIFY(QDir(m_folder->path()).mkpath(QString::fromLatin1(folder)));
        QVERIFY(services::writeWholeFile(path(folder).toStdString() + "/result.json", core::toJson(result, false)));
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        put("a", reportedRun());
    }

    void writesEachFormatBesideTheResult_data() {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("file");
        const auto row = [](const char* format, const char* file) {
            QTest::newRow(format) << QString::fromLatin1(format) << QString::fromLatin1(file);
        };
        row("html", "a/report.html");
        row("junit", "a/junit.xml");
        row("csv", "a/csv/chart-rates.csv");
        row("svg", "a/svg/latency.svg");
        row("hgrm", "a/hgrm/end_to_end.hgrm");
        row("png", "a/png/heat-map.png");
        row("pdf", "a/report.pdf");
    }

    void writesEachFormatBesideTheResult() {
        QFETCH(QString, format);
        QFETCH(QString, file);
        const auto [exit, output, complaints] =
            run(MILLRACE, m_folder->path(),
                {QStringLiteral("report"), QStringLiteral("a"), QStringLiteral("--format"), format});
        QCOMPARE(complaints, QString());
        QCOMPARE(exit, 0);
        QVERIFY(QFile::exists(m_folder->filePath(file)));
        QVERIFY(file.startsWith(output.trimmed()));
        QCOMPARE(QDir(path("a")).entryList({QStringLiteral("*.part")}).size(), 0);
    }

    void htmlIsTheDefaultAndAFileIsAsGoodAsItsFolder() {
        QCOMPARE(millraced("report a/result.json --out b.html").exit, 0);
        QVERIFY(contentOf("b.html").startsWith("<!DOCTYPE html>"));
        QCOMPARE(millraced("report a").exit, 0);
        QCOMPARE(contentOf("a/report.html"), contentOf("b.html"));
    }

    void jsonGoesToStandardOutput() {
        QCOMPARE(millraced("report a --format json").output.toUtf8(), contentOf("a/result.json"));
    }

    void theSummaryIsToBeHadAgain() {
        const QString text = millraced("report a --format text").output;
        QVERIFY2(text.startsWith(QStringLiteral("✓ ")), qPrintable(text.left(200)));
        QVERIFY(text.contains(QStringLiteral("\nRules\n")));
        QVERIFY(!text.endsWith(QStringLiteral("\n\n")));
        const QString markdown = millraced("report a --format md").output;
        QVERIFY2(markdown.startsWith(QStringLiteral("## ")), qPrintable(markdown.left(200)));
        QVERIFY(markdown.contains(QStringLiteral("\n**✓ ")));
        QVERIFY(markdown.contains(QStringLiteral("\n### Rules\n\n| rule | value | limit | status | broke at |\n")));
        QVERIFY(markdown.contains(QStringLiteral("\n### Ledger\n")));
        QVERIFY(!markdown.contains(QStringLiteral("Scenario")));
        QCOMPARE(millraced("report a --format text --out s.txt").exit, 0);
        QCOMPARE(QString::fromUtf8(contentOf("s.txt")), text);
    }

    void millracedNamesWhoMakesPictures() {
        for (const char* const line : {"report a --format pdf", "report a --format png"}) {
            const Answer answer = millraced(line);
            QCOMPARE(answer.exit, 2);
            QVERIFY2(answer.complaints.contains(QStringLiteral("'millrace report' does.")),
                     qPrintable(answer.complaints));
        }
        QCOMPARE(QDir(path("a")).entryList(QDir::AllEntries | QDir::NoDotAndDotDot).size(), 1);
    }

    void thePdfHoldsTheReportAsText() {
        core::RunResult result = reportedRun();
        result.streams.assign(120, result.streams.front());
        result.name = "<script>alert(1)</script>";
        put("long", result);
        QCOMPARE(millrace("report long --format pdf").exit, 0);
        const QString text = QString::fromUtf8(judgedBy(
            QStringLiteral("pdftotext"), {QStringLiteral("-layout"), path("long/report.pdf"), QStringLiteral("-")}));
        for (const char* const part : {"<script>alert(1)</script>", "Passed: 1,000 events/s for 28 s", "13.1 ms",
                                       "end_to_end p99 < 45ms", "Ledger", "30,000", "version: 1"}) {
            QVERIFY2(text.contains(QString::fromUtf8(part)), part);
        }
        // A table's heading stands again on each page that it goes on over.
        static const QRegularExpression heading(QStringLiteral("stream +tier"));
        QVERIFY(text.count(heading) >= 2);
        const QString facts = QString::fromUtf8(judgedBy(QStringLiteral("pdfinfo"), {path("long/report.pdf")}));
        QVERIFY2(facts.contains(QStringLiteral("(A4)")), qPrintable(facts));
    }

    void picturesAreTwiceTheChartsSize() {
        QCOMPARE(millrace("report a --format png --out pictures").exit, 0);
        QCOMPARE(QImage(path("pictures/rates.png")).size(), QSize(1'800, 640));
        QCOMPARE(QDir(path("pictures")).entryList(QDir::Files).size(), 5);
    }

    void saysWhatIsWrong_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* rule, const char* line, const char* sentence) {
            QTest::newRow(rule) << QByteArray(line) << QString::fromUtf8(sentence);
        };
        row("a missing result", "report nothing", "There is no result: nothing does not exist.");
        row("an unknown format", "report a --format doc", "there is no format 'doc'. The formats are html, pdf,");
        row("a future result", "report future", "written by a newer Millrace");
        row("a damaged result", "report damaged", "damaged/result.json:1:3");
        row("one result alone", "compare a", "RESULT");
        row("a limit that is none", "compare a a --fail-if-worse ten", "takes a percentage from 0, as 10, not 'ten'");
        row("an unknown format of a comparison", "compare a a --format pdf",
            "The formats are text, html, md, csv and json.");
    }

    void saysWhatIsWrong() {
        QFETCH(QByteArray, line);
        QFETCH(QString, sentence);
        QDir(m_folder->path()).mkpath(QStringLiteral("future"));
        QDir(m_folder->path()).mkpath(QStringLiteral("damaged"));
        QVERIFY(
            services::writeWholeFile(path("future/result.json").toStdString(), "{\"schema\": \"millrace.result/9\"}"));
        QVERIFY(services::writeWholeFile(path("damaged/result.json").toStdString(), "{ x"));
        const Answer answer = millraced(line.constData());
        QCOMPARE(answer.exit, 2);
        QVERIFY2(answer.complaints.contains(sentence), qPrintable(answer.complaints));
    }

    void aFullDiskLeavesNothingBehind() {
        QVERIFY(QFile::link(QStringLiteral("/dev/full"), path("r.html.part")));
        const Answer answer = millraced("report a --out r.html");
        QCOMPARE(answer.exit, 1);
        QVERIFY2(answer.complaints.contains(QStringLiteral("the disk is full; free some space")),
                 qPrintable(answer.complaints));
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot),
                 QStringList{QStringLiteral("a")});
    }

    void comparesInEachFormat() {
        put("b", reportedRun());
        const Answer text = millraced("compare a b");
        QCOMPARE(text.exit, 0);
        QVERIFY2(text.output.contains(QStringLiteral("end-to-end p99 (embedded broker)")), qPrintable(text.output));
        const QJsonDocument json = QJsonDocument::fromJson(millraced("compare a b --format json").output.toUtf8());
        QCOMPARE(json.object().value(QStringLiteral("schema")).toString(), QStringLiteral("millrace.comparison/1"));
        QCOMPARE(millraced("compare a b --format html --out c.html").exit, 0);
        QCOMPARE(contentOf("c.html").count("<svg "), 3); // rate, p99 and percentiles
        const QByteArray csv = millraced("compare a b --format csv").output.toUtf8();
        QVERIFY2(csv.startsWith("figure,unit,run,id,value,uncertainty,difference,share,change\r\n"), csv.constData());
        QVERIFY2(csv.contains("\r\nend-to-end p99,us,2,019b7c2e-0000-7000-8000-000000000001,13007,0,0,0,same\r\n"),
                 csv.constData());
        const QString markdown = millraced("compare a b --format md").output;
        QVERIFY2(markdown.contains(QStringLiteral("\n### Figures\n\n| figure | run 1 | run 2 |")),
                 qPrintable(markdown));
    }

    void aComparisonShowsHowTheScenariosDiffer() {
        core::RunResult other = reportedRun();
        other.scenario = "version: 2\n";
        put("b", other);
        QVERIFY(!millraced("compare a a").output.contains(QStringLiteral("\n- ")));
        const QString text = millraced("compare a b").output;
        QVERIFY2(text.contains(QStringLiteral("\n+ version: 2\n")), qPrintable(text));
        QVERIFY(millraced("compare a b --format html").output.contains(QStringLiteral("\n+ version: 2\n")));
    }

    void aReportComparesItsRunWithTheBaseline() {
        core::RunResult later = reportedRun();
        later.started = "2026-01-03T00:00:00.000Z";
        put("b", later);
        QVERIFY(!millraced("report b --format text").output.contains(QStringLiteral("Against the baseline")));
        QVERIFY(services::setBaseline(m_folder->path().toStdString(), later.name, path("a").toStdString()));
        const QString line = QStringLiteral("Against the baseline of 2026-01-02T03:04:05.678Z: end-to-end p99 "
                                            "(embedded broker) 0 % (within variation).");
        for (const char* const format : {"report b --format text", "report b/result.json --format html --out -"}) {
            QVERIFY2(millraced(format).output.simplified().contains(line), format);
        }
        QVERIFY(millraced("report b --format md").output.contains(QStringLiteral("Against the baseline of 2026")));
        QVERIFY(!millraced("report a --format text").output.contains(QStringLiteral("Against the baseline")));
        QDir(path("a")).removeRecursively();
        QVERIFY(!millraced("report b --format text").output.contains(QStringLiteral("Against the baseline")));
    }

    void failsIfWorseBeyondTheLimit() {
        core::RunResult worse = reportedRun();
        of(worse.latency, core::Metric::EndToEnd).record(std::chrono::milliseconds(14), 30'000); // p99 13 → 14 ms
        put("worse", worse);
        QCOMPARE(millraced("compare a worse").exit, 0);
        QCOMPARE(millraced("compare a worse --fail-if-worse 100").exit, 0);
        const Answer answer = millraced("compare a worse --fail-if-worse 5");
        QCOMPARE(answer.exit, 3);
        QVERIFY2(answer.complaints.contains(QStringLiteral("end-to-end p99 became worse: 14 ms instead of 13 ms.")),
                 qPrintable(answer.complaints));
        QCOMPARE(millraced("compare worse a --fail-if-worse 0").exit, 0);
    }
};

TEST_CLASS(TestReportVerbs)
#include "tst_report_verbs.moc"
