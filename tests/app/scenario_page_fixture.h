// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/scenario_files.h"
#include "app/desktop/pages/scenario/scenario_page.h"
#include "app/desktop/settings/settings.h"
#include "tests/files.h"

#include <QFile>
#include <QLineEdit>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QtTest>

/// What the tests of the scenario page share: files to open, and the page's widgets by the names that users hear.

inline void writeFile(const QString& path, const QByteArray& content) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) {
        qFatal("cannot write %s", qPrintable(path));
    }
}

/// A copy of a ready-made scenario that the test may change.
inline QString copyOfReadyMade(const QString& name, const QTemporaryDir& folder) {
    const QString copy = folder.filePath(name);
    writeFile(copy, contentOfFile(QStringLiteral(MILLRACE_SOURCE_DIR "/resources/scenarios/") + name));
    return copy;
}

template <typename Widget>
Widget* called(const QWidget& page, const char* accessibleName) {
    for (Widget* widget : page.findChildren<Widget*>()) {
        if (widget->accessibleName() == QString::fromUtf8(accessibleName)) {
            return widget;
        }
    }
    qFatal("no widget is called %s", accessibleName);
}

/// Writes into a cell as a user does: through the editor that the view opens.
inline void writeCell(QTableView* view, int row, int column, const QString& text) {
    view->setCurrentIndex(view->model()->index(row, column));
    view->edit(view->currentIndex());
    auto* editor = view->viewport()->findChild<QLineEdit*>();
    QVERIFY(editor != nullptr);
    editor->setText(text);
    QTest::keyClick(editor, Qt::Key_Return);
    QCoreApplication::processEvents(); // the view takes the text over by a queued call
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // the next editor is another
}

inline void writeField(QLineEdit* field, const QString& text) {
    field->setFocus();
    field->setText(text); // keyClicks() knows no letters beyond ASCII
    QTest::keyClick(field, Qt::Key_Return);
}

/// Settings that the pages of one test program share.
inline app::Settings& testSettings() {
    static const QTemporaryDir folder;
    static app::Settings settings(folder.filePath(QStringLiteral("millrace.ini")),
                                  folder.filePath(QStringLiteral("results")));
    return settings;
}

/// Away from the files and the servers of the user, in one locale.
inline void useTestSettings() {
    for (const char* server : {"MILLRACE_BROKER", "MILLRACE_STORE", "MILLRACE_DEDUPE"}) {
        qunsetenv(server);
    }
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("millrace-tests"));
    QCoreApplication::setApplicationName(QStringLiteral("scenario-page"));
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
}
