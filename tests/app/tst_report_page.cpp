// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/job_thread.h"
#include "app/desktop/pages/report/report_page.h"
#include "services/archive/whole_file.h"
#include "tests/app/page_pictures.h"
#include "tests/app/window_test.h"

#include <QAction>
#include <QDir>
#include <QMenu>
#include <QPushButton>
#include <QTemporaryDir>
#include <QToolButton>

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
