// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/job_thread.h"
#include "app/desktop/pages/history/history_page.h"
#include "app/desktop/pages/history/run_list_model.h"
#include "app/desktop/pages/history/run_trend.h"
#include "app/desktop/pages/report/report_view.h"
#include "services/archive/folder_claim.h"
#include "services/archive/result_folder.h"
#include "services/archive/result_source.h"
#include "services/archive/whole_file.h"
#include "tests/app/page_pictures.h"
#include "tests/app/window_test.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QHeaderView>
#include <QInputDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QToolButton>
#include <memory>

namespace {

namespace fs = std::filesystem;

constexpr int kHistoryPatience = 20'000; // ms

core::RunResult result(const std::string& name, const std::string& started) {
    core::RunResult made;
    made.id = "019b7c2e-0000-7000-8000-000000000001";
    made.name = name;
    made.started = started;
    made.seconds = 30;
    made.storedRate = 1'000;
    made.verdict.status = core::VerdictStatus::Passed;
    made.verdict.exit = core::ExitCode::Passed;
    made.verdict.summary = "Passed: 1,000 events/s for 30 s";
    return made;
}

/// With an end-to-end p99 of so many milliseconds.
core::RunResult timed(const std::string& name, const std::string& started, int p99) {
    core::RunResult made = result(name, started);
    of(made.latency, core::Metric::EndToEnd).record(std::chrono::milliseconds(p99), 2'000);
    return made;
}

/// The page over a folder of its own.
class History {
public:
    History() : m_page(m_jobs, m_folder.path().toStdString()) {
        m_page.resize(1'000, 600);
        m_page.show();
    }

    app::HistoryPage& page() { return m_page; }
    app::JobThread& jobs() { return m_jobs; }
    QTableView& table() { return *m_page.findChild<QTableView*>(); }
    fs::path folder(const std::string& run) const { return m_folder.path().toStdString() + "/" + run; }

    void put(const std::string& run, const std::string& file, const std::string& text) const {
        fs::create_directories(folder(run));
        QVERIFY(services::writeWholeFile(folder(run) / file, text));
    }
    void putResult(const std::string& run, const std::string& name, const std::string& started) const {
        put(run, "result.json", core::toJson(result(name, started), false));
    }

    void reload() {
        QSignalSpy loaded(&m_page, &app::HistoryPage::loaded);
        m_page.reload();
        QVERIFY(loaded.wait(kHistoryPatience));
        QTRY_VERIFY_WITH_TIMEOUT(!m_jobs.isBusy(), kHistoryPatience);
    }
    void choose(const std::string& run) {
        table().clearSelection();
        m_page.select(QString::fromStdString(folder(run).string()));
    }
    bool offers(const char* action) const {
        for (const QToolButton* button : m_page.findChildren<QToolButton*>()) {
            if (button->text().remove(QLatin1Char('&')) == QString::fromUtf8(action)) {
                return button->isEnabled();
            }
        }
        qFatal("no action is called %s", action);
    }
    void press(const char* action) {
        for (QToolButton* button : m_page.findChildren<QToolButton*>()) {
            if (button->text().remove(QLatin1Char('&')) == QString::fromUtf8(action)) {
                button->click();
                return;
            }
        }
        qFatal("no action is called %s", action);
    }
    app::RunTrend& trend() const { return *m_page.findChild<app::RunTrend*>(); }
    QStringList chosen() {
        QStringList runs;
        for (const QModelIndex& row : table().selectionModel()->selectedRows()) {
            const auto path = table().model()->index(row.row(), 0).data(Qt::ToolTipRole).toString();
            runs += path.section(QLatin1Char('/'), -1);
        }
        return runs;
    }
    QString cell(int row, app::RunListModel::Column column) {
        return table().model()->index(row, column).data().toString();
    }

private:
    QTemporaryDir m_folder;
    app::JobThread m_jobs;
    app::HistoryPage m_page;
};

template <typename Dialog, typename Act>
void whenAsked(Act act) {
    QTimer::singleShot(0, [act] {
        auto* const dialog = qobject_cast<Dialog*>(QApplication::activeModalWidget());
        QVERIFY(dialog != nullptr);
        act(*dialog);
    });
}

} // namespace

class HistoryPageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void anEmptyFolderOffersTheNextStep() {
        History history;
        history.reload();
        QSignalSpy wanted(&history.page(), &app::HistoryPage::scenarioWanted);
        for (QPushButton* button : history.page().findChildren<QPushButton*>()) {
            if (button->isVisible()) {
                button->click();
            }
        }
        QCOMPARE(wanted.size(), 1);
    }

    void theModelKeepsItsPromises() {
        app::RunListModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        services::CatalogueEntry run;
        model.setRuns({run, run, run});
        run.state = services::CatalogueEntry::State::Readable;
        model.setRuns({run});
        model.setRuns({});
    }

    void eachStateOffersWhatCanBeDone_data() {
        QTest::addColumn<QString>("run");
        QTest::addColumn<QString>("verdict");
        QTest::addColumn<bool>("open");
        QTest::addColumn<bool>("baseline");
        QTest::addColumn<bool>("finish");
        QTest::addColumn<bool>("remove");
        QTest::newRow("a result") << "whole"
                                  << "✓ passed" << true << true << false << true;
        QTest::newRow("a damaged one") << "damaged"
                                       << "damaged" << false << false << false << true;
        QTest::newRow("a newer one") << "newer"
                                     << "of a newer Millrace" << false << false << false << true;
        QTest::newRow("a killed one") << "killed"
                                      << "killed" << true << false << true << true;
        QTest::newRow("one that is on") << "running"
                                        << "running" << false << false << false << false;
    }

    void eachStateOffersWhatCanBeDone() {
        History history;
        history.putResult("whole", "steady", "2026-01-02T03:04:05.678Z");
        history.put("damaged", "result.json", "{");
        history.put("newer", "result.json", R"({"schema": "millrace.result/9"})");
        const std::string journal = "{}\n" + core::toJson(result("steady", "2026-01-02T03:04:06.678Z"), false);
        history.put("killed", "run.journal", journal);
        history.put("running", "run.journal", journal);
        const auto claim = services::FolderClaim::acquire(history.folder("running"));
        history.reload();
        QCOMPARE(history.page().runs().size(), std::size_t{5});
        QFETCH(QString, run);
        history.choose(run.toStdString());
        QTEST(history.offers("Open"), "open");
        QTEST(history.offers("Set as baseline"), "baseline");
        QTEST(history.offers("Finish"), "finish");
        QTEST(history.offers("Delete…"), "remove");
        QVERIFY(!history.offers("Compare"));
        const QModelIndex row = history.table().selectionModel()->selectedRows().front();
        QTEST(history.cell(row.row(), app::RunListModel::Verdict), "verdict");
        QVERIFY(row.data(Qt::ToolTipRole)
                    .toString()
                    .contains(QString::fromStdString(history.folder(run.toStdString()).string())));
        takePicture(history.page(), QStringLiteral("history-states"));
    }

    void aKilledRunIsConcludedByItsFolder() {
        History history;
        history.put("killed", "run.journal",
                    "{\"target\":[\"embedded\",\"embedded\",\"memory\"]}\n" +
                        core::toJson(result("steady", "2026-01-02T03:04:06.678Z"), false));
        history.reload();
        history.choose("killed");
        std::optional<services::CatalogueEntry> wanted;
        connect(&history.page(), &app::HistoryPage::finishWanted, this,
                [&](const services::CatalogueEntry& run) { wanted = run; });
        history.press("Finish");
        QVERIFY(wanted && wanted->folder == history.folder("killed") && wanted->target.broker == "embedded");
    }

    void namesOfAllKindsAreShownAsTheyAre() {
        History history;
        const std::string arabic = "اختبار التحمل";
        const std::string hostile = "<b>bold</b>\n<img src=x>";
        history.putResult("arabic", arabic, "2026-01-02T03:04:07Z");
        history.putResult("hostile", hostile, "2026-01-02T03:04:06Z");
        history.putResult("long", std::string(300, 'n'), "2026-01-02T03:04:05Z");
        history.reload();
        QCOMPARE(history.cell(0, app::RunListModel::Name), QString::fromStdString(arabic));
        QCOMPARE(history.cell(1, app::RunListModel::Name), QString::fromStdString(hostile));
        QCOMPARE(history.cell(2, app::RunListModel::Name).size(), qsizetype{300});
        QVERIFY(!history.table().model()->index(1, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<b>")));
        QVERIFY(history.table().horizontalHeader()->length() <= history.table().viewport()->width());
        takePicture(history.page(), QStringLiteral("history-names"));
    }

    void aCopyOfARunIsOpenedAsItself() {
        History history;
        history.putResult("original", "steady", "2026-01-02T03:04:05Z");
        history.putResult("copy", "steady", "2026-01-02T03:04:05Z"); // with the same id
        history.reload();
        for (const char* const run : {"original", "copy"}) {
            QSignalSpy wanted(&history.page(), &app::HistoryPage::openWanted);
            history.choose(run);
            history.press("Open");
            QCOMPARE(wanted.size(), 1);
            QCOMPARE(wanted[0][0].toString(), QString::fromStdString(history.folder(run).string()));
        }
    }

    void searchesByNameVerdictAndTag() {
        History history;
        history.putResult("a", "steady", "2026-01-02T03:04:05Z");
        history.putResult("b", "spike", "2026-01-02T03:04:06Z");
        QVERIFY(services::setTags(history.folder("a"), {"nightly"}));
        history.reload();
        auto* const search = history.page().findChild<QLineEdit*>();
        for (const auto& [words, rows] :
             {std::pair("SPIKE", 1), {"nightly", 1}, {"passed", 2}, {"nothing", 0}, {"", 2}}) {
            search->setText(QString::fromLatin1(words));
            QCOMPARE(history.table().model()->rowCount(), rows);
        }
    }

    void tagsABaselineAndDeletesAfterAsking() {
        History history;
        history.putResult("a", "steady", "2026-01-02T03:04:05Z");
        history.putResult("b", "steady", "2026-01-02T03:04:06Z");
        history.reload();
        history.choose("a");
        whenAsked<QInputDialog>([](QInputDialog& dialog) {
            dialog.setTextValue(QStringLiteral(" nightly, ,before "));
            dialog.accept();
        });
        history.press("Tags…");
        history.reload();
        QCOMPARE(history.cell(1, app::RunListModel::Tags), QStringLiteral("before, nightly"));
        history.choose("a");
        history.press("Set as baseline");
        history.reload();
        QCOMPARE(history.cell(1, app::RunListModel::Tags), QStringLiteral("baseline, before, nightly"));
        history.choose("b");
        whenAsked<QMessageBox>([](QMessageBox& box) { box.button(QMessageBox::Cancel)->click(); });
        history.press("Delete…");
        history.reload();
        QVERIFY(fs::exists(history.folder("b")));
        history.choose("b");
        whenAsked<QMessageBox>([](QMessageBox& box) { box.button(QMessageBox::Yes)->click(); });
        history.press("Delete…");
        QTRY_COMPARE_WITH_TIMEOUT(history.page().runs().size(), std::size_t{1}, kHistoryPatience);
        QVERIFY(!fs::exists(history.folder("b")) && fs::exists(history.folder("a")));
    }

    void whatCannotBeDoneIsSaidInThePage() {
        History history;
        history.putResult("a", "steady", "2026-01-02T03:04:05Z");
        history.put("a", "thesis.odt", "x");
        history.reload();
        history.choose("a");
        whenAsked<QMessageBox>([](QMessageBox& box) { box.button(QMessageBox::Yes)->click(); });
        history.press("Delete…");
        QTRY_VERIFY_WITH_TIMEOUT(saysInThePage(history, QStringLiteral("it holds thesis.odt, which no run leaves.")),
                                 kHistoryPatience);
        QVERIFY(fs::exists(history.folder("a")));
    }

    void comparesTwoAndNotWhatHasBecomeUnreadable() {
        History history;
        history.putResult("a", "steady", "2026-01-02T03:04:05Z");
        history.putResult("b", "steady", "2026-01-02T03:04:06Z");
        history.reload();
        history.table().selectAll();
        QVERIFY(history.offers("Compare"));
        QVERIFY(services::writeWholeFile(history.folder("b") / "result.json", "{"));
        history.press("Compare");
        QTRY_VERIFY_WITH_TIMEOUT(saysInThePage(history, QStringLiteral("b/result.json")), kHistoryPatience);
    }

    void anEmbeddedP99IsCalledSo() {
        History history;
        core::RunResult run = timed("steady", "2026-01-02T03:04:05Z", 8);
        run.target["broker"] = "embedded";
        history.put("a", "result.json", core::toJson(run, false));
        run.target["broker"] = "localhost:9092";
        run.started = "2026-01-02T03:04:04Z";
        history.put("b", "result.json", core::toJson(run, false));
        history.reload();
        QCOMPARE(history.cell(0, app::RunListModel::P99), QStringLiteral("8 ms (embedded broker)"));
        QCOMPARE(history.cell(1, app::RunListModel::P99), QStringLiteral("8 ms"));
    }

    void tagsHaveAsMuchRoomAsNames() {
        History history;
        history.putResult("a", "steady", "2026-01-02T03:04:05Z");
        history.reload();
        const QHeaderView& columns = *history.table().horizontalHeader();
        QVERIFY(std::abs(columns.sectionSize(app::RunListModel::Tags) - columns.sectionSize(app::RunListModel::Name)) <=
                1);
    }

    void theTrendShowsTheChosenRunsName() {
        History history;
        const auto put = [&history](const char* folder, const char* name, const char* started, int p99,
                                    core::VerdictStatus status, const char* broker) {
            core::RunResult run = timed(name, started, p99);
            run.verdict.status = status;
            run.target["broker"] = broker;
            history.put(folder, "result.json", core::toJson(run, false));
        };
        using enum core::VerdictStatus;
        put("a", "steady", "2026-01-01T00:00:00Z", 8, Passed, "localhost:9092");
        put("b", "steady", "2026-01-02T00:00:00Z", 12, Failed, "localhost:9092");
        put("c", "steady", "2026-01-04T00:00:00Z", 4, Passed, "embedded");
        put("d", "spike", "2026-01-03T00:00:00Z", 100, Passed, "embedded");
        history.put("killed", "run.journal", "{}\n" + core::toJson(timed("steady", "2026-01-05T00:00:00Z", 1), false));
        history.reload();
        app::RunTrend& trend = history.trend();
        QVERIFY(trend.isVisible());
        QCOMPARE(trend.title(), QStringLiteral("Trend of 'steady'")); // the newest result's
        const app::ChartTable table = trend.table();
        QCOMPARE(table.columns[1].values, (std::vector<double>{3, 2, 0}));
        QCOMPARE(table.columns[2].values[1], 0.012007); // as precise as the histogram is
        QVERIFY(std::isnan(table.columns[2].values[2]));
        QCOMPARE(table.columns[3].values[2], 0.004001);
        QCOMPARE(table.columns[4].values, (std::vector<double>{1'000, 1'000, 1'000}));
        QCOMPARE(table.columns[5].values, (std::vector<double>{1, 0, 1}));
        QVERIFY2(trend.textSummary().startsWith(
                     QStringLiteral("Trend of 'steady': 3 runs, of which 2 passed and 1 ran on the embedded broker.")),
                 qPrintable(trend.textSummary()));
        history.choose("d");
        QCOMPARE(trend.title(), QStringLiteral("Trend of 'spike'"));
        QCOMPARE(trend.accessibleDescription(), QStringLiteral("The p99, stored rate and verdict of 'spike' will be "
                                                               "drawn here from run to run, once there are two."));
        takePicture(history.page(), QStringLiteral("history-no-trend"));
    }

    void aPointOfTheTrendChoosesItsRun() {
        History history;
        for (int i = 0; i < 4; ++i) {
            core::RunResult run = timed("steady", "2026-01-0" + std::to_string(i + 1) + "T00:00:00Z", 8 + 2 * i);
            run.target["broker"] = i == 3 ? "embedded" : "localhost:9092";
            run.verdict.status = i == 1 ? core::VerdictStatus::Failed : core::VerdictStatus::Passed;
            history.put("run-" + std::to_string(i), "result.json", core::toJson(run, false));
        }
        history.reload();
        app::RunTrend& trend = history.trend();
        QTRY_VERIFY(trend.canvas()->isVisible());
        const QRectF area = trend.canvas()->area();
        const auto at = [&area](double run) {
            return QPoint(static_cast<int>(area.left() + area.width() * (run + 0.5) / 4),
                          static_cast<int>(area.center().y()));
        };
        QTest::mouseClick(trend.canvas(), Qt::LeftButton, {}, at(1));
        QCOMPARE(history.chosen(), QStringList{QStringLiteral("run-1")});
        takePicture(history.page(), QStringLiteral("history-trend"));
        QTest::keyClick(trend.canvas(), Qt::Key_Right);
        QCOMPARE(history.chosen(), QStringList{QStringLiteral("run-2")});
        QTest::mouseClick(trend.canvas(), Qt::LeftButton, {}, QPoint(1, 1)); // beside the plot
        QCOMPARE(history.chosen(), QStringList{QStringLiteral("run-2")});
    }

    void aPointOfTheTrendChoosesARunThatTheSearchHides_data() {
        QTest::addColumn<QString>("search");
        QTest::addColumn<QString>("left");
        QTest::newRow("a search that hides the run is given up") << QStringLiteral("nothing") << QString();
        QTest::newRow("a search that found the run stays") << QStringLiteral("steady") << QStringLiteral("steady");
    }

    void aPointOfTheTrendChoosesARunThatTheSearchHides() {
        QFETCH(QString, search);
        History history;
        history.putResult("a", "steady", "2026-01-01T00:00:00Z");
        history.putResult("b", "steady", "2026-01-02T00:00:00Z");
        history.putResult("c", "spike", "2026-01-03T00:00:00Z");
        history.reload();
        history.choose("b");
        app::RunTrend& trend = history.trend();
        QTRY_VERIFY(trend.canvas()->isVisible());
        auto* const field = history.page().findChild<QLineEdit*>();
        field->setText(search);
        Q_EMIT trend.chosen(QString::fromStdString(history.folder("a").string()));
        QCOMPARE(history.chosen(), QStringList{QStringLiteral("a")});
        QCOMPARE(trend.title(), QStringLiteral("Trend of 'steady'"));
        QTEST(field->text(), "left");
    }

    void aChangeKeepsTheChosenRuns() {
        History history;
        history.putResult("a", "steady", "2026-01-02T03:04:05Z");
        history.putResult("b", "steady", "2026-01-02T03:04:06Z");
        history.reload();
        history.choose("a");
        history.press("Set as baseline");
        QTRY_COMPARE_WITH_TIMEOUT(history.cell(1, app::RunListModel::Tags), QStringLiteral("baseline"),
                                  kHistoryPatience);
        QCOMPARE(history.chosen(), QStringList{QStringLiteral("a")});
    }

    void aSingleRunIsComparedWithItsBaseline() {
        History history;
        history.putResult("a", "steady", "2026-01-02T03:04:05Z");
        history.putResult("b", "steady", "2026-01-02T03:04:06Z");
        history.putResult("c", "spike", "2026-01-02T03:04:07Z");
        QVERIFY(services::setBaseline(history.folder("b").parent_path(), "steady", history.folder("b")));
        history.reload();
        history.choose("b");
        QVERIFY(!history.offers("Compare")); // the baseline itself
        history.choose("c");
        QVERIFY(!history.offers("Compare")); // has none
        history.choose("a");
        QVERIFY(history.offers("Compare"));
        QSignalSpy compared(&history.page(), &app::HistoryPage::compared);
        history.press("Compare");
        QVERIFY(compared.wait(kHistoryPatience));
        const core::ReportTable& runs = *history.page().findChild<app::ReportView*>()->document()->tables().front();
        QCOMPARE(runs.rows[0][2].text, std::string("2026-01-02T03:04:06Z")); // the baseline is the reference
        QCOMPARE(runs.rows[1][2].text, std::string("2026-01-02T03:04:05Z"));
    }

    void aRunFromElsewhereIsChosenAndComparedAtOnce() {
        History history;
        history.putResult("a", "steady", "2026-01-02T03:04:05Z");
        history.putResult("b", "steady", "2026-01-02T03:04:06Z");
        history.reload();
        history.choose("b");
        QSignalSpy compared(&history.page(), &app::HistoryPage::compared);
        QSignalSpy loaded(&history.page(), &app::HistoryPage::loaded);
        history.page().compare(QString::fromStdString(history.folder("a").string()));
        QVERIFY(loaded.wait(kHistoryPatience));
        QCOMPARE(history.chosen(), QStringList{QStringLiteral("a")});
        QCOMPARE(compared.size(), 0); // there is no baseline
        QVERIFY(services::setBaseline(history.folder("b").parent_path(), "steady", history.folder("b")));
        history.page().compare(QString::fromStdString(history.folder("a").string()));
        QVERIFY(compared.wait(kHistoryPatience));
        history.page().compare(QStringLiteral("/nowhere/a"));
        QTRY_VERIFY_WITH_TIMEOUT(saysInThePage(history, QStringLiteral("does not lie in the results folder")),
                                 kHistoryPatience);
    }

    void theListHasAMenuOfItsActions() {
        History history;
        QCOMPARE(history.table().contextMenuPolicy(), Qt::ActionsContextMenu);
        QStringList titles;
        for (const QAction* action : history.table().actions()) {
            titles += action->text().remove(QLatin1Char('&'));
        }
        QCOMPARE(titles, (QStringList{QStringLiteral("Open"), QStringLiteral("Compare"), QStringLiteral("Tags…"),
                                      QStringLiteral("Set as baseline"), QStringLiteral("Finish"),
                                      QStringLiteral("Show folder"), QStringLiteral("Delete…")}));
    }

    void aComparisonIsExported_data() {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QByteArray>("start");
        QTest::newRow("as one page") << QStringLiteral("html") << QByteArray("<!DOCTYPE html>");
        QTest::newRow("as figures") << QStringLiteral("csv") << QByteArray("figure,unit,run,id,value,");
        QTest::newRow("as Markdown") << QStringLiteral("md") << QByteArray("## Comparison of 2 runs\n");
    }

    void aComparisonIsExported() {
        QFETCH(QString, format);
        History history;
        history.putResult("a", "steady", "2026-01-02T03:04:05Z");
        history.putResult("b", "steady", "2026-01-02T03:04:06Z");
        history.reload();
        history.table().selectAll();
        QSignalSpy compared(&history.page(), &app::HistoryPage::compared);
        history.press("Compare");
        QVERIFY(compared.wait(kHistoryPatience));
        takePicture(history.page(), QStringLiteral("history-comparison"));
        QSignalSpy exported(&history.page(), &app::HistoryPage::exported);
        const fs::path target = history.folder("comparison." + format.toStdString());
        history.page().exportComparison(format, QString::fromStdString(target.string()));
        QVERIFY(exported.wait(kHistoryPatience));
        QFETCH(QByteArray, start);
        const auto content = services::readWholeFile(target);
        QVERIFY(content && QByteArray::fromStdString(*content).startsWith(start));
    }

    void aStoreIsAskedOnlyWhenItIsChosenAndSaysWhatIsWrong() {
        History history;
        history.putResult("a", "steady", "2026-01-02T03:04:05Z");
        history.reload();
        auto* const place = history.page().findChild<QComboBox*>();
        QVERIFY(!place->isVisible());
        QSignalSpy needed(&history.page(), &app::HistoryPage::storeNeeded);
        history.page().setStores({{QStringLiteral("one"), QStringLiteral("staging")}});
        QVERIFY(place->isVisible());
        QVERIFY(needed.isEmpty());
        place->setCurrentIndex(1);
        Q_EMIT place->activated(1);
        QCOMPARE(needed.size(), 1);
        QCOMPARE(history.table().model()->rowCount(), 0);
        QVERIFY(saysInThePage(history, QStringLiteral("Asking staging")));
        history.page().refuseStore(QStringLiteral("one"), QStringLiteral("no password was given"));
        QVERIFY(saysInThePage(history, QStringLiteral("no password was given")));
        history.page().supplyStore(QStringLiteral("another"), core::StoreAddress::ofFile("/nowhere")); // an old answer
        history.page().supplyStore(QStringLiteral("one"), core::StoreAddress::ofFile("/nowhere/events.sqlite"));
        QTRY_VERIFY_WITH_TIMEOUT(saysInThePage(history, QStringLiteral("/nowhere/events.sqlite")), kHistoryPatience);
        place->setCurrentIndex(0);
        Q_EMIT place->activated(0);
        QTRY_COMPARE_WITH_TIMEOUT(history.table().model()->rowCount(), 1, kHistoryPatience);
    }

    void aGigabyteHoldsNothingUp() {
        History history;
        const std::string json = core::toJson(result("steady", "2026-01-02T03:04:05Z"), false);
        for (int i = 0; i < 200; ++i) {
            const std::string run = "run-" + std::to_string(i);
            history.put(run, "result.json", json);
            fs::resize_file(history.folder(run) / "result.json", 5U << 20U); // the later part, which nobody reads
        }
        qint64 longest = 0;
        QElapsedTimer beat;
        QTimer timer;
        connect(&timer, &QTimer::timeout, this, [&] { longest = std::max(longest, beat.restart()); });
        beat.start();
        timer.start(5);
        history.reload();
        QCOMPARE(history.page().runs().size(), std::size_t{200});
        QVERIFY2(longest < 500, qPrintable(QString::number(longest))); // what a user calls a freeze
    }

private:
    static bool saysInThePage(History& history, const QString& words) {
        for (const QLabel* label : history.page().findChildren<QLabel*>()) {
            if (label->isVisible() && label->text().contains(words)) {
                return true;
            }
        }
        return false;
    }
};

WINDOW_TEST(HistoryPageTest)
#include "tst_history_page.moc"
