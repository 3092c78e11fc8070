// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/report/report_view.h"

#include "app/desktop/widgets/figure_table.h"
#include "app/desktop/widgets/page_colours.h"

#include <QFontDatabase>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSvgRenderer>
#include <QSvgWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace app {

namespace {

constexpr int kTextWidth = 1'100; // pixels: longer lines are hard to read

QLabel* label(const QString& words, QWidget* parent) {
    auto* const created = new QLabel(words, parent);
    created->setTextFormat(Qt::PlainText); // names and messages come from files and servers
    created->setWordWrap(true);
    created->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return created;
}

void enlarge(QLabel& label, double factor) {
    QFont font = label.font();
    font.setPointSizeF(font.pointSizeF() * factor);
    font.setBold(true);
    label.setFont(font);
}

void colour(QLabel& label, core::Tone tone) {
    QPalette palette = label.palette();
    if (tone == core::Tone::Bad) {
        palette.setColor(QPalette::WindowText, problemColour(QGuiApplication::palette()));
    } else if (tone == core::Tone::Faint) {
        palette.setColor(QPalette::WindowText, faintColour(palette));
    }
    label.setPalette(palette);
}

FigureTable* tableOf(const core::ReportTable& table, QWidget* parent) {
    QStringList titles;
    std::vector<bool> figures;
    for (const core::ReportColumn& column : table.columns) {
        titles += QString::fromStdString(column.title);
        figures.push_back(column.number);
    }
    auto* const view =
        new FigureTable(QString::fromStdString(table.title.empty() ? table.name : table.title), titles, parent);
    view->setFigureColumns(std::move(figures));
    std::vector<CellRow> rows;
    for (const auto& from : table.rows) {
        CellRow row;
        for (const core::ReportCell& cell : from) {
            row.push_back(
                {QString::fromStdString(cell.text), QString::fromStdString(cell.text), cell.tone == core::Tone::Bad});
        }
        rows.push_back(std::move(row));
    }
    view->setRows(std::move(rows));
    return view;
}

QSvgWidget* pictureOf(const core::ReportChart& chart) {
    auto* const picture = new QSvgWidget;
    picture->load(QByteArray::fromStdString(chart.svg));
    picture->setAccessibleName(QString::fromStdString(chart.title));
    picture->setAccessibleDescription(QString::fromStdString(chart.summary));
    picture->setToolTip(QString::fromStdString(chart.summary).toHtmlEscaped());
    picture->setFixedSize(picture->renderer()->defaultSize());
    return picture;
}

} // namespace

ReportView::ReportView(QWidget* parent) : QScrollArea(parent) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus); // the arrow keys scroll
    setAccessibleName(tr("Report"));
}

void ReportView::show(std::shared_ptr<const core::ReportDocument> document) {
    m_document = std::move(document);
    auto* const page = new QWidget;
    m_column = new QVBoxLayout(page);
    m_column->setContentsMargins(16, 12, 16, 16);
    if (m_document) {
        for (const core::ReportBlock& block : m_document->blocks) {
            std::visit([this](const auto& each) { add(each); }, block);
        }
    }
    m_column->addStretch();
    page->setMaximumWidth(kTextWidth);
    setWidget(page); // deletes the former one
}

void ReportView::add(const core::ReportHeading& heading) {
    QLabel* const created = label(QString::fromStdString(heading.text), nullptr);
    enlarge(*created, heading.level == 1 ? 1.5 : 1.15);
    created->setContentsMargins(0, heading.level == 1 ? 0 : 12, 0, 2);
    m_column->addWidget(created);
}

void ReportView::add(const core::ReportVerdict& verdict) {
    QLabel* const created = label(QString::fromStdString(verdict.sentence), nullptr);
    enlarge(*created, 1.2);
    created->setObjectName(QStringLiteral("verdict"));
    colour(*created, verdict.status == core::VerdictStatus::Passed ? core::Tone::Plain : core::Tone::Bad);
    m_column->addWidget(created);
}

void ReportView::add(const core::ReportParagraph& paragraph) {
    QLabel* const created = label(QString::fromStdString(paragraph.text), nullptr);
    colour(*created, paragraph.tone);
    m_column->addWidget(created);
}

void ReportView::add(const core::ReportTable& table) {
    if (!table.title.empty()) {
        m_column->addWidget(label(QString::fromStdString(table.title), nullptr));
    }
    FigureTable* const view = tableOf(table, nullptr);
    view->showAllRows();
    m_column->addWidget(view);
}

/// The picture, or what it shows as a table.
void ReportView::add(const core::ReportChart& chart) {
    auto* const picture = pictureOf(chart);
    FigureTable* const table = tableOf(chart.data, nullptr);
    table->setFixedHeight(picture->height());
    table->hide();
    QMenu* const menu = addChartMenu(chart);
    QAction* const asTable = menu->addAction(tr("Show as &table"));
    asTable->setCheckable(true);
    connect(asTable, &QAction::toggled, picture, [picture, table](bool on) {
        picture->setVisible(!on);
        table->setVisible(on);
    });
    for (const char* format : {"png", "svg", "csv"}) {
        const QString kind = QString::fromLatin1(format);
        menu->addAction(tr("Save as %1…").arg(kind.toUpper()), this,
                        [this, name = QString::fromStdString(chart.name), kind] { Q_EMIT chartWanted(name, kind); });
    }
    m_column->addWidget(picture);
    m_column->addWidget(table);
}

QMenu* ReportView::addChartMenu(const core::ReportChart& chart) {
    auto* const button = new QToolButton;
    button->setText(tr("Table, save…"));
    button->setToolTip(tr("Show this chart as a table, or save it."));
    button->setAccessibleName(tr("What to do with the chart '%1'").arg(QString::fromStdString(chart.title)));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    auto* const menu = new QMenu(button);
    button->setMenu(menu);
    m_column->addWidget(button, 0, Qt::AlignLeft);
    return menu;
}

void ReportView::add(const core::ReportPreformatted& content) {
    auto* const created = new QPlainTextEdit(QString::fromStdString(content.text));
    created->setReadOnly(true);
    created->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    created->setLineWrapMode(QPlainTextEdit::NoWrap);
    created->setTabChangesFocus(true);
    created->setAccessibleName(tr("Scenario of the run"));
    created->setFixedHeight(300);
    m_column->addWidget(created);
}

} // namespace app
