// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/item_table_model.h"

#include "app/desktop/pages/scenario/problem_lookup.h"
#include "app/desktop/widgets/page_colours.h"
#include "app/desktop/widgets/tool_tip.h"

#include <QGuiApplication>

namespace app {

ItemTableModel::ItemTableModel(ScenarioDocument* document, QList<ItemColumn> columns, QObject* parent)
    : QAbstractTableModel(parent), m_document(document), m_columns(std::move(columns)) {
    connect(document, &ScenarioDocument::readAgain, this, &ItemTableModel::follow);
}

void ItemTableModel::setPath(const QString& path) {
    m_path = path;
    follow();
}

QString ItemTableModel::pathOfRow(int row) const {
    return QStringLiteral("%1[%2]").arg(m_path).arg(row);
}

/// Rows come and go at the end, and all others may have changed: selections stay at their row.
void ItemTableModel::follow() {
    const core::YamlNode* list = m_path.isEmpty() ? nullptr : nodeOf(m_document->tree(), m_path);
    const int rows = list == nullptr ? 0 : static_cast<int>(list->items.size());
    if (rows > m_rows) {
        beginInsertRows({}, m_rows, rows - 1);
        m_rows = rows;
        endInsertRows();
    } else if (rows < m_rows) {
        beginRemoveRows({}, rows, m_rows - 1);
        m_rows = rows;
        endRemoveRows();
    }
    if (m_rows > 0) {
        Q_EMIT dataChanged(index(0, 0), index(m_rows - 1, columnCount() - 1));
    }
    Q_EMIT followed();
}

QStringList ItemTableModel::choicesOf(int column) const {
    const ItemColumn& asked = m_columns[column];
    return asked.offered ? asked.offered(m_document->tree()) : asked.choices;
}

int ItemTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : m_rows;
}

int ItemTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

const core::YamlNode* ItemTableModel::item(int row) const {
    const core::YamlNode* list = nodeOf(m_document->tree(), m_path);
    const auto at = static_cast<std::size_t>(row);
    return list != nullptr && at < list->items.size() ? &list->items[at] : nullptr;
}

QString ItemTableModel::writtenIn(const core::YamlNode& item, const ItemColumn& column) const {
    const std::optional<QString> place = column.place ? column.place(item) : std::nullopt;
    const core::YamlNode* node = place ? nodeOf(item, *place) : nullptr;
    return node == nullptr ? QString() : shownText(*node, column.kind);
}

QString ItemTableModel::textOf(const core::YamlNode& item, const ItemColumn& column) const {
    if (column.summary) {
        return column.summary(item);
    }
    const QString written = writtenIn(item, column);
    const bool hasPlace = column.place(item).has_value();
    return written.isEmpty() && hasPlace ? column.standard : written;
}

QString ItemTableModel::problemOf(const QModelIndex& index) const {
    const QString itemPath = pathOfRow(index.row());
    const ItemColumn& column = m_columns[index.column()];
    const core::YamlNode* node = item(index.row());
    const std::optional<QString> place = node != nullptr && column.place ? column.place(*node) : std::nullopt;
    if (place && !place->isEmpty()) {
        const QString own = messagesBelow(m_document->problems(), itemPath + QLatin1Char('.') + *place);
        if (!own.isEmpty()) {
            return own;
        }
    }
    return index.column() == 0 ? messagesAt(m_document->problems(), itemPath) : QString();
}

QVariant ItemTableModel::data(const QModelIndex& index, int role) const {
    const core::YamlNode* node = index.isValid() ? item(index.row()) : nullptr;
    if (node == nullptr) {
        return {};
    }
    const ItemColumn& column = m_columns[index.column()];
    switch (role) {
    case Qt::CheckStateRole:
        return switchState(*node, column);
    case Qt::DisplayRole:
        return switchState(*node, column).isValid() ? QString() : textOf(*node, column);
    case Qt::EditRole:
        return column.summary ? column.summary(*node) : writtenIn(*node, column);
    case Qt::ToolTipRole: {
        const QString problem = problemOf(index);
        return plainToolTip(problem.isEmpty() ? column.tip : problem);
    }
    case Qt::AccessibleDescriptionRole:
        return problemOf(index);
    case Qt::ForegroundRole:
        return problemOf(index).isEmpty() ? QVariant() : QVariant(problemColour(QGuiApplication::palette()));
    default:
        return {};
    }
}

/// None where the cell is no switch, or where something else is written.
QVariant ItemTableModel::switchState(const core::YamlNode& item, const ItemColumn& column) const {
    static const QStringList on{QStringLiteral("true"), QStringLiteral("yes"), QStringLiteral("on")};
    static const QStringList off{QString(), QStringLiteral("false"), QStringLiteral("no"), QStringLiteral("off")};
    const QString written = column.isSwitch ? writtenIn(item, column).toLower() : QString();
    if (!column.isSwitch || (!on.contains(written) && !off.contains(written))) {
        return {};
    }
    return on.contains(written) ? Qt::Checked : Qt::Unchecked;
}

QVariant ItemTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Vertical) {
        return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    }
    if (section < 0 || section >= m_columns.size()) {
        return {};
    }
    if (role == Qt::ToolTipRole) {
        return m_columns[section].tip;
    }
    return role == Qt::DisplayRole ? QVariant(m_columns[section].title) : QVariant();
}

Qt::ItemFlags ItemTableModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) {
        return Qt::ItemIsDropEnabled;
    }
    const ItemColumn& column = m_columns[index.column()];
    const core::YamlNode* node = item(index.row());
    const bool hasPlace = node != nullptr && column.place && column.place(*node).has_value();
    Qt::ItemFlags flags = Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemIsDragEnabled;
    flags.setFlag(column.isSwitch ? Qt::ItemIsUserCheckable : Qt::ItemIsEditable,
                  m_document->isYaml() && (hasPlace || column.change) && (!column.summary || column.change));
    return flags;
}

bool ItemTableModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    const core::YamlNode* node = index.isValid() ? item(index.row()) : nullptr;
    if (role == Qt::CheckStateRole && node != nullptr) {
        const bool isOn = value.toInt() == Qt::Checked;
        m_document->apply(
            m_columns[index.column()].change(pathOfRow(index.row()), *node, isOn ? QStringLiteral("true") : QString()));
        return true;
    }
    if (role != Qt::EditRole || node == nullptr || value.toString() == data(index, Qt::EditRole).toString()) {
        return false;
    }
    const ItemColumn& column = m_columns[index.column()];
    const QString path = pathOfRow(index.row());
    m_document->apply(column.change
                          ? column.change(path, *node, value.toString())
                          : valueEdit(path + QLatin1Char('.') + *column.place(*node), value.toString(), column.kind));
    return true;
}

} // namespace app
