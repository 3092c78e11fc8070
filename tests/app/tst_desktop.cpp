// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/run_charts.h"
#include "app/desktop/charts/time_chart.h"
#include "app/desktop/pages/live/status_strip.h"
#include "app/desktop/pages/logs/logs_page.h"
#include "app/desktop/pages/scenario/target_chooser.h"
#include "app/desktop/shell/side_bar.h"
#include "services/archive/result_source.h"
#include "tests/app/desktop_fixture.h"
#include "tests/app/scenario_page_fixture.h"
#include "tests/app/told_figures.h"
#include "tests/app/window_test.h"

#include <sqlite3.h>

#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QMessageBox>
#include <QProcess>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QToolButton>

/// The window as a user drives it, from a scenario to reports that others can read.
class DesktopTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useTestSettings(); }

    void aRunIsEditedStartedSteeredJudgedExportedReopenedAndCompared() {
        Desktop desktop;
        openQuickstart(desktop, "60s"); // it is stopped by hand
        startAndSteer(desktop);
        const auto first = waitForTheEnd(desktop);
        QVERIFY(first);
        theFiguresAreTheSameEverywhere(desktop, *first);
        exportEveryFormat(desktop);
        reopen(desktop, *first);
        compareWithASecondRun(desktop);
    }

    void theStoreOfARunThatIsOnIsFollowed() {
        Desktop desktop;
        openQuickstart(desktop, "60s"); // it is stopped by hand
        desktop.window().scenarioPage().startAction()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(desktop.window().model().state() == app::RunModel::State::Running, kPatience);
        app::LogsPage& logs = desktop.window().logsPage();
        desktop.window().findChild<app::SideBar*>()->show(&logs);
        QTRY_COMPARE_WITH_TIMEOUT(logs.findChild<QComboBox*>(QStringLiteral("store"))->count(), 1, kPatience);
        logs.findChild<QPushButton*>(QStringLiteral("follow"))->click();
        const QAbstractItemModel& rows = *logs.findChild<QTableView*>(QStringLiteral("rows"))->model();
        QTRY_COMPARE_WITH_TIMEOUT(rows.rowCount(), 200, kPatience);
        const QString newest = rows.index(0, 0).data().toString();
        QTRY_VERIFY_WITH_TIMEOUT(rows.index(0, 0).data().toString() > newest, kPatience);
        desktop.window().livePage().controls().stopAction()->trigger();
        QVERIFY(waitForTheEnd(desktop));
        desktop.window().findChild<app::SideBar*>()->show(&desktop.window().livePage());
        auto* const charts = desktop.window().livePage().findChild<app::RunCharts*>();
        charts->axis().setInstant(1.5);
        QTest::keyClick(charts->rates()->canvas(), Qt::Key_Return); // the events of this second
        QVERIFY(logs.isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(rows.rowCount() > 0 && secondOf(rows, 0) == secondOf(rows, rows.rowCount() - 1),
                                 kPatience);
        const auto began = QDateTime::fromString(
            QString::fromStdString(desktop.window().model().result()->result->started), Qt::ISODateWithMs);
        QDateTime shown = QDateTime::fromString(secondOf(rows, 0), QStringLiteral("yyyy-MM-dd HH:mm:ss"));
        QVERIFY2(shown.isValid() && began.isValid(), qPrintable(secondOf(rows, 0)));
        const qint64 after =
            began.msecsTo(shown.toUTC()); // 1.5 s after the load's begin, the second of it, getting ready
        QVERIFY2(after > 0 && after < 4'000, qPrintable(QString::number(after)));
    }

    void closingTheWindowDuringARunAsksAndThenDrains() {
        Desktop desktop;
        openQuickstart(desktop, "60s");
        desktop.window().scenarioPage().startAction()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(desktop.window().model().state() == app::RunModel::State::Running, kPatience);
        answerNextQuestion(QMessageBox::Yes);
        QVERIFY(!desktop.window().close());
        QTRY_VERIFY_WITH_TIMEOUT(!desktop.window().isVisible(), kPatience);
        const auto runs = services::listRuns(app::runsIn(desktop.settings().resultsFolder().toStdString()));
        QCOMPARE(runs.size(), std::size_t{1});
        QCOMPARE(runs[0].state, services::CatalogueEntry::State::Readable);
    }

    void theTargetIsInSightAndKeptPerFile() {
        Desktop desktop;
        app::Connection connection = app::newConnection(QStringLiteral("staging"));
        connection.broker = QStringLiteral("kafka.example:9092");
        connection.store = QStringLiteral("postgresql://me@127.0.0.1:5432/logs");
        QVERIFY(desktop.connections().save(connection));
        const QString file = copyOfReadyMade(QStringLiteral("quickstart.yaml"), m_files);
        desktop.window().open(file);
        QCOMPARE(desktop.window().windowTitle(), QStringLiteral("quickstart.yaml on embedded – Millrace"));
        app::TargetChooser& target = desktop.window().scenarioPage().target();
        target.choose(static_cast<int>(target.choices().indexOf(QStringLiteral("staging"))));
        const auto* const button = called<QToolButton>(desktop.window(), "Where Start sends the load");
        QCOMPARE(button->text(), QStringLiteral("on staging"));
        QCOMPARE(desktop.window().windowTitle(), QStringLiteral("quickstart.yaml on staging – Millrace"));
        desktop.window().open(copyOfReadyMade(QStringLiteral("spike.yaml"), m_files));
        QCOMPARE(target.text(), QStringLiteral("embedded")); // another file, another target
        desktop.reopen();
        desktop.window().open(file);
        QCOMPARE(desktop.window().scenarioPage().target().text(), QStringLiteral("staging"));

        desktop.window().scenarioPage().document()->apply([](std::string_view text) -> core::Result<std::string> {
            return std::string(text) + "\ntarget: embedded\n";
        });
        const auto* const overridden = desktop.window().scenarioPage().findChild<QLabel*>(QStringLiteral("overridden"));
        QVERIFY(!overridden->isHidden());
        QCOMPARE(overridden->text(),
                 QStringLiteral("The scenario's text says: embedded. The connection chosen here wins."));
        QCOMPARE(desktop.window().windowTitle(), QStringLiteral("quickstart.yaml* on staging – Millrace"));
        QVERIFY(desktop.window().scenarioPage().document()->reload());
        desktop.window().scenarioPage().document()->apply([](std::string_view text) -> core::Result<std::string> {
            return std::string(text) + "\ntarget: {broker: 'localhost:9092'}\n"; // of the rest it says nothing
        });
        QCOMPARE(overridden->text(),
                 QStringLiteral("The scenario's text says: localhost:9092. The connection chosen here wins."));
        answerNextQuestion(QMessageBox::Cancel); // about the load on another host
        desktop.window().scenarioPage().startAction()->trigger();
        QVERIFY(desktop.window().model().state() == app::RunModel::State::Idle);
        QVERIFY(desktop.window().scenarioPage().document()->reload());
    }

    void sizesFollowTheirSetting() {
        Desktop desktop;
        desktop.window().open(copyOfReadyMade(QStringLiteral("quickstart.yaml"), m_files));
        const auto* const disk = desktop.window().scenarioPage().findChild<QLabel*>(QStringLiteral("disk"));
        QTRY_VERIFY(disk->text().endsWith(QStringLiteral(" MiB")));
        desktop.settings().setByteUnits(app::ByteUnits::Decimal);
        QTRY_VERIFY2(disk->text().endsWith(QStringLiteral(" MB")), qPrintable(disk->text()));
        desktop.settings().setByteUnits(app::ByteUnits::Binary);
        QTRY_VERIFY(disk->text().endsWith(QStringLiteral(" MiB")));
    }

    void aRunThatCannotStartSaysWhyInThePage() {
        Desktop desktop;
        desktop.window().open(copyOfReadyMade(QStringLiteral("quickstart.yaml"), m_files));
        desktop.window().scenarioPage().document()->apply([](std::string_view text) -> core::Result<std::string> {
            return std::string(text) + "\ntarget: {broker: '127.0.0.1:1', store: embedded, dedupe: memory}\n";
        });
        const auto& problems = desktop.window().scenarioPage().document()->problems();
        QVERIFY2(problems.empty(), problems.empty() ? "" : problems.front().text().c_str());
        desktop.window().scenarioPage().startAction()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(desktop.window().model().state() == app::RunModel::State::Failed, kPatience);
        const auto* const failure = desktop.window().livePage().findChild<QLabel*>(QStringLiteral("failure"));
        QVERIFY(failure->isVisible());
        QVERIFY(failure->text().contains(QStringLiteral("Kafka at 127.0.0.1:1 cannot be reached")));
        QVERIFY(failure->text().contains(QStringLiteral("Check the address")));
        for (QPushButton* const button : failure->parentWidget()->findChildren<QPushButton*>()) {
            if (button->text() == QStringLiteral("Try again")) {
                button->click();
            }
        }
        QCOMPARE(desktop.window().model().state(), app::RunModel::State::Starting);
        QTRY_COMPARE_WITH_TIMEOUT(desktop.window().model().state(), app::RunModel::State::Failed, kPatience);
    }

private:
    static constexpr int kPatience = 30'000; // ms

    /// "2026-11-30 15:06:38", without what is below a second.
    static QString secondOf(const QAbstractItemModel& rows, int row) {
        return rows.index(row, 0).data().toString().section(QLatin1Char('.'), 0, 0);
    }

    static void answerNextQuestion(QMessageBox::StandardButton button) {
        QTimer::singleShot(0, [button] {
            auto* const box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            QVERIFY(box != nullptr);
            box->button(button)->click();
        });
    }

    void openQuickstart(Desktop& desktop, const char* length) {
        desktop.window().open(copyOfReadyMade(QStringLiteral("quickstart.yaml"), m_files));
        app::ScenarioPage& page = desktop.window().scenarioPage();
        auto* const stages = called<QTableView>(page, "Stages of the chosen stream");
        writeCell(stages, 0, 1, QString::fromLatin1(length));
        writeCell(stages, 0, 2, QStringLiteral("1500/s"));
        QVERIFY(page.document()->plainText().contains(QStringLiteral("rate: 1500/s")));
        QVERIFY(page.startAction()->isEnabled());
        page.files()->saveAction()->trigger();
        QVERIFY(!page.document()->isModified());
    }

    static void startAndSteer(Desktop& desktop) {
        app::MainWindow& window = desktop.window();
        const app::RunModel& model = window.model();
        app::RunControls& controls = window.livePage().controls();
        window.scenarioPage().startAction()->trigger();
        const auto* const strip = window.findChild<app::StatusStrip*>();
        QTRY_VERIFY_WITH_TIMEOUT(model.status().phase == core::Phase::Stages, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(strip->text(app::StatusStrip::Figure::Rates).contains(QStringLiteral("→ 1,")),
                                 kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(
            strip->text(app::StatusStrip::Figure::Latency).contains(QStringLiteral("embedded broker")), kPatience);
        called<QSpinBox>(controls, "Rate of the burst, in events per second")->setValue(800);
        called<QSpinBox>(controls, "Length of the burst, in seconds")->setValue(1);
        controls.burstAction()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(isMarked(model, core::MarkKind::Burst), kPatience);
        controls.pauseAction()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(model.status().paused, kPatience);
        QTRY_COMPARE(controls.pauseAction()->text(), QStringLiteral("R&esume"));
        controls.pauseAction()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(isMarked(model, core::MarkKind::Resume), kPatience);
        auto* const rate = called<QSpinBox>(controls, "Rate of all streams together, in events per second");
        QTRY_VERIFY(rate->isEnabled());
        rate->setValue(500);
        QTRY_VERIFY_WITH_TIMEOUT(isMarked(model, core::MarkKind::Rate), kPatience);
        controls.stopAction()->trigger();
    }

    static bool isMarked(const app::RunModel& model, core::MarkKind kind) {
        return std::ranges::any_of(model.status().timeline,
                                   [kind](const core::Mark& mark) { return mark.kind == kind; });
    }

    static std::optional<core::RunResult> waitForTheEnd(Desktop& desktop) {
        QSignalSpy presented(&desktop.window().reportPage(), &app::ReportPage::presented);
        if (!presented.wait(kPatience)) {
            return std::nullopt;
        }
        return *desktop.window().reportPage().result();
    }

    /// On the page, in the terminal's summary, in result.json, in the HTML, and in SQL.
    static void theFiguresAreTheSameEverywhere(Desktop& desktop, const core::RunResult& result) {
        app::ReportPage& page = desktop.window().reportPage();
        QSignalSpy exported(&page, &app::ReportPage::exported);
        page.exportTo(services::ReportFormat::Html, desktop.path("figures.html"));
        QVERIFY(exported.wait(kPatience));
        const auto* const verdict = page.findChild<QLabel*>(QStringLiteral("verdict"));
        const std::pair<QString, Told> tellers[] = {{QStringLiteral("page"), toldByPage(page, verdict->text())},
                                                    {QStringLiteral("terminal"), toldByTerminal(result)},
                                                    {QStringLiteral("html"), toldByHtml(desktop.path("figures.html"))}};
        const QJsonObject file =
            QJsonDocument::fromJson(contentOfFile(page.folder() + QStringLiteral("/result.json"))).object();
        const QJsonObject ledger = file[QStringLiteral("ledger")].toObject();
        const QJsonObject latency =
            file[QStringLiteral("latency_ms")].toObject()[QStringLiteral("end_to_end")].toObject();
        for (const auto& [who, told] : tellers) {
            QVERIFY2(told.words.contains(file[QStringLiteral("verdict")][QStringLiteral("summary")].toString()),
                     qPrintable(who));
            for (const char* name : {"planned", "sent", "acked", "failed", "in doubt", "unsent", "polled", "stored",
                                     "dead-lettered", "foreign", "lost", "doubled"}) {
                const QString key =
                    QString::fromLatin1(name).replace(QRegularExpression(QStringLiteral("[ -]")), QStringLiteral("_"));
                QVERIFY2(ledger[key].isDouble(), name);
                QVERIFY2(told.counts(QString::fromLatin1(name), ledger[key].toInteger()),
                         qPrintable(QStringLiteral("%1: %2 %3").arg(who, key).arg(ledger[key].toInteger())));
            }
            for (const char* column : {"p50", "p90", "p99", "max"}) {
                const auto shown = told.millis(QStringLiteral("end-to-end"), QString::fromLatin1(column));
                const double kept = latency[QLatin1String(column)].toDouble();
                QVERIFY2(shown && std::abs(*shown - kept) <= 0.005 * kept, // three digits
                         qPrintable(QStringLiteral("%1: %2 %3").arg(who, QString::fromLatin1(column)).arg(kept)));
            }
        }
        const qlonglong stored = ledger[QStringLiteral("stored")].toInteger();
        QVERIFY(stored > 0);
        QCOMPARE(rowsIn(page.folder() + QStringLiteral("/events.sqlite")), stored);
    }

    static qlonglong rowsIn(const QString& file) {
        sqlite3* database = nullptr;
        sqlite3_stmt* statement = nullptr;
        qlonglong rows = -1;
        if (sqlite3_open_v2(file.toUtf8().constData(), &database, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
            sqlite3_prepare_v2(database, "SELECT count(*) FROM log_events", -1, &statement, nullptr) == SQLITE_OK &&
            sqlite3_step(statement) == SQLITE_ROW) {
            rows = sqlite3_column_int64(statement, 0);
        }
        sqlite3_finalize(statement);
        sqlite3_close(database);
        return rows;
    }

    static void exportEveryFormat(Desktop& desktop) {
        app::ReportPage& page = desktop.window().reportPage();
        QSignalSpy exported(&page, &app::ReportPage::exported);
        for (const services::ReportFormat format : services::kReportFormats) {
            const std::string name(services::nameOf(format));
            page.exportTo(format, desktop.path(("export." + name).c_str()));
            QVERIFY2(exported.wait(kPatience), name.c_str());
        }
        accepts(QStringLiteral("xmllint"),
                {QStringLiteral("--html"), QStringLiteral("--noout"), desktop.path("export.html")});
        accepts(QStringLiteral("pdftotext"), {desktop.path("export.pdf"), desktop.path("export.txt")});
        QVERIFY(contentOfFile(desktop.path("export.txt")).contains("end_to_end p99 < 500ms"));
        accepts(QStringLiteral("xmllint"), {QStringLiteral("--noout"), desktop.path("export.junit")});
        for (const QFileInfo& picture : QDir(desktop.path("export.svg")).entryInfoList({QStringLiteral("*.svg")})) {
            accepts(QStringLiteral("rsvg-convert"),
                    {picture.filePath(), QStringLiteral("-o"), desktop.path("converted.png")});
        }
        for (const QFileInfo& picture : QDir(desktop.path("export.png")).entryInfoList({QStringLiteral("*.png")})) {
            accepts(QStringLiteral("python3"),
                    {QStringLiteral("-c"),
                     QStringLiteral("import sys,zlib,struct;b=open(sys.argv[1],'rb').read();"
                                    "assert b[:8]==b'\\x89PNG\\r\\n\\x1a\\n' and b[-8:-4]==b'IEND'"),
                     picture.filePath()});
        }
        accepts(QStringLiteral("python3"), {QStringLiteral("-m"), QStringLiteral("json.tool"),
                                            desktop.path("export.json"), desktop.path("checked.json")});
    }

    static void accepts(const QString& program, const QStringList& arguments) {
        QProcess process;
        process.start(program, arguments);
        QVERIFY2(process.waitForFinished(kPatience), qPrintable(program));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    }

    static void reopen(Desktop& desktop, const core::RunResult& first) {
        const QString folder = desktop.window().reportPage().folder();
        desktop.reopen();
        QSignalSpy presented(&desktop.window().reportPage(), &app::ReportPage::presented);
        desktop.window().open(folder + QStringLiteral("/result.json"));
        QVERIFY(presented.wait(kPatience));
        QCOMPARE(desktop.window().reportPage().result()->id, first.id);
    }

    void compareWithASecondRun(Desktop& desktop) {
        openQuickstart(desktop, "3s");
        desktop.window().scenarioPage().startAction()->trigger();
        QVERIFY(waitForTheEnd(desktop));
        app::HistoryPage& history = desktop.window().historyPage();
        QTRY_COMPARE_WITH_TIMEOUT(history.runs().size(), std::size_t{2}, kPatience);
        for (const services::CatalogueEntry& run : history.runs()) {
            history.select(QString::fromStdString(run.folder.string()));
        }
        QSignalSpy compared(&history, &app::HistoryPage::compared);
        history.compareSelected();
        QVERIFY(compared.wait(kPatience));
        bool told = false;
        for (const auto* table : history.findChildren<app::FigureTable*>()) {
            told = told || table->cells().asText().contains(QStringLiteral("end-to-end p99"));
        }
        QVERIFY(told);
        // The report's own button compares its run with the baseline at once.
        const services::CatalogueEntry older = history.runs().back();
        QVERIFY(services::setBaseline(older.folder.parent_path(), older.name, older.folder));
        Q_EMIT desktop.window().reportPage().compareWanted();
        QVERIFY(compared.wait(kPatience));
        QVERIFY(history.isVisible());
        QSignalSpy presented(&desktop.window().reportPage(), &app::ReportPage::presented);
        Q_EMIT history.baselineChanged();
        QVERIFY(presented.wait(kPatience));
        bool compares = false;
        for (const QLabel* label : desktop.window().reportPage().findChildren<QLabel*>()) {
            compares = compares || label->text().startsWith(QStringLiteral("Against the baseline of 20"));
        }
        QVERIFY(compares);
    }

    QTemporaryDir m_files;
};

WINDOW_TEST(DesktopTest)
#include "tst_desktop.moc"
