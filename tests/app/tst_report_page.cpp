// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/job_thread.h"
#include "app/desktop/charts/heat_map.h"
#include "app/desktop/charts/run_charts.h"
#include "app/desktop/charts/time_chart.h"
#include "app/desktop/pages/report/report_page.h"
#include "app/desktop/widgets/figure_table.h"
#include "services/archive/whole_file.h"
#include "tests/app/page_pictures.h"
#include "tests/app/window_test.h"

#include <qtestspontaneevent.h>

#include <QAction>
#include <QDir>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QToolButton>
#include <QWheelEvent>

namespace {

constexpr int kReportPatience = 20'000; // ms

core::RunResult result(const std::string& name) {
    core::RunResult made;
    made.id = "019b7c2e-0000-7000-8000-000000000001";
    made.name = name;
    made.started = "2026-01-02T03:04:05.678Z";
    made.verdict.summary = "Passed: 1,000 events/s for 30 s";
    made.verdict.status = core::VerdictStatus::Passed;
    return made;
}

/// 30 s at 1,000/s on the embedded broker.
core::RunResult measured() {
    using namespace std::chrono_literals;
    using core::Metric;
    core::RunResult run = result("a");
    run.seconds = 30;
    run.target = {{"broker", "embedded"}, {"store", "SQLite file x/events.sqlite"}};
    run.settings = {{"linger.ms", "5"}};
    run.host = {{"cores", "2"}};
    run.ledger.producer.planned = run.ledger.producer.sent = run.ledger.producer.acked = 30'000;
    run.ledger.consumer.polled = run.ledger.consumer.stored = 30'000;
    run.verdict.rules = {{.rule = *core::Threshold::parse({"end_to_end p99 < 45ms", {}, false}),
                          .status = core::RuleStatus::Passed,
                          .value = 13'100},
                         {.rule = *core::Threshold::parse({"throughput >= 95% of target", {}, false}),
                          .status = core::RuleStatus::Passed,
                          .value = 1,
                          .target = {1'000}}};
    run.timeline = {{.seconds = 0, .kind = core::MarkKind::Phase, .phase = core::Phase::Warmup},
                    {.seconds = 2, .kind = core::MarkKind::Phase, .phase = core::Phase::Stages},
                    {.seconds = 30, .kind = core::MarkKind::Phase, .phase = core::Phase::Drain}};
    for (int second = 0; second < 30; ++second) {
        core::Sample sample;
        sample.from = second;
        sample.until = second + 1;
        sample.target = 1'000;
        sample.producer = {.planned = 1'000, .sent = 1'000, .acked = 1'000};
        sample.consumer.stored = 1'000;
        core::MetricHistograms latency;
        of(latency, Metric::EndToEnd).record(8ms, 985);
        of(latency, Metric::EndToEnd).record(13ms, 15);
        of(run.latency, Metric::EndToEnd).add(of(latency, Metric::EndToEnd));
        sample.latency = core::PackedHistograms(latency);
        run.samples.push_back(std::move(sample));
    }
    core::StreamSnapshot stream;
    stream.name = "baseline";
    stream.producer = {.planned = 1'200'000, .sent = 1'200'000, .acked = 1'200'000};
    stream.stored = 1'200'000;
    stream.latency = run.latency;
    run.streams.push_back(stream);
    return run;
}

struct Report {
    QTemporaryDir folder;
    app::JobThread jobs;
    app::ReportPage page{jobs, {}};

    Report() {
        page.resize(1'000, 600);
        page.setVisible(true); // show() shows a result
    }

    QString path(const char* name) const { return folder.filePath(QString::fromUtf8(name)); }
    void put(const char* name, const std::string& text) const {
        QVERIFY(services::writeWholeFile(path(name).toStdString(), text));
    }
    app::ReportView* view() const { return page.findChild<app::ReportView*>(); }
    bool says(const QString& words) const {
        for (const QLabel* label : page.findChildren<QLabel*>()) {
            if (label->isVisible() && label->text().contains(words)) {
                return true;
            }
        }
        return false;
    }
    void show(const core::RunResult& result) {
        QSignalSpy presented(&page, &app::ReportPage::presented);
        page.show(std::make_shared<const core::RunResult>(result), folder.path().toStdString());
        QVERIFY(presented.wait(kReportPatience));
        QCoreApplication::processEvents(); // it is laid out
    }
};

} // namespace

class ReportPageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anEmptyPageOffersTheNextStep() {
        Report report;
        QSignalSpy wanted(&report.page, &app::ReportPage::scenarioWanted);
        for (QPushButton* button : report.page.findChildren<QPushButton*>()) {
            if (button->text() == QLatin1String("Choose a scenario")) {
                button->click();
            }
        }
        QCOMPARE(wanted.size(), 1);
    }

    void saysWhatCannotBeOpened_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("words");
        QTest::newRow("damaged") << QByteArray("{")
                                 << QStringLiteral("result.json:1:2: the result file is cut off here");
        QTest::newRow("cut off") << QByteArray::fromStdString(core::toJson(result("a"), false)).left(700)
                                 << QStringLiteral("the result file is cut off here");
        QTest::newRow("of a future version")
            << QByteArray(R"({"schema": "millrace.result/9"})")
            << QStringLiteral(
                   "written by a newer Millrace (schema 'millrace.result/9'; this program reads millrace.result/2)");
        QTest::newRow("something else") << QByteArray("\x89PNG\r\n")
                                        << QStringLiteral("the result file is damaged here");
    }

    void saysWhatCannotBeOpened() {
        QFETCH(QByteArray, text);
        QFETCH(QString, words);
        Report report;
        report.put("result.json", text.toStdString());
        report.page.open(report.path("result.json"));
        QTRY_VERIFY2_WITH_TIMEOUT(report.says(words), qPrintable(words), kReportPatience);
        QVERIFY(report.says(report.path("result.json")));
        QVERIFY(report.page.result() == nullptr);
        takePicture(report.page, QStringLiteral("report-") + QLatin1String(QTest::currentDataTag()));
    }

    void aMissingResultIsSaid() {
        Report report;
        report.page.open(report.path("nothing"));
        QTRY_VERIFY_WITH_TIMEOUT(report.says(QStringLiteral("There is no result")), kReportPatience);
    }

    void theResultThatWasAskedForLastIsShown_data() {
        QTest::addColumn<bool>("rereadFirst");
        QTest::newRow("reread while another is being read") << false;
        QTest::newRow("opened while the present one is reread") << true;
    }

    void theResultThatWasAskedForLastIsShown() {
        QFETCH(bool, rereadFirst);
        Report report;
        report.show(result("a"));
        report.put("result.json", core::toJson(result("b"), false));
        if (rereadFirst) {
            report.page.reread();
        }
        report.page.open(report.path("result.json"));
        if (!rereadFirst) {
            report.page.reread();
        }
        QTRY_VERIFY_WITH_TIMEOUT(!report.jobs.isBusy(), kReportPatience);
        QCOMPARE(report.page.result()->name, std::string("b"));
        QVERIFY(report.says(QStringLiteral("b")));
    }

    void aLongOrForeignNameWidensNothing_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("300 characters") << QString(300, QLatin1Char('n'));
        QTest::newRow("Arabic") << QStringLiteral("اختبار التحمل");
        QTest::newRow("markup") << QStringLiteral("<h1>large</h1>");
    }

    void aLongOrForeignNameWidensNothing() {
        QFETCH(QString, name);
        Report report;
        report.show(result(name.toStdString()));
        QCOMPARE(report.page.width(), 1'000);
        QVERIFY(report.says(name));
        takePicture(report.page, QStringLiteral("report-name-") + QLatin1String(QTest::currentDataTag()));
    }

    void tablesTakeTheWidthOfTheirContent_data() {
        QTest::addColumn<int>("width");
        constexpr int kSideBar = 140;
        QTest::newRow("in a window of 1024 pixels") << 1'024 - kSideBar;
        QTest::newRow("in a window of 1440 pixels") << 1'440 - kSideBar;
    }

    void tablesTakeTheWidthOfTheirContent() {
        QFETCH(int, width);
        Report report;
        report.page.resize(width, 700);
        report.show(measured());
        const auto tables = report.page.findChildren<app::FigureTable*>();
        QVERIFY(tables.size() > 8);
        for (const app::FigureTable* const table : tables) {
            const QByteArray name = table->accessibleName().toUtf8();
            QVERIFY2(table->horizontalScrollBar()->maximum() == 0, name.constData()); // nothing is cut
            QVERIFY2(table->verticalScrollBar()->maximum() == 0, name.constData());
            QVERIFY2(table->mapTo(&report.page, QPoint(table->width(), 0)).x() <= width, name.constData());
        }
        const auto ledger = std::ranges::find(tables, QStringLiteral("ledger"),
                                              [](const auto* table) { return table->accessibleName(); });
        QVERIFY(ledger != tables.end());
        QVERIFY2((*ledger)->columnViewportPosition(2) < 300, // the count beside its word
                 qPrintable(QString::number((*ledger)->columnViewportPosition(2))));
        for (const QLabel* const words : report.view()->findChildren<QLabel*>()) {
            QVERIFY(words->parentWidget() != report.view()->widget() || words->x() < 20); // all begin at the left
        }
        QCOMPARE(report.view()->horizontalScrollBar()->maximum(), 0);
        takePicture(*report.view()->widget(), QStringLiteral("report-at-%1").arg(width));
    }

    void aLongTextWrapsWhereThereIsNoRoom() {
        Report report;
        core::RunResult run = measured();
        run.settings["ssl.cipher.suites"] =
            std::string(60, 'x') + " " + std::string(60, 'y') + " " + std::string(60, 'z') + " " + std::string(60, 'u');
        report.show(run);
        const auto tables = report.page.findChildren<app::FigureTable*>();
        const auto settings = std::ranges::find(tables, QStringLiteral("settings"),
                                                [](const auto* table) { return table->accessibleName(); });
        QVERIFY(settings != tables.end());
        QCOMPARE((*settings)->horizontalScrollBar()->maximum(), 0);
        const int line = (*settings)->fontMetrics().lineSpacing();
        QVERIFY((*settings)->rowHeight(0) < 2 * line);
        QVERIFY((*settings)->rowHeight(1) >= 2 * line);
    }

    void whereALatencyStandsItsBrokerIsNamedOnce() {
        Report report;
        report.show(measured());
        for (const char* const heading : {"Over time", "Latencies of the measured part", "Streams", "Tiers"}) {
            QVERIFY2(report.says(QLatin1String(heading) + QStringLiteral(" (embedded broker)")), heading);
        }
        for (const app::FigureTable* const table : report.page.findChildren<app::FigureTable*>()) {
            for (int column = 0; column < table->cells().columnCount(); ++column) {
                QVERIFY(!table->cells()
                             .headerData(column, Qt::Horizontal, Qt::DisplayRole)
                             .toString()
                             .contains(QStringLiteral("embedded")));
            }
        }
    }

    void itsChartsAreThoseOfALiveRun() {
        Report report;
        report.show(measured());
        QStringList titles;
        for (const app::ChartPanel* const chart : report.page.findChildren<app::ChartPanel*>()) {
            titles += chart->title();
        }
        QCOMPARE(titles.join(QLatin1Char('|')),
                 QStringLiteral("Rates (/s)|End-to-end latency|Latency by time|Percentiles of end-to-end latencies|"
                                "Histogram of end-to-end latencies"));
        const app::RunCharts& charts = *report.page.findChild<app::RunCharts*>();
        const app::ChartTable latency = charts.latency()->table();
        QCOMPARE(latency.columns[2].name, QStringLiteral("p90 (s)"));
        QCOMPARE(latency.columns[2].values.at(3), 0.008003);
        QCOMPARE(latency.columns[3].values.at(3), 0.013007);
        QCOMPARE(charts.rates()->plot(QRectF(0, 0, 600, 200)).marks.size(), std::size_t{3});
        QCOMPARE(charts.latency()->plot(QRectF(0, 0, 600, 200)).levels.at(0).y, 0.045);
    }

    void oneCrossHairGoesThroughAllOfThem() {
        Report report;
        report.show(measured());
        app::RunCharts& charts = *report.page.findChild<app::RunCharts*>();
        const auto read = [&charts] {
            QStringList all;
            for (app::ChartPanel* const chart : charts.panels()) {
                const auto* const legend = chart->findChild<app::ChartLegend*>();
                all += legend->figures().join(QLatin1Char(' ')) + QStringLiteral(", ") + legend->instant();
            }
            return all.replaceInStrings(QStringLiteral("\u00a0"), QStringLiteral(" "));
        };
        app::PlotCanvas& canvas = *charts.rates()->canvas();
        QTest::mouseMove(&canvas, canvas.area().center().toPoint());
        QTRY_VERIFY(charts.axis().instant());
        charts.axis().setInstant(15);
        QCOMPARE(read(), (QStringList{QStringLiteral("1 k 1 k 1 k 1 k 0, 15.0 s"),
                                      QStringLiteral("8 ms 8 ms 13 ms – 13 ms, 15.0 s"),
                                      QStringLiteral(", 15.0 s, most in 5.79 ms to 8.19 ms: 985/s")}));
    }

    void theWheelScrollsThePageAndWithCtrlZooms() {
        Report report;
        report.show(measured());
        app::RunCharts& charts = *report.page.findChild<app::RunCharts*>();
        app::PlotCanvas& canvas = *charts.rates()->canvas();
        const auto turn = [&canvas](Qt::KeyboardModifiers keys) {
            const QPointF at = canvas.area().center();
            QWheelEvent event(at, canvas.mapToGlobal(at), {}, {0, -120}, Qt::NoButton, keys, Qt::NoScrollPhase, false);
            QSpontaneKeyEvent::setSpontaneous(&event); // from the wheel: others are not passed on
            qApp->notify(&canvas, &event);
        };
        report.view()->verticalScrollBar()->setValue(0);
        charts.axis().setRange(10, 20);
        turn(Qt::NoModifier);
        QVERIFY(report.view()->verticalScrollBar()->value() > 0);
        QCOMPARE(charts.axis().span(), 10.0);
        const int scrolled = report.view()->verticalScrollBar()->value();
        turn(Qt::ControlModifier);
        QCOMPARE(charts.axis().span(), 12.5);
        QCOMPARE(report.view()->verticalScrollBar()->value(), scrolled);
    }

    void aFullDiskIsSaidAndLeavesNothing() {
        QVERIFY2(QFile::exists(QStringLiteral("/dev/full")), "this system has no /dev/full");
        Report report;
        report.show(result("a"));
        // What is written to the file's temporary name runs into a full disk.
        const QDir folder(report.folder.path());
        QVERIFY(QFile::link(QStringLiteral("/dev/full"), report.path("report.html.part")));
        report.page.exportTo(services::ReportFormat::Html, report.path("report.html"));
        QTRY_VERIFY_WITH_TIMEOUT(report.says(QStringLiteral("the disk is full; free some space")), kReportPatience);
        QVERIFY(report.says(report.path("report.html")));
        QVERIFY(folder.isEmpty());
        report.page.exportTo(services::ReportFormat::Html, report.path("report.html"));
        QTRY_VERIFY_WITH_TIMEOUT(report.says(QStringLiteral("Saved as")), kReportPatience);
        QVERIFY(folder.exists(QStringLiteral("report.html")));
    }

    void aFormatThatThisProgramCannotMakeIsRefused() {
        Report report; // without pictures
        report.show(result("a"));
        report.page.exportTo(services::ReportFormat::Pdf, report.path("report.pdf"));
        QTRY_VERIFY_WITH_TIMEOUT(!report.jobs.isBusy(), kReportPatience);
        QVERIFY(!QFile::exists(report.path("report.pdf")));
        QVERIFY(report.says(QStringLiteral("This program writes no pdf")));
    }
};

WINDOW_TEST(ReportPageTest)
#include "tst_report_page.moc"
