#pragma once

#include "app/desktop/bridge/job_thread.h"
#include "services/report/result_catalogue.h"

#include <QWidget>
#include <filesystem>
#include <vector>

class QAction;
class QLabel;
class QLineEdit;
class QPushButton;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;

namespace app {

class ReportView;
class RunListModel;

/// The runs that lie in the results folder: searched, opened, tagged, deleted, made the baseline; two to five of them
/// compared. Files are read and written by `jobs`.
class HistoryPage : public QWidget {
    Q_OBJECT

public:
    HistoryPage(JobThread& jobs, const std::filesystem::path& results, QWidget* parent = nullptr);

    void setResults(const std::filesystem::path& results); ///< another folder
    void reload();
    void compareSelected();
    void select(const QString& folder); ///< the run's row
    const std::vector<services::CatalogueEntry>& runs() const;

Q_SIGNALS:
    void openWanted(const QString& folder);                   ///< as a report
    void concludeWanted(const services::CatalogueEntry& run); ///< it was killed
    void scenarioWanted();                                    ///< from the empty page
    void loaded();
    void compared();

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* list();
    QWidget* emptyState();
    QWidget* comparison();
    void addActions();
    void present(std::vector<services::CatalogueEntry> runs);
    std::vector<services::CatalogueEntry> selected() const;
    void selectionChanged();
    void openSelected();
    void concludeSelected();
    void editTags();
    void makeBaseline();
    void removeSelected();
    void change(const std::function<core::Status()>& change); ///< in the job thread, then reload
    void say(const QString& message);

    JobThread& m_jobs;
    std::filesystem::path m_results;
    RunListModel* m_model = nullptr;
    QSortFilterProxyModel* m_sorted = nullptr;
    QStackedWidget* m_states = nullptr;
    QLineEdit* m_search = nullptr;
    QTableView* m_table = nullptr;
    QPushButton* m_next = nullptr;
    QLabel* m_message = nullptr;
    ReportView* m_comparison = nullptr;
    QAction *m_open = nullptr, *m_compare = nullptr, *m_tags = nullptr, *m_baseline = nullptr, *m_conclude = nullptr,
            *m_remove = nullptr;
};

} // namespace app
