// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/history/history_page.h"

#include "app/desktop/bridge/stored_runs.h"
#include "app/desktop/pages/history/run_list_model.h"
#include "app/desktop/pages/history/run_trend.h"
#include "app/desktop/pages/report/report_view.h"
#include "app/desktop/widgets/empty_view.h"
#include "app/desktop/widgets/flow_layout.h"
#include "app/desktop/widgets/plain_label.h"
#include "app/desktop/widgets/theme_of.h"
#include "core/report/comparison_report.h"
#include "services/archive/result_source.h"
#include "services/archive/whole_file.h"

#include <QAction>
#include <QComboBox>
#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTableView>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace app {

namespace {

enum States { kEmpty, kList, kComparison };

struct Compared {
    std::vector<core::RunResult> results;
    core::Comparison comparison;
};

/// Why there is none, else. May take seconds: results can be large.
core::Result<Compared> comparisonOf(const std::vector<services::CatalogueEntry>& runs) {
    Compared compared;
    for (const services::CatalogueEntry& run : runs) {
        auto read = services::readResult(run.folder);
        if (!read) {
            return read.error();
        }
        compared.results.push_back(std::move(*read));
    }
    auto comparison = core::compare(compared.results);
    if (!comparison) {
        return comparison.error();
    }
    compared.comparison = std::move(*comparison);
    return compared;
}

core::Status writeComparison(const std::vector<services::CatalogueEntry>& runs, const std::string& format,
                             const std::filesystem::path& target) {
    const auto compared = comparisonOf(runs);
    if (!compared) {
        return compared.error();
    }
    return services::writeWholeFile(target, *core::comparisonAs(format, compared->comparison, compared->results));
}

} // namespace

HistoryPage::HistoryPage(JobThread& jobs, const std::filesystem::path& results, QWidget* parent)
    : QWidget(parent), m_jobs(jobs), m_results(results) {
    addActions();
    m_states = new QStackedWidget;
    m_empty = new EmptyView;
    m_empty->say(tr("Every run is kept and listed here, to be opened again and compared."), tr("Choose a scenario"));
    connect(m_empty, &EmptyView::acted, this, &HistoryPage::scenarioWanted);
    setFocusProxy(m_empty->button()); // until there are runs
    m_states->insertWidget(kEmpty, m_empty);
    m_states->insertWidget(kList, list());
    m_states->insertWidget(kComparison, comparison());
    m_message = plainLabel(QStringLiteral("message"));
    m_message->setContentsMargins(8, 4, 8, 4);
    m_message->hide();
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_message);
    column->addWidget(m_states, 1);
    selectionChanged();
}

HistoryPage::~HistoryPage() {
    m_stop.request_stop();
}

void HistoryPage::addActions() {
    const auto make = [this](const QString& title, const QString& tip, void (HistoryPage::*slot)()) {
        auto* const action = new QAction(title, this);
        action->setToolTip(tip);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    m_open = make(tr("&Open"), tr("Shows the report of the chosen run."), &HistoryPage::openSelected);
    m_compare = make(tr("&Compare"),
                     tr("Compares two to five chosen runs; the oldest one is the reference, unless one of "
                        "them is the baseline. A single run is compared with the baseline of its name."),
                     &HistoryPage::compareSelected);
    m_tags = make(tr("&Tags…"), tr("Words by which the chosen runs can be found again."), &HistoryPage::editTags);
    m_baseline = make(tr("Set as &baseline"), tr("Other runs of this name are compared with the chosen one."),
                      &HistoryPage::createBaseline);
    m_finish = make(tr("Fi&nish"),
                    tr("Closes the ledger of a run that was killed, and judges it: what its broker still holds is "
                       "stored first. A run with the embedded broker is kept as it was recorded."),
                    &HistoryPage::finishSelected);
    m_folder = make(tr("Show &folder"), tr("Opens the folder of the chosen run."), &HistoryPage::showFolder);
    m_remove = make(tr("&Delete…"), tr("Deletes the folders of the chosen runs."), &HistoryPage::removeSelected);
}

QWidget* HistoryPage::list() {
    m_model = new RunListModel(this);
    m_sorted = new QSortFilterProxyModel(this);
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(RunListModel::kSortRole);
    m_sorted->setFilterKeyColumn(-1);
    m_sorted->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_search = new QLineEdit;
    m_search->setPlaceholderText(tr("Search by name, verdict or tag"));
    m_search->setAccessibleName(tr("Search the runs"));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, m_sorted, &QSortFilterProxyModel::setFilterFixedString);
    m_place = new QComboBox;
    m_place->setAccessibleName(tr("Where the runs are listed"));
    m_place->setToolTip(tr("The results folder, or a PostgreSQL of a saved connection, which knows its runs by name."));
    m_place->addItem(tr("Results folder"));
    m_place->hide(); // as long as there is no choice
    connect(m_place, &QComboBox::activated, this, &HistoryPage::choosePlace);
    m_table = new QTableView;
    m_table->setAccessibleName(tr("Runs"));
    m_table->setModel(m_sorted);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setTabKeyNavigation(false);
    m_table->setShowGrid(false);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(RunListModel::Started, Qt::DescendingOrder);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    for (const auto column : {RunListModel::Name, RunListModel::Tags}) { // share what the figures leave
        m_table->horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);
    }
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(m_table, &QTableView::activated, this, &HistoryPage::openSelected);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &HistoryPage::selectionChanged);
    auto* const page = new QWidget;
    auto* const bar = new FlowLayout;
    bar->setContentsMargins(8, 4, 8, 4);
    bar->addWidget(m_place);
    bar->addWidget(m_search);
    const QList<QAction*> actions{m_open, m_compare, m_tags, m_baseline, m_finish, m_folder, m_remove};
    m_table->addActions(actions);
    for (QAction* const action : actions) {
        auto* const button = new QToolButton;
        button->setDefaultAction(action);
        button->setFocusPolicy(Qt::StrongFocus);
        bar->addWidget(button);
    }
    m_trend = new RunTrend;
    connect(m_trend, &RunTrend::chosen, this, [this](const QString& folder) {
        m_table->clearSelection();
        select(folder);
        if (selected().empty()) { // the search hides it
            m_search->clear();
            select(folder);
        }
    });
    m_splitter = new QSplitter(Qt::Vertical);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_trend);
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 1);
    auto* const column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_splitter,
                      1); // before the bar: Tab goes from the page to the table, its proxy, and on from there
    column->insertLayout(0, bar);
    return page;
}

QWidget* HistoryPage::comparison() {
    auto* const page = new QWidget;
    auto* const back = new QPushButton(tr("&Back to the runs"));
    connect(back, &QPushButton::clicked, this, [this] { m_states->setCurrentIndex(kList); });
    m_comparison = new ReportView;
    auto* const bar = new QHBoxLayout;
    bar->addWidget(back);
    bar->addStretch();
    bar->addWidget(exportButton());
    auto* const column = new QVBoxLayout(page);
    column->setContentsMargins(8, 4, 8, 0);
    column->addLayout(bar);
    column->addWidget(m_comparison, 1);
    return page;
}

QWidget* HistoryPage::exportButton() {
    auto* const button = new QToolButton;
    button->setText(tr("E&xport"));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFocusPolicy(Qt::StrongFocus);
    auto* const menu = new QMenu(button);
    const auto offer = [this, menu](const QString& text, const QString& format) {
        menu->addAction(text, this, [this, format] { chooseExport(format); });
    };
    offer(tr("&HTML, one file…"), QStringLiteral("html"));
    offer(tr("Figures as &CSV…"), QStringLiteral("csv"));
    offer(tr("Summary as &Markdown…"), QStringLiteral("md"));
    button->setMenu(menu);
    return button;
}

QByteArray HistoryPage::layoutState() const {
    return m_splitter->saveState();
}

void HistoryPage::restoreLayoutState(const QByteArray& state) {
    m_splitter->restoreState(state);
}

void HistoryPage::setResults(const std::filesystem::path& results) {
    m_results = results;
    reload();
}

void HistoryPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    reload();
}

void HistoryPage::reload() {
    m_jobs.post([this, results = m_results]() -> JobThread::Answer {
        auto runs = services::listRuns(results);
        return [this, runs = std::move(runs)] { present(runs); };
    });
}

void HistoryPage::present(std::vector<services::CatalogueEntry> runs) {
    m_kept = std::move(runs);
    if (m_states->currentIndex() != kComparison) {
        const bool nothing = m_kept.empty() && m_place->count() == 1;
        m_states->setCurrentIndex(nothing ? kEmpty : kList);
        setFocusProxy(nothing ? static_cast<QWidget*>(m_empty->button()) : m_table);
    }
    if (m_place->currentIndex() == 0) {
        const auto chosen = selected();
        m_model->setRuns(m_kept);
        for (const services::CatalogueEntry& run : chosen) {
            select(QString::fromStdString(run.folder.string()));
        }
    }
    selectionChanged();
    chooseWanted();
    Q_EMIT loaded();
}

void HistoryPage::compare(const QString& folder) {
    m_message->hide();
    m_wanted = QFileInfo(folder).absoluteFilePath();
    m_search->clear();
    m_stop.request_stop();
    m_place->setCurrentIndex(0);
    m_states->setCurrentIndex(kList);
    reload();
}

void HistoryPage::chooseWanted() {
    if (m_wanted.isEmpty()) {
        return;
    }
    m_table->clearSelection();
    select(std::exchange(m_wanted, QString()));
    if (selected().empty()) {
        say(tr("This run does not lie in the results folder, so it is not listed here."));
    } else if (m_compare->isEnabled()) {
        compareSelected();
    }
}

void HistoryPage::setStores(const QList<RunStore>& stores) {
    const QString chosen = m_place->currentData().toString();
    while (m_place->count() > 1) {
        m_place->removeItem(1);
    }
    for (const RunStore& store : stores) {
        m_place->addItem(store.name, store.id);
    }
    m_place->setVisible(!stores.isEmpty());
    m_place->setCurrentIndex(std::max(m_place->findData(chosen), 0));
    if (m_place->currentData().toString() != chosen) { // its connection has gone
        choosePlace();
    }
    if (m_states->currentIndex() == kEmpty && !stores.isEmpty()) {
        m_states->setCurrentIndex(kList);
        setFocusProxy(m_table);
    }
}

void HistoryPage::choosePlace() {
    m_message->hide();
    m_stop.request_stop();
    m_model->setRuns({});
    if (m_place->currentIndex() == 0) {
        reload();
        return;
    }
    say(tr("Asking %1 for its runs…").arg(m_place->currentText()));
    Q_EMIT storeNeeded(m_place->currentData().toString());
}

void HistoryPage::supplyStore(const QString& id, const core::StoreAddress& store) {
    if (id != m_place->currentData().toString()) {
        return;
    }
    m_stop = std::stop_source();
    m_storeJobs.post([this, store, stop = m_stop.get_token()]() -> JobThread::Answer {
        auto runs = runsStoredAt(store, stop);
        return [this, runs = std::move(runs), stop] {
            if (!stop.stop_requested()) {
                showStored(runs);
            }
        };
    });
}

void HistoryPage::refuseStore(const QString& id, const QString& reason) {
    if (id == m_place->currentData().toString()) {
        say(reason);
    }
}

void HistoryPage::showStored(const core::Result<std::vector<services::CatalogueEntry>>& runs) {
    m_model->setRuns(runs ? *runs : std::vector<services::CatalogueEntry>());
    if (!runs) {
        say(QString::fromStdString(runs.error().text()));
    } else if (runs->empty()) {
        say(tr("No run is known there."));
    } else {
        m_message->hide();
    }
    selectionChanged();
    Q_EMIT listed();
}

const services::CatalogueEntry* HistoryPage::keptOf(const services::CatalogueEntry& run) const {
    const auto found = std::ranges::find(m_kept, run.id, &services::CatalogueEntry::id);
    return run.id.empty() || found == m_kept.end() ? nullptr : &*found;
}

std::vector<services::CatalogueEntry> HistoryPage::selected() const {
    std::vector<services::CatalogueEntry> runs;
    for (const QModelIndex& row : m_table->selectionModel()->selectedRows()) {
        runs.push_back(m_model->run(m_sorted->mapToSource(row).row()));
    }
    // The reference first: the baseline, or else the oldest.
    std::ranges::sort(runs, [](const auto& a, const auto& b) {
        return a.baseline != b.baseline ? a.baseline : a.started < b.started;
    });
    return runs;
}

std::vector<services::CatalogueEntry> HistoryPage::comparable() const {
    auto runs = selected();
    if (runs.size() != 1) {
        return runs;
    }
    const auto isItsBaseline = [run = runs.front()](const services::CatalogueEntry& other) {
        return other.baseline && other.name == run.name && other.folder != run.folder;
    };
    if (const auto found = std::ranges::find_if(m_kept, isItsBaseline); found != m_kept.end()) {
        runs.insert(runs.begin(), *found);
    }
    return runs;
}

void HistoryPage::select(const QString& folder) {
    const std::filesystem::path wanted = folder.toStdString();
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (m_model->run(row).folder == wanted) {
            const QModelIndex index = m_sorted->mapFromSource(m_model->index(row, 0));
            m_table->selectionModel()->select(index, QItemSelectionModel::Select | QItemSelectionModel::Rows);
            m_table->scrollTo(index);
        }
    }
}

void HistoryPage::selectionChanged() {
    const auto runs = selected();
    using State = services::CatalogueEntry::State;
    const auto allAre = [&runs](State state) {
        return std::ranges::all_of(runs, [state](const auto& run) { return run.state == state; });
    };
    const bool readable = allAre(State::Readable);
    const std::size_t compared = comparable().size();
    const bool killed = runs.size() == 1 && allAre(State::Killed);
    const bool stored = !runs.empty() && allAre(State::Stored);
    m_open->setEnabled((runs.size() == 1 && readable) || killed || (runs.size() == 1 && stored && keptOf(runs[0])));
    m_finish->setEnabled(killed);
    m_compare->setEnabled(compared >= 2 && compared <= core::kMostCompared && readable);
    m_tags->setEnabled(!runs.empty() && !stored);
    m_baseline->setEnabled(runs.size() == 1 && readable);
    m_folder->setEnabled(runs.size() == 1 && !stored);
    m_remove->setEnabled(!runs.empty() && !stored &&
                         std::ranges::none_of(runs, [](const auto& run) { return run.state == State::Running; }));
    showTrend(runs);
}

/// Of the chosen run's name, or of the newest run's; the runs of a store come without figures.
void HistoryPage::showTrend(const std::vector<services::CatalogueEntry>& chosen) {
    const auto isReadable = [](const auto& run) { return run.state == services::CatalogueEntry::State::Readable; };
    auto found = std::ranges::find_if(chosen, isReadable);
    const bool isChosen = found != chosen.end();
    if (!isChosen) {
        found = std::ranges::find_if(m_kept, isReadable);
    }
    const bool isThere = m_place->currentIndex() == 0 && (isChosen || found != m_kept.end());
    m_trend->setVisible(isThere);
    if (isThere) {
        m_trend->setRuns(m_kept, found->name);
        m_trend->mark(isChosen ? found->folder : std::filesystem::path());
    }
}

void HistoryPage::showFolder() {
    QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(selected().front().folder.string())));
}

void HistoryPage::openSelected() {
    if (m_open->isEnabled()) {
        const services::CatalogueEntry run = selected().front();
        const bool stored = run.state == services::CatalogueEntry::State::Stored; // its files are in the folder
        Q_EMIT openWanted(QString::fromStdString((stored ? keptOf(run)->folder : run.folder).string()));
    }
}

void HistoryPage::finishSelected() {
    Q_EMIT finishWanted(selected().front());
}

void HistoryPage::compareSelected() {
    m_message->hide();
    m_jobs.post([this, runs = comparable(), theme = themeOf(palette())]() -> JobThread::Answer {
        const auto created = comparisonOf(runs);
        if (!created) {
            return [this, message = created.error().text()] { say(QString::fromStdString(message)); };
        }
        auto document = std::make_shared<const core::ReportDocument>(
            core::comparisonReport(created->comparison, created->results, theme));
        return [this, document, runs] {
            m_compared = runs;
            m_comparison->show(document);
            m_states->setCurrentIndex(kComparison);
            Q_EMIT compared();
        };
    });
}

void HistoryPage::chooseExport(const QString& format) {
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    const QString target = QFileDialog::getSaveFileName(this, tr("Save the comparison"),
                                                        QStringLiteral("%1/comparison.%2").arg(folder, format));
    if (!target.isEmpty()) {
        exportComparison(format, target);
    }
}

void HistoryPage::exportComparison(const QString& format, const QString& target) {
    m_message->hide();
    m_jobs.post([this, runs = m_compared, format, target]() -> JobThread::Answer {
        const core::Status written = writeComparison(runs, format.toStdString(), target.toStdString());
        if (!written) {
            return [this, message = written.error().text()] { say(QString::fromStdString(message)); };
        }
        return [this, target] {
            say(tr("Saved as %1.").arg(target));
            Q_EMIT exported(target);
        };
    });
}

void HistoryPage::editTags() {
    const auto runs = selected();
    QStringList present;
    for (const std::string& tag : runs.front().tags) {
        present += QString::fromStdString(tag);
    }
    bool accepted = false;
    const QString given = QInputDialog::getText(this, tr("Tags"), tr("Tags of the chosen runs, separated by commas:"),
                                                QLineEdit::Normal, present.join(QStringLiteral(", ")), &accepted);
    if (!accepted) {
        return;
    }
    std::vector<std::string> tags;
    for (const QString& tag : given.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (const QString word = tag.trimmed(); !word.isEmpty()) {
            tags.push_back(word.toStdString());
        }
    }
    change([runs, tags]() -> core::Status {
        for (const services::CatalogueEntry& run : runs) {
            if (const core::Status set = services::setTags(run.folder, tags); !set) {
                return set;
            }
        }
        return {};
    });
}

void HistoryPage::createBaseline() {
    change([results = m_results,
            run = selected().front()] { return services::setBaseline(results, run.name, run.folder); },
           [this] { Q_EMIT baselineChanged(); });
}

void HistoryPage::removeSelected() {
    const auto runs = selected();
    const auto answer = QMessageBox::question(
        this, tr("Delete runs"),
        tr("Delete %n run(s) with all their files? This cannot be undone.", nullptr, static_cast<int>(runs.size())),
        QMessageBox::Yes | QMessageBox::Cancel, QMessageBox::Cancel);
    if (answer != QMessageBox::Yes) {
        return;
    }
    change([runs]() -> core::Status {
        for (const services::CatalogueEntry& run : runs) {
            if (const core::Status removed = services::removeRun(run.folder); !removed) {
                return removed;
            }
        }
        return {};
    });
}

void HistoryPage::change(const std::function<core::Status()>& change, const std::function<void()>& after) {
    m_message->hide();
    m_jobs.post([this, change, after]() -> JobThread::Answer {
        const core::Status changed = change();
        const std::string message = changed ? std::string() : changed.error().text();
        return [this, message, after] {
            if (!message.empty()) {
                say(QString::fromStdString(message));
            } else if (after) {
                after();
            }
            reload();
        };
    });
}

void HistoryPage::say(const QString& message) {
    m_message->setText(message);
    m_message->show();
}

} // namespace app
