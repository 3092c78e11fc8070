// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/chart_marks.h"
#include "core/chart/palette.h"
#include "core/results/result_file.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What a report says, as a value. HTML, PDF and the window render this one value, so the words and the figures are the
/// same everywhere. Texts are plain: whoever renders them escapes them.
namespace core {

/// How a text is meant; its words say the same without a colour.
enum class Tone { Plain, Good, Bad, Doubtful, Faint };

struct ReportHeading {
    int level = 2; ///< 1: the report's name, once; 2: a section
    std::string text;
};

struct ReportVerdict {
    VerdictStatus status = VerdictStatus::Internal;
    std::string sentence; ///< begins with the verdict's sign
};

struct ReportParagraph {
    std::string text;
    Tone tone = Tone::Plain;
};

struct ReportColumn {
    std::string title;
    bool number = false; ///< right-aligned, in figures of one width
    std::string unit{};  ///< of its cells' values; empty: the title has it, or a count needs none
};

struct ReportCell {
    std::string text;
    Tone tone = Tone::Plain;
    std::string value{}; ///< of a number: it alone, in its column's unit, for programs; empty: not known
};

struct ReportTable {
    std::string name;  ///< for a file: "rules"; unique in a report
    std::string title; ///< empty where a heading says it
    std::vector<ReportColumn> columns;
    std::vector<std::vector<ReportCell>> rows; ///< each as wide as `columns`
    std::vector<ReportTable> data{};           ///< one that a file holds instead, where a column mixes units
};

/// Where a chart over time has what it shows, for those who ask what was at an instant.
struct ReportTimes {
    struct Series {
        std::string name, unit;
    };
    double from = 0, until = 0;     ///< seconds, from the plot's left to its right
    std::vector<double> at;         ///< the middle of each row of the data
    std::vector<Series> series;     ///< the columns of the data after the first; or else
    std::vector<std::string> words; ///< of each row, where its numbers do not speak for themselves
    std::vector<ChartMark> marks;
};

struct ReportChart {
    std::string name; ///< as a table's
    std::string title;
    std::string summary; ///< what is to be seen, for those who do not see it
    std::string svg;
    ReportTable data; ///< plain numbers; the first column is what the rows are about
    std::optional<ReportTimes> times{};
};

struct ReportPreformatted {
    std::string text;
};

using ReportBlock =
    std::variant<ReportHeading, ReportVerdict, ReportParagraph, ReportTable, ReportChart, ReportPreformatted>;

struct ReportDocument {
    std::string title; ///< of a window or a page, plain and on one line
    std::vector<ReportBlock> blocks;

    std::vector<const ReportChart*> charts() const;
    std::vector<const ReportTable*> tables() const; ///< without those of charts
};

/// The report on one run; the theme is that of its charts; `againstBaseline` is the line of that name (comparison.h) or
/// empty. Pure; takes some tenths of a second for a result with 1,800 intervals.
ReportDocument reportOf(const RunResult& result, Theme theme, const std::string& againstBaseline = {});

} // namespace core
