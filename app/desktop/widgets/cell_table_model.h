// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

namespace app {

/// One cell: what is shown, what its tool tip says, and whether it calls for attention.
struct Cell {
    QString text;
    QString tip{};
    bool alarm = false;
    std::optional<double> order{}; ///< by what it is sorted; nothing: by its text
    std::vector<double> line{};    ///< painted instead of the text (SparkLine), the newest last

    bool operator==(const Cell&) const = default;
};
using CellRow = std::vector<Cell>;

/// A table of texts that is given anew as often as figures change. Only what differs is announced, so that a view keeps
/// its selection and repaints little. Texts are left-aligned, figures right-aligned.
class CellTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Role { kOrder = Qt::UserRole, kLine };

    explicit CellTableModel(QStringList columns, QObject* parent = nullptr);

    void setFigureColumns(std::vector<bool> figures); ///< which columns are figures, if not all but the first
    void setRows(std::vector<CellRow> rows);          ///< each as long as the columns
    bool isFigures(int column) const { return m_figures[static_cast<std::size_t>(column)]; }
    QString asText() const; ///< tabs and lines, for the clipboard

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void resize(std::size_t rows);
    QVariant alignment(int column) const;

    QStringList m_columns;
    std::vector<CellRow> m_rows;
    std::vector<bool> m_figures; // by column
};

} // namespace app
