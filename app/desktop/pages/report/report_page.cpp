// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/report/report_page.h"

#include "app/desktop/widgets/elided_label.h"
#include "app/desktop/widgets/file_stem.h"
#include "app/desktop/widgets/theme_of.h"
#include "core/report/markdown_report.h"
#include "core/results/sample_points.h"
#include "services/archive/baseline.h"
#include "services/archive/result_source.h"

#include <QClipboard>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace app {

namespace {

enum States { kEmpty, kReport };

QString wordOf(services::ReportFormat format) {
    const auto name = services::nameOf(format);
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
}

QString titleOf(services::ReportFormat format) {
    switch (format) {
    case services::ReportFormat::Html:
        return ReportPage::tr("&HTML, one file…");
    case services::ReportFormat::Pdf:
        return ReportPage::tr("&PDF…");
    case services::ReportFormat::Png:
        return ReportPage::tr("Charts as P&NG…");
    case services::ReportFormat::Svg:
        return ReportPage::tr("Charts as &SVG…");
    case services::ReportFormat::Csv:
        return ReportPage::tr("Tables and charts as &CSV…");
    case services::ReportFormat::Json:
        return ReportPage::tr("The result as &JSON…");
    case services::ReportFormat::Junit:
        return ReportPage::tr("J&Unit XML…");
    case services::ReportFormat::Hgrm:
        return ReportPage::tr("HdrHistogram &files…");
    case services::ReportFormat::Markdown:
        return ReportPage::tr("Summary as &Markdown…");
    }
    Q_UNREACHABLE();
}

/// Errors as services::exportedFiles() and writeExport().
core::Status writeReport(const core::RunResult& result, const std::filesystem::path& folder,
                         services::ReportFormat format, const services::PictureExporter& pictures,
                         const std::filesystem::path& target) {
    const auto files = services::exportedFiles(result, format, pictures, services::againstBaseline(result, folder));
    return files ? services::writeExport(*files, format, target) : core::Status(files.error());
}

/// What the page shows of a result; takes some tenths of a second, and a baseline is read.
struct Report {
    std::shared_ptr<const core::ReportDocument> document;
    ReportedRun run;
};

Report reportOn(std::shared_ptr<const core::RunResult> result, const std::filesystem::path& folder, core::Theme theme) {
    auto document = std::make_shared<const core::ReportDocument>(
        core::reportOf(*result, theme, services::againstBaseline(*result, folder)));
    auto series = std::make_shared<const core::LiveSeries>(core::liveSeriesOf(result->samples));
    std::vector<core::LatencyBin> bins = core::latencyBinsOf(result->samples);
    return {std::move(document), {std::move(result), std::move(series), std::move(bins)}};
}

} // namespace

ReportPage::ReportPage(JobThread& jobs, services::PictureExporter pictures, QWidget* parent)
    : QWidget(parent), m_jobs(jobs), m_pictures(std::move(pictures)) {
    m_states = new QStackedWidget;
    m_states->insertWidget(kEmpty, emptyState());
    m_view = new ReportView;
    m_states->insertWidget(kReport, m_view);
    m_message = new QLabel;
    m_message->setTextFormat(Qt::PlainText);
    m_message->setWordWrap(true);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_message->setContentsMargins(8, 4, 8, 4);
    m_message->hide();

    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_states, 1); // before the bar: Tab goes from the page to its proxy and on from there
    column->insertWidget(0, m_message);
    column->insertWidget(0, bar());
}

QWidget* ReportPage::bar() {
    auto* const created = new QWidget;
    auto* const row = new QHBoxLayout(created);
    row->setContentsMargins(8, 4, 8, 4);
    m_title = new ElidedLabel;
    m_title->setObjectName(QStringLiteral("run and verdict"));
    m_title->setTextFormat(Qt::PlainText);
    auto* const open = new QPushButton(tr("&Open a result…"));
    connect(open, &QPushButton::clicked, this, &ReportPage::chooseResult);
    m_compare = new QToolButton;
    m_compare->setText(tr("&Compare…"));
    m_compare->setToolTip(tr("Chooses runs to compare with this one."));
    m_compare->setFocusPolicy(Qt::StrongFocus);
    connect(m_compare, &QToolButton::clicked, this, &ReportPage::compareWanted);
    m_copy = new QToolButton;
    m_copy->setText(tr("Copy s&ummary"));
    m_copy->setToolTip(tr("Copies verdict, rules, ledger and latencies as Markdown, for a ticket or a pull request."));
    m_copy->setFocusPolicy(Qt::StrongFocus);
    m_copy->setEnabled(false);
    connect(m_copy, &QToolButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(QString::fromStdString(core::markdownReport(*m_document)));
        complain(tr("The summary is in the clipboard."));
    });
    m_export = new QToolButton;
    m_export->setText(tr("E&xport"));
    m_export->setPopupMode(QToolButton::InstantPopup);
    m_export->setFocusPolicy(Qt::StrongFocus);
    auto* const menu = new QMenu(m_export);
    for (const services::ReportFormat format : services::kReportFormats) {
        menu->addAction(titleOf(format), this, [this, format] { chooseExport(format); });
    }
    m_export->setMenu(menu);
    m_export->setEnabled(false);
    m_compare->setEnabled(false);
    row->addWidget(m_title, 1);
    row->addWidget(open);
    row->addWidget(m_compare);
    row->addWidget(m_copy);
    row->addWidget(m_export);
    return created;
}

QWidget* ReportPage::emptyState() {
    auto* const page = new QWidget;
    auto* const column = new QVBoxLayout(page);
    auto* const words =
        new QLabel(tr("The report of a run appears here when it has ended: its verdict, what was measured, and why."));
    words->setAlignment(Qt::AlignCenter);
    words->setWordWrap(true);
    auto* const next = new QPushButton(tr("Choose a scenario"));
    connect(next, &QPushButton::clicked, this, &ReportPage::scenarioWanted);
    setFocusProxy(next); // until there is a report
    column->addStretch();
    column->addWidget(words);
    column->addWidget(next, 0, Qt::AlignCenter);
    column->addStretch();
    return page;
}

void ReportPage::show(std::shared_ptr<const core::RunResult> result, const std::filesystem::path& folder) {
    m_message->hide();
    ++m_asked;
    m_jobs.post([this, result = std::move(result), folder, theme = themeOf(palette())]() -> JobThread::Answer {
        return
            [this, report = reportOn(result, folder, theme), folder] { present(report.document, report.run, folder); };
    });
}

void ReportPage::open(const QString& file) {
    m_message->hide();
    ++m_asked;
    const std::filesystem::path path = file.toStdString();
    m_jobs.post([this, path, theme = themeOf(palette())]() -> JobThread::Answer {
        auto read = services::readResult(path);
        if (!read) {
            return [this, message = read.error().text()] { complain(QString::fromStdString(message)); };
        }
        const std::filesystem::path folder = services::resultFileOf(path).parent_path();
        const Report report = reportOn(std::make_shared<const core::RunResult>(std::move(*read)), folder, theme);
        return [this, report, folder] { present(report.document, report.run, folder); };
    });
}

void ReportPage::present(std::shared_ptr<const core::ReportDocument> document, ReportedRun run,
                         const std::filesystem::path& folder) {
    m_result = run.result;
    m_folder = folder;
    m_title->setWhole(QString::fromStdString(document->title));
    m_title->setToolTip(QString::fromStdString(folder.string()).toHtmlEscaped());
    m_document = document;
    m_view->show(std::move(document), std::move(run));
    m_states->setCurrentIndex(kReport);
    setFocusProxy(m_view);
    m_export->setEnabled(true);
    m_compare->setEnabled(true);
    m_copy->setEnabled(true);
    Q_EMIT presented();
}

/// Files are meant for paper, whatever the window looks like; its own pictures follow its theme.
void ReportPage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        reread();
    }
}

/// Behind what is being read at this moment, which may be another result; what was asked for since needs no second
/// look.
void ReportPage::reread() {
    m_jobs.post([this, asked = m_asked]() -> JobThread::Answer {
        return [this, asked] {
            if (m_result && asked == m_asked) {
                show(m_result, m_folder);
            }
        };
    });
}

void ReportPage::complain(const QString& message) {
    m_message->setText(message);
    m_message->show();
}

QString ReportPage::folder() const {
    return QString::fromStdString(m_folder.string());
}

void ReportPage::chooseResult() {
    const QString file = QFileDialog::getOpenFileName(this, tr("Open a result"), folder(), tr("Results (result.json)"));
    if (!file.isEmpty()) {
        open(file);
    }
}

void ReportPage::chooseExport(services::ReportFormat format) {
    const bool folder = services::fillsAFolder(format);
    const QString name =
        QStringLiteral("%1/%2.%3")
            .arg(m_exportFolder, fileStem(QString::fromStdString(m_result->name), QStringLiteral("report")),
                 format == services::ReportFormat::Junit ? QStringLiteral("xml") : wordOf(format));
    const QString target = folder ? QFileDialog::getExistingDirectory(this, tr("Folder for the files"), m_exportFolder)
                                  : QFileDialog::getSaveFileName(this, tr("Save the report"), name);
    if (!target.isEmpty()) {
        m_exportFolder = folder ? target : QFileInfo(target).path();
        exportTo(format, target);
    }
}

void ReportPage::exportTo(services::ReportFormat format, const QString& target) {
    m_message->hide();
    m_jobs.post([this, result = m_result, folder = m_folder, format, target]() -> JobThread::Answer {
        return told(writeReport(*result, folder, format, m_pictures, target.toStdString()), target);
    });
}

JobThread::Answer ReportPage::told(const core::Status& written, const QString& target) {
    if (!written) {
        return [this, message = written.error().text()] { complain(QString::fromStdString(message)); };
    }
    return [this, target] {
        complain(tr("Saved as %1.").arg(target));
        Q_EMIT exported(target);
    };
}

} // namespace app
