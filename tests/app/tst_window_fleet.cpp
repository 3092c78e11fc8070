// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/live/status_strip.h"
#include "app/desktop/pages/report/report_view.h"
#include "app/desktop/pages/scenario/target_chooser.h"
#include "app/desktop/shell/side_bar.h"
#include "app/desktop/widgets/figure_table.h"
#include "app/desktop/widgets/fleet_rows.h"
#include "core/analysis/comparison.h"
#include "tests/app/desktop_fixture.h"
#include "tests/app/event_loop_gaps.h"
#include "tests/app/own_fleet.h"
#include "tests/app/page_pictures.h"
#include "tests/app/scenario_page_fixture.h"
#include "tests/app/window_test.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>

using app::FleetColumn;
using app::StatusStrip;

namespace {

constexpr int kFleetPatience = 60'000; // ms
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kStaleWithin = 4'500;
#else
constexpr int kStaleWithin = 3'000; // ms after it was frozen
#endif
constexpr double kMostGap = 250;     // ms, of an event loop on a machine under load
constexpr const char* kRate = "400"; // events per second

/// What a run has left behind.
struct Left {
    std::shared_ptr<const core::RunResult> result;
    QString folder;

    QStringList files() const { return QDir(folder).entryList(QDir::Files | QDir::Hidden, QDir::Name); }
    QJsonObject json() const {
        return QJsonDocument::fromJson(contentOfFile(folder + QStringLiteral("/result.json"))).object();
    }
};

bool isMarked(const std::vector<core::Mark>& timeline, core::MarkKind kind) {
    return std::ranges::any_of(timeline, [kind](const core::Mark& mark) { return mark.kind == kind; });
}

} // namespace

/// A run over three daemons, led by the window.
class WindowFleetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        m_fleet = OwnFleet::start();
        QVERIFY(m_fleet);
        useTestSettings();
    }
    void cleanupTestCase() { m_fleet.reset(); }

    void aDaemonThatFreezesIsSaidAndTheWindowNeverWaits_data() {
        QTest::addColumn<bool>("consumes");
        QTest::newRow("a producer") << false;
        QTest::newRow("the consumer") << true;
    }
    void aDaemonThatFreezesIsSaidAndTheWindowNeverWaits() {
        QFETCH(const bool, consumes);
        Desktop desktop;
        start(desktop, QStringLiteral("frozen"), true);
        if (QTest::currentTestFailed()) {
            return;
        }
        const app::RunModel& model = desktop.window().model();
        const auto* const strip = desktop.window().findChild<StatusStrip*>();
        QTRY_VERIFY_WITH_TIMEOUT(model.status().snapshot.consumer.stored > 400, kFleetPatience);
        const app::FigureTable& rows = daemonsTab(desktop);
        QTRY_VERIFY_WITH_TIMEOUT(strip->text(StatusStrip::Figure::Program).startsWith(QStringLiteral("✓")),
                                 kFleetPatience);
        const QString address = m_fleet->addresses()[consumes ? 0 : 2];
        Millraced& daemon = consumes ? m_fleet->consumer() : m_fleet->producer();
        const EventLoopGaps gaps;
        QElapsedTimer since;
        since.start();
        daemon.signal(SIGSTOP);
        const auto isSaid = [&] {
            return stateOf(rows, address).startsWith(QStringLiteral("stale")) &&
                   strip->text(StatusStrip::Figure::Program).contains(QStringLiteral("stale"));
        };
        QVERIFY2(
            QTest::qWaitFor(isSaid, kFleetPatience), // finer than QTRY's steps
            qPrintable(stateOf(rows, address) + QStringLiteral(" / ") + strip->text(StatusStrip::Figure::Program)));
        const qint64 said = since.elapsed();
        QTest::qWait(1'500); // the window is used meanwhile
        const double gap = gaps.largestMillis();
        takePictures(desktop.window(), QStringLiteral("live-daemon-frozen"));
        daemon.signal(SIGCONT);
        qInfo("stale after %lld ms; largest gap of the event loop: %.0f ms", said, gap);
        QVERIFY2(said <= kStaleWithin, qPrintable(QString::number(said)));
        QVERIFY2(gap <= kMostGap, qPrintable(QString::number(gap)));
        QVERIFY(strip->text(StatusStrip::Figure::Program).contains(address));
        QTRY_VERIFY2_WITH_TIMEOUT(stateOf(rows, address) == QStringLiteral("answers"),
                                  qPrintable(stateOf(rows, address)), kFleetPatience);

        const Left left = stop(desktop);
        QVERIFY(left.result);
        verifyExact(left);
        QVERIFY(std::ranges::any_of(left.result->timeline, [&](const core::Mark& mark) {
            return mark.kind == core::MarkKind::Fault && mark.name == address.toStdString();
        }));
    }

    void aSteeredRunIsExactAndLeavesWhatALocalOneLeaves() {
        Desktop desktop;
        theConnectionsTestShowsTheDaemons(desktop);
        start(desktop, QStringLiteral("steered"), true);
        steer(desktop);
        const app::FigureTable& rows = daemonsTab(desktop);
        QCOMPARE(rows.model()->rowCount(), 3);
        for (const QString& address : m_fleet->addresses()) {
            QTRY_COMPARE_WITH_TIMEOUT(stateOf(rows, address), QStringLiteral("answers"), kFleetPatience);
        }
        takePictures(desktop.window(), QStringLiteral("live-daemons"));
        const Left remote = stop(desktop);
        QVERIFY(remote.result);
        verifyExact(remote);
        verifySteered(remote);

        m_fleet->stop(); // else their consumer would have a part of the local run's events
        start(desktop, QStringLiteral("steered"), false);
        steer(desktop);
        const Left local = stop(desktop);
        QVERIFY(local.result);
        verifyExact(local);
        verifySteered(local);

        QCOMPARE(remote.files().join(QLatin1Char(' ')), local.files().join(QLatin1Char(' ')));
        for (const char* const file : {"result.json", "samples.csv"}) {
            QVERIFY2(remote.files().contains(QString::fromLatin1(file)), file);
        }
        QVERIFY(!remote.files().filter(QStringLiteral(".hgrm")).isEmpty());
        QCOMPARE(remote.json().keys(), local.json().keys());
        QVERIFY(remote.json()[QStringLiteral("target")].toObject().contains(QStringLiteral("daemon.") +
                                                                            m_fleet->addresses().front()));
        historyComparesThem(desktop, remote, local);
    }

private:
    void saveConnections(Desktop& desktop) {
        if (!desktop.connections().all().isEmpty()) {
            return;
        }
        const app::Connection fleet = m_fleet->connection(QStringLiteral("fleet"), true);
        QVERIFY(desktop.connections().save(m_fleet->connection(QStringLiteral("alone"), false)));
        QVERIFY(desktop.connections().save(fleet));
        desktop.secrets().write(secretKey(fleet, app::Secret::DaemonToken), m_fleet->token(), this,
                                [](const app::SecretAnswer&) {});
    }

    /// Both connections lead to the same servers; that with the daemons is chosen by its name.
    void start(Desktop& desktop, const QString& name, bool daemons) {
        saveConnections(desktop);
        writeFile(m_fleet->path("scenario.yaml"),
                  m_fleet->scenario(name, QStringLiteral("{name: load, stages: [{duration: 300s, rate: %1/s}]}")
                                              .arg(QString::fromLatin1(kRate))));
        app::MainWindow& window = desktop.window();
        window.resize(1'280, 800);
        window.open(m_fleet->path("scenario.yaml"));
        app::TargetChooser& target = window.scenarioPage().target();
        target.choose(
            static_cast<int>(target.choices().indexOf(daemons ? QStringLiteral("fleet") : QStringLiteral("alone"))));
        m_before = m_fleet->stored().first;
        window.scenarioPage().startAction()->trigger();
        QVERIFY(window.model().state() == app::RunModel::State::Starting);
        QTRY_VERIFY2_WITH_TIMEOUT(window.model().state() != app::RunModel::State::Starting, "the run does not begin",
                                  kFleetPatience);
        QVERIFY2(window.model().state() == app::RunModel::State::Running, qPrintable(window.model().failure()));
        QTRY_VERIFY_WITH_TIMEOUT(window.model().status().phase == core::Phase::Stages, kFleetPatience);
        QCOMPARE(window.model().status().fleet.size(), std::size_t{daemons ? 3U : 0U});
    }

    void theConnectionsTestShowsTheDaemons(Desktop& desktop) {
        saveConnections(desktop);
        app::MainWindow& window = desktop.window();
        window.resize(1'280, 800);
        auto* const page = window.findChild<QWidget*>(QStringLiteral("connectionsPage"));
        window.findChild<app::SideBar*>()->show(page);
        auto* const list = page->findChild<QAbstractItemView*>(QStringLiteral("connections"));
        list->setCurrentIndex(list->model()->index(1, 0));
        page->findChild<QPushButton*>(QStringLiteral("test"))->click();
        const auto& rows = *page->findChild<app::FigureTable*>(QStringLiteral("fleet"));
        QTRY_COMPARE_WITH_TIMEOUT(rows.model()->rowCount(), 3, kFleetPatience);
        for (const QString& address : m_fleet->addresses()) {
            QTRY_VERIFY2_WITH_TIMEOUT(stateOf(rows, address) == QStringLiteral("answers"),
                                      qPrintable(stateOf(rows, address)), kFleetPatience);
        }
        takePictures(desktop.window(), QStringLiteral("connections-daemons"));
    }

    static void steer(Desktop& desktop) {
        const app::RunModel& model = desktop.window().model();
        app::RunControls& controls = desktop.window().livePage().controls();
        QTRY_VERIFY_WITH_TIMEOUT(model.status().snapshot.consumer.stored > 800, kFleetPatience);
        called<QSpinBox>(controls, "Rate of the burst, in events per second")->setValue(800);
        called<QSpinBox>(controls, "Length of the burst, in seconds")->setValue(1);
        controls.burstAction()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(isMarked(model.status().timeline, core::MarkKind::Burst), kFleetPatience);
        const std::uint64_t sent = model.status().snapshot.producer().sent;
        QTRY_VERIFY_WITH_TIMEOUT(model.status().snapshot.producer().sent > sent + 1'200, kFleetPatience);
        controls.pauseAction()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(model.status().paused, kFleetPatience);
        QTRY_COMPARE(controls.pauseAction()->text(), QStringLiteral("R&esume"));
        controls.pauseAction()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(isMarked(model.status().timeline, core::MarkKind::Resume), kFleetPatience);
        const std::uint64_t resumed = model.status().snapshot.producer().sent;
        QTRY_VERIFY_WITH_TIMEOUT(model.status().snapshot.producer().sent > resumed + 400, kFleetPatience);
        QCOMPARE(model.refusal(), QString());
    }

    static Left stop(Desktop& desktop) {
        QSignalSpy presented(&desktop.window().reportPage(), &app::ReportPage::presented);
        desktop.window().livePage().controls().stopAction()->trigger();
        if (!presented.wait(kFleetPatience)) {
            return {};
        }
        return {desktop.window().model().result()->result, desktop.window().reportPage().folder()};
    }

    void verifyExact(const Left& left) const {
        const core::Ledger& ledger = left.result->ledger;
        qInfo("%s: %s", qPrintable(left.folder.section(QLatin1Char('/'), -1)), left.result->verdict.summary.c_str());
        const core::ProducerCounts& of = ledger.producer;
        QCOMPARE(of.planned, of.sent + of.unsent + of.shed);
        QCOMPARE(of.sent, of.acked + of.failed + of.inDoubt);
        QCOMPARE(ledger.ids.lost, std::uint64_t{0});
        QCOMPARE(ledger.ids.doubled, std::uint64_t{0});
        const auto [rows, ids] = m_fleet->stored();
        QCOMPARE(rows, ids);
        QCOMPARE(rows - m_before,
                 static_cast<std::uint64_t>(
                     left.json()[QStringLiteral("ledger")].toObject()[QStringLiteral("stored")].toInteger()));
        QVERIFY(rows > m_before);
    }

    static void verifySteered(const Left& left) {
        for (const core::MarkKind kind :
             {core::MarkKind::Burst, core::MarkKind::Pause, core::MarkKind::Resume, core::MarkKind::Stop}) {
            QVERIFY2(isMarked(left.result->timeline, kind), std::string(nameOf(kind)).c_str());
        }
    }

    static void historyComparesThem(Desktop& desktop, const Left& remote, const Left& local) {
        app::HistoryPage& history = desktop.window().historyPage();
        QTRY_COMPARE_WITH_TIMEOUT(history.runs().size(), std::size_t{2}, kFleetPatience);
        history.select(local.folder);
        history.select(remote.folder);
        QSignalSpy compared(&history, &app::HistoryPage::compared);
        history.compareSelected();
        QVERIFY(compared.wait(kFleetPatience));
        std::vector<const core::ReportTable*> tables;
        for (const app::ReportView* const view : history.findChildren<app::ReportView*>()) {
            if (view->document() != nullptr) {
                tables = view->document()->tables();
            }
        }
        const auto figures = std::ranges::find(tables, "figures", &core::ReportTable::name);
        QVERIFY(figures != tables.end());
        const std::vector runs{*local.result, *remote.result};
        const auto comparison = core::compare(runs);
        QVERIFY(comparison);
        QStringList unknown;
        for (const core::ComparisonRow& row : comparison->rows) {
            const QString figure = QString::fromStdString(row.figure);
            // When an event left one machine is not known to the one that stores it.
            if (row.values[0].value && !row.values[1].value &&
                !figure.startsWith(QStringLiteral("end-to-end, from sending"))) {
                unknown += figure;
            }
        }
        QCOMPARE(unknown.join(QStringLiteral(", ")), QString());
        QCOMPARE((*figures)->rows.size(), comparison->rows.size());
    }

    /// The tab of the Live page, in front.
    static const app::FigureTable& daemonsTab(Desktop& desktop) {
        app::LivePage& live = desktop.window().livePage();
        auto* const table = called<app::FigureTable>(live, "How the daemons of the run stand");
        for (auto* const tabs : live.findChildren<QTabWidget*>()) {
            if (tabs->indexOf(table) >= 0) {
                tabs->setCurrentWidget(table);
            }
        }
        return *table;
    }

    static QString stateOf(const app::FigureTable& table, const QString& address) {
        const QAbstractItemModel& rows = *table.model();
        for (int row = 0; row < rows.rowCount(); ++row) {
            if (rows.index(row, FleetColumn::Daemon).data().toString() == address) {
                return rows.index(row, FleetColumn::State).data().toString();
            }
        }
        return QStringLiteral("no row");
    }

    std::unique_ptr<OwnFleet> m_fleet;
    std::uint64_t m_before = 0; // rows in the store
};

WINDOW_TEST(WindowFleetTest)
#include "tst_window_fleet.moc"
