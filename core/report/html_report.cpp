// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/html_report.h"

#include "core/report/html_script.h"
#include "core/report/html_style.h"
#include "core/report/times_json.h"
#include "core/text/markup_text.h"

#include <fmt/format.h>

namespace core {
namespace {

/// A chart's data stands in the page only where somebody would read it; the CSV export has all of it.
constexpr std::size_t kMostDataRows = 200, kMostDataColumns = 16;

std::string_view classOf(Tone tone) {
    switch (tone) {
    case Tone::Plain:
        return "";
    case Tone::Good:
        return "good";
    case Tone::Bad:
        return "bad";
    case Tone::Doubtful:
        return "doubtful";
    case Tone::Faint:
        return "faint";
    }
    return "";
}

std::string classes(std::string_view first, std::string_view second = {}) {
    if (first.empty() && second.empty()) {
        return "";
    }
    return fmt::format(" class=\"{}{}{}\"", first, first.empty() || second.empty() ? "" : " ", second);
}

/// Writes the blocks one after the other.
class HtmlWriter {
public:
    explicit HtmlWriter(std::string& out) : m_out(out) {}

    void operator()(const ReportHeading& heading) {
        m_out += fmt::format("<h{0}>{1}</h{0}>\n", heading.level, markupText(heading.text));
    }

    void operator()(const ReportVerdict& verdict) {
        const bool passed = verdict.status == VerdictStatus::Passed;
        m_out += fmt::format("<p{}><strong>{}</strong></p>\n", classes("verdict", passed ? "good" : ""),
                             markupText(verdict.sentence));
    }

    void operator()(const ReportParagraph& paragraph) {
        m_out += fmt::format("<p{}>{}</p>\n", classes(classOf(paragraph.tone)), markupText(paragraph.text));
    }

    void operator()(const ReportTable& table) {
        m_out += "<table>\n";
        if (!table.title.empty()) {
            m_out += fmt::format("<caption>{}</caption>\n", markupText(table.title));
        }
        m_out += "<thead><tr>";
        for (const ReportColumn& column : table.columns) {
            m_out += fmt::format("<th scope=\"col\"{}>{}</th>", classes(column.number ? "number" : ""),
                                 markupText(column.title));
        }
        m_out += "</tr></thead>\n<tbody>\n";
        for (const auto& row : table.rows) {
            writeRow(table, row);
        }
        m_out += "</tbody></table>\n";
    }

    void operator()(const ReportChart& chart) {
        const std::string times = chart.times ? markupText(timesJson(*chart.times, chart.data)) : "";
        m_out += fmt::format("<figure{}>\n{}<figcaption>{}</figcaption>\n",
                             chart.times ? fmt::format(" data-times=\"{}\"", times) : "", chart.svg,
                             markupText(chart.summary));
        const ReportTable& data = chart.data;
        if (!data.rows.empty() && data.rows.size() <= kMostDataRows && data.columns.size() <= kMostDataColumns) {
            m_out += "<details><summary>As a table</summary>\n";
            (*this)(data);
            m_out += "</details>\n";
        }
        m_out += "</figure>\n";
    }

    void operator()(const ReportPreformatted& text) { m_out += fmt::format("<pre>{}</pre>\n", markupText(text.text)); }

private:
    void writeRow(const ReportTable& table, const std::vector<ReportCell>& row) {
        m_out += "<tr>";
        for (std::size_t i = 0; i < row.size(); ++i) {
            m_out +=
                fmt::format("<td{}>{}</td>", classes(table.columns[i].number ? "number" : "", classOf(row[i].tone)),
                            markupText(row[i].text));
        }
        m_out += "</tr>\n";
    }

    std::string& m_out;
};

} // namespace

std::string htmlReport(const ReportDocument& document) {
    std::string html = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; script-src '{}'; "
        "base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n",
        kHtmlStyleHash, kHtmlScriptHash, markupText(document.title), kHtmlStyle);
    HtmlWriter writer(html);
    for (const ReportBlock& block : document.blocks) {
        std::visit(writer, block);
    }
    html += fmt::format("<footer>Written by Millrace.</footer>\n<script>{}</script>\n</body>\n</html>\n", kHtmlScript);
    return html;
}

} // namespace core
