// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/run_summary.h"
#include "app/desktop/pages/report/report_page.h"
#include "app/desktop/widgets/figure_table.h"

#include <QLocale>
#include <QProcess>
#include <QRegularExpression>
#include <QString>
#include <algorithm>
#include <array>
#include <optional>

/// The figures of a run as somebody tells them, read back from what is shown: rows of cells, and the words in between.
struct Told {
    QList<QStringList> rows;
    QString words; ///< everything, with single spaces

    /// A count stands right behind its name.
    bool counts(const QString& name, qlonglong count) const {
        const QString figure = QLocale(QLocale::English).toString(count);
        return std::ranges::any_of(rows, [&](const QStringList& row) {
            const qsizetype at = row.indexOf(name);
            return at >= 0 && row.value(at + 1) == figure;
        });
    }

    /// Milliseconds in the row `name` under the heading `column`.
    std::optional<double> millis(const QString& name, const QString& column) const {
        const auto head = std::ranges::find_if(rows, [&](const QStringList& row) { return row.contains(column); });
        const auto row = std::find_if(head, rows.end(), [&](const QStringList& each) { return each.value(0) == name; });
        if (row == rows.end()) {
            return std::nullopt;
        }
        // The terminal leaves the heading of the names empty.
        const qsizetype shift = row->size() - head->size();
        const QStringList figure = row->value(head->indexOf(column) + shift).split(QLatin1Char(' '));
        constexpr std::array kUnits{std::pair{"µs", 1e-3}, std::pair{"ms", 1.0}, std::pair{"s", 1e3}};
        for (const auto& [unit, factor] : kUnits) {
            if (figure.value(1) == QString::fromUtf8(unit)) {
                return figure.value(0).toDouble() * factor;
            }
        }
        return std::nullopt;
    }
};

inline Told toldBy(const QString& words, const QList<QStringList>& rows) {
    return {rows, words.simplified()};
}

inline Told toldByPage(const app::ReportPage& page, const QString& verdict) {
    QList<QStringList> rows;
    for (const auto* table : page.findChildren<app::FigureTable*>()) {
        for (const QString& line : table->cells().asText().split(QLatin1Char('\n'))) {
            rows += line.split(QLatin1Char('\t'));
        }
    }
    return toldBy(verdict, rows);
}

inline Told toldByTerminal(const core::RunResult& result) {
    const QString text = QString::fromStdString(app::summaryText(result, {}, {}));
    static const QRegularExpression gap(QStringLiteral("\\s{2,}"));
    QList<QStringList> rows;
    for (const QString& line : text.split(QLatin1Char('\n'))) {
        rows += line.split(gap, Qt::SkipEmptyParts);
    }
    return toldBy(text, rows);
}

/// By a parser that is not ours.
inline Told toldByHtml(const QString& file) {
    QProcess python;
    python.start(QStringLiteral("python3"), {QStringLiteral("-c"), QStringLiteral(R"(
import sys
from html.parser import HTMLParser
class Rows(HTMLParser):
    row, cell, words = None, None, ''
    def handle_starttag(self, tag, attributes):
        if tag == 'tr': self.row = []
        if tag in ('td', 'th'): self.cell = ''
    def handle_data(self, data):
        self.words += data
        if self.cell is not None: self.cell += data
    def handle_endtag(self, tag):
        if tag in ('td', 'th') and self.row is not None:
            self.row.append(self.cell.strip()); self.cell = None
        if tag == 'tr': print('\t'.join(self.row))
rows = Rows(convert_charrefs=True)
sys.stdout.reconfigure(encoding='utf-8')
rows.feed(open(sys.argv[1], encoding='utf-8').read())
print(' '.join(rows.words.split()))
)"),
                                             file});
    if (!python.waitForFinished()) {
        return {};
    }
    QStringList lines = QString::fromUtf8(python.readAllStandardOutput()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    const QString words = lines.isEmpty() ? QString() : lines.takeLast();
    QList<QStringList> rows;
    for (const QString& line : lines) {
        rows += line.split(QLatin1Char('\t'));
    }
    return toldBy(words, rows);
}
