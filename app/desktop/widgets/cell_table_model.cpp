// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/cell_table_model.h"

#include "app/desktop/widgets/page_colours.h"
#include "app/desktop/widgets/tool_tip.h"

#include <QFont>
#include <QGuiApplication>
#include <algorithm>

namespace app {

namespace {

QFont alarmFont() {
    QFont font;
    font.setBold(true);
    return font;
}

} // namespace

CellTableModel::CellTableModel(QStringList columns, QObject* parent)
    : QAbstractTableModel(parent),
      m_columns(std::move(columns)),
      m_figures(static_cast<std::size_t>(m_columns.size()), true) {
    m_figures.front() = false;
}

void CellTableModel::setFigureColumns(std::vector<bool> figures) {
    Q_ASSERT(figures.size() == m_figures.size());
    m_figures = std::move(figures);
}

QVariant CellTableModel::alignment(int column) const {
    const Qt::Alignment side = m_figures[static_cast<std::size_t>(column)] ? Qt::AlignRight : Qt::AlignLeft;
    return QVariant::fromValue(side | Qt::AlignVCenter);
}

void CellTableModel::setRows(std::vector<CellRow> rows) {
    resize(rows.size());
    int first = rowCount();
    int last = -1;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        Q_ASSERT(rows[row].size() == static_cast<std::size_t>(m_columns.size()));
        if (rows[row] == m_rows[row]) {
            continue;
        }
        m_rows[row] = std::move(rows[row]);
        first = std::min(first, static_cast<int>(row));
        last = static_cast<int>(row);
    }
    if (last >= 0) { // once: a view measures its columns anew each time
        Q_EMIT dataChanged(index(first, 0), index(last, columnCount() - 1));
    }
}

void CellTableModel::resize(std::size_t rows) {
    const int now = rowCount();
    const int wanted = static_cast<int>(rows);
    const CellRow empty(static_cast<std::size_t>(m_columns.size()));
    if (wanted > now) {
        beginInsertRows({}, now, wanted - 1);
        m_rows.resize(rows, empty);
        endInsertRows();
    } else if (wanted < now) {
        beginRemoveRows({}, wanted, now - 1);
        m_rows.resize(rows);
        endRemoveRows();
    }
}

QString CellTableModel::asText() const {
    QString titles = m_columns.join(QLatin1Char('\t')); // each on one line
    titles.replace(QStringLiteral("-\n"), QStringLiteral("-")).replace(QLatin1Char('\n'), QLatin1Char(' '));
    QStringList lines{titles};
    for (const CellRow& row : m_rows) {
        QStringList cells;
        for (const Cell& cell : row) {
            cells += cell.text;
        }
        lines += cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n'));
}

int CellTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CellTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant CellTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const Cell& cell = m_rows[static_cast<std::size_t>(index.row())][static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole:
        return cell.text;
    case Qt::ToolTipRole:
        return cell.tip.isEmpty() ? QVariant() : QVariant(plainToolTip(cell.tip));
    case Qt::TextAlignmentRole:
        return alignment(index.column());
    case Qt::ForegroundRole:
        return cell.alarm ? QVariant(problemColour(QGuiApplication::palette())) : QVariant();
    case Qt::FontRole:
        return cell.alarm ? QVariant(alarmFont()) : QVariant();
    case kOrder:
        return cell.order ? QVariant(*cell.order) : QVariant(cell.text);
    case kLine:
        return QVariant::fromValue(cell.line);
    default:
        return {};
    }
}

QVariant CellTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) {
        return {};
    }
    if (role == Qt::DisplayRole) {
        return m_columns[section];
    }
    if (role == Qt::TextAlignmentRole) {
        return alignment(section);
    }
    return {};
}

} // namespace app
