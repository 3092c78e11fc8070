// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/markdown_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace core {

namespace {

constexpr std::array<std::string_view, 5> kTables{"rules", "ledger", "latencies", "runs", "figures"};

/// What Markdown or HTML would read as its own stands as it is.
std::string markdownText(std::string_view text) {
    std::string escaped;
    for (const char letter : text) {
        if (std::string_view("\\`*_[]<>|#~&").find(letter) != std::string_view::npos) {
            escaped += '\\';
        }
        escaped += letter == '\n' || letter == '\r' ? ' ' : letter;
    }
    return escaped;
}

struct MarkdownWriter {
    std::string out{};
    const ReportHeading* section = nullptr; // that has not been written, since nothing of it has

    void operator()(const ReportHeading& heading) {
        section = &heading;
        if (heading.level == 1) {
            writeSection();
        }
    }
    void operator()(const ReportVerdict& verdict) { out += fmt::format("**{}**\n\n", markdownText(verdict.sentence)); }
    void operator()(const ReportParagraph& paragraph) {
        writeSection();
        out += markdownText(paragraph.text) + "\n\n";
    }
    void operator()(const ReportTable& table) {
        if (std::ranges::find(kTables, table.name) == kTables.end()) {
            return;
        }
        writeSection();
        std::string rule;
        for (const ReportColumn& column : table.columns) {
            out += "| " + markdownText(column.title) + " ";
            rule += column.number ? "| ---: " : "| --- ";
        }
        out += "|\n" + rule + "|\n";
        for (const auto& row : table.rows) {
            for (const ReportCell& cell : row) {
                out += "| " + markdownText(cell.text) + " ";
            }
            out += "|\n";
        }
        out += "\n";
    }
    void operator()(const ReportChart& /*chart*/) {}
    void operator()(const ReportPreformatted& /*text*/) {}

    void writeSection() {
        if (section != nullptr) {
            out += fmt::format("{} {}\n\n", section->level == 1 ? "##" : "###", markdownText(section->text));
            section = nullptr;
        }
    }
};

} // namespace

std::string markdownReport(const ReportDocument& document) {
    MarkdownWriter writer;
    for (const ReportBlock& block : document.blocks) {
        std::visit(writer, block);
    }
    writer.out.pop_back(); // the last empty line
    return std::move(writer.out);
}

} // namespace core
