// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers of a report: as its readers see them, and as programs read them.
#include "core/report/report_sections.h"
#include "core/report/run_words.h"
#include "core/text/count_text.h"
#include "core/text/plain_number.h"

#include <fmt/format.h>

#include <utility>

namespace core {

ReportCell countCell(std::uint64_t count, Tone tone) {
    return {countText(count), tone, std::to_string(count)};
}

ReportCell latencyCell(std::optional<std::uint64_t> micros) {
    return {latencyText(micros), Tone::Plain, micros ? plainNumber(static_cast<double>(*micros) / 1e3) : ""};
}

ReportCell percentileCell(const LatencyHistogram& histogram, double percentile) {
    const bool enough = histogram.count() >= valuesNeeded(percentile);
    return latencyCell(enough ? histogram.percentile(percentile) : std::nullopt);
}

ReportCell secondsCell(double seconds) {
    return {fmt::format("{:.1f} s", seconds), Tone::Plain, plainNumber(seconds)};
}

ReportCell plainCell(double value, int decimals) {
    const std::string text = plainNumber(value, decimals);
    return {text, Tone::Plain, text};
}

ReportTable withPlace(ReportTable table, const RunResult& result) {
    if (onEmbeddedBroker(result)) {
        ReportTable file = table;
        file.columns.front().title += latencyPlace(result);
        table.data.push_back(std::move(file));
    }
    return table;
}

} // namespace core
