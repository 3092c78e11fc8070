// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/widgets/cell_table_model.h"

#include <QTableView>

namespace app {

/// A compact, read-only table over a CellTableModel that it owns: no grid, columns as wide as their texts, the first
/// one taking the rest; Ctrl+C copies all of it. `name` is its accessible name.
class FigureTable : public QTableView {
    Q_OBJECT

public:
    FigureTable(const QString& name, const QStringList& columns, QWidget* parent = nullptr);

    void setRows(std::vector<CellRow> rows);
    void setFigureColumns(std::vector<bool> figures); ///< as CellTableModel
    void setStretched(int column);                    ///< which column takes the rest of the width, if not the first
    void makeSortable();                              ///< by a click on a column's head; as given until then
    /// For a page that scrolls itself: as high as its rows, and each column as wide as its content. Where there is not
    /// room for that, the widest column of texts wraps; where figures alone are too wide, the table scrolls.
    void showWhole();
    const CellTableModel& cells() const { return *m_model; }

Q_SIGNALS:
    void rowChosen(int row); ///< of the rows as given: clicked, or Enter pressed on it

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fit();

    CellTableModel* m_model;
    bool m_whole = false;
};

} // namespace app
