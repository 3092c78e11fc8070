// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_error.h"
#include "tests/test_class.h"

#include <QtTest>

using services::FailureClass;

/// What a failed database call means for the caller (contract.md, D14).
class PostgresErrorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void messagesAreSplit_data() {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("sqlstate");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("lost");
        const auto row = [](const char* rule, const char* message, const char* sqlstate, const char* text, bool lost) {
            QTest::newRow(rule) << QByteArray(message) << QByteArray(sqlstate) << QByteArray(text) << lost;
        };
        row("a statement's failure", "ERROR:  40P01: deadlock detected\nDETAIL:  Process 1\nLOCATION:  x.c:1\n",
            "40P01", "deadlock detected", false);
        row("in another language", "FEHLER:  23505: doppelter Schl\xC3\xBCsselwert\n", "23505",
            "doppelter Schl\xC3\xBCsselwert", false);
        row("a refused login, behind another address of the host",
            "connection to server at \"::1\", port 1 failed: Connection refused\n"
            "connection to server at \"127.0.0.1\", port 1 failed: FATAL:  28P01: password authentication failed for "
            "user \"u\"\n",
            "28P01", "password authentication failed for user \"u\"", false);
        row("the server's process is ended", "FATAL:  57P01: terminating connection due to administrator command\n",
            "57P01", "terminating connection due to administrator command", true);
        row("the connection breaks", "server closed the connection unexpectedly\n\tThis probably means\n", "",
            "server closed the connection unexpectedly", true);
        row("nothing is known", "", "", "", true);
    }
    void messagesAreSplit() {
        QFETCH(QByteArray, message);
        const services::PostgresFailure failure = services::failureOf(message.toStdString());
        QTEST(QByteArray::fromStdString(failure.sqlstate), "sqlstate");
        QTEST(QByteArray::fromStdString(failure.text), "text");
        QTEST(failure.lost, "lost");
    }

    void everySqlstateHasItsClass_data() {
        QTest::addColumn<QByteArray>("sqlstate");
        QTest::addColumn<FailureClass>("expected");
        const auto row = [](const char* rule, const char* sqlstate, FailureClass expected) {
            QTest::newRow(rule) << QByteArray(sqlstate) << expected;
        };
        row("no SQLSTATE: the connection is lost", "", FailureClass::Retry);
        row("connection failure", "08006", FailureClass::Retry);
        row("serialization failure", "40001", FailureClass::Retry);
        row("deadlock", "40P01", FailureClass::Retry);
        row("read-only transaction", "25006", FailureClass::Retry);
        row("idle in transaction for too long", "25P03", FailureClass::Retry);
        row("disk full", "53100", FailureClass::Retry);
        row("too many connections", "53300", FailureClass::Retry);
        row("lock time-out", "55P03", FailureClass::Retry);
        row("statement time-out", "57014", FailureClass::Retry);
        row("shut down", "57P01", FailureClass::Retry);
        row("starting up", "57P03", FailureClass::Retry);
        row("input or output error", "58030", FailureClass::Retry);
        row("unique violation", "23505", FailureClass::Duplicate);
        row("bad encoding", "22021", FailureClass::BadRecord);
        row("value too long", "22001", FailureClass::BadRecord);
        row("not null", "23502", FailureClass::BadRecord);
        row("check", "23514", FailureClass::BadRecord);
        row("too long for an index", "54000", FailureClass::BadRecord);
        row("a trigger's exception", "P0001", FailureClass::BadRecord);
        row("wrong password", "28P01", FailureClass::Refused);
        row("no such database", "3D000", FailureClass::Refused);
        row("missing right", "42501", FailureClass::Refused);
        row("no such table", "42P01", FailureClass::Refused);
        row("syntax", "42601", FailureClass::OurBug);
        row("a foreign key of somebody's", "23503", FailureClass::BadRecord);
    }
    void everySqlstateHasItsClass() {
        QFETCH(QByteArray, sqlstate);
        QFETCH(FailureClass, expected);
        const services::PostgresFailure failure{.sqlstate = sqlstate.toStdString(), .text = {}, .lost = false};
        QCOMPARE(services::classOf(failure), expected);
        QCOMPARE(services::kindOf(failure) == core::ErrorKind::Transient, expected == FailureClass::Retry);
    }
};

TEST_CLASS(PostgresErrorTest)
#include "tst_postgres_error.moc"
