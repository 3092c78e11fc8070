// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/daemon/service_manager.h"
#include "datagram_socket.h"
#include "tests/test_class.h"

#include <QTemporaryDir>
#include <QTest>

class TestServiceManager : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() {
        for (const char* const name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) {
            qunsetenv(name);
        }
    }

    void aStateReachesTheSocket_data() {
        QTest::addColumn<bool>("abstract");
        QTest::newRow("in the file system") << false;
        QTest::newRow("in the abstract name space") << true;
    }
    void aStateReachesTheSocket() {
        QFETCH(const bool, abstract);
        const QTemporaryDir folder;
        const QByteArray path = QFile::encodeName(folder.filePath(QStringLiteral("notify")));
        const QByteArray name = abstract ? '@' + path : path;
        DatagramSocket socket(name);
        QVERIFY(socket.bound());
        qputenv("NOTIFY_SOCKET", name);
        app::ServiceManager::tell("READY=1");
        QCOMPARE(socket.receive(), QByteArray("READY=1"));
        app::ServiceManager::tell("STATUS=drains\nSTOPPING=1");
        QCOMPARE(socket.receive(), QByteArray("STATUS=drains\nSTOPPING=1"));
    }

    void withoutASocketNothingHappens_data() {
        QTest::addColumn<QByteArray>("name"); // null: no variable
        QTest::newRow("no variable") << QByteArray();
        QTest::newRow("an empty one") << QByteArray("");
        QTest::newRow("nobody listens") << QByteArray("/nonexistent/notify");
        QTest::newRow("too long a name") << QByteArray(300, 'x');
        QTest::newRow("a single character") << QByteArray("@");
    }
    void withoutASocketNothingHappens() {
        QFETCH(const QByteArray, name);
        if (!name.isNull()) {
            qputenv("NOTIFY_SOCKET", name);
        }
        app::ServiceManager::tell("READY=1");
    }

    void theWatchdogIsHeardTwiceInItsLimit_data() {
        QTest::addColumn<QByteArray>("limit");
        QTest::addColumn<QByteArray>("process"); // "own": this one's
        QTest::addColumn<qint64>("period");      // ms; 0: never
        QTest::newRow("no limit") << QByteArray() << QByteArray() << qint64{0};
        QTest::newRow("a limit for whoever reads it") << QByteArray("30000000") << QByteArray() << qint64{15'000};
        QTest::newRow("a limit for this process") << QByteArray("2000000") << QByteArray("own") << qint64{1'000};
        QTest::newRow("a limit for another process") << QByteArray("2000000") << QByteArray("1") << qint64{0};
        QTest::newRow("a limit of 0") << QByteArray("0") << QByteArray() << qint64{0};
        QTest::newRow("a limit below 0") << QByteArray("-5") << QByteArray() << qint64{0};
        QTest::newRow("no number") << QByteArray("soon") << QByteArray() << qint64{0};
        QTest::newRow("a number with a tail") << QByteArray("2000000x") << QByteArray() << qint64{0};
        QTest::newRow("a process that is no number") << QByteArray("2000000") << QByteArray("me") << qint64{0};
    }
    void theWatchdogIsHeardTwiceInItsLimit() {
        QFETCH(const QByteArray, limit);
        QFETCH(const QByteArray, process);
        QFETCH(const qint64, period);
        if (!limit.isEmpty()) {
            qputenv("WATCHDOG_USEC", limit);
        }
        if (!process.isEmpty()) {
            qputenv("WATCHDOG_PID",
                    process == "own" ? QByteArray::number(QCoreApplication::applicationPid()) : process);
        }
        const auto found = app::ServiceManager::watchdogPeriod();
        QCOMPARE(found ? std::chrono::duration_cast<std::chrono::milliseconds>(*found).count() : 0, period);
    }
};

TEST_CLASS(TestServiceManager)
#include "tst_service_manager.moc"
