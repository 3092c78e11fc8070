// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/figure_table.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScrollBar>
#include <QSortFilterProxyModel>

namespace app {

FigureTable::FigureTable(const QString& name, const QStringList& columns, QWidget* parent)
    : QTableView(parent), m_model(new CellTableModel(columns, this)) {
    setModel(m_model);
    setAccessibleName(name);
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setTabKeyNavigation(false); // Tab leaves the table
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setWordWrap(false);
    verticalHeader()->hide();
    verticalHeader()->setMinimumSectionSize(fontMetrics().height() + 4);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 4);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
}

void FigureTable::setRows(std::vector<CellRow> rows) {
    m_model->setRows(std::move(rows));
}

void FigureTable::setFigureColumns(std::vector<bool> figures) {
    m_model->setFigureColumns(std::move(figures));
}

void FigureTable::setStretched(int column) {
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);
}

void FigureTable::makeSortable() {
    auto* const sorted = new QSortFilterProxyModel(this);
    sorted->setSourceModel(m_model);
    sorted->setSortRole(CellTableModel::kOrder);
    setModel(sorted);
    horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    setSortingEnabled(true);
    const auto choose = [this, sorted](const QModelIndex& index) {
        Q_EMIT rowChosen(sorted->mapToSource(index).row());
    };
    connect(this, &QTableView::clicked, this, choose);
    connect(this, &QTableView::activated, this, choose);
}

void FigureTable::showAllRows() {
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    const int rows = m_model->rowCount() * verticalHeader()->defaultSectionSize();
    const int scrollBar = horizontalScrollBar()->sizeHint().height(); // in case that a text is too long
    setFixedHeight(horizontalHeader()->sizeHint().height() + rows + scrollBar);
}

void FigureTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(m_model->asText());
        return;
    }
    QTableView::keyPressEvent(event);
}

} // namespace app
