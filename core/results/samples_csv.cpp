// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/results/result_file.h"
#include "core/text/csv_text.h"

#include <fmt/format.h>

#include <array>

namespace core {

namespace {

constexpr std::array<std::pair<std::string_view, double>, 3> kPercentiles{{{"p50", 50}, {"p99", 99}, {"p99.9", 99.9}}};

std::vector<std::string> header() {
    std::vector<std::string> cells{"from_s",    "until_s", "target_per_s", "planned",       "sent",
                                   "unsent",    "shed",    "acked",        "failed",        "in_doubt",
                                   "polled",    "stored",  "duplicate",    "dead_lettered", "foreign",
                                   "abandoned", "backlog", "process_cpu",  "machine_cpu",   "resident_bytes"};
    for (const auto metric : kMetrics) {
        cells.push_back(fmt::format("{}_count", nameOf(metric)));
        for (const auto& percentile : kPercentiles) {
            cells.push_back(fmt::format("{}_{}_ms", nameOf(metric), percentile.first));
        }
        cells.push_back(fmt::format("{}_max_ms", nameOf(metric)));
    }
    return cells;
}

std::string millis(std::optional<std::uint64_t> micros) {
    return micros ? fmt::format("{:.3f}", static_cast<double>(*micros) / 1'000) : std::string();
}

std::vector<std::string> row(const Sample& sample) {
    std::vector<std::string> cells{fmt::format("{:.3f}", sample.from), fmt::format("{:.3f}", sample.until),
                                   fmt::format("{:.3f}", sample.target)};
    const auto& producer = sample.producer;
    const auto& consumer = sample.consumer;
    for (const auto count : {producer.planned, producer.sent, producer.unsent, producer.shed, producer.acked,
                             producer.failed, producer.inDoubt, consumer.polled, consumer.stored, consumer.duplicate(),
                             consumer.deadLettered, consumer.foreign, consumer.abandoned, sample.backlog}) {
        cells.push_back(std::to_string(count));
    }
    cells.push_back(fmt::format("{:.3f}", sample.processCpu));
    cells.push_back(fmt::format("{:.3f}", sample.machineCpu));
    cells.push_back(std::to_string(sample.residentSet.count));
    for (const auto& histogram : sample.latency.unpack()) {
        cells.push_back(std::to_string(histogram.count()));
        for (const auto& [name, percentile] : kPercentiles) {
            const bool enough = histogram.count() >= valuesNeeded(percentile);
            cells.push_back(millis(enough ? histogram.percentile(percentile) : std::nullopt));
        }
        cells.push_back(millis(histogram.max()));
    }
    return cells;
}

void appendLine(const std::vector<std::string>& cells, std::string& out) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        out += i == 0 ? "" : ",";
        out += csvCell(cells[i]);
    }
    out += "\r\n";
}

} // namespace

std::string toCsv(const std::vector<Sample>& samples) {
    std::string out;
    appendLine(header(), out);
    for (const auto& sample : samples) {
        appendLine(row(sample), out);
    }
    return out;
}

} // namespace core
