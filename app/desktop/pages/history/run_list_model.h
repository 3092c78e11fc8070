// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/archive/result_catalogue.h"

#include <QAbstractTableModel>
#include <vector>

namespace app {

/// What became of a run and where it lies, for a tool tip.
QString runTip(const services::CatalogueEntry& run);

/// The runs of a results folder, a row each. A run that cannot be read stands there with the reason.
class RunListModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Started, Name, Verdict, Stored, P99, Length, Size, Tags, ColumnCount };
    static constexpr int kSortRole = Qt::UserRole; ///< a value that sorts as the figure does

    using QAbstractTableModel::QAbstractTableModel;

    void setRuns(std::vector<services::CatalogueEntry> runs);
    const std::vector<services::CatalogueEntry>& runs() const { return m_runs; }
    const services::CatalogueEntry& run(int row) const { return m_runs[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<services::CatalogueEntry> m_runs;
};

} // namespace app
