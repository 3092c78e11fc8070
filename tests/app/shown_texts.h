// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QAbstractItemModel>
#include <QAction>
#include <QComboBox>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QTabBar>
#include <QTextDocument>

/// What a widget shows, says or explains, and where.
struct ShownText {
    QString where, text;
};

/// As people read it, if it is rich text.
inline QString withoutMarks(const QString& text) {
    if (!Qt::mightBeRichText(text)) {
        return text;
    }
    QTextDocument document;
    document.setHtml(text);
    return document.toPlainText();
}

inline void addItems(const QComboBox& box, QList<ShownText>& texts) {
    for (int i = 0; i < box.count(); ++i) {
        texts += {QStringLiteral("item"), box.itemText(i)};
    }
}

inline void addTabs(const QTabBar& tabs, QList<ShownText>& texts) {
    for (int i = 0; i < tabs.count(); ++i) {
        texts += {QStringLiteral("tab"), tabs.tabText(i)};
        texts += {QStringLiteral("tab's tip"), tabs.tabToolTip(i)};
    }
}

inline void addHeadings(const QHeaderView& header, QList<ShownText>& texts) {
    const QAbstractItemModel* const model = header.model();
    for (int i = 0; model != nullptr && header.orientation() == Qt::Horizontal && i < header.count(); ++i) {
        texts += {QStringLiteral("heading"), model->headerData(i, header.orientation()).toString()};
        texts +=
            {QStringLiteral("heading's tip"), model->headerData(i, header.orientation(), Qt::ToolTipRole).toString()};
    }
}

/// The texts of one widget, without those of its children.
inline QList<ShownText> textsOf(const QWidget& widget) {
    QList<ShownText> texts{{QStringLiteral("tool tip"), widget.toolTip()},
                           {QStringLiteral("accessible name"), widget.accessibleName()},
                           {QStringLiteral("placeholder"), widget.property("placeholderText").toString()}};
    if (const auto* label = qobject_cast<const QLabel*>(&widget)) {
        texts += {QStringLiteral("text"), label->text()};
    } else if (const auto* button = qobject_cast<const QAbstractButton*>(&widget)) {
        texts += {QStringLiteral("text"), button->text()};
    } else if (const auto* group = qobject_cast<const QGroupBox*>(&widget)) {
        texts += {QStringLiteral("title"), group->title()};
    } else if (const auto* menu = qobject_cast<const QMenu*>(&widget)) {
        texts += {QStringLiteral("menu"), menu->title()};
    } else if (const auto* box = qobject_cast<const QComboBox*>(&widget)) {
        addItems(*box, texts);
    } else if (const auto* tabs = qobject_cast<const QTabBar*>(&widget)) {
        addTabs(*tabs, texts);
    } else if (const auto* header = qobject_cast<const QHeaderView*>(&widget)) {
        addHeadings(*header, texts);
    }
    for (const QAction* action : widget.actions()) {
        texts += {QStringLiteral("action"), action->text()};
        texts += {QStringLiteral("action's tip"), action->toolTip()};
    }
    return texts;
}
