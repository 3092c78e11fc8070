// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/logs/log_rows_csv.h"

#include "core/format/timestamp_text.h"
#include "core/text/csv_text.h"

#include <array>

namespace app {

namespace {

std::string rfcText(core::TimestampText& writer, const std::optional<core::WallTime>& time) {
    std::array<char, core::TimestampText::kLength> text{};
    return time ? std::string(text.data(), writer.write(text.data(), *time)) : std::string();
}

} // namespace

std::string csvOf(std::span<const core::LogRow> rows) {
    core::TimestampText timestamps, processed;
    std::string csv = "timestamp,level,source,trace_id,id,processed_at,message_cut,message\r\n";
    for (const core::LogRow& row : rows) {
        for (const std::string& text :
             {rfcText(timestamps, row.timestamp), row.level, row.source, row.traceId, row.id.text(),
              rfcText(processed, row.processedAt), std::string(row.cut ? "1" : "0")}) {
            csv += core::csvCell(text) + ",";
        }
        csv += core::csvCell(row.message) + "\r\n";
    }
    return csv;
}

} // namespace app
