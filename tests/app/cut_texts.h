// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/app/shown_texts.h"

#include <QCheckBox>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>

inline QString describe(const QWidget& widget, const ShownText& shown) {
    return QStringLiteral("%1 %2 in %3: %4 '%5'")
        .arg(QString::fromLatin1(widget.metaObject()->className()), widget.objectName(),
             QString::fromLatin1(widget.parentWidget() ? widget.parentWidget()->metaObject()->className() : ""),
             shown.where, shown.text.left(80));
}

/// The widgets whose text has more width than they have; tabs may scroll.
inline QStringList cutOff(const QWidget& page) {
    QStringList found;
    for (const QWidget* widget : page.findChildren<QWidget*>()) {
        const auto* label = qobject_cast<const QLabel*>(widget);
        const auto* tabs = qobject_cast<const QTabBar*>(widget);
        const QString text = textsOf(*widget).value(3).text;
        const bool isText = (label != nullptr && !label->wordWrap()) ||
                            (tabs != nullptr && !tabs->usesScrollButtons()) ||
                            qobject_cast<const QPushButton*>(widget) || qobject_cast<const QToolButton*>(widget) ||
                            qobject_cast<const QCheckBox*>(widget);
        if (widget->isVisible() && isText && (tabs != nullptr || !text.isEmpty()) &&
            widget->width() < widget->sizeHint().width()) {
            found += QStringLiteral("%1: %2 of %3 pixels")
                         .arg(describe(*widget, textsOf(*widget).value(3)))
                         .arg(widget->width())
                         .arg(widget->sizeHint().width());
        }
    }
    return found;
}

/// The figures of tables that end in '…': right-aligned, and wider than their column.
inline QStringList cutFigures(const QWidget& page) {
    QStringList found;
    for (const QTableView* table : page.findChildren<QTableView*>()) {
        const QAbstractItemModel* const model = table->model();
        const int columns = table->isVisible() && model != nullptr ? model->columnCount() : 0;
        for (int column = 0; column < columns; ++column) {
            for (int row = 0; row < std::min(model->rowCount(), 40); ++row) {
                const QModelIndex index = model->index(row, column);
                const bool figure = (index.data(Qt::TextAlignmentRole).toInt() & Qt::AlignRight) != 0;
                const int wanted = table->fontMetrics().horizontalAdvance(index.data().toString());
                if (figure && wanted > table->columnWidth(column)) {
                    found += QStringLiteral("'%1' in column %2 of %3: %4 of %5 pixels")
                                 .arg(index.data().toString())
                                 .arg(column)
                                 .arg(table->accessibleName())
                                 .arg(table->columnWidth(column))
                                 .arg(wanted);
                }
            }
        }
    }
    return found;
}

/// The widgets, pages left out that are not shown, that reach beyond the window's edge: only what scrolls may.
inline QStringList beyondTheEdge(const QWidget& window) {
    QStringList found;
    for (const QWidget* widget : window.findChildren<QWidget*>()) {
        const bool shows = qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QLabel*>(widget);
        if (!widget->isVisible() || !shows || widget->window() != &window || widget->visibleRegion().isEmpty()) {
            continue;
        }
        const int right = widget->mapTo(&window, QPoint(widget->width(), 0)).x();
        if (right > window.width()) {
            found += QStringLiteral("%1: reaches to %2 of %3")
                         .arg(describe(*widget, textsOf(*widget).value(3)))
                         .arg(right)
                         .arg(window.width());
        }
    }
    return found;
}
