// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/time_chart.h"
#include "app/desktop/pages/monitor/alarm_panel.h"
#include "app/desktop/pages/monitor/cluster_panel.h"
#include "app/desktop/pages/monitor/monitor_page.h"
#include "app/desktop/widgets/figure_table.h"
#include "tests/app/monitor_views.h"
#include "tests/app/page_pictures.h"
#include "tests/app/window_test.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTemporaryDir>
#include <atomic>
#include <memory>

namespace {

using monitor_views::viewAt;

/// A cluster that answers as the test says, in the thread that looks.
struct ScriptedCluster {
    std::atomic<int> looks = 0;
    std::atomic<bool> answers = true;
    const core::Instant begin = std::chrono::steady_clock::now();

    app::OpenCluster open() {
        return [this](const services::ClusterAccess&) -> core::Result<app::ClusterLook> {
            return app::ClusterLook(
                [this](const std::vector<std::string>&, const std::stop_token&) -> core::Result<core::ClusterView> {
                    if (!answers) {
                        return core::transient("Kafka at 10.0.0.7:9092 cannot be reached: no answer in time.");
                    }
                    return viewAt(++looks, begin);
                });
        };
    }
};

} // namespace

/// The page over a scripted cluster, used as a user would.
class MonitorPageTest : public QObject {
    Q_OBJECT

    ScriptedCluster m_cluster;
    std::unique_ptr<app::MonitorPage> m_page;

    template <typename T>
    T* child(const char* name) const {
        return m_page->findChild<T*>(QString::fromLatin1(name));
    }
    QString text(const char* label) const { return child<QLabel>(label)->text(); }
    QString cell(const char* table, int row, int column) const {
        const auto* const model = child<app::FigureTable>(table)->model();
        return model->index(row, column).data().toString();
    }
    void watch() {
        QSignalSpy needed(m_page.get(), &app::MonitorPage::accessNeeded);
        child<QPushButton>("watch")->click();
        QCOMPARE(needed.count(), 1);
        m_page->supplyAccess(needed.takeFirst().at(0).toString(), {"10.0.0.7:9092", {}});
    }
    void takeViews(int from, int until) {
        for (int second = from; second < until; ++second) {
            m_page->takeView(viewAt(second, m_cluster.begin));
        }
    }

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void init() {
        m_cluster.answers = true;
        m_page = std::make_unique<app::MonitorPage>(m_cluster.open());
        m_page->resize(1280, 800);
        m_page->show();
        m_page->setClusters({{QStringLiteral("id-1"), QStringLiteral("production")}});
    }
    void cleanup() { m_page.reset(); }

    void anEmptyPageOffersTheNextStep() {
        m_page->setClusters({});
        QVERIFY(text("nothing").contains(QStringLiteral("there is no connection to one yet")));
        QSignalSpy wanted(m_page.get(), &app::MonitorPage::connectionsWanted);
        child<QPushButton>("nothingAction")->click();
        QCOMPARE(wanted.count(), 1);
        takePicture(*m_page, QStringLiteral("monitor-empty"));
    }
    void whatIsWatchedAppears() {
        watch();
        QCOMPARE(text("state"), QStringLiteral("connecting"));
        QTRY_COMPARE_WITH_TIMEOUT(text("state"), QStringLiteral("watching"), kPatienceMs);
        QVERIFY(text("brokers").contains(QStringLiteral("1 10.0.0.7:9092 in rack rack-a (controller)")));
        QCOMPARE(cell("groups", 0, 0), QStringLiteral("group-1000"));
        QCOMPARE(cell("groups", 0, 1), QStringLiteral("Stable"));
        QVERIFY(text("lag").startsWith(QStringLiteral("group-1000. Lag: 1")));
        QCOMPARE(child<app::FigureTable>("partitions")->model()->rowCount(), 3);
        const int before = m_cluster.looks;
        QTRY_VERIFY_WITH_TIMEOUT(m_cluster.looks > before, kPatienceMs); // it goes on by itself
        verifyAccessibleNames(*m_page);
        takePicture(*m_page, QStringLiteral("monitor"));
    }
    void aClusterThatIsAwayIsNamed() {
        m_cluster.answers = false;
        watch();
        QTRY_VERIFY_WITH_TIMEOUT(text("nothing").contains(QStringLiteral("cannot be reached")), kPatienceMs);
        QCOMPARE(text("state"), QStringLiteral("trying again"));
        m_cluster.answers = true;
        QTRY_COMPARE_WITH_TIMEOUT(text("state"), QStringLiteral("watching"), kPatienceMs);
    }
    void aClusterThatGoesAwayLeavesAStaleView() {
        watch();
        QTRY_COMPARE_WITH_TIMEOUT(text("state"), QStringLiteral("watching"), kPatienceMs);
        m_cluster.answers = false;
        QTRY_VERIFY_WITH_TIMEOUT(text("state").startsWith(QStringLiteral("stale, ")), kPatienceMs);
        QVERIFY(!child<QLabel>("lag")->isEnabled()); // grey
        QVERIFY(text("problem").contains(QStringLiteral("cannot be reached")));
        QCOMPARE(cell("groups", 0, 0), QStringLiteral("group-1000")); // what was seen stays
        takePicture(*m_page, QStringLiteral("monitor-stale"));
        child<QPushButton>("end")->click();
        QVERIFY(child<QPushButton>("watch")->isEnabled());
    }
    void aPasswordThatIsRefusedIsNamed() {
        child<QPushButton>("watch")->click();
        m_page->refuseAccess(QStringLiteral("id-1"), QStringLiteral("The password was not given."));
        QCOMPARE(text("nothing"), QStringLiteral("The password was not given."));
        QVERIFY(child<QPushButton>("watch")->isEnabled());
    }
    void theArrowKeysChooseAGroup() {
        takeViews(1, 3);
        auto* const groups = child<app::FigureTable>("groups");
        QSignalSpy chosen(&m_page->panel(), &app::ClusterPanel::groupChosen);
        groups->selectRow(0);
        QTest::keyClick(groups, Qt::Key_Down);
        QVERIFY(text("lag").startsWith(QStringLiteral("group-1001. ")));
        QCOMPARE(chosen.takeLast().at(0).value<std::string>(), std::string("group-1001"));
    }
    void topicsLeadToTheirMessages() {
        takeViews(1, 3);
        child<QTabWidget>("lists")->setCurrentIndex(1);
        auto* const topics = child<app::FigureTable>("topics");
        QCOMPARE(cell("topics", 1, 0), QStringLiteral("topic-1"));
        QCOMPARE(cell("topics", 1, 5), QStringLiteral("–"));
        QVERIFY(topics->model()
                    ->index(1, 5)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("not available with this librdkafka")));
        QVERIFY(!child<QPushButton>("browse")->isEnabled());
        topics->selectRow(1);
        QSignalSpy wanted(m_page.get(), &app::MonitorPage::browseWanted);
        child<QPushButton>("browse")->click();
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(wanted.at(0).at(1).toString(), QStringLiteral("topic-1"));
    }
    void anAlarmBreaksAndSaysSinceWhen() {
        takeViews(1, 3);
        child<QTabWidget>("lists")->setCurrentIndex(2);
        auto* const rule = child<QLineEdit>("rule");
        QTest::keyClicks(rule, QStringLiteral("lag{group-1000} < 10"));
        QTest::keyClick(rule, Qt::Key_Return);
        QVERIFY(rule->text().isEmpty());
        QCOMPARE(cell("alarms", 0, 1), QStringLiteral("– not evaluated"));
        takeViews(3, 8);
        QCOMPARE(cell("alarms", 0, 1), QStringLiteral("✗ broken"));
        QCOMPARE(cell("alarms", 0, 3), QStringLiteral("4 s ago"));
        QCOMPARE(m_page->panel().alarms().broken(), 1);
        takePicture(*m_page, QStringLiteral("monitor-alarm"));
        child<app::FigureTable>("alarms")->selectRow(0);
        child<QPushButton>("removeAlarm")->click();
        QCOMPARE(m_page->panel().alarms().rules(), QStringList());
    }
    void aRuleThatCannotBeReadStaysToBeFixed() {
        auto& alarms = m_page->panel().alarms();
        QVERIFY(!alarms.add(QStringLiteral("lags < 5")));
        QVERIFY(text("ruleProblem").contains(QStringLiteral("did you mean 'lag'?")));
        QVERIFY(alarms.add(QStringLiteral("lag < 5")));
        QVERIFY(!child<QLabel>("ruleProblem")->isVisibleTo(&alarms));
    }
    void rulesAndSplitterComeBackWithTheLayout() {
        QVERIFY(m_page->panel().alarms().add(QStringLiteral("lag_s < 5s")));
        const QByteArray state = m_page->panel().layoutState();
        app::MonitorPage other(m_cluster.open());
        other.panel().restoreLayoutState(state);
        QCOMPARE(other.panel().alarms().rules(), QStringList{QStringLiteral("lag_s < 5s")});
        other.panel().restoreLayoutState(QByteArray("not ours"));
        QCOMPARE(other.panel().alarms().rules().size(), 1);
    }
    void theHistoryIsSavedAsCsv() {
        takeViews(1, 6);
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("lag.csv"));
        QSignalSpy saved(m_page.get(), &app::MonitorPage::saved);
        m_page->panel().saveCsv(file);
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, kPatienceMs);
        QFile read(file);
        QVERIFY(read.open(QIODevice::ReadOnly));
        const QStringList lines = QString::fromUtf8(read.readAll()).split(QLatin1Char('\n'));
        QCOMPARE(lines.size(), 1 + 2 * 5 + 1);
        QVERIFY(lines[1].contains(QStringLiteral(",group-1000,")));
        QVERIFY(lines[1].endsWith(QStringLiteral(",153,153,153,0.51,0.51,0.51"))); // 3 partitions, 51 behind
    }
    void theModelsKeepTheirPromises() {
        std::vector<std::unique_ptr<QAbstractItemModelTester>> testers;
        for (const char* name : {"groups", "topics", "partitions", "members", "alarms"}) {
            testers.push_back(std::make_unique<QAbstractItemModelTester>(
                child<app::FigureTable>(name)->model(), QAbstractItemModelTester::FailureReportingMode::QtTest));
        }
        for (int tab = 0; tab < 3; ++tab) {
            child<QTabWidget>("lists")->setCurrentIndex(tab);
            child<QTabWidget>("details")->setCurrentIndex(tab % 2);
            QVERIFY(m_page->panel().alarms().add(QStringLiteral("lag < %1").arg(100 + tab)));
            m_page->takeView(viewAt(10 * tab + 1, m_cluster.begin, {5, 4, 7}));
            m_page->takeView(viewAt(10 * tab + 2, m_cluster.begin, {1, 2, 1}));
        }
    }
    void aHiddenPageKeepsItsHistory() {
        m_page->hide();
        takeViews(1, 100);
        const auto* series = m_page->panel().history().of("group-1000");
        QVERIFY(series != nullptr);
        QCOMPARE(series->size(), std::size_t(99));
        m_page->show();
        QCOMPARE(cell("groups", 0, 0), QStringLiteral("group-1000"));
    }
};

WINDOW_TEST(MonitorPageTest)
#include "tst_monitor_page.moc"
