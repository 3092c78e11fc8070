// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/choice_delegate.h"

#include "app/desktop/pages/scenario/item_table_model.h"
#include "app/desktop/pages/scenario/undo_passing.h"

#include <QComboBox>
#include <QLineEdit>

namespace app {

QWidget* ChoiceDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                                      const QModelIndex& index) const {
    const auto* model = qobject_cast<const ItemTableModel*>(index.model());
    const QStringList choices = model == nullptr ? QStringList() : model->choicesOf(index.column());
    QWidget* editor = nullptr;
    if (choices.isEmpty()) {
        editor = QStyledItemDelegate::createEditor(parent, option, index);
        if (auto* line = qobject_cast<QLineEdit*>(editor)) {
            passUndoOn(*line);
        }
    } else {
        auto* box = new QComboBox(parent);
        box->addItems(choices);
        auto* self = const_cast<ChoiceDelegate*>(this); // the signals of a delegate are sent from const functions
        connect(box, &QComboBox::activated, self, [self, box] {
            Q_EMIT self->commitData(box);
            Q_EMIT self->closeEditor(box);
        });
        QMetaObject::invokeMethod(box, &QComboBox::showPopup, Qt::QueuedConnection); // once it is in its place
        editor = box;
    }
    if (editor != nullptr && model != nullptr) {
        editor->setAccessibleName(model->column(index.column()).title);
    }
    return editor;
}

/// The margin's sign, which is seen in a selected cell too.
void ChoiceDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
    QStyledItemDelegate::initStyleOption(option, index);
    if (!index.data(Qt::AccessibleDescriptionRole).toString().isEmpty()) {
        option->text.prepend(QStringLiteral("! "));
        option->font.setUnderline(true);
        option->features |= QStyleOptionViewItem::HasDisplay;
    }
}

void ChoiceDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const {
    auto* box = qobject_cast<QComboBox*>(editor);
    if (box == nullptr) {
        QStyledItemDelegate::setEditorData(editor, index);
        return;
    }
    const QString written = index.data(Qt::EditRole).toString();
    const QString shown = written.isEmpty() ? index.data(Qt::DisplayRole).toString() : written;
    if (box->findText(shown) < 0) {
        box->addItem(shown); // what is not on offer stays until another is chosen
    }
    box->setCurrentText(shown);
}

void ChoiceDelegate::setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const {
    const auto* box = qobject_cast<const QComboBox*>(editor);
    if (box == nullptr) {
        QStyledItemDelegate::setModelData(editor, model, index);
    } else if (box->currentText() != index.data(Qt::DisplayRole).toString()) {
        model->setData(index, box->currentText());
    }
}

} // namespace app
