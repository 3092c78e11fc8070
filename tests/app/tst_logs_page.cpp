// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/logs/level_chart.h"
#include "app/desktop/pages/logs/log_details.h"
#include "app/desktop/pages/logs/logs_page.h"
#include "app/desktop/widgets/hit_delegate.h"
#include "app/desktop/widgets/page_colours.h"
#include "services/store/store.h"
#include "tests/app/page_pictures.h"
#include "tests/app/window_test.h"
#include "tests/services/store_rows.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QStandardItemModel>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>
#include <atomic>
#include <ctime>
#include <numeric>

using namespace std::chrono_literals;

namespace {

const char* const kHtml = "<img src=x onerror=alert(1)><b>bold</b> &amp; <script>";

core::EventRow rowAt(std::uint64_t second, core::Level level, std::string_view source, std::string_view message) {
    core::EventRow row = store_rows::rowOf(second);
    row.id = store_rows::idOf(second, std::chrono::seconds(second));
    row.timestamp = store_rows::kDue + std::chrono::seconds(second);
    row.level = level;
    row.source = source;
    row.message = message;
    return row;
}

core::LogRow foundRow(std::string message) {
    return {.id = {}, .level = "INFO", .message = std::move(message), .source = "api-gateway"};
}

} // namespace

/// The page over a real SQLite store, used as a user would.
class LogsPageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        qputenv("TZ", "UTC");
        tzset();
        m_longMessage.assign(3'000, 'x');
        m_longMessage += "\nlast line";
        fillStore();
    }

    void init() {
        m_page = std::make_unique<app::LogsPage>();
        m_page->resize(1280, 800);
        m_page->show();
        m_page->setStores({{QStringLiteral("run"), QStringLiteral("baseline, 24 Nov"), storeAddress()}});
    }

    void theModelKeepsItsPromises() {
        app::LogRowsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.append({foundRow("one"), foundRow("two")});
        model.append({foundRow("three")});
        QCOMPARE(model.rowCount(), 3);
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void theModelKeepsTenThousandRowsAtTheMost() {
        app::LogRowsModel model;
        model.append(std::vector<core::LogRow>(9'990, foundRow("row")));
        QVERIFY(!model.isFull());
        model.append(std::vector<core::LogRow>(200, foundRow("row")));
        QCOMPARE(model.rowCount(), 10'000);
        QVERIFY(model.isFull());
    }

    void theModelKeepsSoMuchTextAtTheMost() {
        app::LogRowsModel model;
        const std::string megabyte(1'000'000, 'x');
        model.append(std::vector<core::LogRow>(100, foundRow(megabyte)));
        QCOMPARE(model.rowCount(), 68);
        QVERIFY(model.isFull());
    }

    void anEmptyPageOffersTheNextStep() {
        m_page->setStores({});
        QVERIFY(text("nothing").contains(QStringLiteral("there is no store yet")));
        takePicture(*m_page, QStringLiteral("logs-no-store"));
        QSignalSpy wanted(m_page.get(), &app::LogsPage::connectionsWanted);
        child<QPushButton>("nothingAction")->click();
        QCOMPARE(wanted.count(), 1);
    }

    void theFirstSearchShowsTheNewestRowsAndMoreGoesOn() {
        child<QPushButton>("nothingAction")->click();
        waitForRows(200);
        QVERIFY(text("state").startsWith(QStringLiteral("Rows shown: 200, back to 2027-01-15 08:")));
        QCOMPARE(cell(0, app::LogRowsModel::Time), QStringLiteral("2027-01-15 08:05:03.000"));
        QTest::keyClick(child<QPushButton>("more"), Qt::Key_Space);
        waitForRows(304);
        QCOMPARE(text("state"), QStringLiteral("Rows shown: 304. There are no older ones that fit."));
        QVERIFY(!child<QPushButton>("more")->isEnabled());
        takePicture(*m_page, QStringLiteral("logs-rows"));
    }

    void enterInAFieldSearches() {
        child<QLineEdit>("source")->setText(QStringLiteral("odd, nobody"));
        QTest::keyClick(child<QLineEdit>("source"), Qt::Key_Return);
        waitForRows(3);
        child<QLineEdit>("text")->setText(QStringLiteral("ONERROR"));
        QTest::keyClick(child<QLineEdit>("text"), Qt::Key_Return);
        waitForRows(1);
        child<QCheckBox>("levelWARN")->click();
        child<QPushButton>("search")->click();
        QTRY_COMPARE_WITH_TIMEOUT(text("nothing"), QStringLiteral("No event matches the filters."), kPatienceMs);
        takePicture(*m_page, QStringLiteral("logs-nothing-fits"));
        child<QPushButton>("nothingAction")->click();
        waitForRows(200);
        QVERIFY(child<QLineEdit>("text")->text().isEmpty());
        QVERIFY(!child<QCheckBox>("levelWARN")->isChecked());
    }

    void timesBoundTheSearch() {
        child<QCheckBox>("hasFrom")->click();
        child<QDateTimeEdit>("from")->setDateTime(QDateTime(QDate(2027, 1, 15), QTime(8, 1, 0)));
        child<QCheckBox>("hasUntil")->click();
        child<QDateTimeEdit>("until")->setDateTime(QDateTime(QDate(2027, 1, 15), QTime(8, 1, 30)));
        child<QPushButton>("search")->click();
        waitForRows(30);
        QCOMPARE(cell(0, app::LogRowsModel::Time), QStringLiteral("2027-01-15 08:01:29.000"));
        QCOMPARE(cell(29, app::LogRowsModel::Time), QStringLiteral("2027-01-15 08:01:00.000"));
    }

    void hostileTextIsShownAsItIs() {
        searchText("onerror");
        QCOMPARE(cell(0, app::LogRowsModel::Message), QString::fromLatin1(kHtml));
        QCOMPARE(child<QPlainTextEdit>("message")->toPlainText(), QString::fromLatin1(kHtml));
        QCOMPARE(child<QLabel>("facts")->textFormat(), Qt::PlainText);
        QVERIFY(m_page->findChild<QTableView*>()->model()->index(0, 3).data(Qt::ToolTipRole).isNull());
        takePicture(*m_page, QStringLiteral("logs-hostile"));
    }

    void aLongMessageIsOneLineAboveAndWholeBelow() {
        searchText("last line");
        QVERIFY(cell(0, app::LogRowsModel::Message).size() <= 1'000);
        QCOMPARE(child<QPlainTextEdit>("message")->toPlainText(), QString::fromStdString(m_longMessage));
        child<QPushButton>("copyMessage")->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), QString::fromStdString(m_longMessage));
        child<QPushButton>("copyRow")->click();
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("trace trace-1")));
        takePicture(*m_page, QStringLiteral("logs-long"));
    }

    void lineBreaksDoNotBreakTheTable() {
        searchText("two lines");
        QCOMPARE(cell(0, app::LogRowsModel::Message), QString::fromUtf8("two lines⏎\x20of text"));
    }

    void anErrorStandsInThePage() {
        m_page->setStores(
            {{QStringLiteral("gone"), QStringLiteral("deleted run"),
              core::StoreAddress::ofFile(m_folder.filePath(QStringLiteral("gone.sqlite")).toStdString())}});
        child<QPushButton>("search")->click();
        QTRY_VERIFY_WITH_TIMEOUT(child<QLabel>("problem")->isVisible(), kPatienceMs);
        QVERIFY(text("problem").startsWith(QStringLiteral("The search failed: opening the store: SQLite file ")));
        takePicture(*m_page, QStringLiteral("logs-error"));
        m_page->setStores({{QStringLiteral("run"), QStringLiteral("baseline"), storeAddress()}});
        child<QPushButton>("search")->click();
        waitForRows(200);
        QVERIFY(!child<QLabel>("problem")->isVisible());
    }

    void aStoreWithAPasswordIsAskedForWhenItIsNeeded() {
        m_page->setStores({{QStringLiteral("id"), QStringLiteral("staging"), {}}});
        QSignalSpy needed(m_page.get(), &app::LogsPage::addressNeeded);
        child<QPushButton>("search")->click();
        QCOMPARE(needed.count(), 1);
        QCOMPARE(needed.at(0).at(0).toString(), QStringLiteral("id"));
        m_page->refuseAddress(QStringLiteral("id"), QStringLiteral("no password"));
        QCOMPARE(text("problem"), QStringLiteral("The search failed: no password"));
        child<QPushButton>("search")->click();
        m_page->supplyAddress(QStringLiteral("another"), storeAddress());
        m_page->supplyAddress(QStringLiteral("id"), storeAddress());
        waitForRows(200);
    }

    void aPageThatIsFullSaysSo() {
        const auto openEndless = [](const core::StoreAddress&) -> core::Result<std::unique_ptr<core::StoreReader>> {
            return std::unique_ptr<core::StoreReader>(std::make_unique<EndlessReader>());
        };
        app::LogsPage page(openEndless);
        page.setStores({{QStringLiteral("endless"), QStringLiteral("endless"), core::StoreAddress::ofFile("x")}});
        page.show();
        page.findChild<QPushButton*>(QStringLiteral("search"))->click();
        const auto* state = page.findChild<QLabel*>(QStringLiteral("state"));
        QTRY_VERIFY_WITH_TIMEOUT(state->text().startsWith(QStringLiteral("Rows shown: 10,000, which is all")),
                                 kPatienceMs);
        QVERIFY(!page.findChild<QPushButton*>(QStringLiteral("more"))->isEnabled());
    }

    void levelsHaveColours() {
        searchText("onerror"); // ERROR
        const auto colourOf = [this](int row) {
            return child<QTableView>("rows")->model()->index(row, app::LogRowsModel::Level).data(Qt::ForegroundRole);
        };
        QCOMPARE(colourOf(0).value<QColor>(), app::problemColour(QGuiApplication::palette()));
        child<QLineEdit>("text")->clear();
        child<QCheckBox>("levelINFO")->click();
        child<QPushButton>("search")->click();
        waitForRows(50);
        QVERIFY(!colourOf(0).isValid());
    }

    void hitsAreMarked_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<QList<int>>("places");
        QTest::newRow("in either case") << QStringLiteral("Error after error") << QStringLiteral("ERROR")
                                        << QList<int>{0, 12};
        QTest::newRow("wildcards stand for themselves")
            << QStringLiteral("100 % of 50%") << QStringLiteral("%") << QList<int>{4, 11};
        QTest::newRow("hits do not overlap") << QStringLiteral("aaaa") << QStringLiteral("aaa") << QList<int>{0};
        QTest::newRow("nothing is wanted") << QStringLiteral("text") << QString() << QList<int>{};
    }

    void hitsAreMarked() {
        QFETCH(QString, text);
        QFETCH(QString, wanted);
        QFETCH(QList<int>, places);
        QList<int> found;
        for (const app::TextHit& hit : app::hitsIn(text, wanted)) {
            QCOMPARE(hit.length, static_cast<int>(wanted.size()));
            found += hit.at;
        }
        QCOMPARE(found, places);
    }

    void theMessageShowsItsHits() {
        searchText("BOLD");
        const auto marked = child<QPlainTextEdit>("message")->extraSelections();
        QCOMPARE(marked.size(), 1);
        QCOMPARE(marked.front().cursor.selectedText(), QStringLiteral("bold"));
        const QImage row = child<QTableView>("rows")->grab().toImage();
        QVERIFY(holds(row, app::hitFormat().background().color()));
        takePicture(*m_page, QStringLiteral("logs-hits"));
        child<QLineEdit>("text")->clear();
        child<QLineEdit>("source")->setText(QStringLiteral("odd"));
        child<QPushButton>("search")->click();
        waitForRows(3);
        QVERIFY(child<QPlainTextEdit>("message")->extraSelections().isEmpty());
        QVERIFY(!holds(child<QTableView>("rows")->grab().toImage(), app::hitFormat().background().color()));
    }

    void aHitBeyondTheColumnIsBroughtIntoSight_data() {
        QTest::addColumn<int>("before");
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<int>("width");
        QTest::newRow("a word far beyond the end") << 300 << QStringLiteral("WANTED") << 200;
        QTest::newRow("a text longer than what is shown before it")
            << 300 << QStringLiteral("Wanted by all of us") << 320;
        QTest::newRow("a text that begins within the column") << 40 << QStringLiteral("wanted by all of us") << 320;
    }

    void aHitBeyondTheColumnIsBroughtIntoSight() {
        QFETCH(int, before);
        QFETCH(QString, wanted);
        QFETCH(int, width);
        const QString text = QString(before, QLatin1Char('x')) + wanted.toLower();
        QStandardItemModel model(1, 1);
        model.setItem(0, 0, new QStandardItem(text));
        QTableView table;
        app::HitDelegate hits;
        table.setModel(&model);
        table.setItemDelegate(&hits);
        table.setColumnWidth(0, width);
        table.resize(2 * width, table.height());
        hits.setWanted(wanted);
        QVERIFY(holds(table.grab().toImage(), app::hitFormat().background().color()));
    }

    void whatWasFoundIsCountedOverTime() {
        child<QPushButton>("nothingAction")->click();
        waitForRows(200);
        auto* const chart = m_page->findChild<app::LevelChart*>();
        // 200 s back from 08:05:03 in bins of 5 s; six levels by turns, three odd ones at the end.
        QCOMPARE(chart->counts().widthMicros, std::int64_t{5'000'000});
        QCOMPARE(chart->counts().bins.size(), std::size_t{41});
        const app::LevelCounts::Bin total = chart->counts().total();
        QCOMPARE(std::accumulate(total.begin(), total.end(), 0U), 200U);
        QCOMPARE(total[0], 68U); // ERROR and FATAL
        QVERIFY2(chart->textSummary().contains(QStringLiteral("ERROR, FATAL: 68; WARN: ")),
                 qPrintable(chart->textSummary()));
        QCOMPARE(chart->table().rows(), std::size_t{41});
        child<QPushButton>("more")->click();
        waitForRows(304);
        QVERIFY(chart->counts().bins.size() <= 60);
        takePicture(*m_page, QStringLiteral("logs-chart"));
    }

    void binsAreRoundAndFew_data() {
        QTest::addColumn<QList<qint64>>("micros");
        QTest::addColumn<qint64>("width");
        QTest::addColumn<int>("bins");
        constexpr qint64 kSecond = 1'000'000;
        QTest::newRow("one event is one of ten bins") << QList<qint64>{kSecond} << qint64{1'000} << 10;
        QTest::newRow("a tenth of a second has bins of 2 ms") << QList<qint64>{0, 100'000} << qint64{2'000} << 51;
        QTest::newRow("times before 1970 have bins too")
            << QList<qint64>{-3 * kSecond, 3 * kSecond} << qint64{200'000} << 31;
        QTest::newRow("three hundred years have no more")
            << QList<qint64>{0, 9'200'000'000 * kSecond} << 2'048 * 86'400 * kSecond << 52;
    }

    void binsAreRoundAndFew() {
        QFETCH(QList<qint64>, micros);
        std::vector<core::LogRow> rows{foundRow("without a time")};
        for (const qint64 time : micros) {
            rows.push_back(foundRow("row"));
            rows.back().timestamp = core::WallTime(std::chrono::microseconds(time));
        }
        const app::LevelCounts counts = app::countsOf(rows);
        QTEST(qint64{counts.widthMicros}, "width");
        QTEST(static_cast<int>(counts.bins.size()), "bins");
        QCOMPARE(counts.total()[2], static_cast<unsigned>(micros.size())); // INFO
        QVERIFY(app::countsOf({}).bins.empty());
    }

    void theRowsFoundAreSavedAsCsv() {
        child<QLineEdit>("source")->setText(QStringLiteral("odd"));
        child<QPushButton>("search")->click();
        waitForRows(3);
        QSignalSpy saved(m_page.get(), &app::LogsPage::saved);
        const QString file = m_folder.filePath(QStringLiteral("events.csv"));
        m_page->saveCsv(file);
        QVERIFY(saved.wait(kPatienceMs));
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QByteArray csv = written.readAll();
        QVERIFY(csv.startsWith("timestamp,level,source,trace_id,id,processed_at,message_cut,message\r\n"
                               "2027-01-15T08:05:03.000000Z,FATAL,odd,trace-1,"));
        QVERIFY(csv.endsWith(QByteArray(kHtml) + "\r\n"));
        m_page->saveCsv(QStringLiteral("/nowhere/events.csv"));
        QTRY_VERIFY_WITH_TIMEOUT(child<QLabel>("problem")->isVisible(), kPatienceMs);
        QVERIFY(text("problem").contains(QStringLiteral("/nowhere/events.csv")));
    }

    void theEventsOfASecondAreToBeHad() {
        m_page->showSecond(core::microsecondsOf(store_rows::kDue + std::chrono::seconds(60)) + 999'999);
        waitForRows(1);
        QCOMPARE(cell(0, app::LogRowsModel::Time), QStringLiteral("2027-01-15 08:01:00.000"));
        QCOMPARE(child<QDateTimeEdit>("from")->dateTime(), QDateTime(QDate(2027, 1, 15), QTime(8, 1, 0)));
        QCOMPARE(child<QDateTimeEdit>("until")->dateTime(), QDateTime(QDate(2027, 1, 15), QTime(8, 1, 1)));
        QVERIFY(child<QCheckBox>("hasFrom")->isChecked() && child<QCheckBox>("hasUntil")->isChecked());
    }

    void detailsTellTheStepsThatAreKnown() {
        app::LogDetails details;
        core::LogRow row = foundRow("row");
        row.id = store_rows::idOf(1, 0s);
        row.processedAt = store_rows::kDue + 12'300us;
        details.setRow(row);
        const auto* const facts = details.findChild<QLabel*>(QStringLiteral("facts"));
        QVERIFY2(facts->text().endsWith(QStringLiteral("\ndue 2027-01-15 08:00:00.000 · sent – · acked – · polled – · "
                                                       "stored 12.3 ms after it was due")),
                 qPrintable(facts->text()));
        row.id = {};
        details.setRow(row);
        QVERIFY2(
            facts->text().endsWith(QStringLiteral("due – · sent – · acked – · polled – · stored – after it was due")),
            qPrintable(facts->text()));
    }

    void followingShowsWhatIsNewUntilItIsStopped() {
        std::atomic<int> stored = 3;
        app::LogsPage page([&](const core::StoreAddress&) -> core::Result<std::unique_ptr<core::StoreReader>> {
            return std::unique_ptr<core::StoreReader>(std::make_unique<GrowingReader>(stored));
        });
        page.setStores({{QStringLiteral("a"), QStringLiteral("a"), core::StoreAddress::ofFile("x")}});
        page.show();
        auto* const follow = page.findChild<QPushButton*>(QStringLiteral("follow"));
        auto* const table = page.findChild<QTableView*>(QStringLiteral("rows"));
        auto* const next = page.findChild<QTimer*>(QStringLiteral("next"));
        follow->click();
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 3, kPatienceMs);
        QVERIFY(next->isActive());
        QVERIFY(next->interval() >= 1'000); // so often and no oftener
        table->selectRow(1);
        const QString chosen = table->currentIndex().siblingAtColumn(app::LogRowsModel::Message).data().toString();
        stored = 5;
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 5, kPatienceMs);
        QCOMPARE(table->currentIndex().row(), 3);
        QCOMPARE(table->currentIndex().siblingAtColumn(app::LogRowsModel::Message).data().toString(), chosen);
        QVERIFY(!page.findChild<QPushButton*>(QStringLiteral("more"))->isEnabled());
        page.hide(); // nobody looks
        QVERIFY(!next->isActive());
        page.show();
        QTRY_VERIFY_WITH_TIMEOUT(next->isActive(), kPatienceMs);
        follow->click();
        QVERIFY(!next->isActive());
        stored = -1; // broken
        follow->click();
        QTRY_VERIFY_WITH_TIMEOUT(!follow->isChecked(), kPatienceMs);
        QVERIFY(!next->isActive());
    }

    void theKeyboardReachesEverything() {
        searchText("two lines");
        verifyAccessibleNames(*m_page);
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        child<QComboBox>("store")->setFocus();
        QSet<QString> reached;
        for (int i = 0; i < 60; ++i) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            reached.insert(QApplication::focusWidget()->objectName());
        }
        for (const char* name : {"source", "text", "search", "levelERROR", "hasFrom", "clear", "rows", "message",
                                 "copyMessage", "copyRow"}) {
            QVERIFY2(reached.contains(QLatin1String(name)), name);
        }
    }

    void theArrowsChooseARow() {
        child<QLineEdit>("source")->setText(QStringLiteral("odd"));
        child<QPushButton>("search")->click();
        waitForRows(3);
        const QString first = child<QPlainTextEdit>("message")->toPlainText();
        QTest::keyClick(child<QTableView>("rows"), Qt::Key_Down);
        QVERIFY(child<QPlainTextEdit>("message")->toPlainText() != first);
    }

private:
    /// Holds as many events as `stored` says; less than none: it is broken.
    class GrowingReader : public core::StoreReader {
    public:
        explicit GrowingReader(const std::atomic<int>& stored) : m_stored(stored) {}
        core::Result<core::LogPage> search(const core::LogQuery&, std::stop_token) override {
            if (m_stored < 0) {
                return core::fatal("the store is broken");
            }
            core::LogPage page;
            for (int i = m_stored; i > 0; --i) {
                page.rows.push_back(foundRow(std::to_string(i)));
                page.rows.back().id = store_rows::idOf(static_cast<std::uint64_t>(i), std::chrono::seconds(i));
            }
            return page;
        }
        core::Result<std::vector<core::StoredRun>> runs(std::uint32_t, std::stop_token) override {
            return std::vector<core::StoredRun>();
        }
        core::Result<std::optional<std::string>> runHead(const std::string&, std::stop_token) override {
            return std::optional<std::string>();
        }
        std::string describe() const override { return "growing"; }

    private:
        const std::atomic<int>& m_stored;
    };

    static bool holds(const QImage& picture, const QColor& colour) {
        for (int y = 0; y < picture.height(); ++y) {
            for (int x = 0; x < picture.width(); ++x) {
                if (picture.pixelColor(x, y) == colour) {
                    return true;
                }
            }
        }
        return false;
    }

    class EndlessReader : public core::StoreReader {
    public:
        core::Result<core::LogPage> search(const core::LogQuery&, std::stop_token) override {
            core::LogPage page;
            page.rows.assign(10'500, foundRow("row"));
            page.end = core::LogPage::End::Limit;
            page.next = store_rows::idOf(1);
            page.reachedBackTo = store_rows::kDue;
            return page;
        }
        core::Result<std::vector<core::StoredRun>> runs(std::uint32_t, std::stop_token) override {
            return std::vector<core::StoredRun>();
        }
        core::Result<std::optional<std::string>> runHead(const std::string&, std::stop_token) override {
            return std::optional<std::string>();
        }
        std::string describe() const override { return "endless"; }
    };

    void fillStore() {
        auto store = services::openStore({.address = storeAddress(), .clusterId = "cluster", .runId = "run"});
        QVERIFY(store);
        QVERIFY((*store)->prepare(store_rows::kDue));
        store_rows::Writer writer(std::move(*(*store)->session("worker", {})));
        QVERIFY(writer.begin());
        std::vector<core::EventRow> rows;
        for (std::uint64_t i = 0; i < 301; ++i) {
            rows.push_back(rowAt(i, core::kLevels.at(i % 6), i % 2 == 0 ? "api-gateway" : "payment-service",
                                 "request served in 12 ms, status 200"));
        }
        rows.push_back(rowAt(301, core::Level::Error, "odd", kHtml));
        rows.push_back(rowAt(302, core::Level::Warn, "odd", m_longMessage));
        rows.push_back(rowAt(303, core::Level::Fatal, "odd", "two lines\n\x01of text"));
        QVERIFY(writer.commit(rows));
    }

    core::StoreAddress storeAddress() const {
        return core::StoreAddress::ofFile(m_folder.filePath(QStringLiteral("events.sqlite")).toStdString());
    }
    template <typename Widget>
    Widget* child(const char* name) const {
        auto* found = m_page->findChild<Widget*>(QLatin1String(name));
        Q_ASSERT(found != nullptr);
        return found;
    }
    QString text(const char* label) const { return child<QLabel>(label)->text(); }
    QString cell(int row, int column) const {
        return child<QTableView>("rows")->model()->index(row, column).data().toString();
    }
    void waitForRows(int count) {
        QTRY_COMPARE_WITH_TIMEOUT(child<QTableView>("rows")->model()->rowCount(), count, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(text("state").startsWith(QStringLiteral("Rows shown: ")), kPatienceMs);
    }
    void searchText(const char* wanted) {
        child<QLineEdit>("text")->setText(QLatin1String(wanted));
        child<QPushButton>("search")->click();
        waitForRows(1);
    }

    QTemporaryDir m_folder;
    std::string m_longMessage;
    std::unique_ptr<app::LogsPage> m_page;
};

WINDOW_TEST(LogsPageTest)
#include "tst_logs_page.moc"
