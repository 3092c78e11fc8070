// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QString>
#include <vector>

namespace app {

/// A chart's figures as numbers: what its table shows and its CSV file holds.
struct ChartTable {
    struct Column {
        QString name;               ///< with its unit
        QString unit;               ///< of the numbers: s, /s, B, events …; empty for a plain number
        std::vector<double> values; ///< one per row; NaN: not known
    };
    std::vector<Column> columns; ///< the first is what the rows are about, such as the time

    std::size_t rows() const { return columns.empty() ? 0 : columns.front().values.size(); }
};

/// RFC 4180 with a header; numbers whole and with a point, in the unit that the header names; empty where not known.
QByteArray toCsv(const ChartTable& table);

/// Shows a ChartTable. New content keeps the selection and the place as far as the rows go.
class ChartTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void setTable(ChartTable table);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    ChartTable m_table;
};

} // namespace app
