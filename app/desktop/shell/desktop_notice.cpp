// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/shell/desktop_notice.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QStringList>
#include <QVariantMap>

namespace app {

void showDesktopNotice(const QString& title, const QString& text) {
    const QString service = QStringLiteral("org.freedesktop.Notifications");
    const QString program = QStringLiteral("org.millrace.Millrace"); // its icon and its desktop entry
    constexpr uint kNew = 0;                                         // takes no other's place
    constexpr int kDesktopsChoice = -1;                              // how long it stays
    QDBusMessage call = QDBusMessage::createMethodCall(service, QStringLiteral("/org/freedesktop/Notifications"),
                                                       service, QStringLiteral("Notify"));
    call << QStringLiteral("Millrace") << kNew << program << title
         << text.toHtmlEscaped() // the text may hold markup, the title may not
         << QStringList() << QVariantMap{{QStringLiteral("desktop-entry"), program}} << kDesktopsChoice;
    QDBusConnection::sessionBus().send(call);
}

} // namespace app
