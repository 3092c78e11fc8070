// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/settings/theme.h"

#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QWidget>
#include <QtTest>

/// Pictures of what a test shows, for people to look at: into the folder MILLRACE_PICTURES, if it is set.
inline void takePicture(QWidget& widget, const QString& name) {
    const QString folder = qEnvironmentVariable("MILLRACE_PICTURES");
    if (!folder.isEmpty()) {
        QCoreApplication::processEvents();
        QVERIFY(widget.grab().save(QDir(folder).filePath(name + QStringLiteral(".png"))));
    }
}

/// The same, light and dark.
inline void takePictures(QWidget& widget, const QString& name) {
    app::applyTheme(*qApp, app::ThemeChoice::Dark);
    takePicture(widget, name + QStringLiteral("-dark"));
    app::applyTheme(*qApp, app::ThemeChoice::Light);
    takePicture(widget, name + QStringLiteral("-light"));
}

/// Every control that can have the focus says what it is.
inline void verifyAccessibleNames(QWidget& page) {
    for (const QWidget* widget : page.findChildren<QWidget*>()) {
        const bool isControl =
            widget->focusPolicy() != Qt::NoFocus && !widget->objectName().startsWith(QLatin1String("qt_"));
        const auto* label = qobject_cast<const QLabel*>(widget); // its text is its name
        if (isControl && widget->isVisible() && (label == nullptr || label->text().isEmpty())) {
            QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(QLatin1String(widget->metaObject()->className()) +
                                                                     QLatin1Char(' ') + widget->objectName()));
        }
    }
}
