// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/shell/desktop_notice.h"
#include "tests/test_class.h"

#include <QDBusConnection>
#include <QProcess>
#include <QtTest>

namespace {

/// What the desktop would show, instead of a desktop.
class NoticeBoard : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

public:
    QStringList shown;
    QVariantMap hints;

public Q_SLOTS:
    uint Notify(const QString& application, uint /*replaces*/, const QString& icon, const QString& title,
                const QString& text, const QStringList& /*actions*/, const QVariantMap& newHints, int /*timeout*/) {
        shown = {application, icon, title, text};
        hints = newHints;
        return 1;
    }
};

} // namespace

/// Against a session bus of its own.
class DesktopNoticeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        m_bus.start(QStringLiteral("dbus-daemon"),
                    {QStringLiteral("--session"), QStringLiteral("--nofork"), QStringLiteral("--print-address")});
        QVERIFY2(m_bus.waitForReadyRead(), "dbus-daemon does not start");
        qputenv("DBUS_SESSION_BUS_ADDRESS", m_bus.readLine().trimmed());
    }
    void cleanupTestCase() {
        m_bus.terminate();
        QVERIFY(m_bus.waitForFinished());
    }

    void theDesktopIsToldWhatBecameOfTheRun() {
        QDBusConnection desktop = QDBusConnection::connectToBus(
            QString::fromLocal8Bit(qgetenv("DBUS_SESSION_BUS_ADDRESS")), QStringLiteral("desktop"));
        NoticeBoard board;
        QVERIFY(desktop.registerObject(QStringLiteral("/org/freedesktop/Notifications"), &board,
                                       QDBusConnection::ExportAllSlots));
        QVERIFY(desktop.registerService(QStringLiteral("org.freedesktop.Notifications")));
        app::showDesktopNotice(QStringLiteral("a < b"), QStringLiteral("Failed: p99 < 45 ms"));
        QTRY_COMPARE(board.shown, QStringList({QStringLiteral("Millrace"), QStringLiteral("org.millrace.Millrace"),
                                               QStringLiteral("a < b"), QStringLiteral("Failed: p99 &lt; 45 ms")}));
        QCOMPARE(board.hints[QStringLiteral("desktop-entry")].toString(), QStringLiteral("org.millrace.Millrace"));
        QDBusConnection::disconnectFromBus(QStringLiteral("desktop"));
    }

private:
    QProcess m_bus;
};

TEST_CLASS(DesktopNoticeTest)
#include "tst_desktop_notice.moc"
