// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/figure_table.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScrollBar>
#include <QSortFilterProxyModel>
#include <algorithm>
#include <vector>

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

void FigureTable::showWhole() {
    m_whole = true;
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    fit();
}

void FigureTable::fit() {
    constexpr int kLeastText = 160, kBetween = 10; // pixels
    setWordWrap(false);                            // widths are those of whole lines
    const int columns = m_model->columnCount();
    std::vector<int> widths;
    int whole = 0, widest = -1;
    for (int column = 0; column < columns; ++column) {
        widths.push_back(std::max(sizeHintForColumn(column), horizontalHeader()->sectionSizeHint(column)) + 1);
        whole += widths.back();
        const bool isWider = widest < 0 || widths.back() > widths[static_cast<std::size_t>(widest)];
        widest = !m_model->isFigures(column) && isWider ? column : widest;
    }
    setMaximumWidth(whole + columns * kBetween + 2 * frameWidth());
    const int room = viewport()->width() - whole;
    const int between = std::clamp(room / columns, 0, kBetween);
    for (int column = 0; column < columns; ++column) {
        setColumnWidth(column, widths[static_cast<std::size_t>(column)] + between);
    }
    const int spare = widest < 0 ? 0 : std::clamp(columnWidth(widest) - kLeastText, 0, std::max(-room, 0));
    if (spare > 0) {
        setWordWrap(true);
        setColumnWidth(widest, columnWidth(widest) - spare);
    }
    resizeRowsToContents();
    const int scrollBar = -room > spare ? horizontalScrollBar()->sizeHint().height() : 0;
    setFixedHeight(horizontalHeader()->sizeHint().height() + verticalHeader()->length() + scrollBar);
}

void FigureTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    if (m_whole && event->size().width() != event->oldSize().width()) {
        fit();
    }
}

void FigureTable::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (m_whole && event->type() == QEvent::FontChange) {
        fit();
    }
}

void FigureTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(m_model->asText());
        return;
    }
    QTableView::keyPressEvent(event);
}

} // namespace app
