// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/row_table.h"

#include <QHeaderView>

namespace app {

QTableView* rowTable(const QString& objectName, QAbstractItemModel& model, QWidget* parent) {
    constexpr int kPadding = 6;
    auto* table = new QTableView(parent);
    table->setObjectName(objectName);
    table->setModel(&model);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setTabKeyNavigation(false);
    table->setWordWrap(false);
    table->setShowGrid(false);
    table->setAlternatingRowColors(true);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + kPadding);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    return table;
}

void fitColumn(QTableView& table, int column, const char* sample) {
    table.setColumnWidth(column, table.fontMetrics().horizontalAdvance(QLatin1String(sample)));
}

} // namespace app
