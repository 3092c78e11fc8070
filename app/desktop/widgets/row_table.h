// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace app {

/// A table of rows of which one is chosen, to be read beside it: flat, striped, a line each, the last column as wide as
/// is left. The model outlives it.
QTableView* rowTable(const QString& objectName, QAbstractItemModel& model, QWidget* parent);
/// A column as wide as the sample.
void fitColumn(QTableView& table, int column, const char* sample);

} // namespace app
