// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/job_thread.h"
#include "services/archive/result_catalogue.h"

#include <QWidget>
#include <filesystem>
#include <stop_token>
#include <vector>

class QAction;
class QComboBox;
class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QSplitter;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace app {

class EmptyView;
class ReportView;
class RunListModel;
class RunTrend;

/// A PostgreSQL whose runs can be listed.
struct RunStore {
    QString id, name;
};

/// The runs that lie in the results folder: searched, opened, tagged, deleted, made the baseline; two to five of them
/// compared, or one with its baseline; the trend of the chosen run's name. Files are read and written by `jobs`. The
/// runs that a store knows are listed instead, if it is chosen.
class HistoryPage : public QWidget {
    Q_OBJECT

public:
    HistoryPage(JobThread& jobs, const std::filesystem::path& results, QWidget* parent = nullptr);
    ~HistoryPage() override; ///< cuts off a store that is being asked

    void setResults(const std::filesystem::path& results); ///< another folder
    void reload();
    void compareSelected();
    /// Chooses this run alone, as soon as the list is read, and compares it where its name has a baseline.
    void compare(const QString& folder);
    /// Writes the comparison that is shown: "html", "md", "csv".
    void exportComparison(const QString& format, const QString& target);
    void select(const QString& folder);                                          ///< the run's row
    const std::vector<services::CatalogueEntry>& runs() const { return m_kept; } ///< in the results folder

    void setStores(const QList<RunStore>& stores);
    /// The answers to storeNeeded(): the address, which is used once, or why there is none.
    void supplyStore(const QString& id, const core::StoreAddress& store);
    void refuseStore(const QString& id, const QString& reason);

    QByteArray layoutState() const; ///< of the splitter
    void restoreLayoutState(const QByteArray& state);

Q_SIGNALS:
    void openWanted(const QString& folder);                 ///< as a report
    void finishWanted(const services::CatalogueEntry& run); ///< it was killed
    void scenarioWanted();                                  ///< from the empty page
    void storeNeeded(const QString& id);                    ///< its URL
    void baselineChanged();                                 ///< of some name
    void loaded();                                          ///< the results folder
    void listed();                                          ///< the runs of a store
    void compared();
    void exported(const QString& target); ///< a comparison

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* list();
    QWidget* comparison();
    void addActions();
    QWidget* exportButton();
    void present(std::vector<services::CatalogueEntry> runs);
    void chooseWanted();
    void choosePlace();
    void showStored(const core::Result<std::vector<services::CatalogueEntry>>& runs);
    const services::CatalogueEntry* keptOf(const services::CatalogueEntry& run) const; ///< null: not in the folder
    std::vector<services::CatalogueEntry> selected() const;
    std::vector<services::CatalogueEntry> comparable() const; ///< the chosen ones; of a single one, its baseline first
    void selectionChanged();
    void showTrend(const std::vector<services::CatalogueEntry>& chosen);
    void showFolder();
    void chooseExport(const QString& format);
    void openSelected();
    void finishSelected();
    void editTags();
    void createBaseline();
    void removeSelected();
    /// In the job thread, then reload and, if all went well, `after`.
    void change(const std::function<core::Status()>& change, const std::function<void()>& after = {});
    void say(const QString& message);

    JobThread& m_jobs;
    std::stop_source m_stop; // of the store that is being asked
    JobThread m_storeJobs;
    std::vector<services::CatalogueEntry> m_kept;
    std::vector<services::CatalogueEntry> m_compared; // in the comparison that is shown
    QString m_wanted;                                 // folder of the run that compare() named; empty: none
    std::filesystem::path m_results;
    RunListModel* m_model = nullptr;
    QSortFilterProxyModel* m_sorted = nullptr;
    QStackedWidget* m_states = nullptr;
    QComboBox* m_place = nullptr; // the results folder, or a store by its id
    QLineEdit* m_search = nullptr;
    QTableView* m_table = nullptr;
    EmptyView* m_empty = nullptr;
    QLabel* m_message = nullptr;
    RunTrend* m_trend = nullptr;
    QSplitter* m_splitter = nullptr; // between table and trend
    ReportView* m_comparison = nullptr;
    QAction *m_open = nullptr, *m_compare = nullptr, *m_tags = nullptr, *m_baseline = nullptr, *m_finish = nullptr,
            *m_folder = nullptr, *m_remove = nullptr;
};

} // namespace app
