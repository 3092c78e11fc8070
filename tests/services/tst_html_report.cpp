// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/html_report.h"
#include "core/report/junit_xml.h"
#include "tests/services/report_fixture.h"
#include "tests/test_class.h"

#include <QCryptographicHash>
#include <QRegularExpression>

namespace {

QString htmlOf(const core::RunResult& run) {
    return QString::fromStdString(core::htmlReport(core::reportOf(run, core::Theme::Light)));
}

/// What the content security policy calls the only element of this name.
QString hashWithin(const QString& html, const QString& element) {
    const QString begin = QStringLiteral("<%1>").arg(element), end = QStringLiteral("</%1>").arg(element);
    const QByteArray text = html.section(begin, 1, 1).section(end, 0, 0).toUtf8();
    const bool only = html.count(begin) == 1 && html.count(QStringLiteral("<") + element) == 1;
    return only ? QStringLiteral("sha256-") +
                      QString::fromLatin1(QCryptographicHash::hash(text, QCryptographicHash::Sha256).toBase64())
                : QStringLiteral("not one");
}

/// Everything in it named by a hostile text.
core::RunResult hostileRun(const std::string& name) {
    core::RunResult run = reportedRun();
    run.name = run.id = run.started = run.scenario = run.verdict.summary = name;
    run.verdict.rules[0].rule.text = run.verdict.rules[0].rule.during = name;
    run.streams[0].name = name;
    run.timeline.push_back({.seconds = 5, .kind = core::MarkKind::Warning, .name = name, .detail = name});
    run.timeline.push_back({.seconds = 6, .kind = core::MarkKind::Rule, .name = name});
    run.host[name] = run.target[name] = run.settings[name] = name;
    return run;
}

} // namespace

class TestHtmlReport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void holdsTheFiguresOfTheResult() {
        const QString html = htmlOf(reportedRun());
        for (const char* const text :
             {"Passed: 1,000 events/s for 28 s, all 30,000 stored once", "13.1 ms (embedded broker), 31.9 ms under",
              "&lt; 45ms", "Ran on the embedded broker (its latencies are not Kafka&#39;s)", ">30,000<",
              "<title>End-to-end latency (embedded broker)</title>", "version: 1\nname: baseline with a burst"}) {
            QVERIFY2(html.contains(QString::fromUtf8(text)), text);
        }
        QCOMPARE(html.count(QStringLiteral("<svg ")), 5);
    }

    void whatAKilledRunNeverKnewIsNotNothing() {
        core::RunResult run = reportedRun();
        run.ledger.closed = false;
        run.samples.clear();
        const core::ReportDocument document = core::reportOf(run, core::Theme::Light);
        const auto tables = document.tables();
        const auto ledger = std::ranges::find_if(tables, [](const auto* table) { return table->name == "ledger"; });
        QVERIFY(ledger != tables.end());
        for (const std::vector<core::ReportCell>& row : (*ledger)->rows) {
            const bool ofIds = row[0].text == "lost" || row[0].text == "doubled" || row[0].text == "undrained";
            QCOMPARE(row[1].text == "–", ofIds || row[0].text == "recovered" || row[0].text == "missing" ||
                                             row[0].text == "unexpected" || row[0].text == "reordered");
        }
        const QString html = htmlOf(run);
        QVERIFY(html.contains(QStringLiteral("Not evaluated: the run&#39;s process was killed.")));
        QVERIFY(html.contains(QStringLiteral("The run left no samples.")));
        const std::string junit = core::junitXml(run);
        QVERIFY2(junit.find("the ledger was not closed") != std::string::npos, junit.c_str());
    }

    void aParserThatIsNotOursReadsIt() {
        const QByteArray html = htmlOf(reportedRun()).toUtf8();
        judgedBy(QStringLiteral("python3"), {QStringLiteral("-c"), QStringLiteral(R"(
import sys
from html.parser import HTMLParser
class Check(HTMLParser):
    void = {'meta', 'br', 'link', 'img'}
    def __init__(self):
        super().__init__(); self.open = []; self.seen = []
    def handle_starttag(self, tag, attributes):
        self.seen.append(tag)
        if tag not in self.void: self.open.append(tag)
    def handle_startendtag(self, tag, attributes): self.seen.append(tag)
    def handle_endtag(self, tag):
        if self.open.pop() != tag: sys.exit('not nested: ' + tag)
check = Check(); check.feed(sys.stdin.read()); check.close()
if check.open: sys.exit('left open: ' + str(check.open))
if check.seen.count('script') != 1: sys.exit('not one script')
)")},
                 html);
    }

    void hostileNamesStayText_data() {
        QTest::addColumn<QByteArray>("name");
        for (const std::string& name : hostileNames()) {
            QTest::addRow("%s", name.substr(0, 30).c_str()) << QByteArray::fromStdString(name);
        }
    }

    void hostileNamesStayText() {
        QFETCH(QByteArray, name);
        const std::string html = core::htmlReport(core::reportOf(hostileRun(name.toStdString()), core::Theme::Light));
        QCOMPARE(QString::fromStdString(html).count(QStringLiteral("<script")), 1); // our own
        for (const char* const text : {"<script>a", "<b>", "]]></text>", "\x01", "\xFF"}) {
            QVERIFY2(html.find(text) == std::string::npos, text);
        }
        QCOMPARE(QString::fromUtf8(html.c_str()).toUtf8().toStdString(), html); // it is UTF-8
    }

    void forbidsEverythingButItsOwnStyleAndScript() {
        const QString html = htmlOf(reportedRun());
        QVERIFY(html.contains(
            QStringLiteral("content=\"default-src 'none'; style-src '%1'; script-src '%2'; base-uri "
                           "'none'; form-action 'none'\">")
                .arg(hashWithin(html, QStringLiteral("style")), hashWithin(html, QStringLiteral("script")))));
        static const QRegularExpression outside(
            QStringLiteral("<img|<link|<iframe|javascript:|\\son[a-z]+=|\\sstyle=|src=|href=|url\\("));
        QVERIFY(!html.contains(outside));
    }

    void aCrossHairReadsOutAllChartsOverTime() {
        core::RunResult run = reportedRun();
        for (std::size_t i = 20; i < 24; ++i) { // nothing arrives
            run.samples[i].latency = core::PackedHistograms(core::MetricHistograms());
            run.samples[i].consumer.stored = 0;
        }
        run.timeline.push_back({.seconds = 12, .kind = core::MarkKind::Warning, .detail = hostileNames().front()});
        judgedBy(QStringLiteral("node"), {QStringLiteral(MILLRACE_SOURCE_DIR "/tests/services/read_out.js")},
                 htmlOf(run).toUtf8());
    }

    void aRunThatFailedSaysWhatCameToItsLimit() {
        core::RunResult run = reportedRun();
        run.verdict.status = core::VerdictStatus::Failed;
        for (std::size_t i = 10; i < 15; ++i) {
            run.samples[i].machineCpu = 1.98;
        }
        const QString html = htmlOf(run);
        QVERIFY(html.contains(
            QStringLiteral("As far as time line and samples show, first of all: the machine&#39;s CPU.")));
        QVERIFY(html.contains(QStringLiteral("From 10 s to 15 s the machine used up to 1.98 of its 2 cores: ")));
    }

    void aRunWithoutAnythingIsAReportToo() {
        const QString html = htmlOf(core::RunResult());
        QVERIFY(html.contains(QStringLiteral("None: the scenario names no thresholds.")));
        QVERIFY(html.contains(QStringLiteral("The run left no samples")));
    }

    void twoHundredStreamsAreListed() {
        core::RunResult run = reportedRun();
        run.streams.assign(200, run.streams.front());
        QVERIFY(htmlOf(run).count(QStringLiteral("<td>baseline</td>")) >= 200);
    }
};

TEST_CLASS(TestHtmlReport)
#include "tst_html_report.moc"
