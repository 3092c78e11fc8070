// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/value_text.h"

#include <QAbstractTableModel>
#include <QStringList>
#include <functional>
#include <optional>

namespace app {

/// A column of a table whose rows are the items of a list in the scenario.
struct ItemColumn {
    QString title;
    QString tip;
    /// Where the cell's value lies below the item; empty: it is the item; nothing: this item has no such value.
    std::function<std::optional<QString>(const core::YamlNode& item)> place;
    QString standard; ///< shown if nothing is written
    ValueKind kind = ValueKind::Plain;
    QStringList choices; ///< empty: anything may be written
    /// What a cell shows instead of its value; such a cell needs `change` to be editable.
    std::function<QString(const core::YamlNode& item)> summary;
    /// Writes a cell where that is more than setting its value.
    std::function<ScenarioDocument::Edit(const QString& itemPath, const core::YamlNode& item, const QString& value)>
        change;
    bool isSwitch = false;                                            ///< a boolean, shown as a check box
    std::function<QStringList(const core::YamlNode& root)> offered{}; ///< choices that depend on the scenario
};

/// The items of one list of the scenario, such as the streams. Follows the document; edits go to the text.
class ItemTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    ItemTableModel(ScenarioDocument* document, QList<ItemColumn> columns, QObject* parent = nullptr);

    void setPath(const QString& path); ///< of the list; empty: no rows
    QString path() const { return m_path; }
    QString pathOfRow(int row) const;
    const ItemColumn& column(int column) const { return m_columns[column]; }
    QStringList choicesOf(int column) const; ///< as the scenario stands

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

Q_SIGNALS:
    void followed(); ///< the rows are those of the document, or of another list

private:
    void follow();
    const core::YamlNode* item(int row) const;
    QString textOf(const core::YamlNode& item, const ItemColumn& column) const;
    QString writtenIn(const core::YamlNode& item, const ItemColumn& column) const;
    QString problemOf(const QModelIndex& index) const;
    QVariant switchState(const core::YamlNode& item, const ItemColumn& column) const;

    ScenarioDocument* m_document;
    QList<ItemColumn> m_columns;
    QString m_path;
    int m_rows = 0; // as the views know it
};

} // namespace app
