// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/chart_table.h"

#include "app/desktop/charts/chart_text.h"
#include "core/text/csv_text.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace app {

namespace {

std::string numberText(double value) {
    if (!std::isfinite(value)) {
        return {};
    }
    return QByteArray::number(value, 'g', 12).toStdString();
}

bool sameColumns(const ChartTable& a, const ChartTable& b) {
    return std::equal(a.columns.begin(), a.columns.end(), b.columns.begin(), b.columns.end(),
                      [](const auto& one, const auto& other) { return one.name == other.name; });
}

} // namespace

QByteArray toCsv(const ChartTable& table) {
    std::string text;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        text += (i == 0 ? "" : ",") + core::csvCell(table.columns[i].name.toStdString());
    }
    text += "\r\n";
    for (std::size_t row = 0; row < table.rows(); ++row) {
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            text += (i == 0 ? "" : ",") + numberText(table.columns[i].values[row]);
        }
        text += "\r\n";
    }
    return QByteArray::fromStdString(text);
}

void ChartTableModel::setTable(ChartTable table) {
    const int before = rowCount();
    const int after = static_cast<int>(table.rows());
    if (!sameColumns(table, m_table)) {
        beginResetModel();
        m_table = std::move(table);
        endResetModel();
        return;
    }
    if (after > before) {
        beginInsertRows({}, before, after - 1);
        m_table = std::move(table);
        endInsertRows();
    } else if (after < before) {
        beginRemoveRows({}, after, before - 1);
        m_table = std::move(table);
        endRemoveRows();
    } else {
        m_table = std::move(table);
    }
    if (const int common = std::min(before, after); common > 0) {
        Q_EMIT dataChanged(index(0, 0), index(common - 1, columnCount() - 1));
    }
}

int ChartTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_table.rows());
}

int ChartTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_table.columns.size());
}

QVariant ChartTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const ChartTable::Column& column = m_table.columns[static_cast<std::size_t>(index.column())];
    const double value = column.values[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    }
    if (role == Qt::DisplayRole) {
        return figureText(value, column.unit);
    }
    if (role == Qt::ToolTipRole && !std::isfinite(value)) {
        return tr("Not known: nothing happened in this interval, or there were too few values for this figure.");
    }
    if (role == Qt::ToolTipRole) {
        return QString::fromStdString(numberText(value));
    }
    return {};
}

QVariant ChartTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole || section < 0) {
        return {};
    }
    if (orientation == Qt::Vertical) {
        return section < rowCount() ? QVariant(section + 1) : QVariant();
    }
    return section < columnCount() ? m_table.columns[static_cast<std::size_t>(section)].name : QVariant();
}

} // namespace app
