// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/export/pdf_report.h"

#include "app/desktop/export/chart_object.h"

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QPdfWriter>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextTable>

namespace app {
namespace {

using core::Tone;

constexpr double kBody = 9, kSmall = 8, kSmallest = 6.5; // points
constexpr std::size_t kManyColumns = 9;                  // that fit only in the smallest

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

QColor colourOf(Tone tone) {
    const core::Surface surface = core::surfaceOf(core::Theme::Light);
    const auto colour = [](std::string_view name) {
        return QColor(QLatin1String(name.data(), static_cast<qsizetype>(name.size())));
    };
    switch (tone) {
    case Tone::Plain:
        return colour(surface.text);
    case Tone::Good:
        return colour(surface.passed);
    case Tone::Bad:
    case Tone::Doubtful:
        return colour(surface.failed);
    case Tone::Faint:
        return colour(surface.faint);
    }
    return {};
}

QTextCharFormat letters(double size, Tone tone = Tone::Plain, bool bold = false) {
    QTextCharFormat format;
    format.setFontPointSize(size);
    format.setFontWeight(bold ? QFont::Bold : QFont::Normal);
    format.setForeground(colourOf(tone));
    return format;
}

QTextBlockFormat spaced(double above, double below) {
    QTextBlockFormat format;
    format.setTopMargin(above);
    format.setBottomMargin(below);
    return format;
}

/// Writes the blocks into a text document, one after the other. Texts go in as plain text.
class PdfWriter {
public:
    explicit PdfWriter(QTextDocument& document) : m_cursor(&document) {}

    void operator()(const core::ReportHeading& heading) {
        const bool title = heading.level == 1;
        paragraph(heading.text, letters(title ? 16 : 11.5, Tone::Plain, true), spaced(title ? 0 : 14, 4));
    }
    void operator()(const core::ReportVerdict& verdict) {
        const bool passed = verdict.status == core::VerdictStatus::Passed;
        paragraph(verdict.sentence, letters(11, passed ? Tone::Good : Tone::Bad, true), spaced(2, 6));
    }
    void operator()(const core::ReportParagraph& text) {
        paragraph(text.text, letters(kBody, text.tone), spaced(1, 2));
    }
    void operator()(const core::ReportTable& table) {
        const double size = table.columns.size() >= kManyColumns ? kSmallest : kSmall;
        QTextTable* const cells = insertTable(table);
        for (std::size_t column = 0; column < table.columns.size(); ++column) {
            fill(*cells, 0, column, table.columns[column].title, table.columns[column].number,
                 letters(size, Tone::Plain, true));
            for (std::size_t row = 0; row < table.rows.size(); ++row) {
                fill(*cells, row + 1, column, table.rows[row][column].text, table.columns[column].number,
                     letters(size, table.rows[row][column].tone));
            }
        }
        m_cursor.movePosition(QTextCursor::End);
    }
    void operator()(const core::ReportChart& chart) {
        startBlock(spaced(4, 0));
        m_cursor.insertText(QString(QChar::ObjectReplacementCharacter),
                            ChartObject::formatOf(QByteArray::fromStdString(chart.svg)));
        paragraph(chart.summary, letters(kSmall, Tone::Faint), spaced(0, 6));
    }
    void operator()(const core::ReportPreformatted& text) {
        QTextCharFormat format = letters(kSmall - 1);
        format.setFontFamilies({QStringLiteral("DejaVu Sans Mono"), QStringLiteral("monospace")});
        format.setFontFixedPitch(true);
        for (const QString& line : textOf(text.text).split(QLatin1Char('\n'))) {
            startBlock(spaced(0, 0));
            m_cursor.insertText(line, format);
        }
    }

private:
    void startBlock(const QTextBlockFormat& format) {
        if (m_first) { // a new document has one already
            m_cursor.setBlockFormat(format);
        } else {
            m_cursor.insertBlock(format);
        }
        m_first = false;
    }

    void paragraph(const std::string& text, const QTextCharFormat& format, const QTextBlockFormat& block) {
        startBlock(block);
        m_cursor.insertText(textOf(text).replace(QLatin1Char('\n'), QLatin1Char(' ')), format);
    }

    QTextTable* insertTable(const core::ReportTable& table) {
        startBlock(spaced(0, 0));
        QTextTableFormat format;
        format.setHeaderRowCount(1);
        format.setBorder(0.5);
        format.setBorderBrush(QColor(0xde, 0xde, 0xde));
        format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
        format.setBorderCollapse(true);
        format.setCellPadding(2.5);
        format.setCellSpacing(0);
        return m_cursor.insertTable(static_cast<int>(table.rows.size()) + 1, static_cast<int>(table.columns.size()),
                                    format);
    }

    static void fill(QTextTable& table, std::size_t row, std::size_t column, const std::string& text, bool number,
                     const QTextCharFormat& format) {
        QTextCursor cell = table.cellAt(static_cast<int>(row), static_cast<int>(column)).firstCursorPosition();
        QTextBlockFormat block;
        block.setAlignment(number ? Qt::AlignRight : Qt::AlignLeft);
        cell.setBlockFormat(block);
        cell.insertText(textOf(text).replace(QLatin1Char('\n'), QLatin1Char(' ')), format);
    }

    QTextCursor m_cursor;
    bool m_first = true;
};

} // namespace

QByteArray pdfReport(const core::ReportDocument& document) {
    QTextDocument text;
    text.setDefaultFont(QFont(QStringLiteral("DejaVu Sans"), static_cast<int>(kBody)));
    text.setUndoRedoEnabled(false);
    PdfWriter write(text);
    for (const core::ReportBlock& block : document.blocks) {
        std::visit(write, block);
    }
    // The layout comes into being only here: before, each of a table's cells would be laid out anew with the next one.
    ChartObject charts;
    text.documentLayout()->registerHandler(ChartObject::kType, &charts);

    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter pdf(&buffer);
    pdf.setPageSize(QPageSize(QPageSize::A4));
    pdf.setPageMargins(QMarginsF(0, 0, 0, 0)); // print() leaves margins of its own
    pdf.setTitle(textOf(document.title));
    pdf.setCreator(QStringLiteral("Millrace"));
    text.print(&pdf);
    return bytes;
}

} // namespace app
