// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/table_csv.h"

#include "core/text/csv_text.h"

namespace core {

std::string tableCsv(const ReportTable& table) {
    if (!table.data.empty()) {
        return tableCsv(table.data.front());
    }
    std::string csv;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const ReportColumn& column = table.columns[i];
        csv += (i == 0 ? "" : ",") + csvCell(column.title + (column.unit.empty() ? "" : " (" + column.unit + ")"));
    }
    csv += "\r\n";
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            csv += (i == 0 ? "" : ",") + csvCell(table.columns[i].number ? row[i].value : row[i].text);
        }
        csv += "\r\n";
    }
    return csv;
}

} // namespace core
