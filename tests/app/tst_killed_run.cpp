// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/history/run_list_model.h"
#include "app/desktop/widgets/notice_bar.h"
#include "services/archive/result_source.h"
#include "tests/app/desktop_fixture.h"
#include "tests/app/scenario_page_fixture.h"
#include "tests/test_class.h"

#include <QComboBox>
#include <QProcess>
#include <QPushButton>
#include <csignal>

namespace {

constexpr int kDrainPatience = 120'000; // ms; the dead consumers keep their partitions until their session ends

void edit(Desktop& desktop, const QByteArray& text) {
    desktop.window().scenarioPage().document()->apply([&text](std::string_view present) -> core::Result<std::string> {
        return std::string(present) + text.toStdString();
    });
}

/// The program that is to be killed: opens the scenario, changes it without saving, and runs it.
int runAsVictim(const QString& folder, const QString& scenario) {
    Desktop desktop(folder);
    desktop.window().open(scenario);
    edit(desktop, "# changed and not saved\n");
    desktop.window().scenarioPage().startAction()->trigger();
    return QApplication::exec();
}

} // namespace

/// Kill -9 of the program during a run, and what it offers when it is started again.
class KilledRunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        for (const char* part : {"broker", "store", "dedupe"}) {
            m_servers +=
                QStringLiteral("%1: '%2', ")
                    .arg(QString::fromLatin1(part),
                         qEnvironmentVariable((QByteArray("MILLRACE_") + QByteArray(part).toUpper()).constData()));
        }
        QVERIFY2(!m_servers.contains(QStringLiteral("''")), "start the servers: eval \"$(tests/stack/env)\"");
        m_store = qEnvironmentVariable("MILLRACE_STORE");
        useTestSettings();
    }

    void isOfferedAndConcluded_data() {
        QTest::addColumn<QString>("target");
        QTest::addColumn<bool>("closed");
        QTest::newRow("on servers its ledger is closed") << m_servers << true;
        QTest::newRow("embedded, what was recorded is kept")
            << QStringLiteral("broker: embedded, store: embedded, dedupe: memory") << false;
    }

    void isOfferedAndConcluded() {
        QFETCH(const QString, target);
        QFETCH(const bool, closed);
        const QTemporaryDir folder;
        const QString scenario = copyOfReadyMade(QStringLiteral("quickstart.yaml"), folder);
        writeFile(scenario, contentOfFile(scenario) + QStringLiteral("\ntarget: {%1}\n").arg(target).toUtf8());
        killDuringARun(folder, scenario);

        Desktop desktop(folder.path());
        app::NoticeBar& notice = desktop.window().notice();
        QTRY_VERIFY_WITH_TIMEOUT(notice.isVisible(), kDrainPatience);
        QVERIFY2(notice.sentence().contains(QStringLiteral("was killed before its ledger was closed")),
                 qPrintable(notice.sentence()));
        theEditedScenarioIsOfferedToo(desktop);
        theRecordCanBeOpened(desktop);
        desktop.reopen();
        finish(desktop, closed);
        if (closed) {
            theStoreKnowsTheRun(desktop);
        }
    }

private:
    static void killDuringARun(const QTemporaryDir& folder, const QString& scenario) {
        QProcess victim;
        victim.start(QCoreApplication::applicationFilePath(),
                     {QStringLiteral("killed_run"), QStringLiteral("--victim"), folder.path(), scenario});
        QVERIFY(victim.waitForStarted());
        const std::filesystem::path runs = app::runsIn(folder.filePath(QStringLiteral("results")).toStdString());
        QTRY_VERIFY_WITH_TIMEOUT(hasStored(runs) && QFile::exists(folder.filePath(QStringLiteral("edited-scenario"))),
                                 kDrainPatience);
        QCOMPARE(services::listRuns(runs).front().state, services::CatalogueEntry::State::Running);
        ::kill(static_cast<pid_t>(victim.processId()), SIGKILL);
        QVERIFY(victim.waitForFinished());
        QCOMPARE(victim.exitStatus(), QProcess::CrashExit);
    }

    static bool hasStored(const std::filesystem::path& runs) {
        const auto found = services::listRuns(runs);
        return found.size() == 1 && found.front().storedRate > 0;
    }

    static void press(app::NoticeBar& notice, const QString& answer) {
        for (QPushButton* button : notice.findChildren<QPushButton*>()) {
            if (button->text() == answer && button->isVisible()) {
                button->click();
                return;
            }
        }
        QFAIL(qPrintable(answer));
    }

    static void theEditedScenarioIsOfferedToo(Desktop& desktop) {
        auto* const bar = desktop.window().scenarioPage().findChild<app::NoticeBar*>();
        QVERIFY(bar->sentence().contains(QStringLiteral("before the changes of")));
        press(*bar, QStringLiteral("Restore"));
        QVERIFY(desktop.window().scenarioPage().document()->plainText().contains(
            QStringLiteral("# changed and not saved")));
    }

    static void theRecordCanBeOpened(Desktop& desktop) {
        QSignalSpy presented(&desktop.window().reportPage(), &app::ReportPage::presented);
        press(desktop.window().notice(), QStringLiteral("Open what was recorded"));
        QVERIFY(presented.wait(kDrainPatience));
        const core::RunResult& record = *desktop.window().reportPage().result();
        QVERIFY(!record.ledger.closed);
        QVERIFY(record.ledger.consumer.stored > 0);
        QVERIFY(QString::fromStdString(record.verdict.summary).startsWith(QStringLiteral("Killed after ")));
    }

    static void finish(Desktop& desktop, bool closed) {
        app::ReportPage& page = desktop.window().reportPage();
        QSignalSpy presented(&page, &app::ReportPage::presented);
        QTRY_VERIFY_WITH_TIMEOUT(desktop.window().notice().isVisible(), kDrainPatience);
        press(desktop.window().notice(), QStringLiteral("Finish it"));
        Q_EMIT desktop.window().scenarioPage().startRequested({}); // no other run beside it
        QVERIFY(desktop.window().model().state() == app::RunModel::State::Idle);
        QVERIFY(desktop.window().notice().sentence().startsWith(QStringLiteral("A killed run is being finished.")));
        QVERIFY2(presented.wait(kDrainPatience), qPrintable(desktop.window().notice().sentence()));
        QCOMPARE(page.result()->ledger.closed, closed);
        QCOMPARE(page.result()->ledger.ids, core::IdCounts{.recovered = page.result()->ledger.ids.recovered});
        QCOMPARE(page.result()->verdict.status, core::VerdictStatus::Interrupted);
        const auto runs = services::listRuns(app::runsIn(desktop.settings().resultsFolder().toStdString()));
        QCOMPARE(runs.front().state, services::CatalogueEntry::State::Readable);
        QVERIFY(!QFile::exists(page.folder() + QStringLiteral("/run.journal")));
        desktop.reopen();
        QTRY_COMPARE_WITH_TIMEOUT(desktop.window().historyPage().runs().size(), std::size_t{1}, kDrainPatience);
        QVERIFY(!desktop.window().notice().isVisible());
    }

    /// As one of a saved connection.
    void theStoreKnowsTheRun(Desktop& desktop) {
        app::HistoryPage& history = desktop.window().historyPage();
        app::Connection connection = app::newConnection(QStringLiteral("staging"));
        connection.store = m_store;
        QVERIFY(desktop.connections().save(connection));
        auto* const place = history.findChild<QComboBox*>();
        QTRY_COMPARE(place->count(), 2);
        QSignalSpy listed(&history, &app::HistoryPage::listed);
        place->setCurrentIndex(1);
        Q_EMIT place->activated(1);
        QVERIFY(listed.wait(kDrainPatience));
        const auto* const table = history.findChild<QTableView*>();
        // Other tests' runs may be there too, and newer ones.
        const QModelIndex first = table->model()->index(0, app::RunListModel::Name);
        const QModelIndexList found =
            table->model()->match(first, Qt::DisplayRole, QStringLiteral("quickstart"), 1, Qt::MatchExactly);
        QCOMPARE(found.size(), 1);
        const QModelIndex newest = found.front();
        QCOMPARE(newest.siblingAtColumn(app::RunListModel::Verdict).data().toString(), QStringLiteral("! interrupted"));
        QCOMPARE(newest.siblingAtColumn(app::RunListModel::Stored).data().toString(), QStringLiteral("–"));
        QSignalSpy opened(&history, &app::HistoryPage::openWanted);
        table->selectionModel()->select(newest, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        Q_EMIT history.findChild<QTableView*>()->activated(newest);
        QCOMPARE(opened.size(), 1); // its files are in the results folder
    }

    QString m_servers, m_store;
};

namespace {

int runKilledRunTest(int argc, char** argv) {
    QApplication application(argc, argv);
    if (argc == 4 && QByteArray(argv[1]) == "--victim") {
        useTestSettings();
        return runAsVictim(QString::fromLocal8Bit(argv[2]), QString::fromLocal8Bit(argv[3]));
    }
    KilledRunTest test;
    return QTest::qExec(&test, argc, argv);
}

const tests::Registration kKilledRunRegistration(__FILE__, runKilledRunTest);

} // namespace

#include "tst_killed_run.moc"
