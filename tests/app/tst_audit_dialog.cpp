// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/audit/audit_dialog.h"
#include "app/desktop/pages/audit/audit_rows.h"
#include "app/desktop/widgets/figures.h"
#include "services/store/store_address.h"
#include "tests/app/window_test.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
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

    void withoutAServerItOffersToAddOne() {
        app::AuditDialog dialog;
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
