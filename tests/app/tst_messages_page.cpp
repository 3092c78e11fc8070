// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/messages/message_details.h"
#include "app/desktop/pages/messages/messages_page.h"
#include "app/desktop/settings/theme.h"
#include "tests/app/message_fakes.h"
#include "tests/app/page_pictures.h"
#include "tests/app/window_test.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QTableWidget>
#include <QTemporaryDir>
#include <ctime>

using message_fakes::Cluster;
using message_fakes::messageAt;
using message_fakes::pageOf;

namespace {

const char* const kJson = R"({"level":"ERROR","message":"payment timed out","order":{"id":17,"total":12.50}})";

std::vector<core::TopicMessage> rowsFrom(int first, int count) {
    std::vector<core::TopicMessage> messages;
    for (int i = first; i < first + count; ++i) {
        messages.push_back(messageAt(i, i % 4 == 3 ? kJson : R"({"level":"INFO","message":"order accepted"})", i % 3));
    }
    return messages;
}

} // namespace

/// The page over a cluster of the test's own, used as a user would.
class TestMessagesPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        qputenv("TZ", "UTC");
        tzset();
    }
    void init() {
        m_cluster = std::make_unique<Cluster>();
        m_page = std::make_unique<app::MessagesPage>(message_fakes::doorsTo(*m_cluster));
        m_page->resize(1280, 800);
        m_page->show();
        m_page->setClusters({{QStringLiteral("a"), QStringLiteral("staging"),
                              services::ClusterAccess{"kafka-1:9092", {{"security.protocol", "ssl"}}}}});
    }
    void cleanup() {
        m_page.reset();
        app::applyTheme(*qApp, app::ThemeChoice::System);
    }

    void theModelKeepsItsPromises() {
        app::MessagesModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.append(rowsFrom(10, 5));
        model.prepend(rowsFrom(5, 5));
        QCOMPARE(model.rowCount(), 10);
        QCOMPARE(model.at(0).offset.value, std::int64_t{5});
        QCOMPARE(model.at(9).offset.value, std::int64_t{14});
        model.append(rowsFrom(15, 9'996));
        QCOMPARE(model.rowCount(), 10'000);
        QVERIFY(model.isFull());
        QCOMPARE(model.at(0).offset.value, std::int64_t{11}); // the oldest made room
        model.prepend(rowsFrom(1, 3));
        QCOMPARE(model.at(0).offset.value, std::int64_t{11}); // there is none for older ones
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void theModelKeepsBoundedBytes() {
        app::MessagesModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (int i = 0; i < 100; ++i) {
            model.append({messageAt(i, std::string(1'000'000, 'x'))});
        }
        QCOMPARE(model.rowCount(), 67);
        QCOMPARE(model.at(66).offset.value, std::int64_t{99});
        std::string large;
        large.resize(80'000'000, 'x');
        model.append({messageAt(100, std::move(large))});
        QCOMPARE(model.rowCount(), 1); // however large, the newest is shown
    }

    void anEmptyPageOffersTheNextStep() {
        m_page->setClusters({});
        QVERIFY(text("nothing").contains(QStringLiteral("no Kafka cluster is known yet")));
        takePictures(*m_page, QStringLiteral("messages-no-cluster"));
        QSignalSpy wanted(m_page.get(), &app::MessagesPage::connectionsWanted);
        child<QPushButton>("nothingAction")->click();
        QCOMPARE(wanted.count(), 1);
        QVERIFY(!child<QPushButton>("start")->isEnabled());
    }

    void topicsAreListedAndThenShown() {
        takePictures(*m_page, QStringLiteral("messages-empty"));
        QCOMPARE(child<QPushButton>("nothingAction")->text(), QStringLiteral("List the topics of this connection"));
        child<QPushButton>("nothingAction")->click();
        QTRY_COMPARE_WITH_TIMEOUT(child<QComboBox>("topic")->count(), 3, kPatienceMs);
        QCOMPARE(child<QComboBox>("topic")->currentText(), QStringLiteral("orders"));
        QCOMPARE(child<QPushButton>("nothingAction")->text(), QStringLiteral("Show the last messages"));
        m_cluster->first = pageOf(rowsFrom(0, 40), false);
        m_page->browse(QStringLiteral("orders"));
        waitForRows(40);
        QCOMPARE(m_cluster->asked.topic, std::string("orders"));
        QCOMPARE(m_cluster->asked.cluster.bootstrap, std::string("kafka-1:9092"));
        QCOMPARE(m_cluster->asked.cluster.client.at("security.protocol"), std::string("ssl"));
        QVERIFY(m_cluster->asked.start == core::ReadingStart(core::FromLast{100}));
        QCOMPARE(cell(0, app::MessagesModel::Time), QStringLiteral("2027-01-15 09:00:00.000"));
        QCOMPARE(cell(39, app::MessagesModel::Key), QStringLiteral("key-39"));
        QCOMPARE(table()->currentIndex().row(), 39); // the newest
        QTRY_VERIFY_WITH_TIMEOUT(
            text("state").startsWith(QStringLiteral("Following what comes. Looked at: 40, match: 40, "
                                                    "shown: 40, newest ")),
            kPatienceMs);
        verifyAccessibleNames(*m_page);
        takePictures(*m_page, QStringLiteral("messages-rows"));
    }

    void theFilterIsJudgedAsItIsTyped() {
        auto* const filter = child<QLineEdit>("filter");
        child<QComboBox>("topic")->setEditText(QStringLiteral("orders"));
        QTest::keyClicks(filter, QStringLiteral("json level ERROR"));
        QVERIFY(child<QLabel>("filterProblem")->isVisible());
        QCOMPARE(text("filterProblem"),
                 QStringLiteral("The filter, column 12: expected =, !=, <, <=, >, >= or contains, found 'ERROR'"));
        QVERIFY(!child<QPushButton>("start")->isEnabled());
        takePictures(*m_page, QStringLiteral("messages-filter-problem"));
        filter->clear();
        QTest::keyClicks(filter, QStringLiteral("json level = ERROR and text contains \"timed out\""));
        QVERIFY(!child<QLabel>("filterProblem")->isVisible());
        child<QComboBox>("place")->setCurrentIndex(3);
        child<QLineEdit>("offset")->setText(QStringLiteral("17"));
        child<QSpinBox>("partition")->setValue(2);
        m_cluster->first = pageOf({messageAt(17, kJson, 2)});
        QTest::keyClick(filter, Qt::Key_Return);
        waitForRows(1);
        QCOMPARE(m_cluster->asked.filter.conditions().size(), std::size_t{2});
        QVERIFY(m_cluster->asked.start == core::ReadingStart(core::FromOffset{{17}}));
        QCOMPARE(m_cluster->asked.partition, std::optional(core::Partition{2}));
        const auto marked = child<QPlainTextEdit>("formatted")->extraSelections();
        QCOMPARE(marked.size(), 1);
        QCOMPARE(marked[0].cursor.selectedText(), QStringLiteral("timed out"));
        takePictures(*m_page, QStringLiteral("messages-filtered"));
    }

    void aMessageIsShownInFull() {
        core::TopicMessage bytes = messageAt(1, std::string("\x00\xffproto", 7));
        bytes.headers = {{"trace", "17"}, {"raw", std::string("\xfe")}, {"none", std::nullopt}};
        core::TopicMessage deletion = messageAt(2, "");
        deletion.payload.reset();
        core::TopicMessage cut = messageAt(3, "beginning");
        cut.payloadSize = 2'000'000;
        m_cluster->first = pageOf({messageAt(0, kJson), bytes, deletion, cut});
        m_page->browse(QStringLiteral("orders"));
        waitForRows(4);
        table()->selectRow(0);
        QVERIFY(formatted().startsWith(QStringLiteral("{\n  \"level\": \"ERROR\",\n")));
        QVERIFY(formatted().contains(QStringLiteral("\"total\": 12.50")));
        child<QPushButton>("copyValue")->click();
        QCOMPARE(QApplication::clipboard()->text(), QLatin1String(kJson));
        child<QPushButton>("copyKey")->click();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("key-0"));
        child<QPushButton>("copyMessage")->click();
        QVERIFY(QApplication::clipboard()->text().startsWith(QStringLiteral("{\"topic\":\"orders\",\"partition\":0,")));
        table()->selectRow(1);
        QVERIFY(formatted().startsWith(QStringLiteral("00000000  00 ff 70 72")));
        child<QPushButton>("copyValue")->click();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("AP9wcm90bw=="));
        auto* const tabs = child<QTabWidget>("tabs");
        QCOMPARE(tabs->tabText(2), QStringLiteral("Headers (3)"));
        tabs->setCurrentIndex(2);
        QCOMPARE(child<QTableWidget>("headers")->item(0, 1)->text(), QStringLiteral("17"));
        QCOMPARE(child<QTableWidget>("headers")->item(2, 1)->text(), QStringLiteral("–"));
        takePictures(*m_page, QStringLiteral("messages-headers"));
        tabs->setCurrentIndex(1);
        QVERIFY(child<QPlainTextEdit>("bytes")->toPlainText().contains(QStringLiteral("|..proto|")));
        takePictures(*m_page, QStringLiteral("messages-bytes"));
        tabs->setCurrentIndex(0);
        table()->selectRow(2);
        QVERIFY(formatted().contains(QStringLiteral("There is no payload")));
        QVERIFY(!child<QPushButton>("copyValue")->isEnabled());
        table()->selectRow(3);
        QVERIFY(formatted().contains(QStringLiteral("it has 1.91 MiB")));
    }

    void whatHtmlThereIsStaysText() {
        const char* const html = "<img src=x onerror=alert(1)><b>bold</b>";
        core::TopicMessage message = messageAt(0, html);
        message.key = html;
        m_cluster->first = pageOf({message});
        m_page->browse(QStringLiteral("orders"));
        waitForRows(1);
        QCOMPARE(formatted(), QLatin1String(html));
        QVERIFY(text("facts").contains(QLatin1String(html)));
        QCOMPARE(child<QLabel>("facts")->textFormat(), Qt::PlainText);
    }

    void whatComesIsCounted() {
        m_page->browse(QStringLiteral("orders"));
        QTRY_VERIFY_WITH_TIMEOUT(m_cluster->looks > 0, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(text("nothing").startsWith(QStringLiteral("No message that fits has come yet.")),
                                 kPatienceMs);
        takePictures(*m_page, QStringLiteral("messages-waiting"));
        core::MessagePage busy = pageOf(rowsFrom(0, 20));
        busy.lookedAt = 12'000;
        busy.matched = 34;
        busy.passedOver = 14;
        busy.skipped = 12'331;
        busy.forgotten = 5;
        m_cluster->put(busy);
        waitForRows(20);
        const QString state = text("state");
        QVERIFY2(state.startsWith(QStringLiteral("Following what comes. Looked at: 12,000, match: 34, shown: 20, ")),
                 qPrintable(state));
        QVERIFY(state.contains(QStringLiteral("Skipped to keep up: 12,345.")));
        QVERIFY(state.contains(QStringLiteral("Deleted before they were read: 5.")));
        takePictures(*m_page, QStringLiteral("messages-busy"));
    }

    void aPauseHoldsTheList() {
        m_cluster->first = pageOf(rowsFrom(0, 3));
        m_page->browse(QStringLiteral("orders"));
        waitForRows(3);
        QTRY_VERIFY_WITH_TIMEOUT(child<QPushButton>("pause")->isEnabled(), kPatienceMs);
        child<QPushButton>("pause")->click();
        QVERIFY(text("state").startsWith(QStringLiteral("Paused.")));
        takePictures(*m_page, QStringLiteral("messages-paused"));
        m_page->hide();
        m_page->show(); // a pause of the user's is not undone by that
        QVERIFY(child<QPushButton>("pause")->isChecked());
        child<QPushButton>("pause")->click();
        m_cluster->put(pageOf(rowsFrom(3, 2)));
        waitForRows(5);
    }

    void nothingIsReadWhileThePageIsHidden() {
        m_cluster->first = pageOf(rowsFrom(0, 3));
        m_page->browse(QStringLiteral("orders"));
        waitForRows(3);
        QTRY_VERIFY_WITH_TIMEOUT(m_cluster->looks > 0, kPatienceMs);
        m_page->hide();
        QVERIFY(text("state").startsWith(QStringLiteral("Paused.")));
        m_page->show();
        m_cluster->put(pageOf(rowsFrom(3, 2)));
        waitForRows(5);
        QVERIFY(text("state").startsWith(QStringLiteral("Following what comes.")));
    }

    void pagesAreTurnedBothWays() {
        m_cluster->first = pageOf(rowsFrom(10, 5), false);
        m_cluster->later = {pageOf(rowsFrom(15, 5), true)};
        m_cluster->earlier = {pageOf(rowsFrom(5, 5), true)};
        child<QComboBox>("topic")->setEditText(QStringLiteral("orders"));
        child<QComboBox>("place")->setCurrentIndex(4);
        child<QPushButton>("start")->click();
        waitForRows(5);
        QTRY_VERIFY_WITH_TIMEOUT(child<QPushButton>("newer")->isEnabled(), kPatienceMs);
        QVERIFY(text("state").startsWith(QStringLiteral("The log goes on: Newer shows the next messages.")));
        child<QPushButton>("newer")->click();
        waitForRows(10);
        QTRY_VERIFY_WITH_TIMEOUT(!child<QPushButton>("newer")->isEnabled(), kPatienceMs);
        child<QPushButton>("older")->click();
        waitForRows(15);
        QTRY_VERIFY_WITH_TIMEOUT(!child<QPushButton>("older")->isEnabled(), kPatienceMs);
        QCOMPARE(cell(0, app::MessagesModel::Offset), QStringLiteral("5"));
        QCOMPARE(cell(14, app::MessagesModel::Offset), QStringLiteral("19"));
    }

    void aFailureStandsInThePage() {
        m_cluster->refusal =
            core::refused("Kafka at kafka-1:9092 denies access to topic orders.", "Grant DESCRIBE on it.");
        m_page->browse(QStringLiteral("orders"));
        QTRY_VERIFY_WITH_TIMEOUT(child<QLabel>("problem")->isVisible(), kPatienceMs);
        QCOMPARE(text("problem"),
                 QStringLiteral("Kafka at kafka-1:9092 denies access to topic orders. Grant DESCRIBE on it."));
        takePictures(*m_page, QStringLiteral("messages-error"));
    }

    void aClusterThatFallsSilentIsSaid() {
        m_cluster->first = pageOf(rowsFrom(0, 12));
        m_page->browse(QStringLiteral("orders"));
        waitForRows(12);
        core::MessagePage silent = pageOf({});
        silent.trouble = "Kafka at kafka-1:9092 does not answer: Connection refused.";
        for (int i = 0; i < 3; ++i) {
            m_cluster->put(silent);
        }
        QTRY_COMPARE_WITH_TIMEOUT(
            text("problem"),
            QStringLiteral("Kafka at kafka-1:9092 does not answer: Connection refused. The reading "
                           "goes on as soon as it answers."),
            kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!child<QLabel>("problem")->isVisible(), kPatienceMs); // it has answered
    }

    void theAccessIsAskedForWhenItIsNeeded() {
        m_page->setClusters({{QStringLiteral("b"), QStringLiteral("production"), {}}});
        QSignalSpy needed(m_page.get(), &app::MessagesPage::accessNeeded);
        m_page->browse(QStringLiteral("orders"));
        QCOMPARE(needed.count(), 1);
        QCOMPARE(text("state"), QStringLiteral("Asking for what the cluster needs to let us in…"));
        m_page->refuseAccess(QStringLiteral("b"), QStringLiteral("The keychain is locked."));
        QCOMPARE(text("problem"), QStringLiteral("The keychain is locked."));
        m_page->browse(QStringLiteral("orders"));
        m_cluster->first = pageOf(rowsFrom(0, 3));
        m_page->supplyAccess(QStringLiteral("b"), {"kafka-2:9092", {}});
        waitForRows(3);
        QCOMPARE(m_cluster->asked.cluster.bootstrap, std::string("kafka-2:9092"));
    }

    void whatIsShownIsSaved() {
        core::TopicMessage cut = messageAt(9, "beginning");
        cut.payloadSize = 100;
        m_cluster->first = pageOf(rowsFrom(0, 3));
        m_page->browse(QStringLiteral("orders"));
        waitForRows(3);
        QSignalSpy saved(m_page.get(), &app::MessagesPage::saved);
        m_page->saveShown(m_files.filePath(QStringLiteral("all.jsonl")));
        QVERIFY(saved.wait(kPatienceMs));
        const QByteArray lines = readAll(QStringLiteral("all.jsonl"));
        QCOMPARE(lines.count('\n'), 3);
        QVERIFY(lines.startsWith("{\"topic\":\"orders\",\"partition\":0,\"offset\":0,"));
        QVERIFY(text("state").endsWith(QStringLiteral("all.jsonl.")));
        const std::string bytes("\x00\xff\n", 3);
        m_page->saveValue(messageAt(4, bytes), m_files.filePath(QStringLiteral("value")));
        QVERIFY(saved.wait(kPatienceMs));
        QCOMPARE(readAll(QStringLiteral("value")), QByteArray::fromStdString(bytes));
        m_page->saveValue(cut, m_files.filePath(QStringLiteral("cut")));
        QVERIFY(text("problem").contains(QStringLiteral("the first 9 B of this value only")));
        QVERIFY(!QFile::exists(m_files.filePath(QStringLiteral("cut"))));
        m_page->saveShown(m_files.filePath(QStringLiteral("absent/all.jsonl")));
        QTRY_VERIFY_WITH_TIMEOUT(text("problem").contains(QStringLiteral("absent")), kPatienceMs);
    }

private:
    template <typename T>
    T* child(const char* name) const {
        return m_page->findChild<T*>(QLatin1String(name));
    }
    QString text(const char* name) const { return child<QLabel>(name)->text(); }
    QString formatted() const { return child<QPlainTextEdit>("formatted")->toPlainText(); }
    QTableView* table() const { return child<QTableView>("rows"); }
    QString cell(int row, int column) const { return table()->model()->index(row, column).data().toString(); }
    void waitForRows(int count) const { QTRY_COMPARE_WITH_TIMEOUT(table()->model()->rowCount(), count, kPatienceMs); }
    QByteArray readAll(const QString& name) const {
        QFile file(m_files.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("not there");
    }

    std::unique_ptr<Cluster> m_cluster;
    std::unique_ptr<app::MessagesPage> m_page;
    QTemporaryDir m_files;
};

WINDOW_TEST(TestMessagesPage)
#include "tst_messages_page.moc"
