// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/report/report_view.h"

#include "app/desktop/charts/histogram_chart.h"
#include "app/desktop/charts/percentile_chart.h"
#include "app/desktop/charts/run_charts.h"
#include "app/desktop/widgets/figure_table.h"
#include "app/desktop/widgets/page_colours.h"
#include "core/report/run_words.h"

#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSvgRenderer>
#include <QSvgWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace app {

namespace {

constexpr int kTextWidth = 1'100; // pixels: longer lines are hard to read
constexpr int kChartHeight = 280; // pixels

QLabel* label(const QString& words, QWidget* parent) {
    auto* const created = new QLabel(words, parent);
    created->setTextFormat(Qt::PlainText); // names and messages come from files and servers
    created->setWordWrap(true);
    created->setMaximumWidth(kTextWidth);
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

/// A title that is longer than the figures below it takes no more room than its longest word.
QString onTwoLines(QString title) {
    constexpr qsizetype kShort = 9;
    if (const qsizetype space = title.lastIndexOf(QLatin1Char(' ')); title.size() > kShort && space >= 0) {
        return title.replace(space, 1, QLatin1Char('\n'));
    }
    const qsizetype hyphen = title.lastIndexOf(QLatin1Char('-'));
    return title.size() > kShort && hyphen >= 0 ? title.insert(hyphen + 1, QLatin1Char('\n')) : title;
}

FigureTable* tableOf(const core::ReportTable& table, QWidget* parent) {
    QStringList titles;
    std::vector<bool> figures;
    for (const core::ReportColumn& column : table.columns) {
        titles +=
            column.number ? onTwoLines(QString::fromStdString(column.title)) : QString::fromStdString(column.title);
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
    picture->renderer()->setAspectRatioMode(Qt::KeepAspectRatio);
    picture->setMaximumWidth(picture->renderer()->defaultSize().width());
    picture->setFixedHeight(picture->renderer()->defaultSize().height());
    picture->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    return picture;
}

} // namespace

ReportView::ReportView(QWidget* parent) : QScrollArea(parent) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus); // the arrow keys scroll
    setAccessibleName(tr("Report"));
}

void ReportView::show(std::shared_ptr<const core::ReportDocument> document, ReportedRun run) {
    m_document = std::move(document);
    m_run = std::move(run);
    auto* const page = new QWidget;
    m_column = new QVBoxLayout(page);
    m_column->setContentsMargins(16, 12, 16, 16);
    if (m_document) {
        for (const core::ReportBlock& block : m_document->blocks) {
            std::visit([this](const auto& each) { add(each); }, block);
        }
    }
    m_column->addStretch();
    setWidget(page); // deletes the former one
}

/// At the left, no wider than it may be.
void ReportView::place(QWidget* block) {
    auto* const row = new QHBoxLayout;
    row->addWidget(block, 1);
    row->addStretch();
    m_column->addLayout(row);
}

void ReportView::add(const core::ReportHeading& heading) {
    QLabel* const created = label(QString::fromStdString(heading.text), nullptr);
    enlarge(*created, heading.level == 1 ? 1.5 : 1.15);
    created->setContentsMargins(0, heading.level == 1 ? 0 : 12, 0, 2);
    place(created);
}

void ReportView::add(const core::ReportVerdict& verdict) {
    QLabel* const created = label(QString::fromStdString(verdict.sentence), nullptr);
    enlarge(*created, 1.2);
    created->setObjectName(QStringLiteral("verdict"));
    colour(*created, verdict.status == core::VerdictStatus::Passed ? core::Tone::Plain : core::Tone::Bad);
    place(created);
}

void ReportView::add(const core::ReportParagraph& paragraph) {
    QLabel* const created = label(QString::fromStdString(paragraph.text), nullptr);
    colour(*created, paragraph.tone);
    place(created);
}

void ReportView::add(const core::ReportTable& table) {
    if (!table.title.empty()) {
        place(label(QString::fromStdString(table.title), nullptr));
    }
    FigureTable* const view = tableOf(table, nullptr);
    view->showWhole();
    place(view);
}

void ReportView::add(const core::ReportChart& chart) {
    if (!m_run.result) {
        addPicture(chart);
    } else if (chart.name == "rates") {
        addOverTime();
    } else if (!chart.times) { // those over time stand together
        addSpread(chart);
    }
}

void ReportView::addOverTime() {
    auto* const charts = new RunCharts(RunCharts::Figures::UnderCrossHair);
    std::vector<core::Threshold> rules;
    for (const core::RuleOutcome& outcome : m_run.result->verdict.rules) {
        rules.push_back(outcome.rule);
    }
    charts->setRules(rules);
    charts->setMarks(core::marksOf(*m_run.result));
    charts->setSeries(*m_run.series, m_run.bins);
    charts->setFixedHeight(3 * kChartHeight);
    m_column->addWidget(charts);
}

void ReportView::addSpread(const core::ReportChart& chart) {
    LatencyChart* created = nullptr;
    if (chart.name == "percentiles") {
        created = new PercentileChart(tr("Percentiles of end-to-end latencies"));
    } else {
        created = new HistogramChart(tr("Histogram of end-to-end latencies"));
    }
    const core::MetricHistograms& latency = m_run.result->latency;
    created->setHistograms(of(latency, core::Metric::EndToEnd), of(latency, core::Metric::EndToEndUncorrected));
    created->setFixedHeight(kChartHeight);
    m_column->addWidget(created);
}

/// The picture, or what it shows as a table.
void ReportView::addPicture(const core::ReportChart& chart) {
    auto* const picture = pictureOf(chart);
    FigureTable* const table = tableOf(chart.data, nullptr);
    table->setFixedHeight(picture->height());
    table->hide();
    auto* const asTable = new QToolButton;
    asTable->setText(tr("Show as &table"));
    asTable->setAccessibleDescription(QString::fromStdString(chart.title));
    asTable->setCheckable(true);
    asTable->setAutoRaise(true);
    asTable->setFocusPolicy(Qt::StrongFocus);
    connect(asTable, &QToolButton::toggled, picture, [picture, table](bool on) {
        picture->setVisible(!on);
        table->setVisible(on);
    });
    m_column->addWidget(asTable, 0, Qt::AlignLeft);
    place(picture);
    m_column->addWidget(table);
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
