// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/item_table_model.h"

#include <QTableView>

class QPushButton;

namespace app {

/// A table whose rows can be dragged to another place.
class RowTable : public QTableView {
    Q_OBJECT

public:
    using QTableView::QTableView;

Q_SIGNALS:
    void rowDropped(int from, int to); ///< `to`: its place afterwards

protected:
    void dropEvent(QDropEvent* event) override;
};

/// The items of a list with all that can be done to them: add, copy, remove, move by buttons, keys and mouse.
class ItemTable : public QWidget {
    Q_OBJECT

public:
    /// What 'Add' inserts, given the list as it stands (null: there is none).
    using NewItem = std::function<core::YamlNode(const core::YamlNode* list)>;
    /// The edit that 'Copy' makes of the item `row`.
    using CopyEdit = std::function<ScenarioDocument::Edit(const QString& path, int row)>;

    ItemTable(ScenarioDocument* document, ItemTableModel* model, const QString& name, NewItem newItem,
              QWidget* parent = nullptr);

    void setCopyEdit(CopyEdit edit) { m_copyEdit = std::move(edit); } ///< default: the item as it is
    int currentRow() const;                                           ///< -1: none
    void selectRow(int row);
    QTableView* view() const { return m_view; }

Q_SIGNALS:
    void currentRowChanged(int row);

private:
    QPushButton* addButton(const QString& text, const QString& tip, void (ItemTable::*act)());
    void setUpView(const QString& name);
    void layOut(const QString& name);
    void addKeys();
    void add();
    void copy();
    void remove();
    void moveUp();
    void moveDown();
    void move(int from, int to);
    void updateButtons();

    ScenarioDocument* m_document;
    ItemTableModel* m_model;
    NewItem m_newItem;
    CopyEdit m_copyEdit;
    RowTable* m_view;
    QPushButton *m_add, *m_copy, *m_remove, *m_up, *m_down;
};

} // namespace app
