// SPDX-License-Identifier: GPL-3.0-or-later
#include "datagram_socket.h"
#include "millraced.h"
#include "tests/test_class.h"

#include <netinet/in.h>

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

/// What a service says to whoever started it.
class TestDaemonLog : public QObject {
    Q_OBJECT

    /// One that was free a moment ago.
    static QString freePort() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        (void)::bind(socket, reinterpret_cast<const sockaddr*>(&address), length);
        ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
        ::close(socket);
        return QString::number(ntohs(address.sin_port));
    }

private Q_SLOTS:
    void aServiceTellsItsManagerAndLogsALineOfJsonPerMessage() {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("notify"));
        DatagramSocket manager(QFile::encodeName(path));
        QVERIFY(manager.bound());
        Millraced service(folder.path());
        service.setVariable("NOTIFY_SOCKET", path);
        const QString address = QStringLiteral("127.0.0.1:") + freePort();
        QVERIFY(service.start({QStringLiteral("serve"), QStringLiteral("--role=gateway"), QStringLiteral("--log=json"),
                               QStringLiteral("--listen"), address}));
        QCOMPARE(manager.receive(), QByteArray("READY=1"));
        service.signal(SIGTERM);
        QCOMPARE(manager.receive(), QByteArray("STOPPING=1"));
        QCOMPARE(service.finish(), 0);

        const QStringList lines = service.complaints().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QStringList messages;
        const QRegularExpression time(QStringLiteral("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$"));
        for (const QString& line : lines) {
            const QJsonObject object = QJsonDocument::fromJson(line.toUtf8()).object();
            QVERIFY2(object.keys() ==
                         QStringList({QStringLiteral("level"), QStringLiteral("message"), QStringLiteral("time")}),
                     qPrintable(line));
            QVERIFY2(time.match(object[QStringLiteral("time")].toString()).hasMatch(), qPrintable(line));
            QCOMPARE(object[QStringLiteral("level")].toString(), QStringLiteral("info"));
            messages << object[QStringLiteral("message")].toString();
        }
        QCOMPARE(messages,
                 (QStringList{QStringLiteral("gateway on http://%1").arg(address),
                              QStringLiteral("stopping: what is at hand is finished; a second signal ends at once"),
                              QStringLiteral("stopped")}));
    }
};

TEST_CLASS(TestDaemonLog)
#include "tst_daemon_log.moc"
