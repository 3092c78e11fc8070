// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/job_thread.h"
#include "app/desktop/pages/report/report_view.h"
#include "core/results/result_file.h"
#include "services/archive/report_export.h"

#include <QStandardPaths>
#include <QWidget>
#include <filesystem>
#include <memory>

class QLabel;
class QStackedWidget;
class QToolButton;

namespace app {

class ElidedLabel;

/// What became of a run: its report, and the ways out of the window for it. Reading and writing files is done by
/// `jobs`.
class ReportPage : public QWidget {
    Q_OBJECT

public:
    /// `pictures` are drawn in the thread of `jobs`.
    ReportPage(JobThread& jobs, services::PictureExporter pictures, QWidget* parent = nullptr);

    void show(std::shared_ptr<const core::RunResult> result, const std::filesystem::path& folder);
    /// A result.json or its folder.
    void open(const QString& file);
    void reread();                         ///< what the report says of its baseline may have changed
    void complain(const QString& message); ///< in the page
    void chooseResult();
    /// To a file or, where the format fills one, a folder.
    void exportTo(services::ReportFormat format, const QString& target);

    const core::RunResult* result() const { return m_result.get(); }
    QString folder() const;

Q_SIGNALS:
    void scenarioWanted(); ///< from the empty page
    void compareWanted();  ///< with other runs
    void presented();
    void exported(const QString& target);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* bar();
    QWidget* emptyState();
    void chooseExport(services::ReportFormat format);
    void present(std::shared_ptr<const core::ReportDocument> document, ReportedRun run,
                 const std::filesystem::path& folder);

    /// What is to be said of a file that was written, or was not.
    JobThread::Answer told(const core::Status& written, const QString& target);

    JobThread& m_jobs;
    services::PictureExporter m_pictures;
    std::shared_ptr<const core::RunResult> m_result;
    std::shared_ptr<const core::ReportDocument> m_document; ///< of it
    std::filesystem::path m_folder;
    int m_asked = 0; // how often a result was asked for
    QStackedWidget* m_states = nullptr;
    QString m_exportFolder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation); // then the last one
    ElidedLabel* m_title = nullptr;
    QLabel* m_message = nullptr;
    QToolButton *m_export = nullptr, *m_compare = nullptr, *m_copy = nullptr;
    ReportView* m_view = nullptr;
};

} // namespace app
