// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/search.h"

#include <QAbstractTableModel>
#include <vector>

namespace app {

/// The rows that a search has found so far, the newest first. Memory is bounded: full() says that no more are taken.
class LogRowsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Time, Level, Source, Message, ColumnCount };

    static constexpr std::size_t kMostRows = 10'000;
    static constexpr std::size_t kMostBytes = std::size_t{64} << 20U; ///< of messages

    using QAbstractTableModel::QAbstractTableModel;

    void clear();
    void append(const std::vector<core::LogRow>& rows);  ///< those that there is room for
    void replace(const std::vector<core::LogRow>& rows); ///< as clear() and append(); the same rows change nothing
    const std::vector<core::LogRow>& rows() const { return m_rows; }
    bool isFull() const { return m_rows.size() >= kMostRows || m_bytes >= kMostBytes; }
    const core::LogRow& at(int row) const { return m_rows[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<core::LogRow> m_rows;
    std::size_t m_bytes = 0;
};

/// Local time to the millisecond, as 2027-01-15 09:00:00.000; a dash where it is not known.
QString timeText(const std::optional<core::WallTime>& time);

} // namespace app
