// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/audit/audit_dialog.h"
#include "app/desktop/pages/audit/audit_rows.h"
#include "app/desktop/widgets/figure_table.h"
#include "app/desktop/widgets/figures.h"
#include "services/store/store_address.h"
#include "tests/app/page_pictures.h"
#include "tests/app/window_test.h"

#include <pqxx/pqxx>

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

namespace {

core::AuditReport reportOf(bool acked) {
    core::IdAudit audit({});
    const core::WallTime due(std::chrono::hours(490'000));
    for (std::uint64_t i = 0; i < 100; ++i) {
        if (i != 50) {
            audit.add(core::EventId::compose({due, 5, 0, i}), due + std::chrono::milliseconds(7));
        }
    }
    core::KnownRun known{.id = "0192", .name = "baseline", .runTag = 5, .whyNot = "older"};
    if (acked) {
        known.acked.emplace(1).front().insertRange(0, 100);
    }
    return core::judgeAudit(audit.finish(), {known}, {});
}

/// A table in the PostgreSQL of tests/stack with ids of run 5: 0 to 199 without 50, and 60 twice.
class FilledTable {
public:
    FilledTable() {
        pqxx::work work(m_connection);
        work.exec("CREATE TABLE " + m_name + " (id uuid, stored_at timestamptz)");
        const core::WallTime due(std::chrono::hours(490'000));
        for (std::uint64_t i = 0; i < 200; ++i) {
            const std::string row = "INSERT INTO " + m_name + " VALUES ('" +
                                    core::EventId::compose({due, 5, 0, i}).text() + "', to_timestamp(" +
                                    std::to_string(490'000 * 3'600LL) + ".007))";
            for (int copies = i == 50 ? 0 : i == 60 ? 2 : 1; copies > 0; --copies) {
                work.exec(row);
            }
        }
        work.commit();
    }
    ~FilledTable() {
        pqxx::work work(m_connection);
        work.exec("DROP TABLE " + m_name);
        work.commit();
    }
    FilledTable(const FilledTable&) = delete;
    FilledTable& operator=(const FilledTable&) = delete;
    QString name() const { return QString::fromStdString(m_name); }

private:
    std::string m_name = "audit_dialog_" + std::to_string(QCoreApplication::applicationPid());
    pqxx::connection m_connection{qgetenv("MILLRACE_STORE").toStdString()};
};

} // namespace

class TestAuditDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRowSaysWhatIsLost() {
        const auto rows = app::auditRows(reportOf(true));
        QCOMPARE(rows.size(), 1U);
        QCOMPARE(static_cast<int>(rows[0].size()), app::auditColumns().size());
        QCOMPARE(rows[0][0].text, QStringLiteral("baseline (0192)"));
        QCOMPARE(rows[0][3].text, QStringLiteral("1"));
        QVERIFY(rows[0][3].alarm);
        QCOMPARE(rows[0][4].text, app::unknownFigure());
    }

    void whatNobodyKnowsIsADashWithItsReason() {
        const auto rows = app::auditRows(reportOf(false));
        QCOMPARE(rows[0][3].text, app::unknownFigure());
        QCOMPARE(rows[0][3].tip, QStringLiteral("older"));
        QCOMPARE(rows[0][4].text, QStringLiteral("1")); // a gap, and no more than that
    }

    void itsTableIsAProperModel() {
        app::CellTableModel model(app::auditColumns());
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(app::auditRows(reportOf(true)));
        model.setRows({});
    }

    void aTableIsAuditedAndTheReportIsSaved() {
        QVERIFY2(qEnvironmentVariableIsSet("MILLRACE_STORE"), "start the servers: eval \"$(tests/stack/env)\"");
        const FilledTable table;
        app::AuditDialog dialog;
        dialog.show();
        dialog.setStores({{QStringLiteral("1"), QStringLiteral("logs"),
                           *services::readStoreAddress(qgetenv("MILLRACE_STORE").toStdString())}});
        for (const auto& [field, text] : {std::pair("table", table.name()),
                                          {"id", QStringLiteral("id")},
                                          {"storedAt", QStringLiteral("stored_at")},
                                          {"run", QStringLiteral("5")}}) {
            dialog.findChild<QLineEdit*>(QLatin1String(field))->setText(text);
        }
        auto* const start = dialog.findChild<QPushButton*>(QStringLiteral("start"));
        start->click();
        QVERIFY(!dialog.findChild<QProgressBar*>()->isHidden());
        takePictures(dialog, QStringLiteral("audit-busy"));
        const auto* const figures = dialog.findChild<app::FigureTable*>()->model();
        QTRY_COMPARE_WITH_TIMEOUT(figures->rowCount(), 1, kPatienceMs);
        QStringList row;
        for (int column = 1; column < figures->columnCount(); ++column) {
            row += figures->index(0, column).data().toString();
        }
        QCOMPARE(row.mid(0, 5).join(QLatin1Char(' ')), QStringLiteral("– 199 – 1 1"));
        QCOMPARE(row.mid(5).join(u' '), QStringLiteral("7 ms – –"));
        takePictures(dialog, QStringLiteral("audit-report"));
        const QTemporaryDir folder;
        dialog.saveJson(folder.filePath(QStringLiteral("audit.json")));
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(folder.filePath(QStringLiteral("audit.json"))), kPatienceMs);
        dialog.findChild<QLineEdit*>(QStringLiteral("id"))->setText(QStringLiteral("nothing"));
        start->click();
        auto* const sentence = dialog.findChild<QLabel*>(QStringLiteral("sentence"));
        QTRY_VERIFY2_WITH_TIMEOUT(sentence->text().contains(QStringLiteral("has no column nothing")),
                                  qPrintable(sentence->text()), kPatienceMs);
        takePictures(dialog, QStringLiteral("audit-error"));
    }

    void withoutAServerItOffersToAddOne() {
        app::AuditDialog dialog;
        dialog.show();
        takePictures(dialog, QStringLiteral("audit-empty"));
        const QSignalSpy wanted(&dialog, &app::AuditDialog::connectionsWanted);
        auto* const start = dialog.findChild<QPushButton*>(QStringLiteral("start"));
        QVERIFY(start->isEnabled());
        start->click();
        QCOMPARE(wanted.count(), 1);
    }

    void aServerThatIsAwayIsSaidSo() {
        app::AuditDialog dialog;
        dialog.setStores({{QStringLiteral("1"), QStringLiteral("logs"), {}}});
        auto* const start = dialog.findChild<QPushButton*>(QStringLiteral("start"));
        QVERIFY(!start->isEnabled()); // of which table?
        dialog.findChild<QLineEdit*>(QStringLiteral("table"))->setText(QStringLiteral("events"));
        dialog.findChild<QLineEdit*>(QStringLiteral("id"))->setText(QStringLiteral("id"));
        QVERIFY(start->isEnabled());
        const QSignalSpy needed(&dialog, &app::AuditDialog::addressNeeded);
        start->click();
        QCOMPARE(needed.count(), 1);
        dialog.supplyAddress(QStringLiteral("1"), *services::readStoreAddress("postgresql://me@127.0.0.1:1/logs"));
        auto* const sentence = dialog.findChild<QLabel*>(QStringLiteral("sentence"));
        QTRY_VERIFY_WITH_TIMEOUT(sentence->text().contains(QStringLiteral("127.0.0.1:1")), kPatienceMs);
        QVERIFY(start->isEnabled());
    }
};

WINDOW_TEST(TestAuditDialog)
#include "tst_audit_dialog.moc"
