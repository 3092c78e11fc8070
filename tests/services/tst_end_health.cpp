// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/roles/end_health.h"
#include "tests/test_class.h"

#include <QTest>

using core::End;
using core::MarkKind;

class TestEndHealth : public QObject {
    Q_OBJECT

    static core::Mark mark(MarkKind kind, const char* worker, const char* detail, std::optional<End> end = End::Store) {
        core::Mark made;
        made.kind = kind;
        made.name = worker;
        made.detail = detail;
        made.end = end;
        return made;
    }

private Q_SLOTS:
    void allIsWellAtFirst() {
        const services::EndHealth health;
        QVERIFY(!health.reason(End::Broker));
        QVERIFY(!health.reason(End::Store));
        QVERIFY(!health.reason(End::Filter));
    }

    void aFaultCountsUntilTheSameWorkersRecovery() {
        services::EndHealth health;
        health.note(mark(MarkKind::Fault, "critical/1", "no answer"));
        health.note(mark(MarkKind::Fault, "critical/2", "no answer either"));
        QCOMPARE(health.reason(End::Store), std::optional<std::string>("no answer"));
        health.note(mark(MarkKind::Recovery, "critical/1", ""));
        QCOMPARE(health.reason(End::Store), std::optional<std::string>("no answer either"));
        health.note(mark(MarkKind::Recovery, "critical/2", ""));
        QVERIFY(!health.reason(End::Store));
    }

    void theNewestFaultOfAWorkerIsItsReason() {
        services::EndHealth health;
        health.note(mark(MarkKind::Fault, "critical/1", "first"));
        health.note(mark(MarkKind::Fault, "critical/1", "second"));
        QCOMPARE(health.reason(End::Store), std::optional<std::string>("second"));
    }

    void endsAreSeparate() {
        services::EndHealth health;
        health.note(mark(MarkKind::Fault, "critical/1", "no broker", End::Broker));
        health.note(mark(MarkKind::Recovery, "critical/1", "", End::Store));
        QCOMPARE(health.reason(End::Broker), std::optional<std::string>("no broker"));
        QVERIFY(!health.reason(End::Store));
    }

    void otherMarksSayNothingOfHealth_data() {
        QTest::addColumn<MarkKind>("kind");
        QTest::newRow("a warning") << MarkKind::Warning;
        QTest::newRow("a rebalance") << MarkKind::Rebalance;
        QTest::newRow("a pause") << MarkKind::Pause;
    }
    void otherMarksSayNothingOfHealth() {
        QFETCH(const MarkKind, kind);
        services::EndHealth health;
        health.note(mark(kind, "critical/1", "something"));
        QVERIFY(!health.reason(End::Store));
    }

    void aFaultOfNobodyKnowsWhoseIsOnlyLogged() {
        services::EndHealth health;
        health.note(mark(MarkKind::Fault, "critical/1", "something", std::nullopt));
        for (const End end : {End::Broker, End::Store, End::Filter}) {
            QVERIFY(!health.reason(end));
        }
    }

    void theRolesOwnFindingCountsUntilItFindsAllWell() {
        services::EndHealth health;
        health.found(End::Broker, "it is silent");
        health.note(mark(MarkKind::Recovery, "critical/1", "", End::Broker));
        QCOMPARE(health.reason(End::Broker), std::optional<std::string>("it is silent"));
        health.found(End::Broker, std::nullopt);
        QVERIFY(!health.reason(End::Broker));
    }

    void theRoleFindingAllWellLeavesAWorkersFault() {
        services::EndHealth health;
        health.note(mark(MarkKind::Fault, "critical/1", "no answer"));
        health.found(End::Store, std::nullopt);
        QCOMPARE(health.reason(End::Store), std::optional<std::string>("no answer"));
    }

    void workersThatHaveGoneAreForgottenAndTheRolesFindingIsNot() {
        services::EndHealth health;
        health.note(mark(MarkKind::Fault, "critical/1", "no answer"));
        health.found(End::Broker, "it is silent");
        health.forgetWorkers();
        QVERIFY(!health.reason(End::Store));
        QCOMPARE(health.reason(End::Broker), std::optional<std::string>("it is silent"));
    }
};

TEST_CLASS(TestEndHealth)
#include "tst_end_health.moc"
